/** What the events of one task change in a run. Pure for whoever hands in copies; a replay, which alone holds its run, writes into it. */
import type { RunEvent } from './events';
import { foldIntegratedFix } from './gates';
import { withoutPast } from './limits';
import type { LaneRun, Run, RunNotice, TaskRun } from './run-state';
import { addUsage } from './usage';

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** The events that tell of one task and its lane. */
export type TaskEvent = Of<'task.started' | 'task.reopened' | 'task.held' | 'task.checking' | 'task.finished' | 'task.skipped' | 'task.integrating' | 'task.integrated'>;

/** What a fold writes into: a copy that nobody else holds yet. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A part of a run that is about to be changed: a copy, as others hold the run, or the part itself where nobody else does (a replay). */
export type Touch = <T extends object>(part: T) => T;
/** For a run that others hold. */
// A copy of an array is an array with the same elements, and of an object one with the same fields.
export const copied: Touch = <T extends object>(part: T): T => (Array.isArray(part) ? [...part] : { ...part }) as T;
/** For a run that nobody else holds. */
export const inPlace: Touch = (part) => part;

/** A task to write into, in its place in the run; null where there is none. */
export function taskIn(run: Draft<Run>, id: string, touch: Touch): Draft<TaskRun> | null {
  const task = run.tasks[id];
  if (!task) return null;
  const own = touch(task);
  if (own !== task) run.tasks = Object.assign(touch(run.tasks), { [id]: own });
  return own;
}

/** A lane to write into, in its place in the run; null where there is none. */
export function laneIn(run: Draft<Run>, name: string, touch: Touch): Draft<LaneRun> | null {
  const lane = run.lanes[name];
  if (!lane) return null;
  const own = touch(lane);
  if (own !== lane) run.lanes = Object.assign(touch(run.lanes), { [name]: own });
  return own;
}

/** Says what a lane is at; nothing where there is none. */
export function setLane(run: Draft<Run>, name: string, state: LaneRun['state'], task: string | null, touch: Touch): void {
  const lane = laneIn(run, name, touch);
  if (lane) Object.assign(lane, { state, task });
}

/** Adds a line to what the run tells. */
export function addNotice(run: Draft<Run>, notice: RunNotice, touch: Touch): void {
  // Readonly for everybody else; here it is either a copy or nobody else's.
  const notices = touch(run.notices) as RunNotice[];
  notices.push(notice);
  run.notices = notices;
}

function onTaskStarted(run: Draft<Run>, event: Of<'task.started'>, touch: Touch): void {
  if (run.askedAbout.length > 0) run.askedAbout = run.askedAbout.filter((id) => id !== event.task);
  setLane(run, event.lane, 'working', event.task, touch);
  const task = taskIn(run, event.task, touch);
  if (!task) return;
  task.state = 'running';
  task.reason = '';
  task.attempts = event.attempt;
  task.ranIn = event.lane;
  task.startedAt = event.at;
  task.finishedAt = null;
  task.evidence = null;
  task.failure = null;
}

function onTaskFinished(run: Draft<Run>, event: Of<'task.finished'>, touch: Touch): void {
  run.usage = addUsage(run.usage, event.evidence.usage);
  // A finished task still owns its lane until it is integrated or the lane is parked or given its next task.
  if (event.outcome === 'done') run.limits = withoutPast(run.limits, run.options.agent);
  else setLane(run, event.lane, 'idle', null, touch);
  const task = taskIn(run, event.task, touch);
  if (!task) return;
  const { failure } = event;
  const waits = failure?.next === 'wait';
  // A conflict is the more telling state; its own event comes just before this one.
  const isConflict = task.state === 'conflict';
  task.state = waits ? 'pending' : event.outcome === 'done' ? 'integrating' : isConflict ? 'conflict' : event.outcome;
  task.reason = waits ? '' : event.reason;
  task.finishedAt = event.at;
  task.evidence = event.evidence;
  task.failure = failure ?? null;
  if (failure) task.trail = [...task.trail, failure];
  if (!waits && (event.outcome === 'failed' || event.outcome === 'timed-out')) task.spent += 1;
}

function onTaskReopened(run: Draft<Run>, event: Of<'task.reopened'>, touch: Touch): void {
  const task = taskIn(run, event.task, touch);
  if (!task) return;
  // What it had merged was taken back with its phase.
  if (task.state === 'done') Object.assign(task, { commit: null, note: '', laneCommit: '', finishedAt: null, evidence: null });
  if (event.fresh) task.ranIn = null;
  Object.assign(task, { state: 'pending', reason: event.reason, answer: event.answer ?? '', spent: 0, trail: [] });
}

function onIntegrated(run: Draft<Run>, event: Of<'task.integrated'>, touch: Touch): void {
  // Said late, its lane may have gone on to another task.
  if (event.tip === undefined || run.lanes[event.lane]?.task === event.task) setLane(run, event.lane, 'idle', null, touch);
  run.integrationTip = event.tip ?? event.commit;
  run.gates = foldIntegratedFix(run.gates, event.task);
  if (event.track) run.track = event.track;
  const task = taskIn(run, event.task, touch);
  if (!task) return;
  task.state = 'done';
  task.reason = '';
  task.commit = event.commit;
  task.note = event.note;
  task.laneCommit = event.laneCommit ?? '';
  task.finishedAt = event.at;
}

/** Folds the event of one task into the run that is handed in. */
export function foldTask(run: Draft<Run>, event: TaskEvent, touch: Touch): void {
  switch (event.type) {
    case 'task.started': return onTaskStarted(run, event, touch);
    case 'task.reopened': return onTaskReopened(run, event, touch);
    case 'task.finished': return onTaskFinished(run, event, touch);
    case 'task.integrated': return onIntegrated(run, event, touch);
  }
  const task = taskIn(run, event.task, touch);
  if (!task) return;
  switch (event.type) {
    case 'task.held':
      task.held = event.held;
      return;
    case 'task.checking':
      task.state = 'checking';
      return;
    case 'task.skipped':
      Object.assign(task, { state: 'skipped', reason: event.reason, finishedAt: event.at });
      return;
    case 'task.integrating':
      task.state = 'integrating';
  }
}
