/** The state of a run as a pure fold over its events; main and renderer share it, so both always agree. */
import { countStates, type TaskCounts } from './counts';
import type { RunEvent, RunTask } from './events';
import { addNotice, copied, foldTask, inPlace, laneIn, setLane, taskIn, type Draft, type TaskEvent, type Touch } from './fold-task';
import { foldGate, type GateEvent } from './gates';
import { foldLimits } from './limits';
import type { Run, TaskRun, TaskRunState } from './run-state';

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

/** Why a task that a person marked as skipped in the task file while the run went on is skipped; it waits again when the mark is taken away. */
export const leftOutReason = 'the task file marks it as skipped';

const barredReason = 'the task file marks it as blocked';

/** Whether a task is blocked by a person's mark in the task file, and not by its agent's question: it waits again when the mark is taken away. */
export const isBarred = (task: Pick<TaskRun, 'state' | 'reason'>): boolean => task.state === 'blocked' && task.reason === barredReason;

/** Whether a person took a task out of the run by its line in the task file. */
export const isLeftOut = (task: Pick<TaskRun, 'state' | 'reason'>): boolean => task.state === 'skipped' && (task.reason === goneReason || task.reason === leftOutReason);

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

/** What a marker of the file wants a person for, without its line, which moves with every edit above. */
export const markerWords = (person: string | undefined): string | undefined => person?.replace(/, line \d+$/, '');

/** What a run asks a person about a task, in words. */
export const personWords = (task: TaskRun): string => `A person is needed before ${task.id}: ${task.person ?? ''}`;

function onTasksChanged(run: Run, event: Of<'tasks.changed'>): Partial<Run> {
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
      const { files: _files, verification: _verification, person: _person, outside: _outside, ...kept } = old;
      tasks[task.id] = { ...kept, ...task };
    }
  }
  for (const id of event.ticked) set(id, { state: 'done', reason: 'ticked by hand', finishedAt: event.at, commit: null, note: '', laneCommit: '' });
  for (const id of event.blocked ?? []) set(id, { state: 'blocked', reason: barredReason, finishedAt: null, failure: null });
  // A person's word was about what the marker said then.
  const cleared = run.cleared.filter((id) => markerWords(run.tasks[id]?.person) === markerWords(tasks[id]?.person));
  // The same question, whose line has moved.
  const asked = run.barred.flatMap((id) => tasks[id] ?? []).map(personWords).find((words) => markerWords(words) === markerWords(run.pauseReason));
  return { tasks, cleared, pauseReason: asked ?? run.pauseReason, order: event.order.filter((id) => tasks[id] !== undefined), waves: event.waves, offered: run.offered.filter(({ id }) => tasks[id] === undefined) };
}

function onGate(run: Run, event: GateEvent, touch: Touch): Partial<Run> {
  const gates = foldGate(run.gates, event);
  switch (event.type) {
    case 'gate.opened':
      return { gates, checkpoint: { done: countTasks(run).done, phases: endedPhases(run) } };
    case 'gate.fixing':
      return { gates, tasks: Object.assign(touch(run.tasks), { [event.fix.id]: fresh(event.fix) }) };
    case 'gate.closed':
      return { gates, integrationTip: event.tip ?? run.integrationTip };
    case 'gate.reverting':
      // From here on the run stands where it is being taken back to; doing that can be repeated.
      return { gates, integrationTip: event.to };
    case 'gate.reverted': {
      const phases = new Set(gates.find(({ number }) => number === event.gate)?.phases);
      return { gates, checkpoint: { done: countTasks(run).done, phases: run.checkpoint.phases.filter((phase) => !phases.has(phase)) } };
    }
    default:
      return { gates };
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
  const next = { ...run };
  fold(next, event, copied);
  return next;
}

/** The run that all of its events make, null without `run.started`: as folding them with `reduce` one by one, in a time that grows with their number alone. */
export function replay(events: Iterable<RunEvent>): Run | null {
  let run: Draft<Run> | null = null;
  for (const event of events) {
    if (event.type === 'run.started') run = begin(event);
    else if (run !== null && run.id === event.run) fold(run, event, inPlace);
  }
  return run;
}

/** A pause that asks remembers what it asked about. */
const onAsked = (run: Run, { cause, tasks }: Of<'run.paused'>): Partial<Run> =>
  (cause === 'person' ? { pauseCause: cause, barred: tasks ?? [] } : { pauseCause: cause ?? null, askedAbout: [...new Set([...run.askedAbout, ...(tasks ?? [])])] });

type LaneEvent = Of<'lane.opened' | 'lane.parked' | 'lane.removed'>;

function onLane(run: Draft<Run>, event: LaneEvent, touch: Touch): void {
  switch (event.type) {
    case 'lane.opened':
      run.lanes = Object.assign(touch(run.lanes), { [event.lane]: { name: event.lane, branch: event.branch, worktree: event.worktree, state: 'idle', task: null, reason: '' } });
      return;
    case 'lane.parked': {
      const lane = laneIn(run, event.lane, touch);
      if (lane) Object.assign(lane, { state: 'parked', reason: event.reason, task: null });
      return;
    }
    case 'lane.removed':
      setLane(run, event.lane, 'removed', null, touch);
  }
}

function onConflict(run: Draft<Run>, event: Of<'conflict.found'>, touch: Touch): void {
  const task = taskIn(run, event.task, touch);
  if (task) Object.assign(task, { state: 'conflict', reason: `conflicts in ${event.files.join(', ')}` });
  setLane(run, event.lane, 'idle', null, touch);
  run.conflicts = [...run.conflicts, { task: event.task, lane: event.lane, with: event.with, files: event.files }];
}

type TouchingEvent = TaskEvent | LaneEvent | Of<'conflict.found' | 'notice' | 'spec.edited'>;

/** What an event about the run as a whole changes. */
function changeOf(run: Run, event: Exclude<RunEvent, { type: 'run.started' } | TouchingEvent | GateEvent>): Partial<Run> {
  switch (event.type) {
    case 'run.paused':
      return { ...onAsked(run, event), state: 'paused', pauseReason: event.reason ?? '', atCheckpoint: event.checkpoint ?? false, ...(event.checkpoint ? { checkpoint: { done: countTasks(run).done, phases: event.cause === undefined ? endedPhases(run) : run.checkpoint.phases } } : {}) };
    case 'run.resumed':
      return {
        state: 'running', status: null, finishedAt: null, report: null, pauseReason: '', atCheckpoint: false, ending: null, stoppedWaiting: false, stopCause: null, stopReason: '',
        pauseCause: null, barred: [],
        ...(event.unasked ? {} : { cleared: [...new Set([...run.cleared, ...run.barred])], budgets: run.budgets + (run.pauseCause === 'budget' ? 1 : 0) }),
      };
    case 'run.stopping':
      return { state: 'stopping', atCheckpoint: false, ending: event.after ?? 'now', stoppedWaiting: event.waiting ?? false, stopCause: event.because ?? null, stopReason: event.reason ?? '' };
    case 'agent.limited': case 'agent.released':
      return { limits: foldLimits(run.limits, event) };
    case 'disk.low':
      return { lowDisk: { free: event.free, needed: event.needed } };
    case 'disk.enough':
      return { lowDisk: null };
    case 'tasks.changed':
      return onTasksChanged(run, event);
    case 'landing.ready':
      return { report: event.report };
    case 'run.landed':
      return { state: 'landed', landing: { commit: event.commit, tag: event.tag }, rollback: null };
    case 'run.rolled-back':
      return { state: 'rolled-back', rollback: { commit: event.commit, tag: event.tag } };
    case 'run.abandoned':
      return { state: 'abandoned' };
    case 'run.finished':
      return { ...endActive(run), state: 'finished', atCheckpoint: false, ending: null, status: event.status, finishedAt: event.at };
  }
}

function fold(run: Draft<Run>, event: Exclude<RunEvent, { type: 'run.started' }>, touch: Touch): void {
  run.lastAt = event.at;
  switch (event.type) {
    case 'task.started': case 'task.reopened': case 'task.held': case 'task.checking': case 'task.finished': case 'task.skipped':
    case 'task.integrating': case 'task.integrated':
      return foldTask(run, event, touch);
    case 'notice':
      return addNotice(run, { at: event.at, level: event.level, code: event.code, text: event.text, task: event.task }, touch);
    case 'spec.edited':
      run.offered = event.offered;
      return addNotice(run, { at: event.at, level: 'info', code: 'spec-edited', text: event.text, task: null }, touch);
    case 'lane.opened': case 'lane.parked': case 'lane.removed':
      return onLane(run, event, touch);
    case 'conflict.found':
      return onConflict(run, event, touch);
    case 'gate.opened': case 'gate.checked': case 'gate.fixing': case 'gate.again': case 'gate.closed': case 'gate.reverting': case 'gate.reverted':
      Object.assign(run, onGate(run, event, touch));
      return undefined;
    default:
      Object.assign(run, changeOf(run, event));
      return undefined;
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
