/**
 * Which rendered block shows a line of the file: the last, and so the innermost, of those that begin at or before it. `starts` are
 * 1-based lines in document order. -1 when every block begins later.
 */
export function blockAt(starts: readonly number[], line: number): number {
  let best = -1;
  for (const [index, start] of starts.entries()) if (start <= line && (best < 0 || start >= (starts[best] ?? 0))) best = index;
  return best;
}
