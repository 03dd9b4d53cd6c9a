/** What follows the box of a task line: marks, id, labels, notes, title (formats.md section 4, `text`). */
import { idAt } from './ids';

export interface TaskText {
  readonly id: string | null;
  readonly title: string;
  /** The title before markup was removed: what paths are read from. */
  readonly rest: string;
  readonly parallel: boolean;
  readonly stories: readonly string[];
  /** Other labels in order, e.g. `RED`, `DONE`, `Setup`. */
  readonly tags: readonly string[];
  /** A line of the template that nobody filled in (`T###`, `[TaskID]`, `TXXX`, no text): listed, never dispatched. */
  readonly placeholder: boolean;
}

const marks = /(?:\s|\*\*|__|~~|\p{Extended_Pictographic}\uFE0F?|\u200d|\uFE0F)+/uy;
const label = /\[([^\][\n]{0,80})\]|\(([Pp])\)/y;
const note = /_\([^)\n]*\)_|\([^()\n]{0,120}\)(?=\s*\[)/y;
const separator = /\s*(?:[:：–—]|-(?=\s)|\.(?=\s))\s*(?:\*\*)?/y;
const placeholderId = /^(?:\[?(?:T#+|TX{2,}|TNNN|TaskID|ID)\]?)(?![\p{L}\p{N}])/u;
const placeholderLabel = /\[(?:P\?|US\?|Story\?|TaskID)\]/;
const storyLabel = /^(?:US|User Story|Story|user story)[ -]?(\d+)((?:\s*(?:[,/&+-]|–|and)\s*(?:US|Story)?[ -]?\d+)*)$/;
const tagLabel = /^(?:[A-Z][\w .:+-]{0,30}|--?|[A-Za-z]+: .*)$/;

function stick(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** Stories of a label such as `US1`, `US4/US6`, `Story 2`, `US1-US3`; empty when it is no story label. */
export function storiesOf(text: string): string[] {
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

interface Labels {
  parallel: boolean;
  readonly stories: string[];
  readonly tags: string[];
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
  if (stories.length) into.stories.push(...stories);
  else if (tagLabel.test(inner) && !/^[A-Z][a-z]+\w*$/.test(inner) || /^(?:Setup|Foundational|Foundation|Polish|Shared|Infra\w*|Final|Core)$/.test(inner)) into.tags.push(inner);
  else return false;
  return true;
}

function takeLabels(text: string, from: number, into: Labels): number {
  let at = from;
  for (;;) {
    const gap = stick(marks, text, at);
    const found = stick(label, text, at + gap.length);
    const end = at + gap.length + found.length;
    if (found && takeLabel(text, found, end, into)) {
      at = end;
      continue;
    }
    const aside = stick(note, text, at + gap.length);
    const next = at + gap.length + aside.length;
    // A remark is only passed over when a label follows it: `T004 _(partial)_ [P] ...`.
    if (!aside || !/^\s*\[(?:P|US\d)/.test(text.slice(next, next + 12))) return at + gap.length;
    at = next;
  }
}

const inlineParallel = /(?<![\w/\]`])\[P\](?![\w/(`])/;

function clean(title: string): string {
  const bare = title.replace(/(?<![/*\w])\*\*(?=[^\s/])|(?<=[^\s/])\*\*(?![/*\w])|~~/g, '').replace(/[ \t\u00a0]+/g, ' ').trim();
  return bare.replace(/^(?:Task|Sub-task|Subtask)\s*[:：]\s*/i, '').replace(/^[`*_](?=\s)|(?<=\s)[`*_]$/g, '').trim();
}

/** Parses the text after a box, or of a heading or table cell that stands for a task. */
export function parseTaskText(text: string): TaskText {
  const labels: Labels = { parallel: false, stories: [], tags: [] };
  let at = stick(marks, text, 0).length;
  // Labels may stand before the id: `[P] T001 ...`.
  const early = takeLabels(text, at, { parallel: false, stories: [], tags: [] });
  if (early > at && idAt(text, early)) at = takeLabels(text, at, labels);
  const bracket = /[[`(]/.test(text.charAt(at)) ? 1 : 0;
  const found = idAt(text, at + bracket);
  const closed = found && bracket ? /[\])`]/.test(text.charAt(found.end)) : true;
  if (found && closed) {
    at = found.end + bracket;
    // `7.9* (P)`: the optional mark of Kiro behind the id.
    if (/^\\?\*(?!\*)/.test(text.slice(at, at + 3))) at += text.charAt(at) === '*' ? 1 : 2;
    at += stick(marks, text, at).length;
    at += stick(separator, text, at).length;
  }
  at = takeLabels(text, at, labels);
  at += stick(separator, text, at).length;
  const rest = text.slice(at);
  if (rest.includes('[P]') && inlineParallel.test(rest.replace(/`[^`]*`/g, ''))) labels.parallel = true;
  const title = clean(rest);
  return {
    id: found && closed ? found.id : null,
    title, rest, parallel: labels.parallel, stories: [...new Set(labels.stories)], tags: labels.tags,
    placeholder: (title === '' && !found) || placeholderId.test(text.trim().replace(/^\*\*/, '')) || placeholderLabel.test(text),
  };
}
