/** The commit that track plans record behind a finished task: `- [x] Task: Add it bf12271`, or `... [bf12271]`. */

const behind = /[ \t]+(?:\[([0-9a-f]{7,40})\]|((?=[a-f]*\d)[0-9a-f]{7}))[ \t]*$/;

const mayEnd = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || code === 93 || code === 32 || code === 9;

/** What stands behind the text, blanks before it included; '' when no commit does. */
export function shaBehind(text: string): string {
  // Most lines end otherwise, and the pattern is tried for each task of a file.
  return mayEnd(text.charCodeAt(text.length - 1)) ? behind.exec(text)?.[0] ?? '' : '';
}

/** The text as it was before a commit was recorded: what identifies a task must not change with it. */
export function withoutSha(text: string): string {
  const found = shaBehind(text);
  return found === '' ? text : text.slice(0, -found.length);
}
