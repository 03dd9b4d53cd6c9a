/**
 * Pass 1 of reading a task file: which parts are not prose. Front matter, closed code fences and closed HTML comments are
 * hidden; an opener that never closes hides nothing, because losing a real task is worse than reading an example.
 */

/** One line without its end. `visible` has the same length as `raw`, hidden parts are blanks, so columns stay valid. */
export interface MaskedLine {
  /** 1-based. */
  readonly number: number;
  readonly raw: string;
  readonly visible: string;
  readonly fenced: boolean;
  /** Inner texts of the HTML comments that open on this line. */
  readonly comments: readonly string[];
}

const fenceOpen = /^[ \t\uFEFF]*(?:>[ \t]*)*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})(.*)$/;
const fenceClose = /^[ \t]*(?:>[ \t]*)*(`{3,}|~{3,})[ \t]*$/;
const yamlLine = /^(?:\s*|\s*#.*|\s*-\s.*|\s+.*|["']?[\w.-]+["']?\s*:.*)$/;
const frontMatterLimit = 200;

/** Splits at LF; a CR before it belongs to the line end. Lone CR is text, as in git. */
export function splitRows(text: string): string[] {
  const rows = text.split('\n');
  return text.includes('\r') ? rows.map((row) => (row.endsWith('\r') ? row.slice(0, -1) : row)) : rows;
}

function frontMatterEnd(rows: readonly string[]): number {
  if (!/^\uFEFF?---\s*$/.test(rows[0] ?? '')) return 0;
  for (let i = 1; i < Math.min(rows.length, frontMatterLimit); i += 1) {
    const row = rows[i] ?? '';
    if (/^(?:---|\.\.\.)\s*$/.test(row)) {
      return rows.slice(1, i).some((line) => /^["']?[\w.-]+["']?\s*:/.test(line)) ? i + 1 : 0;
    }
    if (!yamlLine.test(row)) return 0;
  }
  return 0;
}

/** A row that may close a fence; null for any other. */
function closerOf(row: string): string | null {
  return row.includes('```') || row.includes('~~~') ? fenceClose.exec(row)?.[1] ?? null : null;
}

/** By row, the length of the longest fence of `char` that closes there or later: an opener that nothing closes is known without a search. */
function longestClosers(rows: readonly string[], char: string): Int32Array {
  const longest = new Int32Array(rows.length + 1);
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const close = closerOf(rows[at] ?? '');
    longest[at] = Math.max(longest[at + 1] ?? 0, close?.startsWith(char) === true ? close.length : 0);
  }
  return longest;
}

interface Fence {
  /** Row of the closing fence; null when there is none. */
  readonly end: number | null;
}

/** Finds closing fences; null for a row that opens none. Linear over all openers, since what lies between two fences is not asked for again. */
function fenceFinder(rows: readonly string[]): (index: number) => Fence | null {
  const longest = new Map<string, Int32Array>();
  return (index) => {
    const open = fenceOpen.exec(rows[index] ?? '');
    const marker = open?.[1] ?? '';
    const char = marker.charAt(0);
    if (!marker || (char === '`' && open?.[2]?.includes('`'))) return null;
    const known = longest.get(char) ?? longestClosers(rows, char);
    longest.set(char, known);
    if ((known[index + 1] ?? 0) < marker.length) return { end: null };
    for (let end = index + 1; end < rows.length; end += 1) {
      const close = closerOf(rows[end] ?? '');
      if (close?.startsWith(char) === true && close.length >= marker.length) return { end };
    }
    return { end: null };
  };
}

/** Column of the next `<!--` outside inline code at or after `from`, or -1. */
function commentStart(row: string, from: number): number {
  let at = from;
  let comment = row.indexOf('<!--', at);
  // A run of backticks that has no partner has none for longer runs either: each length is searched in vain once.
  let hopeless = Infinity;
  while (comment >= 0) {
    const tick = row.indexOf('`', at);
    if (tick < 0 || comment < tick) return comment;
    let end = tick;
    while (row.charAt(end) === '`') end += 1;
    const close = end - tick >= hopeless ? -1 : row.indexOf(row.slice(tick, end), end);
    if (close < 0) hopeless = Math.min(hopeless, end - tick);
    at = close < 0 ? end : close + end - tick;
    if (comment < at) comment = row.indexOf('<!--', at);
  }
  return -1;
}

interface CommentState {
  readonly lastCloser: number;
  inside: boolean;
}

function maskComments(row: string, index: number, state: CommentState): { visible: string; comments: string[] } {
  const comments: string[] = [];
  let visible = '';
  let at = 0;
  while (at < row.length) {
    if (state.inside) {
      const close = row.indexOf('-->', at);
      const end = close < 0 ? row.length : close + 3;
      state.inside = close < 0;
      visible += ' '.repeat(end - at);
      at = end;
      continue;
    }
    const open = commentStart(row, at);
    const close = open < 0 ? -1 : row.indexOf('-->', open + 4);
    if (open < 0 || (close < 0 && index >= state.lastCloser)) break;
    visible += row.slice(at, open) + '    ';
    comments.push(row.slice(open + 4, close < 0 ? row.length : close).trim());
    state.inside = true;
    at = open + 4;
  }
  return { visible: visible + row.slice(at), comments };
}

function lastIndexWith(rows: readonly string[], part: string): number {
  for (let i = rows.length - 1; i >= 0; i -= 1) if (rows[i]?.includes(part)) return i;
  return -1;
}

/** Shared by all lines without comments: there is one line for each task. */
const noComments: readonly string[] = [];

/** Lines (1-based) of the first fence and the first comment that never close; null where all do. */
export interface Unclosed {
  readonly fence: number | null;
  readonly comment: number | null;
}

/** Takes the fields of a `MaskedLine`: an object for each line would be thrown away at once. */
export type LineVisitor = (number: number, raw: string, visible: string, fenced: boolean, comments: readonly string[]) => void;

/** Calls `visit` with every line of a Markdown text and what is hidden in it. Linear in the size of the text. */
export function maskLines(text: string, visit: LineVisitor): Unclosed {
  const rows = splitRows(text);
  const mayFence = text.includes('```') || text.includes('~~~');
  const mayOpen = text.includes('<!--');
  const closing = fenceFinder(rows);
  const comment: CommentState = { lastCloser: mayOpen ? lastIndexWith(rows, '-->') : -1, inside: false };
  const hiddenUntil = frontMatterEnd(rows);
  let fencedUntil = -1;
  let fence: number | null = null;
  let openComment: number | null = null;
  rows.forEach((raw, index) => {
    const number = index + 1;
    if (index < hiddenUntil) return visit(number, raw, '', true, noComments);
    if (mayFence && index > fencedUntil && !comment.inside && (raw.includes('```') || raw.includes('~~~'))) {
      const found = closing(index);
      if (found?.end === null) fence ??= number;
      fencedUntil = found?.end ?? fencedUntil;
    }
    if (index <= fencedUntil) return visit(number, raw, '', true, noComments);
    const opens = mayOpen && raw.includes('<!--');
    if (opens && openComment === null && comment.lastCloser <= index && commentStart(raw, Math.max(0, raw.lastIndexOf('-->'))) >= 0) openComment = number;
    if (comment.lastCloser < index || (!comment.inside && !opens)) return visit(number, raw, raw, false, noComments);
    const { visible, comments } = maskComments(raw, index, comment);
    return visit(number, raw, visible, false, comments);
  });
  return { fence, comment: openComment };
}
