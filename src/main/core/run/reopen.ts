/** What a person may choose for a run that did not end well, as events. Pure. */
import type { RunEventDraft } from '../../../shared/events';
import { isActiveState, isBarred, isLeftOut, keepsWork, type Run, type TaskRun } from '../../../shared/run';
import { openWave } from '../../../shared/unfinished';

const byPerson = /^(skipped by you|you skipped)/;

/** Ends that only a person's own word takes back: the work is there and somebody has to look at it. */
const needsWord = (task: TaskRun): boolean => task.state === 'conflict' || task.state === 'no-change' || task.state === 'blocked';

const isSettled = (task: TaskRun): boolean => task.state === 'done' || task.state === 'pending';

/** What a person says to a task beside "again": words for its agent, or that it begins without the work of before. */
export interface Word {
  readonly answer?: string | undefined;
  readonly fresh?: boolean | undefined;
}

/** Lets one task wait again: in the lane that keeps its work, a conflict in a new one, as its work does not fit on the present base. */
function reopened(run: Run, task: TaskRun, { answer, fresh = false }: Word = {}): RunEventDraft[] {
  const lane = run.lanes[task.ranIn ?? ''];
  const keeps = !fresh && keepsWork(run, task);
  const again: RunEventDraft = { type: 'task.reopened', task: task.id, reason: task.reason, fresh: !keeps, ...(answer === undefined ? {} : { answer }) };
  return keeps && lane ? [{ type: 'lane.opened', lane: lane.name, branch: lane.branch, worktree: lane.worktree }, again] : [again];
}

/** One task that a person wants tried again, with those that were skipped because of it; empty when it has not ended or is done. */
export function retryOne(run: Run, id: string, word: Word = {}): readonly RunEventDraft[] {
  const task = run.tasks[id];
  if (!task || isSettled(task) || isActiveState(task.state)) return [];
  const again = new Set([id]);
  for (const other of run.order) {
    const dependant = run.tasks[other];
    const waits = dependant?.state === 'skipped' && !byPerson.test(dependant.reason) && !isLeftOut(dependant) && dependant.dependsOn.some((on) => again.has(on));
    if (waits) again.add(other);
  }
  return run.order.flatMap((other) => (again.has(other) && run.tasks[other] ? reopened(run, run.tasks[other], other === id ? word : {}) : []));
}

/**
 * The tasks that wait again, each in the lane that keeps its work (a conflict in a new one: its work does not fit on the present base).
 * `asked`: a person chose, so tasks that ended in a question are tried again too. `go-on`: only what was interrupted.
 */
export function reopenings(run: Run, choice: 'retry' | 'skip-wave' | 'go-on', asked: boolean): readonly RunEventDraft[] {
  const wave = choice === 'skip-wave' ? new Set(run.waves[openWave(run)] ?? []) : new Set<string>();
  return run.order.flatMap((id): RunEventDraft[] => {
    const task = run.tasks[id];
    if (!task || task.state === 'done') return [];
    if (wave.has(id)) return [{ type: 'task.skipped', task: id, reason: 'you skipped its wave' }];
    // Its agent was taken over and goes on.
    if (isActiveState(task.state)) return [];
    // What a person left out stays out, unless it is asked for by its name.
    if (task.state === 'skipped' && byPerson.test(task.reason)) return [];
    // The task file has the word: it is looked at before anything starts.
    if (isBarred(task) || isLeftOut(task)) return [];
    if (isSettled(task) || (needsWord(task) && !asked) || (choice === 'go-on' && task.state !== 'interrupted')) return [];
    return reopened(run, task);
  });
}
