/** The open part of a run as the scheduling rule sees it: units with positions instead of ids, and the time that is left of what is at work. */
import type { Unit, Moment } from '../../../shared/forecast';
import { prioritiesOf } from '../../../shared/priorities';
import type { Run, TaskRun } from '../../../shared/run';

/** A task that takes longer than expected is expected to take this share of its weight from now on. */
const leastLeft = 0.1;

const stamp = (iso: string | null): number => (iso === null ? Number.NaN : Date.parse(iso));

/** Milliseconds that one unit of weight took so far in this run; null before any task is done. */
function paceOf(run: Run): number | null {
  let taken = 0;
  let weight = 0;
  for (const id of run.order) {
    const task = run.tasks[id];
    const milliseconds = task?.state === 'done' ? stamp(task.finishedAt) - stamp(task.startedAt) : 0;
    if (task === undefined || !(milliseconds > 0)) continue;
    taken += milliseconds;
    weight += task.weight;
  }
  return weight > 0 ? taken / weight : null;
}

/** The last thing that happened, in milliseconds: the run's own clock, since deciding asks no other. */
function nowOf(run: Run): number {
  let now = stamp(run.startedAt);
  for (const id of run.order) {
    const task = run.tasks[id];
    if (task !== undefined) now = Math.max(now, stamp(task.finishedAt) || 0, stamp(task.startedAt) || 0);
  }
  return now;
}

/** By task at work, the weight that is expected to be left of it. */
function leftOf(run: Run, active: readonly TaskRun[]): ReadonlyMap<string, number> {
  const pace = paceOf(run);
  const now = nowOf(run);
  return new Map(active.map((task) => {
    const elapsed = pace === null || task.state === 'pending' ? 0 : (now - stamp(task.startedAt)) / pace;
    return [task.id, Math.max(task.weight * leastLeft, task.weight - (elapsed > 0 ? elapsed : 0))];
  }));
}

/** By id of a task in `waiting`, its priority; the higher the earlier. `isFirst` tells what goes before everything else. */
export function outlook(run: Run, waiting: readonly TaskRun[], active: readonly TaskRun[], isFirst: (task: TaskRun) => boolean): ReadonlyMap<string, number> {
  const tasks = [...waiting, ...active];
  const at = new Map(tasks.map((task, index) => [task.id, index]));
  const positions = (ids: readonly string[]): number[] => ids.flatMap((id) => at.get(id) ?? []);
  const left = leftOf(run, active);
  const units = tasks.map((task): Unit => ({
    weight: task.weight, remaining: isFirst(task) ? Infinity : task.remaining, waits: left.has(task.id) ? [] : positions(task.dependsOn),
    clashes: positions(task.conflictsWith), alone: task.exclusive,
  }));
  const running: Moment['running'] = new Map(active.map((task) => [at.get(task.id) ?? 0, left.get(task.id) ?? task.weight]));
  const priorities = prioritiesOf(units, { slots: run.slots, running });
  return new Map(waiting.map((task, index) => [task.id, priorities[index] ?? 0]));
}
