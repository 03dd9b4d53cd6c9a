/** Cuts a long Markdown text where blocks begin, so that its parts can be rendered one by one and only while they are in sight. */

/** A part of a document. */
export interface Chunk {
  /** 1-based line of the file where it begins. */
  readonly line: number;
  readonly lines: number;
  readonly text: string;
}

/** Shorter documents are one part: find-in-page and screen readers see all of them. */
const wholeBelow = 400;
/** A part is cut at the first heading behind so many lines, or where any block begins behind twice as many. */
const least = 10;

/** Front matter is left out: it is for programs. */
const frontMatter = /^\uFEFF?---\r?\n[\s\S]*?\r?\n---[ \t]*(?:\r?\n|$)/;
const heading = /^ {0,3}#{1,6}(?:\s|$)/;
const item = /^(?:[-*+]|\d{1,9}[.)])\s/;
const fence = /^(?: {0,3})(`{3,}|~{3,})/;
/** Link and footnote definitions count for the whole document. */
const definition = /^ {0,3}\[[^\]]+\]:\s*\S/;
const definitionsAtMost = 200;

interface Scan {
  /** For each line, how well a cut before it does: 2 before a heading, 1 before another block, 0 within one. */
  readonly cuts: readonly (0 | 1 | 2)[];
  readonly definitions: readonly string[];
}

function scan(lines: readonly string[]): Scan {
  const definitions: string[] = [];
  let open: string | null = null;
  let comment = false;
  const cuts = lines.map((line, index): 0 | 1 | 2 => {
    const mark = fence.exec(line)?.[1];
    if (open !== null) {
      if (mark !== undefined && mark.startsWith(open) && /^\s*[`~]+\s*$/.test(line)) open = null;
      return 0;
    }
    if (comment) {
      comment = !line.includes('-->');
      return 0;
    }
    if (definition.test(line)) definitions.push(line);
    const afterBlank = (lines[index - 1] ?? '').trim() === '';
    if (mark !== undefined) open = mark;
    const start = line.lastIndexOf('<!--');
    if (start >= 0 && !line.includes('-->', start)) comment = true;
    if (heading.test(line)) return 2;
    return item.test(line) || (afterBlank && /^\S/.test(line)) ? 1 : 0;
  });
  return { cuts, definitions: definitions.slice(0, definitionsAtMost) };
}

/** The parts of a file in order, front matter left out. Each part has the text's link definitions. */
export function chunksOf(file: string): readonly Chunk[] {
  const front = frontMatter.exec(file)?.[0] ?? '';
  const first = front.split('\n').length;
  const text = file.slice(front.length);
  const lines = text.split(/\r?\n/);
  if (lines.length < wholeBelow) return [{ line: first, lines: lines.length, text }];
  const { cuts, definitions } = scan(lines);
  const starts = [0];
  for (let index = 1; index < lines.length; index += 1) {
    const length = index - (starts.at(-1) ?? 0);
    const cut = cuts[index] ?? 0;
    if ((cut === 2 && length >= least) || (cut === 1 && length >= 2 * least)) starts.push(index);
  }
  const known = definitions.length === 0 ? '' : `\n\n${definitions.join('\n')}`;
  return starts.map((start, index) => {
    const own = lines.slice(start, starts[index + 1] ?? lines.length);
    return { line: first + start, lines: own.length, text: `${own.join('\n')}${known}` };
  });
}

/** Position of the part that holds a line of the file; the first where the line lies before all of them. */
export function chunkAt(chunks: readonly Chunk[], line: number): number {
  return Math.max(0, chunks.findLastIndex((chunk) => chunk.line <= line));
}

/** Parts with names that stay the same while a text is edited. */
export interface Named {
  readonly chunks: readonly Chunk[];
  readonly names: readonly string[];
  /** Number of the next new name. */
  readonly next: number;
}

export const unnamed: Named = { chunks: [], names: [], next: 0 };

/** Names for the parts of an edited text: parts before and behind the edit keep theirs, edited ones take those of the parts in their place. */
export function renamed(before: Named, chunks: readonly Chunk[]): Named {
  const same = (a: Chunk | undefined, b: Chunk | undefined): boolean => a !== undefined && a.text === b?.text;
  const shorter = Math.min(before.chunks.length, chunks.length);
  let start = 0;
  while (start < shorter && same(before.chunks[start], chunks[start])) start += 1;
  let end = 0;
  while (end < shorter - start && same(before.chunks[before.chunks.length - 1 - end], chunks[chunks.length - 1 - end])) end += 1;
  let { next } = before;
  const inPlace = before.names.slice(start, before.names.length - end);
  const names = chunks.map((_, index) => {
    if (index < start) return before.names[index] ?? '';
    if (index >= chunks.length - end) return before.names[before.names.length - chunks.length + index] ?? '';
    const known = inPlace[index - start];
    if (known !== undefined) return known;
    next += 1;
    return `part ${next}`;
  });
  return { chunks, names, next };
}

/** The text of each part; copies are told apart by their number. */
export function textsOf(chunks: readonly Chunk[]): readonly string[] {
  const seen = new Map<string, number>();
  return chunks.map(({ text }) => {
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return count === 1 ? text : `${count} ${text}`;
  });
}
