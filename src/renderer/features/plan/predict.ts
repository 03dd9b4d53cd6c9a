/** When each task would start and end with a number of slots, in the order that the run itself would foresee at its beginning. */
import type { Plan, Spec } from '../../../shared/domain';
import { durationsOf } from '../../../shared/durations';
import { listAt } from '../../../shared/list-at';
import { mostUnits, prioritiesOf } from '../../../shared/priorities';
import { type Run, type TaskRun, isByHand, isLeftOut } from '../../../shared/run';

/** `weight` is a duration in units of the median task; `remaining` the longest path from here to an end, the task included. */
export interface PlannedTask {
  readonly id: string;
  readonly weight: number;
  readonly remaining: number;
  readonly dependsOn: readonly string[];
  readonly conflictsWith: readonly string[];
  /** Shares no time with any other task. */
  readonly exclusive: boolean;
}

/** Why a task starts when it does, and not before. */
export type Wait =
  | { readonly kind: 'none' }
  | { readonly kind: 'after'; readonly id: string }
  | { readonly kind: 'slot' }
  | { readonly kind: 'shares'; readonly id: string }
  | { readonly kind: 'alone' };

/** `start` and `end` in units of the median task; `slot` from 0. */
export interface PredictedBar {
  readonly id: string;
  readonly slot: number;
  readonly start: number;
  readonly end: number;
  readonly wait: Wait;
}

export interface Prediction {
  readonly bars: readonly PredictedBar[];
  readonly end: number;
}

interface Waiting {
  readonly task: PlannedTask;
  /** Position in the file, for ties. */
  readonly rank: number;
  /** The higher the earlier. */
  readonly priority: number;
  readonly readyAt: number;
  readonly last: string | null;
  /** What kept it from its turn while a slot was free. */
  kept: Wait | null;
}

/** How many ready tasks are tried when those before them must not run now. */
const lookahead = 200;

/** What keeps a task from running beside the others; null when nothing does. */
function obstacle(task: PlannedTask, running: ReadonlyMap<string, PlannedTask>): Wait | null {
  if (running.size === 0) return null;
  if (task.exclusive) return { kind: 'alone' };
  for (const other of running.values()) {
    if (other.exclusive) return { kind: 'alone' };
    if (other.conflictsWith.includes(task.id) || task.conflictsWith.includes(other.id)) return { kind: 'shares', id: other.id };
  }
  return null;
}

class Schedule {
  readonly bars: PredictedBar[] = [];
  private readonly ready: Waiting[] = [];
  private readonly running = new Map<string, PlannedTask>();
  private readonly ends = new Map<string, number>();
  private readonly slots: (string | null)[];
  private readonly lastIn: (string | null)[];
  private now = 0;

  constructor(count: number) {
    this.slots = Array.from({ length: count }, () => null);
    this.lastIn = [...this.slots];
  }

  /** Puts a task among the ready ones: highest priority first, then file order. */
  offer(task: PlannedTask, rank: number, priority: number): void {
    const last = task.dependsOn.reduce<string | null>((found, id) => ((this.ends.get(id) ?? -1) > (found === null ? -1 : this.ends.get(found) ?? -1) ? id : found), null);
    const waiting: Waiting = { task, rank, priority, readyAt: this.now, last, kept: null };
    const isBefore = (other: Waiting): boolean => other.priority > priority || (other.priority === priority && other.rank < rank);
    let low = 0;
    for (let high = this.ready.length; low < high;) {
      const middle = (low + high) >> 1;
      const other = this.ready[middle];
      if (other !== undefined && isBefore(other)) low = middle + 1;
      else high = middle;
    }
    this.ready.splice(low, 0, waiting);
  }

  /** Starts whatever may start now. */
  fill(): void {
    for (let at = 0, tried = 0; at < this.ready.length && tried < lookahead && this.running.size < this.slots.length; tried += 1) {
      const waiting = this.ready[at];
      if (waiting === undefined) return;
      const kept = obstacle(waiting.task, this.running);
      if (kept === null) {
        this.ready.splice(at, 1);
        this.begin(waiting);
      } else {
        waiting.kept = kept;
        at += 1;
      }
    }
  }

  private begin({ task, readyAt, last, kept }: Waiting): void {
    const isFree = (slot: number): boolean => this.slots[slot] === null;
    const near = this.lastIn.findIndex((id, slot) => isFree(slot) && id !== null && task.dependsOn.includes(id));
    const slot = near >= 0 ? near : this.slots.indexOf(null);
    const end = this.now + task.weight;
    const wait: Wait = this.now > readyAt ? kept ?? { kind: 'slot' } : last === null ? { kind: 'none' } : { kind: 'after', id: last };
    this.slots[slot] = task.id;
    this.lastIn[slot] = task.id;
    this.running.set(task.id, task);
    this.ends.set(task.id, end);
    this.bars.push({ id: task.id, slot, start: this.now, end, wait });
  }

  /** Goes on to the next end; returns the tasks that end there, none when nothing runs. */
  next(): readonly string[] {
    let soonest = Infinity;
    for (const id of this.running.keys()) soonest = Math.min(soonest, this.ends.get(id) ?? Infinity);
    const ended = [...this.running.keys()].filter((id) => this.ends.get(id) === soonest);
    for (const id of ended) {
      this.running.delete(id);
      this.slots[this.slots.indexOf(id)] = null;
    }
    if (ended.length > 0) this.now = soonest;
    return ended;
  }
}

/** By task, how early it should go: the same search as in the run. */
function prioritiesFor(tasks: readonly PlannedTask[], ranks: ReadonlyMap<string, number>, slots: number): Float64Array {
  if (tasks.length > mostUnits) return Float64Array.from(tasks, (task) => task.remaining);
  const positions = (ids: readonly string[]): number[] => ids.flatMap((id) => ranks.get(id) ?? []);
  const units = tasks.map(({ weight, remaining, dependsOn, conflictsWith, exclusive }) => ({ weight, remaining, waits: positions(dependsOn), clashes: positions(conflictsWith), alone: exclusive }));
  return prioritiesOf(units, { slots, running: new Map() });
}

/** The schedule of the tasks in `slots` lanes (1 or more). Dependencies on tasks that are not given count as met; tasks in a circle are left out. */
export function predict(tasks: readonly PlannedTask[], slots: number): Prediction {
  const count = Math.max(1, Math.floor(slots));
  const schedule = new Schedule(count);
  const ranks = new Map(tasks.map((task, index) => [task.id, index]));
  const priorities = prioritiesFor(tasks, ranks, count);
  const users = new Map<string, PlannedTask[]>();
  const missing = new Map<string, number>();
  for (const task of tasks) {
    const waits = new Set(task.dependsOn.filter((id) => ranks.has(id)));
    missing.set(task.id, waits.size);
    for (const id of waits) listAt(users, id).push(task);
  }
  const offer = (task: PlannedTask): void => {
    const rank = ranks.get(task.id) ?? 0;
    schedule.offer(task, rank, priorities[rank] ?? 0);
  };
  for (const task of tasks) if (missing.get(task.id) === 0) offer(task);
  for (schedule.fill();;) {
    const ended = schedule.next();
    if (ended.length === 0) break;
    for (const id of ended) {
      for (const user of users.get(id) ?? []) {
        const left = (missing.get(user.id) ?? 0) - 1;
        missing.set(user.id, left);
        if (left === 0) offer(user);
      }
    }
    schedule.fill();
  }
  return { bars: schedule.bars, end: schedule.bars.reduce((last, bar) => Math.max(last, bar.end), 0) };
}

/** The open tasks of a plan as the prediction takes them. */
export function plannedTasks(spec: Spec | null, plan: Plan): readonly PlannedTask[] {
  const open = plan.waves.flat();
  const durations = durationsOf(plan);
  const known = new Map((spec?.tasks ?? []).map((task) => [task.id, task]));
  const conflicts = new Map<string, string[]>();
  for (const { a, b } of plan.conflicts) {
    listAt(conflicts, a).push(b);
    listAt(conflicts, b).push(a);
  }
  return open.map((id) => {
    const task = known.get(id);
    return {
      id, remaining: plan.remaining[id] ?? 1, weight: durations.get(id) ?? 1,
      dependsOn: plan.waits[id] ?? [], conflictsWith: conflicts.get(id) ?? [], exclusive: task !== undefined && task.files.length === 0 && !task.parallel,
    };
  });
}

/** What a person has taken out of a run by the task file: ticked by hand, or deleted or marked as skipped before it began. */
const isTakenOut = (task: TaskRun): boolean => isByHand(task) || isLeftOut(task);

/** The tasks that a run is to do, as they were planned when it began or came to it; what a person has taken out since is no part of it. */
export function plannedOfRun(run: Run): readonly PlannedTask[] {
  return run.order.flatMap((id) => run.tasks[id] ?? []).filter((task) => !isTakenOut(task))
    .map(({ id, weight, remaining, dependsOn, conflictsWith, exclusive }) => ({ id, weight, remaining, dependsOn, conflictsWith, exclusive }));
}
