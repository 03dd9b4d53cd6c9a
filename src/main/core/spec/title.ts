/** What follows the box of a task line: marks, id, labels, notes, title (formats.md section 4, `text`). */
import { idAt } from './ids';
import { withoutLeaked } from './leaked';

export interface TaskText {
  readonly id: string | null;
  readonly title: string;
  /** The title before markup was removed: what paths are read from. */
  readonly rest: string;
  readonly parallel: boolean;
  readonly stories: readonly string[];
  /** Other labels in order, e.g. `RED`, `DONE`, `Setup`. */
  readonly tags: readonly string[];
  /** A line of the template that nobody filled in (`T###`, `[TaskID]`, `TXXX`, `{{TASK}}`, no text): listed, never dispatched. */
  readonly placeholder: boolean;
  /** Behind the id stands nothing, or only dots: a placeholder unless something below it says what to do. */
  readonly empty: boolean;
}

const marks = /(?:\s|\*\*|__|~~|\p{Extended_Pictographic}\uFE0F?|\u200d|\uFE0F)+/uy;
const label = /\[([^\][\n]{0,80})\]|\(([Pp])\)/y;
const note = /_\([^)\n]*\)_|\([^()\n]{0,120}\)(?=\s*\[)/y;
const separator = /\s*(?:[:：–—]|-(?=\s)|\.(?=\s))\s*(?:\*\*)?/y;
const placeholderId = /^\s*(?:\*\*)?\[?(?:T#+|TX{2,}|TNNN|TaskID|ID)\]?(?![\p{L}\p{N}])/u;
const placeholderLabel = /\[(?:P\?|US\?|Story\?|TaskID)\]/;
/** `{{NUMBER}}. {{TASK_DESCRIPTION}}`, also behind an id. Handlebars in the middle of a text are what the task speaks of. */
const placeholderVariable = /^[\s*]*\{\{[^{}]{1,80}\}\}/;
const noWords = /^[.…]*$/;
const storyLabel = /^(?:US|User Story|Story|user story)[ -]?(\d+)((?:\s*(?:[,/&+-]|–|and)\s*(?:US|Story)?[ -]?\d+)*)$/;
const tagLabel = /^(?:[A-Z][\w .:+-]{0,30}|--?|[A-Za-z]+: .*)$/;

/** Where a sticky pattern that matches at `at` ends; `at` itself when it does not match. */
function past(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function pastBlanks(text: string, at: number): number {
  let next = at;
  while (text.charCodeAt(next) === 32) next += 1;
  return next;
}

/** Most characters begin no mark, and Unicode classes are slow: only `*`, `_`, `~`, tabs and non-ASCII are tried. */
function pastMarks(text: string, at: number): number {
  const next = pastBlanks(text, at);
  const code = text.charCodeAt(next);
  return code <= 32 || code === 42 || code === 95 || code >= 126 ? past(marks, text, next) : next;
}

function pastSeparator(text: string, at: number): number {
  const code = text.charCodeAt(pastBlanks(text, at));
  return code <= 32 || code === 45 || code === 46 || code === 58 || code > 126 ? past(separator, text, at) : at;
}

/** The last plain label: tasks of one story follow each other, and share one list. */
let last: { readonly text: string; readonly stories: readonly string[] } = { text: '', stories: [] };

/** Stories of a label such as `US1`, `US4/US6`, `Story 2`, `US1-US3`; empty when it is no story label. */
export function storiesOf(text: string): readonly string[] {
  if (text === last.text) return last.stories;
  if (!/^\s*[us]/i.test(text)) return [];
  if (/^US[1-9]\d*$/.test(text)) {
    last = { text, stories: [text] };
    return last.stories;
  }
  const found = storyLabel.exec(text.trim());
  if (!found?.[1]) return [];
  const numbers = [Number(found[1])];
  for (const part of (found[2] ?? '').matchAll(/([,/&+-]|–|and)\s*(?:US|Story)?[ -]?(\d+)/g)) {
    const to = Number(part[2]);
    const from = numbers.at(-1) ?? to;
    const isRange = (part[1] === '-' || part[1] === '–') && to > from && to - from < 20;
    for (let n = isRange ? from + 1 : to; n <= to; n += 1) numbers.push(n);
  }
  return [...new Set(numbers)].map((n) => `US${n}`);
}

const none: readonly string[] = [];
const noLabels = (): Labels => ({ parallel: false, stories: none, tags: none });
const joined = (known: readonly string[], more: readonly string[]): readonly string[] => (known.length === 0 ? more : [...new Set([...known, ...more])]);

interface Labels {
  parallel: boolean;
  stories: readonly string[];
  tags: readonly string[];
}

/** Takes one bracket; false when it is part of the title (a path, a link, a word in brackets). */
function takeLabel(text: string, found: string, end: number, into: Labels): boolean {
  const inner = found.slice(1, -1).trim();
  if (/^(?:p|parallel)$/i.test(inner)) {
    into.parallel = true;
    return true;
  }
  if (found.startsWith('(') || /[/.(\\]/.test(text.charAt(end))) return false;
  const stories = storiesOf(inner);
  if (stories.length) into.stories = joined(into.stories, stories);
  else if (tagLabel.test(inner) && !/^[A-Z][a-z]+\w*$/.test(inner) || /^(?:Setup|Foundational|Foundation|Polish|Shared|Infra\w*|Final|Core)$/.test(inner)) into.tags = joined(into.tags, [inner]);
  else return false;
  return true;
}

/** Labels and remarks begin with `[`, `(` or `_`. */
function mayOpenLabel(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 91 || code === 40 || code === 95;
}

/** The end of `[US1]` with a blank behind it, which nearly every label is; `at` for anything else. */
function pastStory(text: string, at: number): number {
  if (!text.startsWith('[US', at)) return at;
  let end = at + 3;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return text.charCodeAt(at + 3) !== 48 && end > at + 3 && end < at + 9 && text.startsWith('] ', end) ? end + 1 : at;
}

function takeLabels(text: string, from: number, into: Labels): number {
  let at = from;
  for (;;) {
    const start = pastMarks(text, at);
    if (!mayOpenLabel(text, start)) return start;
    if (text.startsWith('[P]', start)) {
      into.parallel = true;
      at = start + 3;
      continue;
    }
    const story = pastStory(text, start);
    if (story > start) {
      into.stories = joined(into.stories, storiesOf(text.slice(start + 1, story - 1)));
      at = story;
      continue;
    }
    const end = past(label, text, start);
    if (end > start && takeLabel(text, text.slice(start, end), end, into)) {
      at = end;
      continue;
    }
    const next = past(note, text, start);
    // A remark is only passed over when a label follows it: `T004 _(partial)_ [P] ...`.
    if (next === start || !/^\s*\[(?:P|US\d)/.test(text.slice(next, next + 12))) return start;
    at = next;
  }
}

const inlineParallel = /(?<![\w/\]`])\[P\](?![\w/(`])/;

/** What `clean` takes away, or what may stand around it. */
const unclean = /[<*~\t\u00a0`_]| {2}/;

function clean(whole: string): string {
  const first = whole.charCodeAt(0);
  // T, t, S and s: what may be "Task:" or "Sub-task:" in front.
  if (first > 32 && first < 127 && first !== 84 && first !== 116 && first !== 83 && first !== 115 && !unclean.test(whole)) return whole.trim();
  const title = withoutLeaked(whole);
  const marked = title.includes('**') || title.includes('~~');
  const unmarked = marked ? title.replace(/(?<![/*\w])\*\*(?=[^\s/])|(?<=[^\s/])\*\*(?![/*\w])|~~/g, '') : title;
  const bare = (/[\t\u00a0]| {2}/.test(unmarked) ? unmarked.replace(/[ \t\u00a0]+/g, ' ') : unmarked).trim();
  const told = /^(?:Task|Sub-?task)/i.test(bare) ? bare.replace(/^(?:Task|Sub-task|Subtask)\s*[:：]\s*/i, '') : bare;
  return /^[`*_]|[`*_]$/.test(told) ? told.replace(/^[`*_](?=\s)|(?<=\s)[`*_]$/g, '').trim() : told.trim();
}

/** Most texts begin with an id that has a number, and hold no label with a question mark. */
function isPlaceholder(text: string): boolean {
  const first = pastBlanks(text, 0);
  const isNumbered = text.charCodeAt(first) === 84 && isDigit(text.charCodeAt(first + 1));
  return (!isNumbered && placeholderId.test(text)) || ((text.includes('?]') || text.includes('TaskID]')) && placeholderLabel.test(text));
}

/** Parses the text after a box, or of a heading or table cell that stands for a task. */
export function parseTaskText(text: string): TaskText {
  const labels = noLabels();
  let at = pastMarks(text, 0);
  // Labels may stand before the id: `[P] T001 ...`.
  if (mayOpenLabel(text, at)) {
    const early = takeLabels(text, at, noLabels());
    if (early > at && idAt(text, early)) at = takeLabels(text, at, labels);
  }
  const opening = text.charCodeAt(at);
  // [, backtick and (.
  const bracket = opening === 91 || opening === 96 || opening === 40 ? 1 : 0;
  const idStart = at + bracket;
  const found = idAt(text, idStart);
  const closed = found && bracket ? /[\])`]/.test(text.charAt(found.end)) : true;
  if (found && closed) {
    at = found.end + bracket;
    // `7.9* (P)`: the optional mark of Kiro behind the id.
    const mark = text.charAt(at);
    if ((mark === '*' || mark === '\\') && /^\\?\*(?!\*)/.test(text.slice(at, at + 3))) at += mark === '*' ? 1 : 2;
    at = pastSeparator(text, pastMarks(text, at));
  }
  at = pastSeparator(text, takeLabels(text, at, labels));
  const rest = text.slice(at);
  if (rest.includes('[P]') && inlineParallel.test(rest.replace(/`[^`]*`/g, ''))) labels.parallel = true;
  const words = clean(rest);
  // `Task 1` alone is its own title.
  const title = words === '' && found && /^\p{L}+\s*#?\d/u.test(text.slice(idStart, found.end)) && /^\d/.test(found.id) ? text.slice(idStart, found.end) : words;
  return {
    id: found && closed ? found.id : null,
    title, rest, empty: title.length < 4 && noWords.test(title), parallel: labels.parallel, stories: labels.stories, tags: labels.tags,
    placeholder: (title === '' && !found) || isPlaceholder(text) || (text.includes('{{') && (placeholderVariable.test(text) || placeholderVariable.test(rest))),
  };
}
