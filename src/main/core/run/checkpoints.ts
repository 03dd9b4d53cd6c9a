/** When a run waits for a person: a guided one after every five tasks (s3, C8) and at the end of each phase (A12, B16: gate-steps.ts), any at a marker of its file. Pure. */
import type { RunEventDraft } from '../../../shared/events';
import { countTasks, isActiveState, markerWords, personWords, type Run, type TaskRun } from '../../../shared/run';
import { askedAbout, asksInVain, needsPerson, waitsOutside } from '../../../shared/waiting';
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

const barredOf = (run: Run): readonly TaskRun[] => run.order.flatMap((id) => run.tasks[id] ?? []).filter((task) => task.state === 'pending' && needsPerson(run, task));

/** The question about the marker that stands before `first`, and before all of `barred` that it holds. */
function questionOf(first: TaskRun, barred: readonly TaskRun[]): Extract<RunEventDraft, { type: 'run.paused' }> {
  const behind = barred.filter((task) => task.person === first.person && task.file === first.file);
  return { type: 'run.paused', reason: personWords(first), checkpoint: true, cause: 'person', tasks: behind.map((task) => task.id) };
}

/** The question about the first marker that wants a person, once everything that may run without one has; null while there is something to do, or nothing to ask. */
function personDue(run: Run): RunEventDraft | null {
  if (run.state !== 'running' || isAtGate(run)) return null;
  const tasks = run.order.flatMap((id) => run.tasks[id] ?? []);
  const barred = barredOf(run);
  const first = barred[0];
  if (first === undefined || tasks.some((task) => isActiveState(task.state))) return null;
  const isReady = (task: TaskRun): boolean => (task.state === 'pending' || mayRetry(run, task)) && !task.held && !waitsOutside(task) && task.dependsOn.every((id) => run.tasks[id]?.state === 'done');
  const ready = tasks.filter(isReady);
  return ready.length === 0 || ready.some((task) => !needsPerson(run, task)) ? null : questionOf(first, barred);
}

/** What becomes of the question of a run that stands at a marker after the file, or what is skipped, has changed: it is asked anew in the words of now, or not any more. */
function askedAnew(run: Run): RunEventDraft | null {
  if (asksInVain(run)) return { type: 'run.resumed' };
  const [first] = askedAbout(run);
  if (first === undefined) return null;
  const question = questionOf(first, barredOf(run));
  const isSame = markerWords(question.reason) === markerWords(run.pauseReason) && question.tasks?.every((id) => run.barred.includes(id));
  return isSame ? null : question;
}

/** What a run says now about the markers of its file that want a person; null for nothing. `isBusy`: a task is being started or comes to its end. */
export const atMarker = (run: Run, isBusy: boolean): RunEventDraft | null => askedAnew(run) ?? (isBusy ? null : personDue(run));
