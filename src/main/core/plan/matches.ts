const none: readonly RegExpExecArray[] = [];

/** Every match of a global pattern. `matchAll` makes a copy of the pattern and an iterator each time, and most lines have no match at all. */
export function matchesOf(pattern: RegExp, text: string): readonly RegExpExecArray[] {
  pattern.lastIndex = 0;
  let match = pattern.exec(text);
  if (match === null) return none;
  const found: RegExpExecArray[] = [];
  for (; match !== null; match = pattern.exec(text)) found.push(match);
  return found;
}
