/** The state of a run as a pure fold over its events; main and renderer share it, so both always agree. */
import { countStates, type TaskCounts } from './counts';
import type { Evidence, MergeReport, Usage } from './domain';
import type { RunEvent, RunStatus, RunTask, TaskFailure } from './events';
import { foldLimits, withoutPast, type Limits } from './limits';
import type { RunOptions } from './options';
import { addUsage } from './usage';

/*
 *  pending ──► running ──► checking ──► integrating ──► done
 *     │           │            │             │
 *     │           ├────────────┴──► failed / blocked / no-change / timed-out / interrupted
 *     └► skipped  └── (retry) ──► running    └──► conflict
 */
export type TaskRunState =
  | 'pending' | 'running' | 'checking' | 'integrating' | 'done'
  | 'failed' | 'blocked' | 'no-change' | 'timed-out' | 'interrupted' | 'conflict' | 'skipped';

export interface TaskRun extends RunTask {
  readonly state: TaskRunState;
  /** One sentence: why the task is in this state; empty when the state says it all. */
  readonly reason: string;
  readonly attempts: number;
  /** The lane that works or last worked on it. */
  readonly ranIn: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly commit: string | null;
  /** The line below the ticked task; '' until it is integrated. */
  readonly note: string;
  /** The lane's commit that was merged; '' until then. */
  readonly laneCommit: string;
  readonly evidence: Evidence | null;
  /** A person holds it back. */
  readonly held: boolean;
  /** A person's answer to the question that its last attempt ended with. */
  readonly answer: string;
  /** Attempts that failed since a person last had a word on it; those that a limit of the agent's account cut off do not count. */
  readonly spent: number;
  /** Its failures since then, oldest first. */
  readonly trail: readonly TaskFailure[];
  /** What its last attempt failed by; null when it did not fail. */
  readonly failure: TaskFailure | null;
}

export type LaneState = 'idle' | 'working' | 'parked' | 'removed';

export interface LaneRun {
  readonly name: string;
  readonly branch: string;
  readonly worktree: string;
  readonly state: LaneState;
  readonly task: string | null;
  readonly reason: string;
}

export interface RunNotice {
  readonly at: string;
  readonly level: 'info' | 'warning';
  readonly code: string;
  readonly text: string;
  readonly task: string | null;
}

export interface RunConflict {
  readonly task: string;
  readonly lane: string;
  readonly with: string;
  readonly files: readonly string[];
}

export interface Run {
  readonly id: string;
  readonly spec: string;
  readonly specTitle: string;
  readonly specFolder: string;
  readonly specPath: string;
  readonly taskFiles: readonly string[];
  readonly specIgnored: boolean;
  readonly dialect: string;
  readonly repo: string;
  readonly base: string;
  readonly baseCommit: string;
  readonly integrationBranch: string;
  readonly integrationTip: string;
  /** How far a whole track is in the integration branch; absent for other specs and before its first integration. */
  readonly track?: 'active' | 'done';
  readonly journal: string;
  readonly options: RunOptions;
  readonly slots: number;
  /** Other changes that this one names as needed (OpenSpec). */
  readonly dependencies: readonly string[];
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** When anything last happened. */
  readonly lastAt: string;
  /** `finished` carries `status`; landed, rolled-back and abandoned come after it. */
  readonly state: 'running' | 'paused' | 'stopping' | 'finished' | 'landed' | 'rolled-back' | 'abandoned';
  readonly status: RunStatus | null;
  /** Why the run is paused, in words; '' when a person paused it. */
  readonly pauseReason: string;
  /** Paused to wait for a person's word (guided runs); `pauseReason` says where. */
  readonly atCheckpoint: boolean;
  /** How a run that is `stopping` ends: its agents are ended now, or come to their end first. Null while it is not stopping. */
  readonly ending: 'now' | 'current' | null;
  /** Guided runs: tasks done and phases ended when a person was last asked. */
  readonly checkpoint: { readonly done: number; readonly phases: readonly string[] };
  /** Why it asks; null for a planned checkpoint and for a pause by a person. Stays until it goes on. */
  readonly pauseCause: 'failure' | 'common-cause' | 'budget' | 'person' | null;
  /** Failed tasks that a person was asked about; one that is tried again may be asked about again. */
  readonly askedAbout: readonly string[];
  /** Tasks before which the file wants a person's word: those that the pause asks about, and those that a person let go on. */
  readonly barred: readonly string[];
  readonly cleared: readonly string[];
  /** How often a person let the run go on beyond its budget: each word is another budget. */
  readonly budgets: number;
  /** Stopped at a checkpoint because nobody was there to answer. */
  readonly stoppedWaiting: boolean;
  /** Stopped by a bound and not by a person. */
  readonly stopCause: 'failure' | 'run-timeout' | null;
  readonly stopReason: string;
  /** By name of the agent. */
  readonly limits: Limits;
  /** Bytes that are free and bytes that are needed where the worktrees are; null where there is room. */
  readonly lowDisk: { readonly free: number; readonly needed: number } | null;
  /** What all attempts cost so far, as far as agents report it. */
  readonly usage: Usage;
  /** In file order. */
  readonly order: readonly string[];
  readonly waves: readonly (readonly string[])[];
  readonly tasks: Readonly<Record<string, TaskRun>>;
  readonly lanes: Readonly<Record<string, LaneRun>>;
  readonly conflicts: readonly RunConflict[];
  readonly notices: readonly RunNotice[];
  /** Open tasks that appeared in the task files while the run went on and that it does not do. */
  readonly offered: readonly { readonly id: string; readonly title: string }[];
  readonly report: MergeReport | null;
  readonly landing: { readonly commit: string; readonly tag: string } | null;
  readonly rollback: { readonly commit: string; readonly tag: string } | null;
}

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
    pauseReason: '', atCheckpoint: false, ending: null, checkpoint: { done: 0, phases: [] }, pauseCause: null, askedAbout: [], barred: [], cleared: [], budgets: 1,
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
      return withTask(run, event.task, { state: 'pending', reason: event.reason, answer: event.answer ?? '', spent: 0, trail: [], ...(event.fresh ? { ranIn: null } : {}) }, touch);
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
  return changed(freed, { integrationTip: event.tip ?? event.commit, ...(event.track ? { track: event.track } : {}) }, touch);
}

function onTasksChanged(run: Run, event: Of<'tasks.changed'>): Run {
  const tasks = { ...run.tasks };
  for (const task of event.tasks) {
    const old = tasks[task.id];
    if (!old) tasks[task.id] = fresh(task);
    else if (old.state === 'pending') {
      // What the new text does not say is not left over from the old one.
      const { files: _files, verification: _verification, person: _person, ...kept } = old;
      tasks[task.id] = { ...kept, ...task };
    }
  }
  const set = (id: string, change: Partial<TaskRun>): void => {
    const old = tasks[id];
    if (old) tasks[id] = { ...old, ...change };
  };
  for (const id of event.ticked) set(id, { state: 'done', reason: 'ticked by hand', finishedAt: event.at, commit: null, note: '', laneCommit: '' });
  for (const id of event.reopened) set(id, { state: 'pending', reason: '', finishedAt: null });
  return { ...run, tasks, order: event.order.filter((id) => tasks[id] !== undefined), waves: event.waves, offered: run.offered.filter(({ id }) => tasks[id] === undefined) };
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
export function replay(events: readonly RunEvent[]): Run | null {
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
      return { ...onAsked(run, event), state: 'paused', pauseReason: event.reason ?? '', atCheckpoint: event.checkpoint ?? false, ...(event.checkpoint ? { checkpoint: { done: countTasks(run).done, phases: endedPhases(run) } } : {}) };
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
