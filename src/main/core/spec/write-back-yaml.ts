/** States in `tasks.yaml`: only the value of `status:` changes, every other byte stays. */
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { isInProgress, notesLimit, readYaml, type YamlStatus } from './parse-yaml';
import type { TickChange } from './write-back';

/** Whether a text is autospec's YAML rather than Markdown. */
export const looksLikeYaml = (text: string): boolean => /^\uFEFF?(?:#.*\r?\n|[ \t]*\r?\n|---\r?\n)*["']?(?:_meta|tasks|phases|summary)["']?\s*:/.test(text);

/** Offsets count characters; bytes that are no valid UTF-8 would shift them, so such a file is refused. */
function textOf(content: Buffer): string | null {
  const text = content.toString('utf8');
  return Buffer.from(text, 'utf8').equals(content) ? text : null;
}

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function spliced(text: string, changes: readonly Splice[]): Buffer {
  let result = '';
  let from = 0;
  for (const change of [...changes].sort((a, b) => a.start - b.start)) {
    result += text.slice(from, change.start) + change.text;
    from = change.end;
  }
  return Buffer.from(result + text.slice(from), 'utf8');
}

function statusSplice(text: string, { start, end }: YamlStatus, value: string): Splice {
  const quote = /^["']/.exec(text.slice(start, end))?.[0] ?? '';
  return { start, end, text: quote + value + quote };
}

const blockHeader = /^[|>](?:[+-]?(\d)?|(\d)[+-])[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/;

/** A further line of notes that a person wrote as a block (`notes: |`, `notes: >-`), which stays one; null for any other form. */
function blockSplice(text: string, { notes, column }: YamlStatus, note: string): Splice | null {
  const block = notes ? text.slice(notes.start, notes.end) : '';
  const header = blockHeader.exec(block);
  if (!notes || !header || column === null) return null;
  const body = block.slice(header[0].length);
  const digit = Number(header[1] ?? header[2] ?? 0);
  const indent = digit > 0 ? ' '.repeat(column + digit) : /^(?:[ \t]*\r?\n)*( +)\S/.exec(body)?.[1] ?? ' '.repeat(column + 2);
  const eol = header[0].endsWith('\r\n') ? '\r\n' : '\n';
  const isEmpty = body.trim() === '';
  const end = notes.start + (isEmpty ? header[0] : block).trimEnd().length;
  // In a folded block only a blank line before it keeps the note on a line of its own.
  const gap = block.startsWith('>') && !isEmpty ? eol : '';
  return { start: end, end, text: `${gap}${eol}${indent}${note}` };
}

/** A note behind those that are there, as far as autospec's limit allows; a new line or entry where there are none. */
function noteSplice(text: string, at: YamlStatus, note: string): Splice | null {
  if (at.notes && at.notes.value.trim() !== '') {
    const value = `${at.notes.value.trim()} | ${note}`;
    if (value.length > notesLimit) return null;
    const block = blockSplice(text, at, note);
    if (block) return block;
    // A block of several lines ends with its line end, a value of one line before it.
    const end = /\r?\n$/.exec(text.slice(at.notes.start, at.notes.end))?.[0] ?? '';
    return { start: at.notes.start, end: at.notes.end, text: JSON.stringify(value) + end };
  }
  if (at.notes) return blockSplice(text, at, note) ?? (at.notes.start === at.notes.end ? null : { start: at.notes.start, end: at.notes.end, text: JSON.stringify(note) });
  if (at.column === null) return { start: at.end, end: at.end, text: `, notes: ${JSON.stringify(note)}` };
  const lineEnd = text.indexOf('\n', at.end);
  const eol = lineEnd > 0 && text.charAt(lineEnd - 1) === '\r' ? '\r\n' : '\n';
  const line = `${' '.repeat(at.column)}notes: ${JSON.stringify(note)}`;
  return lineEnd < 0 ? { start: text.length, end: text.length, text: eol + line } : { start: lineEnd + 1, end: lineEnd + 1, text: line + eol };
}

/** Sets the status of one task, and adds a note to its `notes`. Errors: `spec/invalid` when the task, or its `status:` line, is not there. */
export function tickYaml(content: Buffer, id: string, { state, note }: Pick<TickChange, 'state' | 'note'>): Result<Buffer, AppError> {
  if (state === 'active' || state === 'reset') return ok(content);
  const text = textOf(content);
  const at = text === null ? undefined : readYaml(text, '').statuses.find((status) => status.id === id);
  if (text === null || !at) return err({ kind: 'spec/invalid', path: id, detail: `Task ${id} has no "status:" in the file that could be set.` });
  if (state === 'reset-all' && !isInProgress(text.slice(at.start, at.end))) return ok(content);
  const status = statusSplice(text, at, state === 'done' ? 'Completed' : 'Pending');
  const noted = note === undefined || note.trim() === '' ? null : noteSplice(text, at, plainNote(note));
  return ok(spliced(text, noted ? [status, noted] : [status]));
}

/** One line without control characters; a YAML string of several lines would be read differently by every tool. */
const plainNote = (note: string): string => note.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim().slice(0, 300);

/** The lane's text with the base's states; tasks that only the lane has become `Pending`. */
export function restoreYaml(base: Buffer, lane: Buffer): Buffer {
  const before = textOf(base);
  const after = textOf(lane);
  if (before === null || after === null) return lane;
  const known = new Map(readYaml(before, '').statuses.map((at) => [at.id, before.slice(at.start, at.end)]));
  const bare = (value: string): string => value.replace(/^["']|["']$/g, '');
  const changes = readYaml(after, '').statuses.map((at) => ({ at, value: bare(known.get(at.id) ?? 'Pending') })).filter(({ at, value }) => bare(after.slice(at.start, at.end)) !== value);
  return changes.length === 0 ? lane : spliced(after, changes.map(({ at, value }) => statusSplice(after, at, value)));
}
