/** Which failed tasks are tried again by themselves. Pure. */
import type { Run, TaskRun } from '../../../shared/run';

/** A failed or timed-out task that is tried again: as was decided when it failed, in journals of earlier versions while it has attempts left. */
export function mayRetry(run: Run, task: TaskRun): boolean {
  if (task.state !== 'failed' && task.state !== 'timed-out') return false;
  return task.failure === null ? task.attempts > 0 && task.attempts <= run.options.retries : task.failure.next === 'retry';
}
