/** Task files without boxes (formats.md section 4, fallback): `### T001` headings, `### 1. Title` headings, `- **T001** ...` and `- **Task 1.1: ...**` bullets, `1. T001 ...` lists, tables with an id column. */
import type { Phase, SourceLine, Task, TaskFileState } from '../../../shared/domain';
import { hashText } from './hash';
import { phaseHeading, phaseKind } from './headings';
import { idAt } from './ids';
import type { ParsedFile } from './parse-markdown';
import { collectPaths } from './paths';
import type { Row, Scan } from './scan';
import { statedState, stateOfWord } from './status-words';
import { parseTaskText } from './title';

interface Found {
  readonly row: Row;
  readonly text: string;
  readonly state: TaskFileState;
  readonly details: SourceLine[];
  readonly phase: Phase | null;
  endLine: number;
}

/** Cells of a table row; an escaped pipe stays text. Null when the line is no table row. */
export function cellsOf(line: string): string[] | null {
  const text = line.trim();
  if (!text.startsWith('|')) return null;
  return text.replace(/^\||\|$/g, '').split(/(?<!\\)\|/).map((cell) => cell.trim());
}

interface Columns {
  readonly id: number;
  readonly depends: number;
  readonly state: number;
}

function columnsOf(cells: readonly string[]): Columns | null {
  const find = (pattern: RegExp): number => cells.findIndex((cell) => pattern.test(cell.replace(/[*`]/g, '')));
  const id = find(/^(?:#|ID|Task(?: ID)?|No\.?|任务|タスク)$/i);
  return id < 0 ? null : { id, depends: find(/^(?:Deps?|Depends(?: on)?|Dependenc(?:y|ies)|Blocked by|依存|依赖)$/i), state: find(/^(?:Status|State|Done|状态|状態|✅)$/i) };
}

/** What marks or a closing word of a line without a box say; `unknown` when nothing does. */
function inlineState(text: string): TaskFileState {
  if (/[✅☑✔]|\*\*\[[xX]\]/u.test(text) || /[(—–]\s*(?:done|completed?)\s*\)?\s*$/i.test(text)) return 'done';
  if (/[(—–]\s*in[ -]?progress\s*\)?\s*$/i.test(text)) return 'active';
  return text.includes('☐') ? 'open' : 'unknown';
}

/** `- **Task 1.1: Title**`: in bold, and with a title. */
const namedTask = /^(?:Task|TASK|任务|任務|タスク|작업)\s*#?\d[\w.-]*\s*(?:\*\*)?\s*[:：–—-]/;

const firstWord = (text: string): string => parseTaskText(text).id ?? '';

class Search {
  readonly found: Found[] = [];
  readonly phases: Phase[] = [];
  private open: Found | null = null;
  private columns: Columns | null = null;
  private level = 0;

  constructor(private readonly file: string, private readonly numbered: boolean) {}

  visit(row: Row): void {
    if (row.kind === 'heading') this.heading(row);
    else if (row.kind === 'text') this.text(row);
    else if (row.kind === 'rule') this.open = null;
  }

  private add(row: Row, text: string, state: TaskFileState): Found {
    const one: Found = { row, text, state, details: [], phase: this.phases.at(-1) ?? null, endLine: row.number };
    this.found.push(one);
    return one;
  }

  private heading(row: Row & { kind: 'heading' }): void {
    const { text, level } = row.heading;
    this.columns = null;
    const id = firstWord(text);
    if (id !== '' && level > 1 && (/[A-Z]/.test(id) || (level === 3 && this.numbered && /^\d{1,3}$/.test(id)))) {
      this.open = this.add(row, text, stateOfWord(text.slice(text.lastIndexOf(id) + id.length)));
      this.level = level;
      return;
    }
    if (level <= this.level) this.open = null;
    const phase = phaseHeading(text);
    if (phase) this.phases.push({ index: this.phases.length, ...phase, kind: phaseKind(text) });
  }

  private text(row: Row & { kind: 'text' }): void {
    const cells = cellsOf(row.visible);
    if (cells) {
      this.table(row, cells);
      return;
    }
    this.columns = null;
    const bullet = /^\s*(?:(?:[-*+]|\d{1,4}[.)])\s+(?:[✅☑✔☐]\uFE0F?\s*)?|[✅☑✔☐]\uFE0F?\s*)(\*\*|`|~~)?(.*)$/u.exec(row.visible);
    const id = row.indent <= 1 && bullet ? idAt(bullet[2] ?? '', 0)?.id ?? '' : '';
    const isNamed = bullet?.[1] === '**' && namedTask.test(bullet[2] ?? '');
    if ((isNamed || /^(?:[a-z0-9]+-)?T-?\d|^TASK-|^WP\d/.test(id)) && bullet && (bullet[1] !== undefined || /^\s*\d/.test(row.visible) || /^\S+\s*[:：[]/.test(bullet[2] ?? ''))) {
      this.open = this.add(row, `${bullet[1] ?? ''}${bullet[2] ?? ''}`, inlineState(row.visible));
      this.level = 0;
    } else if (this.open) this.continued(this.open, row);
  }

  private continued(open: Found, row: Row): void {
    open.details.push({ file: this.file, line: row.number, text: row.visible.trim() });
    open.endLine = row.number;
  }

  private table(row: Row, cells: readonly string[]): void {
    if (this.columns === null) {
      this.columns = columnsOf(cells);
      // A table without a heading row of its own starts with an id at once.
      if (this.columns !== null || !/^(?:T-?\d|TASK-)/.test(firstWord(cells[0] ?? ''))) return;
      this.columns = { id: 0, depends: -1, state: cells.length - 1 };
    }
    const columns = this.columns;
    const id = firstWord(cells[columns.id] ?? '');
    if (!/[A-Z]/.test(id)) return;
    const told = columns.state >= 0 ? cells[columns.state] ?? '' : '';
    const state = told !== '' ? stateOfWord(told) : cells.some((cell) => stateOfWord(cell) === 'done') ? 'done' : 'open';
    const rest = cells.filter((_, index) => index !== columns.id && index !== columns.depends && index !== columns.state);
    const one = this.add(row, `${id} ${rest.join(' - ')}`, state);
    const depends = columns.depends >= 0 ? (cells[columns.depends] ?? '') : '';
    if (depends !== '') one.details.push({ file: this.file, line: row.number, text: `Depends on: ${depends}` });
    this.open = null;
  }
}

/** Without the dashes that stand for the empty cells of a row. The text itself keeps them: it tells whether a task is still the one on record. */
const withoutEmpty = (title: string): string => title.split(/\s+-(?=\s|$)|^-(?=\s|$)/).map((part) => part.trim()).filter((part) => !/^[-–—]*$/.test(part)).join(' - ');

function toTask(one: Found, file: string): Task {
  const parsed = parseTaskText(one.text);
  const state = statedState(one.details) ?? one.state;
  const files: string[] = [];
  for (const text of [one.text, ...one.details.map((line) => line.text)]) collectPaths(text, files);
  return {
    id: parsed.id ?? '', title: withoutEmpty(parsed.title).replace(/^(?:\[[xX]\]|DONE\b|✅)\s*/, ''), file, line: one.row.number, endLine: one.endLine, lines: [one.row.number],
    textHash: hashText(one.text), state, done: state === 'done', parallel: parsed.parallel, parent: null, steps: [],
    story: parsed.stories[0] ?? null, stories: parsed.stories, phase: one.phase, files, details: one.details, text: one.text, boxless: true,
  };
}

const taskKey = /^[-*+\s]*(?:\*\*)?(?:Depends(?: on)?|Dependenc(?:y|ies)|Blocked by|Requires|Status|Files?|Acceptance(?: Criteria)?|Verify)(?:\*\*)?\s*[:：]/i;

/** `### 1. Title` is a chapter, but a task in a file that is named as a task list and says of its headings what one says of tasks. */
function hasNumberedTasks({ rows }: Scan, file: string): boolean {
  return /(?:^|\/)(?:tasks?|plan)\.\w+$/i.test(file) && rows.some((row) => row.kind === 'text' && taskKey.test(row.visible));
}

/** Tries the shapes without boxes; `parsed` (which has no tasks) comes back unchanged when there are fewer than two such lines. */
export function parseFallback(found: Scan, file: string, parsed: ParsedFile): ParsedFile {
  const search = new Search(file, hasNumberedTasks(found, file));
  for (const row of found.rows) search.visit(row);
  const tasks = new Map<string, Task>();
  for (const one of search.found) {
    const task = toTask(one, file);
    if (task.id !== '' && !tasks.has(task.id)) tasks.set(task.id, task);
  }
  if (tasks.size < 2) return parsed;
  const kept = [...tasks.values()];
  const used = new Set(kept.map((task) => task.phase?.index));
  return {
    ...parsed, tasks: kept, phases: search.phases.filter((phase) => used.has(phase.index)), readOnly: true,
    diagnostics: [...parsed.diagnostics, {
      severity: 'warning', file, line: kept[0]?.line ?? null, code: 'no-boxes',
      message: 'The tasks of this file have no boxes, so what Braid has done and landed is kept in the repository\'s git folder instead.', hint: 'Write them as "- [ ] T001 ..." to see progress in the file.',
    }],
  };
}
