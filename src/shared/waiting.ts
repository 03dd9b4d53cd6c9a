/** Why a task of a run has not started yet, in words for people. */
import { gateTitle, openGate } from './gates';
import { limitWords } from './limits';
import { isActiveState, type Run, type TaskRun } from './run';

const list = (ids: readonly string[]): string => (ids.length > 3 ? `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more` : ids.join(', '));

/** Bytes as "312 MB". */
export const megabytes = (bytes: number): string => `${Math.floor(bytes / 1_000_000).toLocaleString('en-US')} MB`;

/** Why nothing starts at all although the run goes on, in words; '' when nothing holds it back. */
export function heldBack(run: Run): string {
  const { agent } = run.options;
  const limit = run.limits[agent];
  if (limit?.active) return limitWords(agent, limit, run.lastAt);
  return run.lowDisk === null ? '' : `little disk space: ${megabytes(run.lowDisk.free)} free, ${megabytes(run.lowDisk.needed)} needed`;
}

/** Whether the file wants a person's word before the task and nobody gave it yet. */
export const needsPerson = (run: Run, task: TaskRun): boolean => task.person !== undefined && !run.cleared.includes(task.id);

/** Why a task waits for tasks that its run does not do. */
export const outsideReason = (outside: readonly string[]): string =>
  `waits for ${list(outside)}, which ${outside.length === 1 ? 'is' : 'are'} not part of this run: add ${outside.length === 1 ? 'it' : 'them'} or take the ${outside.length === 1 ? 'dependency' : 'dependencies'} away`;

/** Whether a task that has not started yet waits for tasks that its run does not do. */
export const waitsOutside = (task: TaskRun): boolean => task.state === 'pending' && (task.outside?.length ?? 0) > 0;

/** The reason why a pending task does not run; '' for a task that is not pending or that nothing holds back. */
export function whyWaiting(run: Run, task: TaskRun): string {
  if (task.state !== 'pending') return '';
  if (task.held) return 'held back by you';
  if (waitsOutside(task)) return outsideReason(task.outside ?? []);
  const open = task.dependsOn.filter((id) => run.tasks[id] !== undefined && run.tasks[id]?.state !== 'done');
  if (open.length > 0) return `waits for ${list(open)}`;
  if (needsPerson(run, task)) return `waits for a person: ${task.person ?? ''}`;
  const active = Object.values(run.tasks).filter((other) => isActiveState(other.state));
  const clash = active.filter((other) => other.exclusive || task.exclusive || task.conflictsWith.includes(other.id) || other.conflictsWith.includes(task.id)).map((other) => other.id);
  if (clash.length > 0) return `${task.exclusive ? 'runs alone, after' : 'shares files with'} ${list(clash)}`;
  if (run.state === 'paused') return run.pauseReason || 'the run is paused';
  const gate = openGate(run);
  if (gate !== null) return `waits for the gate of ${gateTitle(gate)}`;
  const held = heldBack(run);
  if (held !== '') return held;
  return active.length >= run.slots ? `all ${run.slots} agents are at work` : '';
}

/** Whether a run stands at a marker of its file and waits for a person's word. */
const asksPerson = (run: Run): boolean => run.state === 'paused' && run.atCheckpoint && run.pauseCause === 'person';

/** Whether a run asks a person right now whether this task may start. */
export const asksAbout = (run: Run, task: TaskRun): boolean => asksPerson(run) && task.state === 'pending' && needsPerson(run, task) && run.barred.includes(task.id);

/** The tasks that a run asks a person about right now, in file order; one that was skipped is answered, and so is one whose marker is gone. */
export const askedAbout = (run: Run): readonly TaskRun[] => (asksPerson(run) ? run.barred.flatMap((id) => run.tasks[id] ?? []).filter((task) => asksAbout(run, task)) : []);

/** Whether a run asks although nothing that it asked about needs a person any more. */
export const asksInVain = (run: Run): boolean => asksPerson(run) && askedAbout(run).length === 0;
