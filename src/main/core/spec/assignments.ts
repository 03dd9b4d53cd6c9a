/**
 * The table of an orchestrated track plan (formats.md section 1.4): which tasks belong together, what they touch, what they wait for.
 *
 *   ## Track Assignments
 *   | Track | Agent | Tasks | File Scope | Depends On |
 *   | 2 | GreenCastle | 2.1.* | docs/test-b/** | 1.1.2 |
 */
import type { SourceLine, Task } from '../../../shared/domain';
import { cellsOf } from './fallback';
import { collectListed } from './paths';
import type { Row, Scan } from './scan';

interface Assignment {
  /** What the row calls itself: `2` or `Track B`; '' without such a column. */
  readonly name: string;
  /** Ids and wildcards of the row. */
  readonly tasks: readonly string[];
  readonly files: readonly string[];
  readonly line: number;
  /** What the row waits for, `none` where it says so; '' when it does not say. */
  readonly depends: string;
}

interface Columns {
  readonly name: number;
  readonly tasks: number;
  readonly files: number;
  readonly depends: number;
}

function columnsOf(cells: readonly string[]): Columns | null {
  const find = (pattern: RegExp): number => cells.findIndex((cell) => pattern.test(cell.replace(/[*`]/g, '')));
  const tasks = find(/^Tasks?$/i);
  return tasks < 0 ? null : { name: find(/^(?:Track|#|No\.?)$/i), tasks, files: find(/^(?:File Scope|Files?|Scope)$/i), depends: find(/^(?:Depends(?: On)?|Deps|Dependencies)$/i) };
}

/** `-`, `—`, `none (start)`, `` `n/a` ``: said to be nothing, which an empty cell is not. */
const isNothing = (cell: string): boolean => /^[`*_(]*(?::?-+:?|–|—|none|nothing|n\/?a|no dependencies)[`*_)]*(?:\s*\(.*\))?$/i.test(cell.trim());
const bareName = (cell: string): string => cell.replace(/[*`]/g, '').trim().replace(/^Track\s+/i, '').toLowerCase();

function assignmentOf(row: Row, columns: Columns): Assignment | null {
  const cells = cellsOf(row.visible) ?? [];
  const tasks = (cells[columns.tasks] ?? '').split(/[,\s]+/).map((id) => id.replace(/[`[\]()]|\*\*/g, '')).filter((id) => /^[\w.-]+(?:\.\*)?$/.test(id) && /\d/.test(id));
  const files: string[] = [];
  const scope = cells[columns.files] ?? '';
  if (!isNothing(scope)) collectListed(scope, files);
  const depends = (cells[columns.depends] ?? '').trim();
  return tasks.length === 0 ? null : { name: bareName(cells[columns.name] ?? ''), tasks, files, line: row.number, depends: isNothing(depends) ? 'none' : depends };
}

function assignmentsOf(found: Scan): Assignment[] {
  const assignments: Assignment[] = [];
  let isUnder = false;
  let columns: Columns | null = null;
  for (const row of found.rows) {
    if (row.kind === 'heading') {
      isUnder = /^Track Assignments?\b/i.test(row.heading.text);
      columns = null;
    } else if (isUnder && row.visible.trimStart().startsWith('|')) {
      const one: Assignment | null = columns === null ? null : assignmentOf(row, columns);
      columns ??= columnsOf(cellsOf(row.visible) ?? []);
      if (one) assignments.push(one);
    }
  }
  return assignments;
}

const matches = (pattern: string, id: string): boolean => (pattern.endsWith('.*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern);

/** `Track 1` and, where no task is called so, a bare `1` stand for the tasks of that row. */
function withTracks(depends: string, rows: readonly Assignment[], isTask: (id: string) => boolean): string {
  const named = (name: string): string | undefined => rows.find((row) => row.name !== '' && row.name === name.toLowerCase())?.tasks.join(', ');
  const told = depends.replace(/\bTracks?\s+([\w-]+)/gi, (whole: string, name: string) => named(name) ?? whole);
  return told.split(',').map((part) => (isTask(part.trim()) ? part : named(bareName(part)) ?? part)).join(', ');
}

/** Adds file scopes to the tasks of each row, and what the row waits for (also "none") to its first task: the others come after that one. */
export function withAssignments(tasks: readonly Task[], found: Scan, file: string): readonly Task[] {
  const rows = assignmentsOf(found);
  if (rows.length === 0) return tasks;
  const ids = new Set(tasks.map((task) => task.id));
  const met = new Set<Assignment>();
  return tasks.map((task) => {
    const own = rows.filter((row) => row.tasks.some((pattern) => matches(pattern, task.id)));
    if (own.length === 0) return task;
    const first = own.filter((row) => row.depends !== '' && !met.has(row));
    const waits = first.map((row): SourceLine => ({ file, line: row.line, text: `Depends on: ${withTracks(row.depends, rows, (id) => ids.has(id))}` }));
    own.forEach((row) => met.add(row));
    return { ...task, files: [...new Set([...task.files, ...own.flatMap((row) => row.files)])], details: [...task.details, ...waits] };
  });
}
