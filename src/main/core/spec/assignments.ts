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
  /** Ids and wildcards of the row. */
  readonly tasks: readonly string[];
  readonly files: readonly string[];
  /** Null when the row waits for nothing. */
  readonly depends: SourceLine | null;
}

interface Columns {
  readonly tasks: number;
  readonly files: number;
  readonly depends: number;
}

function columnsOf(cells: readonly string[]): Columns | null {
  const find = (pattern: RegExp): number => cells.findIndex((cell) => pattern.test(cell.replace(/[*`]/g, '')));
  const tasks = find(/^Tasks?$/i);
  return tasks < 0 ? null : { tasks, files: find(/^(?:File Scope|Files?|Scope)$/i), depends: find(/^(?:Depends(?: On)?|Deps|Dependencies)$/i) };
}

const isNothing = (cell: string): boolean => /^(?:-+|–|—|none|n\/a|:?-+:?)?$/i.test(cell.trim());

function assignmentOf(row: Row, columns: Columns, file: string): Assignment | null {
  const cells = cellsOf(row.visible) ?? [];
  const tasks = (cells[columns.tasks] ?? '').split(/[,\s]+/).map((id) => id.replace(/[`[\]()]|\*\*/g, '')).filter((id) => /^[\w.-]+(?:\.\*)?$/.test(id) && /\d/.test(id));
  const files: string[] = [];
  const scope = cells[columns.files] ?? '';
  if (!isNothing(scope)) collectListed(scope, files);
  const depends = cells[columns.depends] ?? '';
  return tasks.length === 0 ? null : { tasks, files, depends: isNothing(depends) ? null : { file, line: row.number, text: `Depends on: ${depends}` } };
}

function assignmentsOf(found: Scan, file: string): Assignment[] {
  const assignments: Assignment[] = [];
  let isUnder = false;
  let columns: Columns | null = null;
  for (const row of found.rows) {
    if (row.kind === 'heading') {
      isUnder = /^Track Assignments?\b/i.test(row.heading.text);
      columns = null;
    } else if (isUnder && row.visible.trimStart().startsWith('|')) {
      const one: Assignment | null = columns === null ? null : assignmentOf(row, columns, file);
      columns ??= columnsOf(cellsOf(row.visible) ?? []);
      if (one) assignments.push(one);
    }
  }
  return assignments;
}

const matches = (pattern: string, id: string): boolean => (pattern.endsWith('.*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern);

/** Adds file scopes to the tasks of each row, and what the row waits for to its first task: the others come after that one. */
export function withAssignments(tasks: readonly Task[], found: Scan, file: string): readonly Task[] {
  const assignments = assignmentsOf(found, file);
  if (assignments.length === 0) return tasks;
  const met = new Set<Assignment>();
  return tasks.map((task) => {
    const own = assignments.filter((one) => one.tasks.some((pattern) => matches(pattern, task.id)));
    if (own.length === 0) return task;
    const waits = own.flatMap((one) => (one.depends && !met.has(one) ? [one.depends] : []));
    own.forEach((one) => met.add(one));
    return { ...task, files: [...new Set([...task.files, ...own.flatMap((one) => one.files)])], details: [...task.details, ...waits] };
  });
}
