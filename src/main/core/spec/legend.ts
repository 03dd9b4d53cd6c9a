/**
 * Legends: lines that explain the marks of boxes and look like boxes themselves (formats.md section 3 no. 11). They are no tasks, and
 * what they say overrides the usual meaning of the marks. `- [ ] Not started`, `- **[~]**: In progress`, `- [ ] = open, [x] = done`.
 */
import type { TaskFileState } from '../../../shared/domain';
import type { Row } from './scan';
import { bareMark } from './states';

const meanings: Readonly<Record<'open' | 'active' | 'blocked' | 'skipped' | 'done', string>> = {
  open: String.raw`not(?: yet)? (?:started|begun|done|completed?|implemented)|un(?:started|done|finished|checked)|to[- ]?do|pending|open|incomplete|new|planned|backlog|queued|未着手|未开始|未開始|待办|待辦|pendiente`,
  active: String.raw`(?:work )?in[- ]?progress|wip|started|doing|active|ongoing|partial(?:ly)?(?: done| completed?| implemented)?|working(?: on it)?|进行中|進行中|作業中|en progreso`,
  blocked: 'blocked|failed|failing|on hold|stuck|阻塞|ブロック',
  skipped: String.raw`skipped|dropped|cancell?ed|n\/a|deferred|won'?t(?: do| fix)?|obsolete|superseded|removed|out of scope|not (?:applicable|needed)|abandoned|postponed`,
  done: 'done|completed?|finished|checked|implemented|closed|resolved|verified|已完成|完成|完了|hecho|completado',
};
const phraseSource = Object.entries(meanings).map(([state, words]) => `(?<${state}>${words})`).join('|');
const phrase = new RegExp(String.raw`^[^\p{L}\p{N}]{0,8}(?:(?:tasks?|items?|is|are)\s+){0,2}(?:${phraseSource})(?![\p{L}\p{N}_-])`, 'iu');
/** All that may follow when nothing else says that this is a legend. */
const wholeTail = /^\s*(?:tasks?|items?|steps?)?[\s*_`]*(?:$|\([^)]*\)[.;]?$|[/;,][^]{0,60}$|\.$|(?:and|or|&)\s+(?:\w+ed|done|needs?|awaiting)\b[^]{0,40}$)/i;
/** What follows below a heading that says so. */
const anyTail = /^\s*(?:$|[^\p{L}\p{N}\s]|(?:tasks?|items?|steps?|and|or|but|with|by|yet|until)\b)/iu;
/** Behind the box: further marks, the end of what encloses the box alone, and a sign that stands for "means". */
const sign = /^(?:\s*[+/&|,]\s*[`*_]*\[[^\][\n]{0,40}\])*([*_`]{0,3})\s*(=+>?|[:：→]|[-–—](?=\s))?\s*([^]*)$/;
const enclosed = /[*_`]\[$/;
const bareLine = /^[ \t>]*[-*+•][ \t]*([*_]{0,3}\[)([^\][\n]{0,4})\]([^]*)$/;
/** Words of a heading or sentence above a legend; below the first kind every box at once is part of it. */
const named = /\blegend\b|\b(?:status|progress|state|symbol)s? keys?\b|^\W*key\W*$|凡例|图例|圖例|범례|leyenda|légende/i;
const hinted = /\b(?:key|status(?:es)?|states?|symbols?|mark(?:er|ing)?s?|formats?|notation|conventions?|lifecycle|progress|tracking|checkbox(?:es)?|icons?|indicators?|meanings?)\b|状态|状態|格式/i;
const pair = new RegExp(String.raw`\[([^\][\n]{0,4})\][*_\x60]{0,3}\s{0,3}(?:=+>?|[:：→]|[-–—])?\s{0,3}(?:${phraseSource})(?![\p{L}\p{N}_-])`, 'giu');
/** Longer texts are tasks, and a legend has no more lines. */
const maxText = 160;
const maxLines = 12;

interface Entry {
  readonly row: Row;
  readonly mark: string;
  readonly state: TaskFileState | null;
  /** Says nothing but what the mark means. */
  readonly isWhole: boolean;
  /** A sign says that the mark means something. */
  readonly isOwn: boolean;
}

function stateIn(groups: Readonly<Record<string, string | undefined>> | undefined): TaskFileState | null {
  for (const state of ['open', 'active', 'blocked', 'skipped', 'done'] as const) if (groups?.[state] !== undefined) return state;
  return null;
}

/** The box of a row, or what looks like one in a text: `- [⏳] In progress`, `- [ ]: pending`. Null for tasks with ids or labels. */
function boxLike(row: Row): { readonly head: string; readonly mark: string; readonly text: string } | null {
  if (row.kind === 'box') {
    const { parsed, level, mark, markStart, text } = row.box;
    return parsed.id !== null || level > 0 || parsed.parallel || parsed.stories.length > 0 ? null : { head: row.visible.slice(0, markStart), mark, text };
  }
  const found = row.kind === 'text' && row.visible.includes('[') ? bareLine.exec(row.visible) : null;
  return found ? { head: found[1] ?? '', mark: found[2] ?? '', text: found[3] ?? '' } : null;
}

/** ` Not started`: most texts begin with a word, which needs no look at what else may stand there. */
const isWord = (text: string): boolean => {
  const code = text.charCodeAt(text.startsWith(' ') ? 1 : 0) | 32;
  return code >= 97 && code <= 122;
};

function entryOf(row: Row): Entry | null {
  const box = boxLike(row);
  if (box === null || box.text.length > maxText || (isWord(box.text) && !phrase.test(box.text))) return null;
  const [, close = '', means = '', words = ''] = sign.exec(box.text) ?? [];
  const isOwn = words !== '' && (means.startsWith('=') || (enclosed.test(box.head) && close !== ''));
  const said = phrase.exec(words);
  const tail = said ? words.slice(said[0].length) : '';
  if (!isOwn && (said === null || !anyTail.test(tail))) return null;
  return { row, mark: bareMark(box.mark), state: stateIn(said?.groups), isWhole: said !== null && wholeTail.test(tail), isOwn };
}

function entriesFrom(rows: readonly Row[], at: number): Entry[] {
  const found: Entry[] = [];
  for (const row of rows.slice(at, at + maxLines)) {
    const entry = entryOf(row);
    if (entry === null) break;
    found.push(entry);
  }
  return found;
}

/** `[ ]` cannot mean done, nor `[x]` anything else. */
const fits = ({ mark, state }: Entry): boolean => state === null || (mark === '' ? state === 'open' : !/^[xX✓✔✅☑]$/u.test(mark) || state === 'done');

const hasPairs = (text: string): boolean => [...text.matchAll(pair)].length > 1;

/** How many of the lines are a legend, from the first on; `lead` is what stands above them. */
function certainOf(entries: readonly Entry[], lead: string): number {
  if (named.test(lead)) return entries.length;
  const doubtful = entries.findIndex(({ isWhole, isOwn }) => !isWhole && !isOwn);
  const sure = doubtful < 0 ? entries : entries.slice(0, doubtful);
  if (sure.length > 1 && hinted.test(lead)) return sure.length;
  const isTold = sure.length > 1 && new Set(sure.map(({ mark }) => mark)).size === sure.length && sure.every(fits);
  return isTold || (sure[0]?.isOwn === true && hasPairs(sure[0].row.visible)) ? sure.length : 0;
}

/** Reads the legends of a file into `legend`, and takes their boxes out of `rows`, where they become lines without meaning. */
export function takeLegends(rows: Row[], legend: Map<string, TaskFileState>): void {
  let heading = '';
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at];
    if (row === undefined) continue;
    if (row.kind === 'heading') heading = row.heading.text;
    if (row.kind === 'text' && row.visible.includes('[') && (named.test(row.visible) || hinted.test(row.visible)) && hasPairs(row.visible)) learn(row.visible, legend);
    if ((row.kind !== 'box' && row.kind !== 'text') || boxLike(row) === null) continue;
    const above = rows[at - 1];
    const entries = entriesFrom(rows, at);
    const count = entries.length === 0 ? 0 : certainOf(entries, `${heading} ${above?.kind === 'text' && above.visible.length <= maxText ? above.visible.replace(/[*_>]/g, ' ') : ''}`);
    for (const { row: one, mark, state } of entries.slice(0, count)) {
      if (state !== null && !legend.has(mark)) legend.set(mark, state);
      learn(one.visible, legend);
    }
    const end = count > 0 && named.test(heading) ? pastBlock(rows, at + count) : at + count;
    for (let line = at; line < end; line += 1) hide(rows, line);
    // Nor does a legend begin within lines that together are none.
    at = Math.max(at, end - 1, at + entries.length - 1);
  }
}

/** A box in the same block as a legend is part of it, whatever it says: nobody lists work there. */
function pastBlock(rows: readonly Row[], from: number): number {
  let end = from;
  for (let row = rows[end]; row && row.number === (rows[end - 1]?.number ?? 0) + 1 && row.kind === 'box' && boxLike(row); row = rows[end]) end += 1;
  return end;
}

function hide(rows: Row[], at: number): void {
  const row = rows[at];
  if (row?.kind === 'box') rows[at] = { number: row.number, raw: row.raw, visible: row.visible, fenced: row.fenced, comments: row.comments, kind: 'comment' };
}

function learn(text: string, legend: Map<string, TaskFileState>): void {
  for (const { 1: mark = '', groups } of text.matchAll(pair)) {
    const state = stateIn(groups);
    if (state !== null) legend.set(bareMark(mark), state);
  }
}
