/** What really happened in a run, in seconds since it began, and how it compares with the prediction. */
import type { Run, TaskRun } from '../../../shared/run';
import { isActive } from '../../tasks';
import type { PlannedTask, Wait } from './predict';

/** `start` and `end` in seconds since the run began; `end` of a task at work is now. */
export interface ActualBar {
  readonly id: string;
  readonly lane: string;
  readonly state: TaskRun['state'];
  readonly start: number;
  readonly end: number;
}

const since = (run: Run, iso: string): number => Math.max(0, (Date.parse(iso) - Date.parse(run.startedAt)) / 1000);

/** The last attempt of each task that was started. `now` in milliseconds. */
export function actualBars(run: Run, now: number): readonly ActualBar[] {
  return run.order.flatMap((id): ActualBar[] => {
    const task = run.tasks[id];
    if (task === undefined || task.startedAt === null || task.ranIn === null) return [];
    const start = since(run, task.startedAt);
    const end = isActive(task.state) || task.finishedAt === null ? (now - Date.parse(run.startedAt)) / 1000 : since(run, task.finishedAt);
    return [{ id, lane: task.ranIn, state: task.state, start, end: Math.max(start, end) }];
  });
}

/** Seconds of one unit of the prediction: the median, over tasks that are done, of their duration by their weight; null before any is. */
export function unitSeconds(tasks: readonly PlannedTask[], bars: readonly ActualBar[]): number | null {
  const weights = new Map(tasks.map((task) => [task.id, task.weight]));
  const ratios = bars.filter((bar) => bar.state === 'done' && bar.end > bar.start).map((bar) => (bar.end - bar.start) / (weights.get(bar.id) ?? 1)).sort((a, b) => a - b);
  const middle = ratios.length >> 1;
  const high = ratios[middle];
  if (high === undefined) return null;
  return ratios.length % 2 === 1 ? high : (high + (ratios[middle - 1] ?? high)) / 2;
}

/** Why a task is planned to start when it does, as the end of a sentence. */
export function waitWords(wait: Wait): string {
  switch (wait.kind) {
    case 'none': return 'waits for no open task';
    case 'after': return `waits for ${wait.id}`;
    case 'slot': return 'waits for a free slot';
    case 'shares': return `waits for ${wait.id}, with which it shares a file`;
    case 'alone': return 'waits because one of the tasks may touch any file and runs alone';
  }
}

/** What a task that was started had waited for: the dependency that was integrated last; null when it had none in this run. */
export function lastBefore(run: Run, id: string): { readonly id: string; readonly at: number } | null {
  const found = (run.tasks[id]?.dependsOn ?? []).flatMap((other) => {
    const finished = run.tasks[other]?.finishedAt;
    return finished == null ? [] : [{ id: other, at: since(run, finished) }];
  });
  return found.reduce<{ readonly id: string; readonly at: number } | null>((last, one) => (last === null || one.at > last.at ? one : last), null);
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** Places of the marks on an axis that reaches to `end`, about `apart` from each other: in round seconds, or in whole units. */
export function marksOf(end: number, apart: number, unit: 'seconds' | 'tasks'): readonly number[] {
  const step = unit === 'seconds' ? steps.find((one) => one >= apart) ?? Math.ceil(apart / 86_400) * 86_400 : Math.max(1, Math.ceil(apart));
  return Array.from({ length: Math.min(2000, Math.floor(end / step) + 1) }, (_, index) => index * step);
}
