/**
 * How far a spec or a run is, counted in one way wherever it is said: list of specs, panel, status, list of runs, command line, merge report.
 * What counts is a unit of dispatch: a task without a parent. A box inside another task is part of that one's work.
 */
import type { Task, TaskFileState } from './domain';
import type { TaskRunState } from './run';

const marks: Readonly<Record<TaskFileState, TaskRunState>> = {
  open: 'pending', active: 'pending', unknown: 'pending', done: 'done', skipped: 'skipped', blocked: 'blocked',
};

/** What the file says of a task that no run has touched. A box that was not ticked itself can be done by its parent or its parts. */
export const stateInFile = (task: Pick<Task, 'state' | 'done'>): TaskRunState => (task.done && task.state !== 'skipped' ? 'done' : marks[task.state]);

/** `active` has an agent, a check or an integration going; `failed` holds everything that ended otherwise than done or skipped. */
export interface TaskCounts {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly active: number;
  readonly pending: number;
}

/** Counts states of units. */
export function countStates(states: Iterable<TaskRunState>): TaskCounts {
  let done = 0, failed = 0, skipped = 0, active = 0, pending = 0, total = 0;
  for (const state of states) {
    total += 1;
    if (state === 'done') done += 1;
    else if (state === 'skipped') skipped += 1;
    else if (state === 'pending') pending += 1;
    else if (state === 'running' || state === 'checking' || state === 'integrating') active += 1;
    else failed += 1;
  }
  return { total, done, failed, skipped, active, pending };
}

/** Counts the units of a spec as its files tell them. */
export const countSpec = (tasks: readonly Pick<Task, 'parent' | 'state' | 'done'>[]): TaskCounts =>
  countStates(tasks.filter((task) => task.parent === null).map(stateInFile));
