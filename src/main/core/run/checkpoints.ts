/** When a guided run waits for a person: after every five tasks (s3, C8) and at the end of each phase (A12, B16). Pure. */
import { countTasks, endedPhases, type Run } from '../../../shared/run';

const tasksBetween = 5;

/** Why the run should wait now, in words; null when it may go on. A run with nothing left to start does not wait. */
export function checkpointDue(run: Run): string | null {
  if (run.options.style !== 'guided' || run.state !== 'running') return null;
  const { done, pending } = countTasks(run);
  if (pending === 0) return null;
  const phases = endedPhases(run).filter((phase) => !run.checkpoint.phases.includes(phase));
  const title = phases[phases.length - 1];
  if (title !== undefined) return `${title} has ended: ${done} tasks are done, ${pending} wait`;
  return done - run.checkpoint.done >= tasksBetween ? `${done} tasks are done, ${pending} wait` : null;
}
