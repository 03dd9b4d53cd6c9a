/** What a person can do with one task now, and why not. Pure. */
import { type Run, isActiveState, isBarred, keepsWork } from '../../../shared/run';
import { unresumable } from '../../../shared/unfinished';
import type { TaskRow } from '../../tasks';

export type TaskActionId = 'retry' | 'afresh' | 'skip' | 'hold' | 'release' | 'answer' | 'from';

export interface TaskAction {
  readonly id: TaskActionId;
  readonly label: string;
  /** The key that does it on a row of the list; null for none. */
  readonly key: string | null;
  /** Why it cannot be done now, as a sentence; null when it can. */
  readonly unavailable: string | null;
}

interface Facts {
  readonly row: Pick<TaskRow, 'id' | 'state' | 'inRun' | 'held'>;
  /** The run that the task is shown with. */
  readonly run: Run | null;
  /** Id of the run that this Braid drives. */
  readonly live: string | null;
  /** Why no run can start. */
  readonly obstacle: string | null;
}

/** Why the run cannot be told anything about its tasks while it goes. */
function notGoing(run: Run, live: string | null): string | null {
  if (live !== run.id) return run.finishedAt === null ? 'Another Braid drives this run.' : 'The run has ended.';
  return run.state === 'stopping' ? 'The run is ending.' : null;
}

/** Why a task cannot be tried again; a run that has ended is taken up again for it. */
function notAgain({ row, run, live }: Facts, what: string): string | null {
  if (run === null || !row.inRun) return 'No run has tried it.';
  if (isActiveState(row.state)) return 'It is at work.';
  if (row.state === 'done') return 'It is done.';
  if (row.state === 'pending') return `There is nothing to ${what}: it has not ended.`;
  const task = run.tasks[row.id];
  if (live === run.id && task !== undefined && isBarred(task)) return 'The task file marks it as blocked: it may start once the mark is taken away there.';
  if (live === run.id || run.finishedAt === null) return notGoing(run, live);
  const over = unresumable(run);
  if (over !== null) return `The run does not go on: ${over}.`;
  return live === null ? null : 'Another run is going on.';
}

/** Both ways to have a failed task done again (B19), each by its own name; for a task that was cut off, waits or asks, going on is the plain one. */
function again(facts: Facts): readonly [TaskAction, TaskAction] {
  const { row, run } = facts;
  const isFailed = row.state === 'failed' || row.state === 'timed-out';
  const refused = notAgain(facts, 'try again');
  const task = run?.tasks[row.id];
  const inPlace = refused ?? (isFailed && run !== null && task !== undefined && !keepsWork(run, task) ? 'Its attempt left no work to mend.' : null);
  return [
    { id: 'retry', label: isFailed ? 'Fix in place' : 'Retry', key: 'R', unavailable: inPlace },
    { id: 'afresh', label: isFailed ? 'Try again' : 'Retry in a new lane', key: 'A', unavailable: refused },
  ];
}

function notSkipped({ row, run, live }: Facts): string | null {
  if (run === null || !row.inRun) return 'It is part of no run.';
  if (row.state === 'done') return 'It is done.';
  if (row.state === 'skipped') return 'It is skipped already.';
  return notGoing(run, live) ?? (isActiveState(row.state) ? 'It is at work.' : null);
}

function notHeld({ row, run, live }: Facts): string | null {
  if (run === null || !row.inRun) return 'It is part of no run.';
  const over = notGoing(run, live);
  if (over !== null || row.held) return over;
  return row.state === 'pending' ? null : 'It has started already.';
}

function isBarredRow({ row, run }: Facts): boolean {
  const task = run?.tasks[row.id];
  return task !== undefined && isBarred(task);
}

/** Every action in the order of the menu. Hold and Release share a place: each takes the other back. */
export function taskActions(facts: Facts): readonly TaskAction[] {
  const { row, live, obstacle } = facts;
  return [
    { id: 'answer', label: 'Answer…', key: null, unavailable: row.state === 'blocked' && !isBarredRow(facts) ? notAgain(facts, 'answer') : 'It asks nothing.' },
    ...again(facts),
    { id: 'skip', label: 'Skip', key: 'S', unavailable: notSkipped(facts) },
    row.held
      ? { id: 'release', label: 'Release', key: 'H', unavailable: notHeld(facts) }
      : { id: 'hold', label: 'Hold', key: 'H', unavailable: notHeld(facts) },
    { id: 'from', label: 'Run from here', key: null, unavailable: live === null ? obstacle : 'A run is going on.' },
  ];
}
