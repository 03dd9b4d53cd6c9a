/** The state of a run as a pure fold over its events; main and renderer share it, so both always agree. */
import { countStates, type TaskCounts } from './counts';
import type { RunEvent, RunTask } from './events';
import { foldGate, foldIntegratedFix, type GateEvent } from './gates';
import { foldLimits, withoutPast } from './limits';
import type { LaneRun, Run, RunNotice, TaskRun, TaskRunState } from './run-state';
import { addUsage } from './usage';

export type { LaneRun, LaneState, ManualItem, PhaseGate, Run, RunConflict, RunNotice, TaskRun, TaskRunState } from './run-state';

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

// Assigned and not spread: an object of so many fields that begins with a spread becomes a hash table in V8, fifty times slower to make.
const fresh = (task: RunTask): TaskRun => Object.assign({
  state: 'pending' as const, reason: '', attempts: 0, ranIn: null,
  startedAt: null, finishedAt: null, commit: null, note: '', laneCommit: '', evidence: null, held: false, answer: '',
  spent: 0, trail: [], failure: null,
}, task);

/** True for a task that an agent, a check or an integration is at work on. */
export const isActiveState = (state: TaskRunState): boolean => state === 'running' || state === 'checking' || state === 'integrating';

/** True for a task that a person ticked while the run went on: done by their word, not by the run. */
export const isByHand = (task: TaskRun): boolean => task.state === 'done' && task.commit === null;

/** Why a task that was deleted from the task file before it began is skipped; it waits again when it comes back. */
export const goneReason = 'it is gone from the task file';

/** Whether a lane of its own keeps the work that a task's last attempt left, so that another one can go on with it. */
export function keepsWork(run: Run, task: TaskRun): boolean {
  const lane = run.lanes[task.ranIn ?? ''];
  return run.options.worktrees && task.state !== 'conflict' && lane?.state === 'parked' && lane.reason.endsWith(` ${task.id}`);
}

function begin(event: Of<'run.started'>): Run {
  const tasks: Record<string, TaskRun> = {};
  for (const task of event.tasks) tasks[task.id] = fresh(task);
  return {
    id: event.run, spec: event.spec, specTitle: event.specTitle, specFolder: event.specFolder,
    specPath: event.specPath, taskFiles: event.taskFiles, specIgnored: event.specIgnored, dialect: event.dialect,
    repo: event.repo, base: event.base, baseCommit: event.baseCommit, integrationBranch: event.integrationBranch,
    integrationTip: event.baseCommit, journal: event.journal, options: event.options, slots: event.slots, dependencies: event.dependencies ?? [],
    startedAt: event.at, finishedAt: null, lastAt: event.at, state: 'running', status: null,
    pauseReason: '', atCheckpoint: false, ending: null, checkpoint: { done: 0, phases: [] }, pauseCause: null, gates: [], askedAbout: [], barred: [], cleared: [], budgets: 1,
    stoppedWaiting: false, stopCause: null, stopReason: '', limits: {}, lowDisk: null, usage: { inputTokens: null, outputTokens: null, costUsd: null },
    order: event.tasks.map((task) => task.id), waves: event.waves, tasks, lanes: {}, conflicts: [], notices: [], offered: [],
    report: null, landing: null, rollback: null,
  };
}

/** The part of a run that is about to be changed: a copy, as others hold the run, or the part itself where nobody else does (a replay). */
type Touch = <T extends object>(part: T) => T;
// A copy of an array is an array with the same elements, and of an object one with the same fields.
const copied: Touch = <T extends object>(part: T): T => (Array.isArray(part) ? [...part] : { ...part }) as T;
const inPlace: Touch = (part) => part;
const changed = <T extends object>(part: T, change: Partial<T>, touch: Touch): T => Object.assign(touch(part), change);

function withTask(run: Run, id: string, change: Partial<TaskRun>, touch: Touch): Run {
  const task = run.tasks[id];
  if (!task) return run;
  const tasks: Record<string, TaskRun> = touch(run.tasks);
  tasks[id] = changed(task, change, touch);
  return changed(run, { tasks }, touch);
}

function withLane(run: Run, name: string, change: Partial<LaneRun>, touch: Touch): Run {
  const lane = run.lanes[name];
  if (!lane) return run;
  const lanes: Record<string, LaneRun> = touch(run.lanes);
  lanes[name] = changed(lane, change, touch);
  return changed(run, { lanes }, touch);
}

function withNotice(run: Run, notice: RunNotice, touch: Touch): Run {
  // Readonly for everybody else; here it is either a copy or nobody else's.
  const notices = touch(run.notices) as RunNotice[];
  notices.push(notice);
  return changed(run, { notices }, touch);
}

function onTaskFinished(run: Run, event: Of<'task.finished'>, touch: Touch): Run {
  // A conflict is the more telling state; its own event comes just before this one.
  const isConflict = run.tasks[event.task]?.state === 'conflict';
  const { failure } = event;
  const waits = failure?.next === 'wait';
  const state: TaskRunState = waits ? 'pending' : event.outcome === 'done' ? 'integrating' : isConflict ? 'conflict' : event.outcome;
  const task = run.tasks[event.task];
  const next = withTask(changed(run, { usage: addUsage(run.usage, event.evidence.usage) }, touch), event.task, {
    state, reason: waits ? '' : event.reason, finishedAt: event.at, evidence: event.evidence, failure: failure ?? null,
    trail: [...task?.trail ?? [], ...(failure ? [failure] : [])], spent: (task?.spent ?? 0) + (!waits && (event.outcome === 'failed' || event.outcome === 'timed-out') ? 1 : 0),
  }, touch);
  // A finished task still owns its lane until it is integrated or the lane is parked or given its next task.
  if (event.outcome === 'done') return changed(next, { limits: withoutPast(next.limits, run.options.agent) }, touch);
  return withLane(next, event.lane, { state: 'idle', task: null }, touch);
}

function onTaskEvent(run: Run, event: Of<'task.started' | 'task.reopened' | 'task.held' | 'task.checking' | 'task.finished' | 'task.skipped' | 'task.integrating' | 'task.integrated'>, touch: Touch): Run {
  switch (event.type) {
    case 'task.started':
      return withLane(
        withTask(changed(run, { askedAbout: run.askedAbout.filter((id) => id !== event.task) }, touch), event.task, {
          state: 'running', reason: '', attempts: event.attempt, ranIn: event.lane, finishedAt: null,
          startedAt: event.at, evidence: null, failure: null,
        }, touch),
        event.lane, { state: 'working', task: event.task }, touch,
      );
    case 'task.reopened':
      return withTask(run, event.task, {
        state: 'pending', reason: event.reason, answer: event.answer ?? '', spent: 0, trail: [], ...(event.fresh ? { ranIn: null } : {}),
        // What it had merged was taken back with its phase.
        ...(run.tasks[event.task]?.state === 'done' ? { commit: null, note: '', laneCommit: '', finishedAt: null, evidence: null } : {}),
      }, touch);
    case 'task.held':
      return withTask(run, event.task, { held: event.held }, touch);
    case 'task.checking':
      return withTask(run, event.task, { state: 'checking' }, touch);
    case 'task.finished':
      return onTaskFinished(run, event, touch);
    case 'task.skipped':
      return withTask(run, event.task, { state: 'skipped', reason: event.reason, finishedAt: event.at }, touch);
    case 'task.integrating':
      return withTask(run, event.task, { state: 'integrating' }, touch);
    case 'task.integrated':
      return onIntegrated(run, event, touch);
  }
}

function onIntegrated(run: Run, event: Of<'task.integrated'>, touch: Touch): Run {
  const done = withTask(run, event.task, { state: 'done', reason: '', commit: event.commit, note: event.note, laneCommit: event.laneCommit ?? '', finishedAt: event.at }, touch);
  // Said late, its lane may have gone on to another task.
  const isLanes = event.tip === undefined || run.lanes[event.lane]?.task === event.task;
  const freed = isLanes ? withLane(done, event.lane, { state: 'idle', task: null }, touch) : done;
  return changed(freed, { integrationTip: event.tip ?? event.commit, gates: foldIntegratedFix(run.gates, event.task), ...(event.track ? { track: event.track } : {}) }, touch);
}

function onTasksChanged(run: Run, event: Of<'tasks.changed'>): Run {
  const tasks = { ...run.tasks };
  const set = (id: string, change: Partial<TaskRun>): void => {
    const old = tasks[id];
    if (old) tasks[id] = { ...old, ...change };
  };
  // First: what is open again waits for what the file says by now, not for what it did when it was left out.
  for (const id of event.reopened) set(id, { state: 'pending', reason: '', finishedAt: null });
  for (const task of event.tasks) {
    const old = tasks[task.id];
    if (!old) tasks[task.id] = fresh(task);
    else if (old.state === 'pending') {
      // What the new text does not say is not left over from the old one.
      const { files: _files, verification: _verification, person: _person, ...kept } = old;
      tasks[task.id] = { ...kept, ...task };
    }
  }
  for (const id of event.ticked) set(id, { state: 'done', reason: 'ticked by hand', finishedAt: event.at, commit: null, note: '', laneCommit: '' });
  return { ...run, tasks, order: event.order.filter((id) => tasks[id] !== undefined), waves: event.waves, offered: run.offered.filter(({ id }) => tasks[id] === undefined) };
}

function onGate(run: Run, event: GateEvent, touch: Touch): Run {
  const gates = foldGate(run.gates, event);
  switch (event.type) {
    case 'gate.opened':
      return { ...run, gates, checkpoint: { done: countTasks(run).done, phases: endedPhases(run) } };
    case 'gate.fixing':
      return { ...run, gates, tasks: Object.assign(touch(run.tasks), { [event.fix.id]: fresh(event.fix) }) };
    case 'gate.closed':
      return { ...run, gates, integrationTip: event.tip ?? run.integrationTip };
    case 'gate.reverting':
      // From here on the run stands where it is being taken back to; doing that can be repeated.
      return { ...run, gates, integrationTip: event.to };
    case 'gate.reverted': {
      const phases = new Set(gates.find(({ number }) => number === event.gate)?.phases);
      return { ...run, gates, checkpoint: { done: countTasks(run).done, phases: run.checkpoint.phases.filter((phase) => !phases.has(phase)) } };
    }
    default:
      return { ...run, gates };
  }
}

/** Nothing is active in a run that has ended: what still was lost its process, and its lane keeps the work. */
export function endActive(run: Run): Run {
  const reason = 'Braid ended while it was going';
  if (!Object.values(run.tasks).some((task) => isActiveState(task.state))) return run;
  const tasks = Object.fromEntries(Object.entries(run.tasks).map(([id, task]) => [id, isActiveState(task.state) ? { ...task, state: 'interrupted' as const, reason } : task]));
  const lanes = Object.fromEntries(Object.entries(run.lanes).map(([name, lane]) => [name, lane.state === 'working' ? { ...lane, state: 'parked' as const, reason: `keeps the work of ${lane.task ?? 'its task'}` } : lane]));
  return { ...run, tasks, lanes };
}

/** Folds one event into a run. `run` is null only before `run.started`; an event of another run is ignored. */
export function reduce(run: Run | null, event: RunEvent): Run | null {
  if (event.type === 'run.started') return begin(event);
  if (run === null || run.id !== event.run) return run;
  return { ...fold(run, event, copied), lastAt: event.at };
}

/** The run that all of its events make, null without `run.started`: as folding them with `reduce` one by one, in a time that grows with their number alone. */
export function replay(events: Iterable<RunEvent>): Run | null {
  let run: Run | null = null;
  for (const event of events) {
    if (event.type === 'run.started') run = begin(event);
    else if (run !== null && run.id === event.run) run = changed(fold(run, event, inPlace), { lastAt: event.at }, inPlace);
  }
  return run;
}

/** A pause that asks remembers what it asked about. */
const onAsked = (run: Run, { cause, tasks }: Of<'run.paused'>): Run =>
  cause === 'person' ? { ...run, pauseCause: cause, barred: tasks ?? [] } : ({ ...run, pauseCause: cause ?? null, askedAbout: [...new Set([...run.askedAbout, ...(tasks ?? [])])] });

function fold(run: Run, event: Exclude<RunEvent, { type: 'run.started' }>, touch: Touch): Run {
  switch (event.type) {
    case 'run.paused':
      return { ...onAsked(run, event), state: 'paused', pauseReason: event.reason ?? '', atCheckpoint: event.checkpoint ?? false, ...(event.checkpoint ? { checkpoint: { done: countTasks(run).done, phases: event.cause === undefined ? endedPhases(run) : run.checkpoint.phases } } : {}) };
    case 'run.resumed':
      return {
        ...run, state: 'running', status: null, finishedAt: null, report: null, pauseReason: '', atCheckpoint: false, ending: null, stoppedWaiting: false, stopCause: null, stopReason: '',
        pauseCause: null, barred: [], cleared: [...new Set([...run.cleared, ...run.barred])],
        budgets: run.budgets + (run.pauseCause === 'budget' ? 1 : 0),
      };
    case 'run.stopping':
      return { ...run, state: 'stopping', atCheckpoint: false, ending: event.after ?? 'now', stoppedWaiting: event.waiting ?? false, stopCause: event.because ?? null, stopReason: event.reason ?? '' };
    case 'agent.limited': case 'agent.released':
      return { ...run, limits: foldLimits(run.limits, event) };
    case 'disk.low':
      return { ...run, lowDisk: { free: event.free, needed: event.needed } };
    case 'disk.enough':
      return { ...run, lowDisk: null };
    case 'lane.opened':
      return {
        ...run,
        lanes: {
          ...run.lanes,
          [event.lane]: { name: event.lane, branch: event.branch, worktree: event.worktree, state: 'idle', task: null, reason: '' },
        },
      };
    case 'lane.parked':
      return withLane(run, event.lane, { state: 'parked', reason: event.reason, task: null }, touch);
    case 'lane.removed':
      return withLane(run, event.lane, { state: 'removed', task: null }, touch);
    case 'task.started': case 'task.reopened': case 'task.held': case 'task.checking': case 'task.finished': case 'task.skipped':
    case 'task.integrating': case 'task.integrated':
      return onTaskEvent(run, event, touch);
    case 'conflict.found':
      return {
        ...withLane(withTask(run, event.task, { state: 'conflict', reason: `conflicts in ${event.files.join(', ')}` }, touch), event.lane, { state: 'idle', task: null }, touch),
        conflicts: [...run.conflicts, { task: event.task, lane: event.lane, with: event.with, files: event.files }],
      };
    case 'notice':
      return withNotice(run, { at: event.at, level: event.level, code: event.code, text: event.text, task: event.task }, touch);
    case 'spec.edited':
      return withNotice({ ...run, offered: event.offered }, { at: event.at, level: 'info', code: 'spec-edited', text: event.text, task: null }, touch);
    case 'tasks.changed':
      return onTasksChanged(run, event);
    case 'gate.opened': case 'gate.checked': case 'gate.fixing': case 'gate.again': case 'gate.closed': case 'gate.reverting': case 'gate.reverted':
      return onGate(run, event, touch);
    case 'landing.ready':
      return { ...run, report: event.report };
    case 'run.landed':
      return { ...run, state: 'landed', landing: { commit: event.commit, tag: event.tag }, rollback: null };
    case 'run.rolled-back':
      return { ...run, state: 'rolled-back', rollback: { commit: event.commit, tag: event.tag } };
    case 'run.abandoned':
      return { ...run, state: 'abandoned' };
    case 'run.finished':
      return { ...endActive(run), state: 'finished', atCheckpoint: false, ending: null, status: event.status, finishedAt: event.at };
  }
}

/** Titles of the phases of which nothing waits or is at work any more, in file order. */
export function endedPhases(run: Run): readonly string[] {
  const open = new Set<string>();
  const all = new Set<string>();
  for (const id of run.order) {
    const task = run.tasks[id];
    if (!task?.phase) continue;
    all.add(task.phase);
    if (task.state === 'pending' || isActiveState(task.state)) open.add(task.phase);
  }
  return [...all].filter((phase) => !open.has(phase));
}

/** True when the run has work that could land: a task ticked by hand has none. */
export const hasIntegrated = (run: Run): boolean => Object.values(run.tasks).some((task) => task.state === 'done' && !isByHand(task));

/** The states of a run's tasks in file order. */
export const statesOf = (run: Run): readonly TaskRunState[] => run.order.map((id) => run.tasks[id]?.state ?? 'pending');

/** How far a run is; its tasks are the units that it was asked for and those that it took in. */
export const countTasks = (run: Run): TaskCounts => countStates(statesOf(run));
