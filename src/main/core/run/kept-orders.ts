/**
 * What a task of a run waits for after an edit of the task file. Pure. A plan made from the file knows tasks that the run does not have, and no longer
 * knows those whose lines are gone: the orders that such tasks stood for stay.
 */
import type { Spec, Task } from '../../../shared/domain';
import type { RunTask } from '../../../shared/events';
import { isActiveState, isBarred, type Run } from '../../../shared/run';

/** A run, and the task file as it is by now. */
interface Edited {
  readonly run: Run;
  readonly spec: Spec;
  /** Every task that the file asks for, as the plan of the file has it. */
  readonly planned: readonly RunTask[];
  /** Ids of the tasks that are part of the run from now on. */
  readonly known: ReadonlySet<string>;
}

/** Tasks of the run that `task` waits for by the file; the dependencies of one that the run does not have take its place. */
function passedThrough(task: RunTask, planned: ReadonlyMap<string, RunTask>, known: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const queue = [...task.dependsOn];
  for (const id of queue) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (known.has(id)) found.add(id);
    else queue.push(...planned.get(id)?.dependsOn ?? []);
  }
  return found;
}

/**
 * Tasks that `id` waited for over lines that are gone: one that has started still binds, one that never did passes on what it waited for itself. A task that was
 * ticked or marked as skipped by hand meanwhile is looked through, as the file's plan cannot see what is gone behind it.
 */
function leftBehind(id: string, run: Run, inFile: ReadonlyMap<string, Pick<Task, 'done' | 'state'>>): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const queue = (run.tasks[id]?.dependsOn ?? []).map((other) => ({ other, isBehindGone: false }));
  for (const { other, isBehindGone } of queue) {
    const key = `${isBehindGone ? 'gone' : 'here'} ${other}`;
    const task = run.tasks[other];
    if (seen.has(key) || task === undefined || task.state === 'done') continue;
    seen.add(key);
    const line = inFile.get(other);
    const isGone = line === undefined;
    const neverStarted = task.state === 'pending' || task.state === 'skipped' || isBarred(task);
    const isLookedThrough = isGone ? neverStarted : (line.done || line.state === 'skipped') && !isActiveState(task.state);
    if (isLookedThrough) queue.push(...task.dependsOn.map((next) => ({ other: next, isBehindGone: isBehindGone || isGone })));
    else if (isGone || isBehindGone) found.add(other);
  }
  return found;
}

/** True when `from` waits for `to`, directly or through others. */
function waits(from: string, to: string, dependsOn: (id: string) => Iterable<string>): boolean {
  const queue = [from];
  const seen = new Set(queue);
  for (const at of queue) {
    for (const next of dependsOn(at)) {
      if (next === to) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return false;
}

/**
 * The dependencies of each task of the run that the file still asks for, by id: all of them tasks of the run, and without a circle. Linear where no line
 * is gone and no task was added.
 */
export function keptOrders({ run, spec, planned, known }: Edited): ReadonlyMap<string, readonly string[]> {
  const byId = new Map(planned.map((task) => [task.id, task]));
  const inFile = new Map(spec.tasks.map((task) => [task.id, task]));
  const orders = new Map<string, Set<string>>();
  for (const task of planned) if (known.has(task.id)) orders.set(task.id, new Set(passedThrough(task, byId, known)));
  if (run.order.every((id) => inFile.has(id))) return new Map([...orders].map(([id, own]) => [id, [...own]]));
  const dependsOn = (id: string): Iterable<string> => orders.get(id) ?? run.tasks[id]?.dependsOn ?? [];
  for (const [id, own] of orders) {
    for (const other of leftBehind(id, run, inFile)) {
      // What the file says by now wins where both cannot hold; a task at work waits for nobody.
      const atWork = isActiveState(run.tasks[other]?.state ?? 'pending');
      if (other !== id && !own.has(other) && (atWork || !waits(other, id, dependsOn))) own.add(other);
    }
  }
  return new Map([...orders].map(([id, own]) => [id, [...own]]));
}
