/**
 * Which action comes next, from the run's state alone. Pure: resume is replay, then schedule.
 * Work-conserving: a task starts as soon as its own dependencies are integrated and a slot is free; longest remaining
 * path first (the critical-path rule of list scheduling, Graham 1969). Waves are only for display.
 */
import type { LaneRun, Run, TaskRun, TaskRunState } from '../../../shared/run';
import type { RunStatus } from '../../../shared/events';

export type Action =
  | { readonly type: 'start'; readonly task: string; readonly lane: string; readonly opens: boolean }
  | { readonly type: 'skip'; readonly task: string; readonly reason: string }
  | { readonly type: 'finish'; readonly status: RunStatus };

/** Task -> lane of starts that were decided but are not in the journal yet. */
export type Claims = ReadonlyMap<string, string>;

const activeStates: readonly TaskRunState[] = ['running', 'checking', 'integrating'];
const because: Partial<Record<TaskRunState, string>> = {
  failed: 'failed', blocked: 'is blocked', 'no-change': 'changed nothing', 'timed-out': 'timed out',
  interrupted: 'was interrupted', conflict: 'conflicts', skipped: 'was skipped',
};

const isActive = (task: TaskRun, claims: Claims): boolean => activeStates.includes(task.state) || claims.has(task.id);

/** A failed or timed-out task that still has attempts left. */
export function mayRetry(run: Run, task: TaskRun): boolean {
  return (task.state === 'failed' || task.state === 'timed-out') && task.attempts > 0 && task.attempts <= run.options.retries;
}

/** Ended without being done, and not to be tried again by itself. */
const isLost = (run: Run, task: TaskRun): boolean => because[task.state] !== undefined && !mayRetry(run, task);

const inOrder = (run: Run): TaskRun[] => run.order.flatMap((id) => run.tasks[id] ?? []);

/** The first lost task that `task` waits for, directly or through others; a skipped one passes its own cause on. */
function lostCause(run: Run, task: TaskRun, seen: Set<string>): TaskRun | null {
  for (const id of task.dependsOn) {
    const dependency = run.tasks[id];
    if (!dependency || seen.has(id)) continue;
    seen.add(id);
    const deeper = dependency.state === 'skipped' || dependency.state === 'pending' ? lostCause(run, dependency, seen) : null;
    if (deeper) return deeper;
    if (isLost(run, dependency)) return dependency;
  }
  return null;
}

function skips(run: Run): Action[] {
  const actions: Action[] = [];
  for (const task of inOrder(run)) {
    if (task.state !== 'pending') continue;
    const cause = lostCause(run, task, new Set());
    if (cause) actions.push({ type: 'skip', task: task.id, reason: `dependency ${cause.id} ${because[cause.state] ?? 'failed'}` });
  }
  return actions;
}

function clash(a: TaskRun, b: TaskRun): boolean {
  return a.exclusive || b.exclusive || a.conflictsWith.includes(b.id) || b.conflictsWith.includes(a.id);
}

/** Ready tasks, best first. Of two ready tasks that share a file the earlier line goes first. */
function readyTasks(run: Run, active: readonly TaskRun[]): TaskRun[] {
  const ready = inOrder(run).filter((task) =>
    (task.state === 'pending' || mayRetry(run, task)) && !active.includes(task) &&
    task.dependsOn.every((id) => run.tasks[id]?.state === 'done') && !active.some((other) => clash(task, other)));
  const rank = new Map(run.order.map((id, index) => [id, index]));
  const place = (task: TaskRun): number => rank.get(task.id) ?? 0;
  const deferred = (task: TaskRun): boolean =>
    ready.some((other) => other !== task && place(other) < place(task) && (other.conflictsWith.includes(task.id) || task.conflictsWith.includes(other.id)));
  return ready
    .filter((task) => !deferred(task))
    .sort((a, b) => Number(b.attempts > 0) - Number(a.attempts > 0) || b.remaining - a.remaining || place(a) - place(b));
}

const isOpen = (lane: LaneRun): boolean => lane.state === 'idle' || lane.state === 'working';

function freeName(run: Run, wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let n = 2; run.lanes[name] !== undefined || taken.has(name); n += 1) name = `${wanted}-${n}`;
  return name;
}

/** The lane for a task: where it ran before, its planned lane, any idle one, else a new one. */
function pickLane(run: Run, task: TaskRun, busy: ReadonlySet<string>, opening: ReadonlySet<string>): { lane: string; opens: boolean } | null {
  const idle = (name: string | null): boolean => name !== null && run.lanes[name]?.state === 'idle' && !busy.has(name);
  if (task.attempts > 0 && idle(task.ranIn)) return { lane: task.ranIn ?? task.lane, opens: false };
  if (idle(task.lane)) return { lane: task.lane, opens: false };
  const open = Object.values(run.lanes).filter(isOpen);
  if (open.length + opening.size < run.slots) return { lane: freeName(run, task.lane, opening), opens: true };
  const other = open.find((lane) => idle(lane.name));
  return other ? { lane: other.name, opens: false } : null;
}

function starts(run: Run, claims: Claims): Action[] {
  const active = inOrder(run).filter((task) => isActive(task, claims));
  const busy = new Set(claims.values());
  const opening = new Set([...claims.values()].filter((lane) => run.lanes[lane] === undefined));
  const actions: Action[] = [];
  while (active.length < run.slots) {
    const task = readyTasks(run, active)[0];
    const place = task ? pickLane(run, task, busy, opening) : null;
    if (!task || !place) break;
    actions.push({ type: 'start', task: task.id, ...place });
    active.push(task);
    busy.add(place.lane);
    if (place.opens) opening.add(place.lane);
  }
  return actions;
}

/** How a run ended, worst first, in the order of the exit codes. */
export function finalStatus(run: Run): RunStatus {
  const states = inOrder(run).map((task) => task.state);
  if (run.state === 'stopping' || states.includes('interrupted')) return 'interrupted';
  if (states.some((state) => state === 'conflict' || state === 'no-change' || state === 'blocked')) return 'waiting';
  if (states.includes('timed-out')) return 'timed-out';
  return states.every((state) => state === 'done') ? 'done' : 'failed';
}

/** The next actions. Empty while agents work and nothing more may start. */
export function schedule(run: Run, claims: Claims = new Map()): readonly Action[] {
  if (run.state !== 'running' && run.state !== 'paused' && run.state !== 'stopping') return [];
  const isBusy = inOrder(run).some((task) => isActive(task, claims));
  if (run.state === 'stopping') return isBusy ? [] : [{ type: 'finish', status: finalStatus(run) }];
  const skipped = skips(run);
  if (skipped.length > 0) return skipped;
  const started = run.state === 'running' ? starts(run, claims) : [];
  if (started.length > 0 || isBusy) return started;
  const left = inOrder(run).some((task) => task.state === 'pending' || mayRetry(run, task));
  return left ? [] : [{ type: 'finish', status: finalStatus(run) }];
}
