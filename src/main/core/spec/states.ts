/** State characters of boxes and what they mean (formats.md section 4: legend, then words, then table). */
import type { TaskFileState } from '../../../shared/domain';

/** Mark -> state, as the file's own legend says. */
export type Legend = ReadonlyMap<string, TaskFileState>;

const knownSource = String.raw`[xX✓✔✅☑vV~!?>/SsF❌⚠-]\uFE0F?|N\/A|n\/a|`;
/** What a box may hold. Letters other than x, and marks of one or two characters that nobody knows, count only before an id; [P] and [P1] are labels. */
export const stateSource = String.raw`${knownSource}|(?!P\d?\])[^\s[\]()]{1,2}`;

const table: Readonly<Record<string, TaskFileState>> = {
  '': 'open', x: 'done', X: 'done', '✓': 'done', '✔': 'done', '✅': 'done', '☑': 'done', v: 'done', V: 'done',
  '~': 'active', '>': 'active', '/': 'active', '-': 'skipped', S: 'skipped', s: 'skipped', 'N/A': 'skipped',
  '!': 'blocked', F: 'blocked',
};

const legendLine = /^[ \t>]*(?:[-*+][ \t]*)?`\[(.{0,4})\]`[ \t]{0,40}(?:[-–—:=]|→)?[ \t]{0,40}(\S.*)$/u;
const legendWords: readonly (readonly [RegExp, TaskFileState])[] = [
  [/not started|to ?do|pending|open|incomplete|unchecked|new\b/i, 'open'],
  [/in[ -]?progress|wip|started|doing|active|partial/i, 'active'],
  [/block|fail/i, 'blocked'],
  [/skip|drop|cancel|n\/a|defer|won'?t|obsolete|supersed|revert|out of scope|removed/i, 'skipped'],
  [/done|complete|finished|checked/i, 'done'],
];

const dropped = /\b(?:SKIPPED|SKIP|DROPPED|DEFERRED|SUPERSEDED|REVERTED|OBSOLETE|CANCELL?ED)\b|\bN\/A\b|(?:^|[(—–:_]\s*)(?:skipped|dropped|deferred|superseded|reverted|obsolete|cancell?ed)\b/i;
const droppedStrict = /\b(?:SKIPPED|DROPPED|DEFERRED|SUPERSEDED|REVERTED|OBSOLETE)\b|(?:^|[(—–_]\s*)N\/A\b/;
const partial = /\b(?:PARTIAL|PENDING)|(?:^|[(—–:_]\s*)(?:partial|pending)/i;
const blocked = /\bBLOCKED\b|(?:^|[(—–:_]\s*)blocked\b/i;

/** A mark without blanks and what only changes its looks: the key of a legend. */
export const bareMark = (mark: string): string => (/^[!-~]$/.test(mark) ? mark : mark.replace(/\s|\uFE0F/g, '').replace('n/a', 'N/A'));

/** Reads one line of a legend such as "- `[!]` - Blocked", or null. */
export function legendOf(line: string): readonly [string, TaskFileState] | null {
  if (!line.includes('`[')) return null;
  const found = legendLine.exec(line);
  if (!found) return null;
  const meaning = legendWords.find(([words]) => words.test(found[2] ?? ''));
  return meaning ? [bareMark(found[1] ?? ''), meaning[1]] : null;
}

/** State of a box from its mark (text between the brackets) and the text after it. `[x]` is always done. */
export function stateOf(mark: string, text: string, legend: Legend): TaskFileState {
  if (mark === ' ' || mark === '') return 'open';
  const key = bareMark(mark);
  const usual = table[key] ?? 'unknown';
  if (key === '' || usual === 'done') return usual;
  const told = legend.get(key);
  if (told) return told;
  return saidState(text) ?? usual;
}

/** The first of the words decides: "BLOCKED — ... the rest is deferred" is blocked. */
function saidState(text: string): TaskFileState | null {
  const head = text.slice(0, 200);
  const said = [[dropped, 'skipped'], [blocked, 'blocked'], [partial, 'active']] as const;
  const found = said.map(([words, state]) => ({ at: head.search(words), state })).filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at);
  return found[0]?.state ?? null;
}

/** Whether an open task says of itself that it was dropped or deferred: a person should confirm it before it runs. */
export const saysDropped = (text: string): boolean => droppedStrict.test(text);

const known = new RegExp(`^(?:${knownSource})$`, 'u');

/** Whether the mark is a letter other than x or one that nobody knows, which is a state only when an id follows. */
export const needsId = (mark: string): boolean => /^[vVSsF]$/.test(bareMark(mark)) || !known.test(bareMark(mark));
