/**
 * Which action comes next, from the run's state alone. Pure: resume is replay, then schedule.
 * Work-conserving: a task starts as soon as its own dependencies are integrated, a slot is free and nothing at work shares a file with it.
 * Which of several goes first is the outcome of a search around longest remaining path first (shared/priorities). Waves are only for display.
 */
import { listAt } from '../../../shared/list-at';
import { gateOfFix, openFixes } from '../../../shared/gates';
import { isActiveState, isBarred, type LaneRun, type Run, type TaskRun, type TaskRunState } from '../../../shared/run';
import type { RunStatus } from '../../../shared/events';
import { mostUnits } from '../../../shared/priorities';
import { needsPerson, waitsOutside } from '../../../shared/waiting';
import { isAtGate } from './gate-steps';
import { outlook } from './outlook';
import { mayRetry } from './retries';

export type Action =
  | { readonly type: 'start'; readonly task: string; readonly lane: string; readonly opens: boolean }
  | { readonly type: 'skip'; readonly task: string; readonly reason: string }
  | { readonly type: 'finish'; readonly status: RunStatus };

/** Task -> lane of dispatches that have not come to their end: of a start that the journal does not know yet, up to the last word about a failure. */
export type Claims = ReadonlyMap<string, string>;

const because: Partial<Record<TaskRunState, string>> = {
  failed: 'failed', blocked: 'is blocked', 'no-change': 'changed nothing', 'timed-out': 'timed out',
  interrupted: 'was interrupted', conflict: 'conflicts', skipped: 'was skipped',
};

/** The tasks of a run in the order of their lines, once over all of them: large runs are decided about often. */
interface Sorted {
  readonly active: readonly TaskRun[];
  /** Not started yet, or to be tried again. */
  readonly waiting: readonly TaskRun[];
  /** Ended without being done, and not to be tried again by itself. */
  readonly lost: readonly TaskRun[];
}

function sorted(run: Run, claims: Claims): Sorted {
  const active: TaskRun[] = [];
  const waiting: TaskRun[] = [];
  const lost: TaskRun[] = [];
  for (const task of [...run.order.map((id) => run.tasks[id]), ...openFixes(run)]) {
    if (!task || task.state === 'done') continue;
    const { id } = task;
    if (isActiveState(task.state) || (claims.size > 0 && claims.has(id))) active.push(task);
    else if (task.state === 'pending' || mayRetry(run, task)) waiting.push(task);
    else lost.push(task);
  }
  return { active, waiting, lost };
}

/** Task -> the lost task that it waits for, directly or through others; a skipped one passes its own cause on. Linear. */
function lostCauses({ waiting, lost }: Pick<Sorted, 'waiting' | 'lost'>): ReadonlyMap<string, TaskRun> {
  const users = new Map<string, TaskRun[]>();
  for (const task of [...waiting, ...lost]) for (const id of task.dependsOn) listAt(users, id).push(task);
  const causes = new Map<string, TaskRun>();
  const skippedLast = [...lost.filter((task) => task.state !== 'skipped'), ...lost.filter((task) => task.state === 'skipped')];
  for (const cause of skippedLast) {
    if (causes.has(cause.id)) continue;
    const reached = [cause];
    for (const from of reached) {
      for (const user of users.get(from.id) ?? []) {
        if (causes.has(user.id) || (user.state !== 'pending' && user.state !== 'skipped')) continue;
        causes.set(user.id, cause);
        reached.push(user);
      }
    }
  }
  return causes;
}

/** How many tasks may still start by themselves: those that wait for a lost one never will. */
export function stillToStart(run: Run): number {
  const tasks = sorted(run, new Map());
  if (tasks.waiting.length === 0 || tasks.lost.length === 0) return tasks.waiting.length;
  const causes = lostCauses(tasks);
  return tasks.waiting.filter((task) => task.state !== 'pending' || !causes.has(task.id)).length;
}

const whyLost = (cause: TaskRun): string => (waitsOutside(cause) ? `waits for ${cause.outside?.[0] ?? ''}, which is not part of this run` : isBarred(cause) ? 'is blocked in the task file' : because[cause.state] ?? 'failed');

function skips({ waiting, lost }: Pick<Sorted, 'waiting' | 'lost'>): Action[] {
  if (lost.length === 0) return [];
  const causes = lostCauses({ waiting, lost });
  return waiting.flatMap((task): Action[] => {
    const cause = task.state === 'pending' ? causes.get(task.id) : undefined;
    return cause ? [{ type: 'skip', task: task.id, reason: `dependency ${cause.id} ${whyLost(cause)}` }] : [];
  });
}

/** What waits for tasks that a mark in the file blocks, or that the run does not do, once nothing else is left to wait for: until then the file may change. */
function skipsAtLast(run: Run, { waiting, lost }: Sorted): Action[] {
  if (run.state !== 'running') return [];
  const outside = waiting.filter(waitsOutside);
  const rest = waiting.filter((task) => !waitsOutside(task));
  const skipped = [...outside.map((task): Action => ({ type: 'skip', task: task.id, reason: `dependency ${task.outside?.[0] ?? ''} is not part of this run` })), ...skips({ waiting: rest, lost: [...lost, ...outside] })];
  return skipped.length === waiting.length ? skipped : [];
}

/** What is at work, and what must not run beside it. */
class AtWork {
  readonly tasks: TaskRun[] = [];
  private readonly ids = new Set<string>();
  private readonly shared = new Set<string>();

  constructor(tasks: readonly TaskRun[]) {
    for (const task of tasks) this.add(task);
  }

  add(task: TaskRun): void {
    this.tasks.push(task);
    this.ids.add(task.id);
    for (const id of task.conflictsWith) this.shared.add(id);
  }

  admits(task: TaskRun): boolean {
    if (this.tasks.length === 0) return true;
    if (task.exclusive || this.tasks.some((other) => other.exclusive)) return false;
    return !this.shared.has(task.id) && !task.conflictsWith.some((id) => this.ids.has(id));
  }
}

/** Ready tasks in order of `priorities`, then of their lines. */
function inTurn(ready: readonly TaskRun[], priorityOf: (task: TaskRun) => number): readonly TaskRun[] {
  const priorities = new Map(ready.map((task) => [task.id, priorityOf(task)]));
  const own = (task: TaskRun): number => priorities.get(task.id) ?? 0;
  // Infinite ones have no difference; sorting is stable, so equals stay in the order of their lines.
  return [...ready].sort((a, b) => (own(a) === own(b) ? 0 : own(b) > own(a) ? 1 : -1));
}

/** As many of `queue` as fit beside `active`, first come, first served. */
function fitting(queue: readonly TaskRun[], active: readonly TaskRun[], slots: number): readonly TaskRun[] {
  const atWork = new AtWork(active);
  for (const task of queue) {
    if (atWork.tasks.length >= slots) break;
    if (atWork.admits(task)) atWork.add(task);
  }
  return atWork.tasks.slice(active.length);
}

/** What starts now, in order. The search is only asked when not everything that is ready fits. */
function chosen(run: Run, { active, waiting }: Sorted): readonly TaskRun[] {
  const isDone = (id: string): boolean => run.tasks[id]?.state === 'done';
  // At a gate only what mends it starts.
  const admitted = isAtGate(run) ? waiting.filter((task) => gateOfFix(run, task.id) !== null) : waiting;
  const ready = admitted.filter((task) => !task.held && !waitsOutside(task) && !needsPerson(run, task) && task.dependsOn.every(isDone));
  const isRetry = (task: TaskRun): boolean => task.attempts > 0;
  const byPath = fitting(inTurn(ready, (task) => (isRetry(task) ? Infinity : task.remaining)), active, run.slots);
  if (byPath.length === 0 || byPath.length === ready.length || waiting.length > mostUnits) return byPath;
  const priorities = outlook(run, waiting, active, isRetry);
  return fitting(inTurn(ready, (task) => priorities.get(task.id) ?? 0), active, run.slots);
}

const isOpen = (lane: LaneRun): boolean => lane.state === 'idle' || lane.state === 'working';

function freeName(run: Run, wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let n = 2; run.lanes[name] !== undefined || taken.has(name); n += 1) name = `${wanted}-${n}`;
  return name;
}

interface Places {
  readonly busy: ReadonlySet<string>;
  readonly opening: ReadonlySet<string>;
  /** Lane -> the task whose unfinished work it keeps: nobody else may enter. */
  readonly kept: ReadonlyMap<string, string>;
}

/** The lane for a task: where it ran before, its planned lane, any idle one, else a new one. */
function pickLane(run: Run, task: TaskRun, { busy, opening, kept }: Places): { lane: string; opens: boolean } | null {
  const isFree = (name: string): boolean => (kept.get(name) ?? task.id) === task.id;
  const idle = (name: string | null): boolean => name !== null && run.lanes[name]?.state === 'idle' && !busy.has(name) && isFree(name);
  if (task.attempts > 0 && idle(task.ranIn)) return { lane: task.ranIn ?? task.lane, opens: false };
  if (idle(task.lane)) return { lane: task.lane, opens: false };
  if (run.options.worktrees && gateOfFix(run, task.id) !== null) return { lane: freeName(run, task.lane, opening), opens: true };
  const open = Object.values(run.lanes).filter((lane) => isOpen(lane) && isFree(lane.name));
  if (open.length + opening.size < run.slots) return { lane: freeName(run, task.lane, opening), opens: true };
  const other = open.find((lane) => idle(lane.name));
  return other ? { lane: other.name, opens: false } : null;
}

function starts(run: Run, sorted: Sorted, claims: Claims): Action[] {
  if (sorted.active.length >= run.slots) return [];
  const busy = new Set(claims.values());
  const opening = new Set([...claims.values()].filter((lane) => run.lanes[lane] === undefined));
  const kept = new Map(sorted.waiting.flatMap((task) => (task.attempts > 0 && task.ranIn !== null ? [[task.ranIn, task.id] as const] : [])));
  const actions: Action[] = [];
  for (const task of chosen(run, sorted)) {
    const place = pickLane(run, task, { busy, opening, kept });
    if (!place) continue;
    actions.push({ type: 'start', task: task.id, ...place });
    busy.add(place.lane);
    if (place.opens) opening.add(place.lane);
  }
  return actions;
}

/** Whether a task still waits to be started: not started yet and not held, or to be tried again. */
export function mayStart(run: Run, id: string): boolean {
  const task = run.tasks[id];
  return task !== undefined && !task.held && !waitsOutside(task) && (task.state === 'pending' || mayRetry(run, task));
}

/** How a run ended, worst first, in the order of the exit codes. */
export function finalStatus(run: Run): RunStatus {
  const states = run.order.map((id) => run.tasks[id]?.state ?? 'done');
  if (run.stoppedWaiting) return 'waiting';
  if (run.stopCause === 'run-timeout') return 'timed-out';
  if ((run.state === 'stopping' && run.stopCause === null) || states.includes('interrupted')) return 'interrupted';
  if (states.some((state) => state === 'conflict' || state === 'no-change' || state === 'blocked')) return 'waiting';
  if (states.includes('timed-out')) return 'timed-out';
  return states.every((state) => state === 'done') ? 'done' : 'failed';
}

/** Something outside the tasks keeps every one of them from starting: it passes by itself. */
const isHeldBack = (run: Run): boolean => run.lowDisk !== null || run.limits[run.options.agent]?.active === true;

/** The next actions. Empty while agents work and nothing more may start. */
export function schedule(run: Run, claims: Claims = new Map()): readonly Action[] {
  if (run.state !== 'running' && run.state !== 'paused' && run.state !== 'stopping') return [];
  // A run that asks about failures waits for the answer: what needs them is not given up meanwhile, and it does not end below its question.
  if (run.state === 'paused' && (run.pauseCause === 'failure' || run.pauseCause === 'common-cause')) return [];
  const tasks = sorted(run, claims);
  const isBusy = tasks.active.length > 0;
  if (run.state === 'stopping') return isBusy ? [] : [{ type: 'finish', status: finalStatus(run) }];
  const skipped = skips({ waiting: tasks.waiting, lost: tasks.lost.filter((task) => !isBarred(task)) });
  if (skipped.length > 0) return skipped;
  const started = run.state === 'running' && !isHeldBack(run) ? starts(run, tasks, claims) : [];
  if (started.length > 0 || isBusy || isAtGate(run)) return started;
  if (tasks.waiting.length > 0) return skipsAtLast(run, tasks);
  return [{ type: 'finish', status: finalStatus(run) }];
}
