/** One task line: indent, bullet or heading, box, text (formats.md section 4, `task`). */
import { needsId, stateSource } from './states';
import { parseTaskText, type TaskText } from './title';

export interface Box {
  /** Width of the indent in columns; a tab goes to the next multiple of 4. */
  readonly indent: number;
  /** Column from which a nested box is a child. */
  readonly column: number;
  /** Level of the heading that carries the box, or 0. */
  readonly level: number;
  /** Offsets of the text between the brackets, in UTF-16 units of the line. */
  readonly markStart: number;
  readonly markEnd: number;
  readonly mark: string;
  /** `- [ ]*` of Kiro: not needed for the parent. */
  readonly optional: boolean;
  readonly text: string;
  readonly parsed: TaskText;
  /** No blank on either side of the box (`-[X]T001`): such files write an open box as `[]`. */
  readonly glued: boolean;
}

const lead = /^([ \t\uFEFF]*(?:>[ \t]*)*)(?:(#{1,6})[ \t]+)?(?:([-*+•–—]|\d{1,9}[.)])[ \t\u00a0]*)?(?:(?:\*\*|__)[ \t]*)?\[/;
const state = new RegExp(String.raw`([ \t\u00a0]{0,20}(?:${stateSource})[ \t\u00a0]{0,20})\](\\?\*(?!\*))?(?![(:])`, 'uy');

/** Width in columns of leading blanks and quote marks. */
export function widthOf(indent: string): number {
  let width = 0;
  for (const char of indent) {
    if (char === '\t') width += 4 - (width % 4);
    else if (char !== '\uFEFF') width += 1;
  }
  return width;
}

/** The mark of `- [ ] `, `- [x] ` or `- [X] ` in the first column, which are most lines of most files; null for anything else. */
function plainMark(line: string): string | null {
  if (!line.startsWith('- [') || !line.startsWith('] ', 4)) return null;
  const mark = line.charAt(3);
  return mark === ' ' || mark === 'x' || mark === 'X' ? mark : null;
}

/** Parses one visible line; null when it carries no box. */
export function parseBox(line: string): Box | null {
  if (!line.includes('[')) return null;
  const plain = plainMark(line);
  if (plain !== null) {
    const text = line.slice(5);
    return { indent: 0, column: 2, level: 0, markStart: 3, markEnd: 4, mark: plain, optional: false, text, parsed: parseTaskText(text), glued: false };
  }
  const head = lead.exec(line);
  if (!head || (head[2] === undefined && head[3] === undefined)) return null;
  state.lastIndex = head[0].length;
  const found = state.exec(line);
  if (!found) return null;
  const mark = found[1] ?? '';
  const text = line.slice(state.lastIndex);
  const parsed = parseTaskText(text);
  if (needsId(mark) && parsed.id === null) return null;
  const indent = widthOf(head[1] ?? '');
  return {
    indent, column: indent + (head[3]?.length ?? 0) + 1, level: head[2]?.length ?? 0,
    markStart: head[0].length, markEnd: head[0].length + mark.length, mark,
    optional: found[2] !== undefined, text, parsed,
    glued: /[^\s[]\[$/.test(head[0]) && /^\S/.test(text),
  };
}
