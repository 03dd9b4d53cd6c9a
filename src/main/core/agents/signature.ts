/** A short name for an error that stays the same when only paths, numbers and times differ. Pure. */
import { createHash } from 'node:crypto';
import { stripControl } from '../../../shared/plain-text';

const errorWord = /\b(?:error|errors|fail|fails|failed|failure|fatal|panic|exception|traceback|denied|cannot|could not|can't|unable|not found|missing|refused|unreachable|invalid|limit|quota|abort(?:ed)?|killed|undefined|unexpected)\b|[✗✕×✖]|error:|exception:/i;

/** Lines of output that say something, the newest last. */
export const spokenLines = (tail: string): readonly string[] => stripControl(tail).split('\n').map((line) => line.trim()).filter((line) => /[\p{L}\p{N}]/u.test(line));

/** The last lines that look like errors, at most `most` of the last forty; without any, the last three lines. */
export function errorLines(tail: string, most = 5): readonly string[] {
  const lines = spokenLines(tail).slice(-40);
  const errors = lines.filter((line) => errorWord.test(line));
  return errors.length > 0 ? errors.slice(-most) : lines.slice(-3);
}

/** A line without what differs from one occurrence to the next: addresses, paths, ids, hashes, times, numbers. How many failed stays: fewer is progress. */
export function normalised(line: string): string {
  return line.slice(0, 500).toLowerCase()
    .replace(/\b(?:https?|file):\/\/\S+/g, '<url>')
    .replace(/(?:[a-z]:)?[\w.@~-]*(?:[/\\][\w.@~()[\]-]+)+[/\\]?/g, '<path>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b/g, '<id>')
    .replace(/\d+(?:[.:,]\d+)*(?!\d|[.:,]\d|\s*(?:failed|failing|failures?|errors?|problems?)\b(?!:))/g, '#')
    .replace(/\s+/g, ' ').trim();
}

/** Names an error: 12 hexadecimal digits, or '' when there is no line to tell it by. `kind` keeps errors of different kinds apart. */
export function signatureOf(kind: string, lines: readonly string[]): string {
  const told = lines.map(normalised).filter(Boolean);
  return told.length === 0 ? '' : createHash('sha256').update([kind, ...told].join('\n')).digest('hex').slice(0, 12);
}
