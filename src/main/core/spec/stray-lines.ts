/** What git and editors leave in a file so that its lines no longer say what they should: conflict markers, and line ends of old Macs. */
import type { Diagnostic } from '../../../shared/domain';
import { parseBox } from './box';

interface Line {
  /** 1-based. */
  readonly number: number;
  readonly raw: string;
}

const maxReported = 20;

/** Conflicts that a merge left behind, `<<<<<<<` with `=======` and `>>>>>>>` after it, as errors: which side holds is not for Braid to guess. */
export function mergeConflicts(lines: readonly Line[], file: string): Diagnostic[] {
  const told: Diagnostic[] = [];
  let begin: number | null = null;
  let isHalved = false;
  for (const { number, raw } of lines) {
    const first = raw.charCodeAt(0);
    // <, = and >: nearly no line begins so.
    if (first < 60 || first > 62) continue;
    if (/^<{7}(?:\s|$)/.test(raw)) {
      begin = number;
      isHalved = false;
    } else if (begin !== null && /^={7}\s*$/.test(raw)) isHalved = true;
    else if (begin !== null && isHalved && /^>{7}(?:\s|$)/.test(raw)) {
      if (told.length < maxReported) told.push({ severity: 'error', file, line: begin, code: 'merge-conflict', message: `A merge conflict stands here unresolved, up to line ${number}.`, hint: 'Keep one side and delete the markers.' });
      begin = null;
    }
  }
  return told;
}

/** Boxes behind a lone carriage return, as errors: git and Braid see one line there, so those tasks would be lost. */
export function hiddenBoxes(lines: readonly Line[], file: string): Diagnostic[] {
  const told: Diagnostic[] = [];
  for (const { number, raw } of lines) {
    if (told.length >= maxReported || !raw.includes('\r')) continue;
    const hidden = raw.split('\r').slice(1).filter((part) => parseBox(part) !== null).length;
    if (hidden > 0) told.push({ severity: 'error', file, line: number, code: 'lone-cr', message: `${hidden === 1 ? 'A task stands' : `${hidden} tasks stand`} behind a lone carriage return on this line, where ${hidden === 1 ? 'it is' : 'they are'} not read.`, hint: 'Save the file with LF or CRLF as line ends.' });
  }
  return told;
}
