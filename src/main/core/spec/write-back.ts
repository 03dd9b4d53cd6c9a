/**
 * Ticks in Markdown task files (formats.md section 6), byte for byte: only the state between the brackets changes, and one
 * note line may be added. Works on buffers so that BOM, CR LF, a missing last newline and invalid UTF-8 stay as they are.
 */
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import type { Task } from '../../../shared/domain';
import type { Box } from './box';
import { detectDialect } from './dialect';
import { hashText } from './hash';
import { isLetterId } from './ids';
import { parseMarkdown } from './parse-markdown';
import { scan } from './scan';
import { shaBehind, withoutSha } from './sha';
import { looksLikeYaml, restoreYaml, tickYaml } from './write-back-yaml';

/** What identifies a task's line after other edits: id, hash of its text, and where it stood (1-based). */
export interface Anchor {
  readonly id: string;
  readonly textHash: string;
  readonly line: number;
}

export interface TickChange {
  /** `active` marks a task in progress where it is open; `reset` takes that mark back. Both touch own boxes only; `reset-all` also the boxes below a heading. */
  readonly state: 'done' | 'open' | 'active' | 'reset' | 'reset-all';
  /** One line about how it was done; longer than 300 characters is cut. */
  readonly note?: string;
  /** What a done box gets; by the other ticks of the text itself where it is absent. */
  readonly mark?: string;
  /** Commit to record behind the task's text, as track plans do; goes where a task has a box of its own. */
  readonly sha?: string;
}

interface Edit {
  /** Byte range to replace; empty for an insertion. */
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

interface BoxAt {
  readonly line: number;
  readonly box: Box;
  /** Byte range of the state between the brackets. */
  readonly start: number;
  readonly end: number;
}

const noteLimit = 300;

function lineStarts(content: Buffer): number[] {
  const starts = [0];
  for (let at = content.indexOf(10); at >= 0; at = content.indexOf(10, at + 1)) starts.push(at + 1);
  return starts;
}

function boxesOf(content: Buffer): BoxAt[] {
  const starts = lineStarts(content);
  const found: BoxAt[] = [];
  for (const row of scan(content.toString('utf8')).rows) {
    const box = row.kind === 'box' || row.kind === 'heading' ? row.box : null;
    const from = starts[row.number - 1];
    if (!box || from === undefined) continue;
    // Everything before the state matched the grammar, so it holds no invalid bytes and its length in bytes is exact.
    const start = from + Buffer.byteLength(row.raw.slice(0, box.markStart), 'utf8');
    const end = start + Buffer.byteLength(row.raw.slice(box.markStart, box.markEnd), 'utf8');
    found.push({ line: row.number, box, start, end });
  }
  return found;
}

function apply(content: Buffer, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(content.subarray(at, edit.start), edit.bytes);
    at = edit.end;
  }
  parts.push(content.subarray(at));
  return Buffer.concat(parts);
}

/** `X` for spec-kit and `x` elsewhere, unless the file's own ticks say otherwise. */
function doneMark(boxes: readonly BoxAt[], id: string): string {
  const upper = boxes.some(({ box }) => box.mark.trim() === 'X');
  const lower = boxes.some(({ box }) => box.mark.trim() === 'x');
  if (upper !== lower) return upper ? 'X' : 'x';
  return isLetterId(id) ? 'X' : 'x';
}

/** By task id, what a tick looks like in this text: the versions of a file that are to be merged get the ticks of one of them. */
export function tickMarks(content: Buffer): (id: string) => string {
  const boxes = boxesOf(content);
  return (id) => doneMark(boxes, id);
}

/** How this file writes an open box of the same spacing: `[ ]` or `[]`. */
function openMark(boxes: readonly BoxAt[], glued: boolean): string {
  const open = boxes.filter(({ box }) => box.glued === glued && box.mark.trim() === '');
  const empty = open.filter(({ box }) => box.mark === '').length;
  return open.length === 0 ? (glued ? '' : ' ') : empty * 2 > open.length ? '' : ' ';
}

const sameId = (anchor: string, id: string): boolean => anchor === id || anchor.endsWith(`:${id}`) || (id.startsWith('#') && anchor.endsWith(id));

function findTask(tasks: readonly Task[], anchor: Anchor): Task | null {
  const nearest = (found: readonly Task[]): Task | null =>
    [...found].sort((a, b) => Math.abs(a.line - anchor.line) - Math.abs(b.line - anchor.line))[0] ?? null;
  const byId = tasks.filter((task) => sameId(anchor.id, task.id));
  const byHash = tasks.filter((task) => task.textHash === anchor.textHash);
  const both = byId.filter((task) => task.textHash === anchor.textHash);
  // A number given by order (`#3`) moves when lines are inserted, so there the text decides.
  if (anchor.id.includes('#')) return nearest(byHash);
  return nearest(both) ?? nearest(byId) ?? nearest(byHash);
}

/** Makes a note harmless in Markdown: one line, no boxes, fences, comment markers or control characters. */
export function noteText(note: string): string {
  const line = note.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/\s+/g, ' ').trim();
  const safe = line.replace(/<!--/g, '&lt;!--').replace(/-->/g, '--&gt;').replace(/`{3,}|~{3,}/g, (run) => run.charAt(0) + '\u200b' + run.charAt(0))
    .replace(/\[(?=[^\][]{0,3}\])/g, '\\[').replace(/^[#>|+*-](?=\s|$)/, '\\$&');
  return safe.length > noteLimit ? `${[...safe].slice(0, noteLimit - 1).join('').replace(/\\$/, '')}…` : safe;
}

function noteEdit(content: Buffer, task: Task, note: string): Edit | null {
  const text = noteText(note);
  if (text === '') return null;
  const starts = lineStarts(content);
  const row = content.subarray(starts[task.line - 1] ?? 0, starts[task.line] ?? content.length).toString('utf8');
  const quoted = /^[ \t\uFEFF]*(?:>[ \t]*)*/.exec(row)?.[0].replace('\uFEFF', '') ?? '';
  const eol = row.endsWith('\r\n') ? '\r\n' : '\n';
  const indent = row.slice(quoted.length).trimStart().startsWith('#') ? '' : `${quoted}  `;
  const next = starts[task.endLine];
  const line = `${indent}- ${text}`;
  return next === undefined
    ? { start: content.length, end: content.length, bytes: Buffer.from(`${eol}${line}`) }
    : { start: next, end: next, bytes: Buffer.from(`${line}${eol}`) };
}

/**
 * Sets the state of one task on every line that carries its id, and adds the note below it (not in YAML). Errors: `spec/invalid` when the
 * task is not in the text any more, or has no box (tables, headings without boxes).
 */
export function tick(content: Buffer, anchor: Anchor, change: TickChange): Result<Buffer, AppError> {
  const text = content.toString('utf8');
  if (looksLikeYaml(text)) return tickYaml(content, anchor.id, change);
  const parsed = parseMarkdown(text, { file: '', dialect: detectDialect('', text) });
  const task = findTask(parsed.tasks, anchor);
  if (!task) return err({ kind: 'spec/invalid', path: anchor.id, detail: `Task ${anchor.id} is not in the file any more.` });
  const boxes = boxesOf(content);
  const own = boxes.filter((at) => task.lines.includes(at.line));
  // A heading without a box stands for the boxes below it, but those that a person ticks.
  const targets = own.length > 0 ? own : belowHeadings(text, boxes, { task, tasks: parsed.tasks, gates: new Set(parsed.gates.map((gate) => gate.line)) });
  if (own.length === 0 && (change.state === 'active' || change.state === 'reset')) return ok(content);
  if (targets.length === 0) return err({ kind: 'spec/invalid', path: anchor.id, detail: `Task ${anchor.id} has no box that could be ticked.` });
  const done = change.mark ?? doneMark(boxes, task.id);
  const edits: Edit[] = targets.map((at) => ({ start: at.start, end: at.end, bytes: Buffer.from(markFor(at, change.state, done, boxes)) }));
  const note = change.note === undefined ? null : noteEdit(content, task, change.note);
  if (change.sha !== undefined) edits.push(...own.map((at) => shaEdit(content, at, change.sha ?? '', boxes)));
  return ok(apply(content, note ? [...edits, note] : edits));
}

/** Behind the text of the line, in the place of a commit that stands there already, in the file's own manner. */
function shaEdit(content: Buffer, at: BoxAt, sha: string, boxes: readonly BoxAt[]): Edit {
  const breakAt = content.indexOf(10, at.end);
  let end = breakAt < 0 ? content.length : breakAt;
  while (end > at.end && ' \t\r'.includes(String.fromCharCode(content[end - 1] ?? 0))) end -= 1;
  const old = shaBehind(at.box.text.trimEnd());
  const bracketed = boxes.some(({ box }) => shaBehind(box.text.trimEnd()).endsWith(']'));
  return { start: end - old.length, end, bytes: Buffer.from(bracketed ? ` [${sha}]` : ` ${sha}`) };
}

/** The box of one line (1-based) with another mark; unchanged when the line has none. */
export function markLine(content: Buffer, line: number, mark: string): Buffer {
  const at = boxesOf(content).find((box) => box.line === line);
  return at ? apply(content, [{ start: at.start, end: at.end, bytes: Buffer.from(mark) }]) : content;
}

/** Boxes below every heading that carries the task's id, up to the next heading of its level or the next such task. */
function belowHeadings(text: string, boxes: readonly BoxAt[], at: { readonly task: Task; readonly tasks: readonly Task[]; readonly gates: ReadonlySet<number> }): BoxAt[] {
  const withBox = new Set(boxes.map((box) => box.line));
  const starts = new Set(at.tasks.flatMap((task) => task.lines).filter((line) => !withBox.has(line)));
  const own = new Set(at.task.lines);
  const inside = new Set<number>();
  let level = 0;
  for (const row of scan(text).rows) {
    if (own.has(row.number)) level = row.kind === 'heading' ? row.heading.level : 0;
    else if (starts.has(row.number) || (row.kind === 'heading' && row.heading.level <= level)) level = 0;
    else if (level > 0) inside.add(row.number);
  }
  return boxes.filter((box) => inside.has(box.line) && !at.gates.has(box.line));
}

function markFor(at: BoxAt, state: TickChange['state'], done: string, boxes: readonly BoxAt[]): string {
  const isDone = isDoneBox(at.box);
  if (state === 'active') return at.box.mark.trim() === '' ? '~' : at.box.mark;
  if (state === 'reset' || state === 'reset-all') return /^[~>/]$/.test(at.box.mark.trim()) ? openMark(boxes, at.box.glued) : at.box.mark;
  if (state === 'done') return isDone ? at.box.mark : done;
  return at.box.mark.trim() === '' ? at.box.mark : openMark(boxes, at.box.glued);
}

const isDoneBox = (box: Box): boolean => /^[xX✓✔✅☑vV]/.test(box.mark.trim());

const keyOf = (at: BoxAt): string => at.box.parsed.id ?? `=${hashText(withoutSha(at.box.text.trim()))}`;

/** Pairs boxes of two versions: by id (copies in order), else by text, else by order between two pairs. */
function pair(base: readonly BoxAt[], lane: readonly BoxAt[]): Map<BoxAt, BoxAt> {
  const waiting = new Map<string, BoxAt[]>();
  for (const at of base) waiting.set(keyOf(at), [...(waiting.get(keyOf(at)) ?? []), at]);
  const pairs = new Map<BoxAt, BoxAt>();
  const used = new Map<string, number>();
  for (const at of lane) {
    const key = keyOf(at);
    const n = used.get(key) ?? 0;
    const match = waiting.get(key)?.[n];
    used.set(key, n + 1);
    if (match) pairs.set(at, match);
  }
  pairByOrder(base, lane, pairs);
  return pairs;
}

function pairByOrder(base: readonly BoxAt[], lane: readonly BoxAt[], pairs: Map<BoxAt, BoxAt>): void {
  const order = new Map(base.map((at, index) => [at, index]));
  const taken = new Set(pairs.values());
  let gap: BoxAt[] = [];
  let from = 0;
  const close = (to: number): void => {
    const free = base.slice(from, to).filter((at) => !taken.has(at));
    if (free.length === gap.length) gap.forEach((at, index) => { const match = free[index]; if (match) pairs.set(at, match); });
    gap = [];
  };
  for (const at of lane) {
    const match = pairs.get(at);
    if (!match) {
      if (at.box.parsed.id === null) gap.push(at);
      continue;
    }
    close(order.get(match) ?? from);
    from = (order.get(match) ?? from) + 1;
  }
  close(base.length);
}

/**
 * The lane's text with every state set back to the base's: agents do not tick. Boxes that only the lane has are set open.
 * Everything else stays byte-identical. Text that is no task list comes back unchanged.
 */
export function restoreStates(base: Buffer, lane: Buffer): Buffer {
  if (looksLikeYaml(base.toString('utf8'))) return restoreYaml(base, lane);
  const before = boxesOf(base);
  const after = boxesOf(lane);
  const pairs = pair(before, after);
  const edits = after.flatMap((at): Edit[] => {
    const match = pairs.get(at);
    const mark = match ? match.box.mark : at.box.mark.trim() === '' ? at.box.mark : openMark(before, at.box.glued);
    return mark === at.box.mark ? [] : [{ start: at.start, end: at.end, bytes: Buffer.from(mark) }];
  });
  return edits.length === 0 ? lane : apply(lane, edits);
}
