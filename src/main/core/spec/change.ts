/** What a change's `proposal.md` says about other changes (OpenSpec): `## Dependencies` and `## Conflicts With`. */
import type { Diagnostic } from '../../../shared/domain';
import { scan, type Row } from './scan';

/** An id of another change and the line (1-based) that names it. */
export interface ChangeRef {
  readonly id: string;
  readonly line: number;
}

export interface ChangeRelations {
  readonly dependsOn: readonly ChangeRef[];
  readonly blocks: readonly ChangeRef[];
  readonly conflictsWith: readonly ChangeRef[];
  /** Lines whose list could not be read. */
  readonly unclear: readonly number[];
}

type Key = 'dependsOn' | 'blocks' | 'conflictsWith';

// - depends_on: add-auth, `add-db`       - **Depends on**: [a, b]       depends_on:       ### Blocks
const keyed = /^[-*+\s>]*(?:\*\*|__|`)*(depends?[_ -]?on|blocked[_ -]by|requires|blocks)(?:\*\*|__|`)*\s{0,4}(?:[:：](.*)|$)/i;
const bullet = /^\s*(?:[-*+]|\d{1,3}[.)])\s+(.*)$/;
const nothing = /^\W*(?:none|nothing|n\/a|no|no dependencies|no conflicts|なし|无)?\W*$/i;
const idPattern = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u;
const limit = 200;

const keyOf = (word: string): Key => (/^blocks$/i.test(word) ? 'blocks' : 'dependsOn');

/** Null for a part that is neither an id nor holds one in backticks or in kebab-case. */
function idsOfPart(part: string): string[] | null {
  const quoted = [...part.matchAll(/`([^`\s]{1,100})`/g)].map((found) => found[1] ?? '');
  if (quoted.length > 0) return quoted;
  const words = part.split(/\s+/).map((word) => word.replace(/^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu, '')).filter((word) => word !== '');
  if (words.length === 1) return words;
  const kebab = words.filter((word) => /^[\p{L}\p{N}_.]+(?:-[\p{L}\p{N}_.]+)+$/u.test(word));
  return kebab.length > 0 ? kebab : null;
}

/** Ids of a list in any of the shapes people write: commas, `and`, brackets, backticks, bold, remarks in parentheses. */
function idsOf(value: string): { readonly ids: readonly string[]; readonly unclear: boolean } {
  const bare = value.slice(0, 1000).replace(/\([^()]*\)/g, ' ').replace(/\*\*|__(?=\s|$)/g, '');
  if (nothing.test(bare)) return { ids: [], unclear: false };
  const parts = bare.split(/[,;、，]|\s(?:and|und|y|&)\s/i).filter((part) => !nothing.test(part)).map(idsOfPart);
  const ids = parts.flatMap((part) => part ?? []).filter((id) => idPattern.test(id) && !/^\.+$/.test(id));
  return { ids, unclear: ids.length === 0 || parts.includes(null) };
}

class Reader {
  readonly found = { dependsOn: new Map<string, ChangeRef>(), blocks: new Map<string, ChangeRef>(), conflictsWith: new Map<string, ChangeRef>() };
  readonly unclear: number[] = [];
  private section: { level: number; conflicts: boolean } | null = null;
  private key: Key | null = null;

  visit(row: Row): void {
    if (row.kind === 'heading' && row.heading.level < 7) this.heading(row.heading.level, row.heading.text);
    else if (this.section && (row.kind === 'text' || row.kind === 'heading')) this.line(row.visible, row.number, this.section.conflicts);
  }

  private heading(level: number, text: string): void {
    if (this.section && level > this.section.level) {
      const word = keyed.exec(text)?.[1];
      this.key = word === undefined ? this.key : keyOf(word);
      return;
    }
    const conflicts = /^Conflicts?(?: With)?$/i.test(text);
    this.section = conflicts || /^(?:Change )?Dependencies$/i.test(text) ? { level, conflicts } : null;
    this.key = conflicts ? 'conflictsWith' : null;
  }

  private line(text: string, line: number, conflicts: boolean): void {
    const key = conflicts ? null : keyed.exec(text);
    if (key?.[1] !== undefined) {
      this.key = keyOf(key[1]);
      if ((key[2] ?? '').trim() !== '') this.add(this.key, key[2] ?? '', line);
      return;
    }
    const item = bullet.exec(text)?.[1];
    if (item === undefined) return;
    if (this.key !== null) this.add(this.key, item, line);
    // Without a key only a bare id says anything: such sections also list libraries and services.
    else if (/^`?[\p{L}\p{N}_.]+(?:-[\p{L}\p{N}_.]+)+`?$/u.test(item.trim())) this.add('dependsOn', item, line);
  }

  private add(key: Key, value: string, line: number): void {
    const { ids, unclear } = idsOf(value);
    const list = this.found[key];
    for (const id of ids) if (list.size < limit && !list.has(id)) list.set(id, { id, line });
    if (unclear && key !== 'conflictsWith') this.unclear.push(line);
  }
}

/** Reads a proposal. Headings are compared whole; fenced examples and comments do not count; `none` is no id. */
export function parseChange(text: string): ChangeRelations {
  const reader = new Reader();
  for (const row of scan(text).rows) reader.visit(row);
  const { dependsOn, blocks, conflictsWith } = reader.found;
  return { dependsOn: [...dependsOn.values()], blocks: [...blocks.values()], conflictsWith: [...conflictsWith.values()], unclear: reader.unclear };
}

/** One warning for each line that could not be read. */
export const unclearLines = (relations: ChangeRelations, file: string): Diagnostic[] => relations.unclear.slice(0, 10).map((line) => ({
  severity: 'warning', file, line, code: 'unclear-dependency', message: 'This dependency names no change that Braid can recognise.', hint: 'Write "- depends_on: change-id".',
}));
