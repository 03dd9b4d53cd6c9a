/** Pass 2 of reading a task file: what each line is. No structure yet, so that every dialect shares it. */
import { parseBox, widthOf, type Box } from './box';
import { headingOf, type Heading } from './headings';
import { takeLegends } from './legend';
import { maskLines, type MaskedLine, type Unclosed } from './mask';
import { legendOf, type Legend } from './states';
import type { TaskFileState } from '../../../shared/domain';

export type Row = MaskedLine & (
  | { readonly kind: 'heading'; readonly heading: Heading; readonly box: Box | null }
  | { readonly kind: 'box'; readonly box: Box }
  | { readonly kind: 'text'; readonly indent: number }
  | { readonly kind: 'rule' | 'fenced' | 'comment' });

export interface Scan {
  /** Without blank lines: nothing in the grammar hangs on them. */
  readonly rows: readonly Row[];
  readonly legend: Legend;
  /** Title of the first level-1 heading without `Tasks:`, or null. */
  readonly title: string | null;
  readonly unclosed: Unclosed;
}

const rule = /^[ \t]*(?:-[ \t]*){3,}$|^[ \t]*(?:\*[ \t]*){3,}$|^[ \t]*(?:_[ \t]*){3,}$/;

/** Characters; what a longer line says behind them is not read, so that no line takes long. */
export const lineLimit = 4000;

/** Nearly every line is empty or begins with a sign, and looking costs less than a pattern. */
function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return text === '' || ((first <= 32 || first > 126) && !/\S/.test(text));
}

/** Fields are written out: spreading the line costs more than all the rest, ten thousand times. */
function classify(number: number, raw: string, whole: string, fenced: boolean, comments: readonly string[]): Row | null {
  const visible = whole.length > lineLimit ? whole.slice(0, lineLimit) : whole;
  if (fenced) return { number, raw, visible, fenced, comments, kind: 'fenced' };
  if (isBlank(visible)) return comments.length === 0 ? null : { number, raw, visible, fenced, comments, kind: 'comment' };
  const box = parseBox(visible);
  const heading = box && box.level === 0 ? null : headingOf(visible, number);
  if (heading) return { number, raw, visible, fenced, comments, kind: 'heading', heading, box };
  if (box) return { number, raw, visible, fenced, comments, kind: 'box', box };
  if (rule.test(visible)) return { number, raw, visible, fenced, comments, kind: 'rule' };
  const blank = /^[\s>]*/.exec(visible)?.[0] ?? '';
  return { number, raw, visible, fenced, comments, kind: 'text', indent: widthOf(blank) };
}

/** Title of a spec from its first heading: `# Tasks: Name` gives `Name`. */
export function titleOf(rows: readonly Row[]): string | null {
  for (const row of rows) {
    if (row.kind !== 'heading' || row.heading.level !== 1) continue;
    const title = row.heading.text.replace(/^(?:Tasks?|Implementation Plan|Plan|Task List|Feature)\s*(?:[:：–—]|-\s)\s*/i, '').trim();
    return title === '' ? null : title;
  }
  return null;
}

/** Scans a whole Markdown text. Linear in its size; never fails. */
export function scan(text: string): Scan {
  const rows: Row[] = [];
  const legend = new Map<string, TaskFileState>();
  const unclosed = maskLines(text, (number, raw, visible, fenced, comments) => {
    const row = classify(number, raw, visible, fenced, comments);
    if (row === null) return;
    rows.push(row);
    const entry = row.kind === 'text' ? legendOf(row.visible) : null;
    if (entry) legend.set(entry[0], entry[1]);
  });
  takeLegends(rows, legend);
  return { rows, legend, title: titleOf(rows), unclosed };
}

/** Why a text is no task list at all, or null: binary, or a unified diff saved under the name. */
export function refusal(text: string): { readonly line: number; readonly detail: string } | null {
  const nul = text.indexOf('\0');
  if (nul >= 0) return { line: text.slice(0, nul).split('\n').length, detail: `It holds NUL bytes, so it is not a text file (line ${text.slice(0, nul).split('\n').length}).` };
  const head = text.slice(0, 20_000);
  if (!/^(?:diff --git |@@ -\d|(?:---|\*\*\*) (?:a\/|\/dev\/null|\S+\t)|\*{15}$)/m.test(head)) return null;
  const rows: string[] = [];
  // An example of a diff in a fence is no diff.
  maskLines(head, (_number, _raw, visible) => void rows.push(visible));
  const removed = rows.findIndex((row) => /^--- (?:a\/|\/dev\/null)/.test(row));
  const context = rows.findIndex((row, at) => /^\*{3} \S/.test(row) && /^--- \S/.test(rows[at + 1] ?? ''));
  const diff = context >= 0 ? context : removed >= 0 && rows.slice(removed, removed + 4).some((row) => /^\+\+\+ |^@@ /.test(row)) ? removed : rows.findIndex((row) => /^diff --git |^@@ -\d+(?:,\d+)? \+\d+/.test(row));
  return diff >= 0 && diff < 200 ? { line: diff + 1, detail: `It is a diff, not a task list (line ${diff + 1}).` } : null;
}
