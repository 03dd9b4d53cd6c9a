/** Task ids as they stand at the start of a task's text (formats.md section 4). */

const letterId = String.raw`(?:[a-z0-9]{4,12}-)?T-?\d{1,5}[a-zA-Z]?['’′]?(?:[.-]\d+[a-z]?)*`;
const idSource = String.raw`TASK-\d{1,4}[a-z]?(?:-\d+)*|${letterId}|[A-Z]{2,6}-\d{1,4}|WP\d{2,3}`;
const idAtStart = new RegExp(String.raw`(?:${idSource})(?![\p{L}\p{N}_]|[-.]\d)`, 'uy');
// `1.`, `1.1`, `2.3a`, `2a.1`: a bare number without any dot is a quantity ("3 retries"), not an id.
const dottedAtStart = /\d{1,4}(?:[a-z]?(?:\.\d{1,4}[a-z]?)+\.?|[a-z]?\.|\))(?=[\s*_~:–—)\]]|$)/y;
// The number ends where no further part of it follows: `Task 1b.1` and `Task 1b.2` are two tasks, and so are `Task 1-1` and `Task 1-2`.
const namedNumber = /(?:Task|TASK|任务|任務|タスク|작업)\s*#?(\d{1,4}[a-zA-Z]?(?:[.-]\d{1,4}[a-zA-Z]?)*)(?=[\s*_~:：.–—)-]|$)(?![.-]\d)/y;
const rangeJoin = /\s*(?:-|–|—|…|\.\.\.?|〜|~|to|through)\s*/y;
const listJoin = /\s*[/+&,]\s*/y;
/** Names of standards that look like ids. */
const standards = /^(?:UTF|SHA|ISO|RFC|ES|MD|HTTP|TLS|AES|RSA|UCS|IEEE|ECMA|BASE|CVE|EU|US|IP|PEP|GPT|ADR|COVID)-/;

/** An id and where the text after it begins. A range or list of ids is one id of the form `T001-T004` or `T001+T003`. */
export interface FoundId {
  readonly id: string;
  readonly end: number;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const numberOf = (id: string): number => Number(/(\d+)\D*$/.exec(id)?.[1] ?? NaN);
const prefixOf = (id: string): string => /^(.*?)\d+\D*$/.exec(id)?.[1] ?? '';

/** `T029–T034`, `T029..34`, `T001/T002`: what follows the first id, or null. */
function extended(text: string, first: string, end: number): FoundId | null {
  const prefix = prefixOf(first);
  const range = match(rangeJoin, text, end);
  if (range) {
    const other = match(idAtStart, text, end + range[0].length);
    if (other && prefixOf(other[0]) === prefix && numberOf(other[0]) > numberOf(first)) {
      return { id: `${first}-${other[0]}`, end: end + range[0].length + other[0].length };
    }
  }
  let id = first;
  let at = end;
  for (let join = match(listJoin, text, at); join; join = match(listJoin, text, at)) {
    const other = match(idAtStart, text, at + join[0].length);
    if (!other || prefixOf(other[0]) !== prefix) break;
    at += join[0].length + other[0].length;
    id += `+${other[0]}`;
  }
  return id === first ? null : { id, end: at };
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** `T001` with a blank and then a label or a word behind it: most ids of most files. Words with `t` may be the `to` of a range. */
function plainId(text: string, at: number): FoundId | null {
  if (text.charCodeAt(at) !== 84) return null;
  let end = at + 1;
  while (end < at + 6 && isDigit(text.charCodeAt(end))) end += 1;
  if (end === at + 1 || text.charCodeAt(end) !== 32) return null;
  const next = text.charCodeAt(end + 1);
  const isWord = (next >= 65 && next <= 90) || (next >= 97 && next <= 122 && next !== 116);
  return isWord || next === 91 ? { id: text.slice(at, end), end } : null;
}

/** Reads the id at `at`, or null. A trailing dot or parenthesis of a dotted id is consumed but not part of it. */
export function idAt(text: string, at: number): FoundId | null {
  const plain = plainId(text, at);
  if (plain) return plain;
  const code = text.charCodeAt(at);
  // Ids begin with a letter, a digit, or one of the words for "task".
  if (!isDigit(code) && !(code >= 65 && code <= 90) && !(code >= 97 && code <= 122) && !(code > 126)) return null;
  const next = text.charCodeAt(at + 1);
  const named = (code === 84 && (next === 97 || next === 65)) || code > 126 ? match(namedNumber, text, at) : null;
  if (named?.[1]) return { id: named[1], end: at + named[0].length };
  idAtStart.lastIndex = at;
  if (idAtStart.test(text)) {
    const end = idAtStart.lastIndex;
    const id = text.slice(at, end).replace(/['’′]/, "'");
    if (!standards.test(id)) return extended(text, id, end) ?? { id, end };
  }
  const dotted = match(dottedAtStart, text, at);
  return dotted ? { id: dotted[0].replace(/[.)]$/, ''), end: at + dotted[0].length } : null;
}

/** Whether the id is of the spec-kit family (`T001`), which decides the letter of a tick. */
export const isLetterId = (id: string): boolean => /^(?:[a-z0-9]{4,12}-)?T-?\d|^TASK-/.test(id);
