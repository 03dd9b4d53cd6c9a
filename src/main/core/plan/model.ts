/** A spec as the planner sees it: units of dispatch in file order, and groups (phases, in order) that they stand in. */
import type { Phase, Spec, Task } from '../../../shared/domain';
import { listAt } from '../../../shared/list-at';

/** A task without a parent, together with everything nested in it. */
export interface Unit {
  readonly index: number;
  readonly task: Task;
  readonly group: number;
  /** Tasks nested in it, at any depth. */
  readonly inner: readonly Task[];
  readonly files: readonly string[];
}

/** Consecutive units of one phase; units outside any phase form groups of their own. */
export interface Group {
  readonly index: number;
  readonly phase: Phase | null;
  readonly kind: Phase['kind'];
  readonly members: readonly number[];
}

export interface Model {
  readonly spec: Spec;
  readonly units: readonly Unit[];
  readonly groups: readonly Group[];
  /** Task id (of units and of what is nested in them, members of id ranges too) -> unit. */
  readonly unitOf: ReadonlyMap<string, number>;
}

/** Ids that an id such as `T029-T031` or `T001+T003` stands for. */
export function membersOf(id: string): string[] {
  if (!id.includes('-')) return id.includes('+') ? id.split('+') : [];
  const range = /^(.*?)(\d+)([a-z]?)-(.*?)(\d+)[a-z]?$/i.exec(id);
  if (range?.[2] && range[5] && range[1] !== '' && range[1] === range[4]) {
    const from = Number(range[2]);
    const to = Number(range[5]);
    const width = range[2].length;
    if (to > from && to - from < 500) return Array.from({ length: to - from + 1 }, (_, i) => `${range[1] ?? ''}${String(from + i).padStart(width, '0')}`);
  }
  return id.includes('+') ? id.split('+') : [];
}

/** A task that needs nothing more: dependants may start. */
export const isSatisfied = (task: Task): boolean => task.done || task.state === 'skipped';

/** A task that a run may dispatch. Blocked ones wait for a person; unknown and active marks count as open. */
export const isOpen = (task: Task): boolean => !isSatisfied(task) && task.state !== 'blocked';

/** What ids and phases mean within one of several task files. */
export interface Scope {
  /** Ids as that file writes them -> unit. */
  readonly unitOf: ReadonlyMap<string, number>;
  readonly groups: readonly Group[];
}

/** `ui-tasks:1.1` -> `1.1`, `ui-tasks#2` -> `#2`: reading several files puts the file's name before ids that repeat. */
export const asWritten = (id: string): string => id.replace(/^[^#]*(?=#)|^.*:/, '');

/** The ids and phases of one task file. Pure, linear in the number of tasks. */
export function scopeOf({ spec, units, groups, unitOf }: Model, file: string): Scope {
  const own = new Map<string, number>();
  const tasks = spec.tasks.filter((task) => task.file === file);
  const put = (id: string, task: Task): void => {
    const unit = unitOf.get(task.id);
    if (unit !== undefined && !own.has(id)) own.set(id, unit);
  };
  for (const task of tasks) put(asWritten(task.id), task);
  for (const task of tasks) for (const id of membersOf(asWritten(task.id))) put(id, task);
  return { unitOf: own, groups: groups.filter(({ members }) => units[members[0] ?? -1]?.task.file === file) };
}

function groupsOf(roots: readonly Task[]): { groups: Group[]; groupOf: number[] } {
  const groups: (Group & { members: number[] })[] = [];
  const groupOf: number[] = [];
  let last: Task | null = null;
  roots.forEach((task, index) => {
    const same = last !== null && last.phase?.index === task.phase?.index && (task.phase !== null || last.file === task.file);
    if (!same) groups.push({ index: groups.length, phase: task.phase, kind: task.phase?.kind ?? 'other', members: [] });
    groups.at(-1)?.members.push(index);
    groupOf.push(groups.length - 1);
    last = task;
  });
  return { groups, groupOf };
}

const none: readonly Task[] = [];

/** Tasks that are nested in no other one. */
function rootsOf(tasks: readonly Task[]): readonly Task[] {
  if (tasks.every((task) => task.parent === null)) return tasks;
  const known = new Set(tasks.map((task) => task.id));
  return tasks.filter((task) => task.parent === null || !known.has(task.parent));
}

/** Phases that spec-kit's converge command appends: what they mend may lie anywhere, so they come after everything before them. */
export const isConvergence = ({ phase, kind }: Group): boolean => kind === 'polish' && /^[^\p{L}]*Convergence\b/iu.test(phase?.title ?? '');

/** Builds the model. Pure, linear in the number of tasks. */
export function modelOf(spec: Spec): Model {
  const roots = rootsOf(spec.tasks);
  const { groups, groupOf } = groupsOf(roots);
  const unitOf = new Map<string, number>();
  roots.forEach((task, index) => unitOf.set(task.id, index));
  const nested = new Map<number, Task[]>();
  if (roots.length < spec.tasks.length) for (const task of spec.tasks) {
    const unit = task.parent === null ? undefined : unitOf.get(task.parent);
    if (unit === undefined || unitOf.has(task.id)) continue;
    unitOf.set(task.id, unit);
    listAt(nested, unit).push(task);
  }
  roots.forEach(({ id: own }, index) => {
    // Ranges and sums alone stand for others.
    if (own.includes('-') || own.includes('+')) for (const id of membersOf(own)) if (!unitOf.has(id)) unitOf.set(id, index);
  });
  const units = roots.map((task, index): Unit => {
    const group = groupOf[index] ?? 0;
    const inner = nested.size === 0 ? undefined : nested.get(index);
    if (!inner) return { index, task, group, inner: none, files: task.files };
    return { index, task, group, inner, files: [...new Set([...task.files, ...inner.flatMap((one) => one.files)])] };
  });
  return { spec, units, groups, unitOf };
}
