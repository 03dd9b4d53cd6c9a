/** When a run waits for a person: a guided one after every five tasks (s3, C8) and at the end of each phase (A12, B16: gate-steps.ts), any at a marker of its file. Pure. */
import { countTasks, isActiveState, type Run, type TaskRun } from '../../../shared/run';
import { needsPerson } from '../../../shared/waiting';
import { isAtGate } from './gate-steps';
import { mayRetry } from './retries';

const tasksBetween = 5;

/** Why the run should wait now, in words; null when it may go on. A run with nothing left to start does not wait. */
export function checkpointDue(run: Run): string | null {
  if (run.options.style !== 'guided' || run.state !== 'running') return null;
  const { done, pending } = countTasks(run);
  if (pending === 0 || isAtGate(run)) return null;
  const sofar = `${done} ${done === 1 ? 'task is' : 'tasks are'} done, ${pending} ${pending === 1 ? 'waits' : 'wait'}`;
  return done - run.checkpoint.done >= tasksBetween ? sofar : null;
}

/** The tasks behind the first marker that wants a person, once everything that may run without one has; null while there is something to do, or nothing to ask. */
export function personDue(run: Run): { readonly reason: string; readonly tasks: readonly string[] } | null {
  if (run.state !== 'running' || isAtGate(run)) return null;
  const tasks = run.order.flatMap((id) => run.tasks[id] ?? []);
  const barred = tasks.filter((task) => task.state === 'pending' && needsPerson(run, task));
  const first = barred[0];
  if (first === undefined || tasks.some((task) => isActiveState(task.state))) return null;
  const isReady = (task: TaskRun): boolean => (task.state === 'pending' || mayRetry(run, task)) && !task.held && task.dependsOn.every((id) => run.tasks[id]?.state === 'done');
  const ready = tasks.filter(isReady);
  if (ready.length === 0 || ready.some((task) => !needsPerson(run, task))) return null;
  const behind = barred.filter((task) => task.person === first.person && task.file === first.file);
  return { reason: `A person is needed before ${first.id}: ${first.person ?? ''}`, tasks: behind.map((task) => task.id) };
}
