/**
 * What edits of the task files mean for a run that is going (D24). Pure. A tick by hand, a mark that skips or a deleted line leaves a task out, a mark that
 * blocks holds it until it is taken away, new text reaches a task that has not started; tasks that appeared are offered, as nobody has asked for them yet. What has started or ended stays as it is.
 */
import type { Spec, Task } from '../../../shared/domain';
import type { RunTask } from '../../../shared/events';
import { goneReason, isActiveState, isBarred, isByHand, isLeftOut, leftOutReason, markerWords, type Run, type TaskRun } from '../../../shared/run';
import { askedAbout, needsPerson, outsideReason } from '../../../shared/waiting';
import { keptOrders } from './kept-orders';
import type { Selection } from './select';

export interface SpecEdits {
  /** Tasks that are in the files, open, asked for by the run's options, and not part of the run. */
  readonly offered: readonly { readonly id: string; readonly title: string }[];
  /** What becomes part of the run; null when nothing does. */
  readonly taken: {
    /** What has started already keeps what it was started with. */
    readonly tasks: readonly RunTask[];
    readonly ticked: readonly string[];
    readonly reopened: readonly string[];
    /** Marked as blocked before they began. */
    readonly blocked: readonly string[];
    /** Tasks that a person took out by marking them as skipped, or waiting ones by deleting the line, with why. */
    readonly skipped: readonly { readonly task: string; readonly reason: string }[];
    /** Ids of all tasks of the run, in file order. */
    readonly order: readonly string[];
    readonly waves: readonly (readonly string[])[];
  } | null;
  /** One clause for each thing a person should know; empty when only places moved. */
  readonly said: readonly string[];
  /** Why the files say nothing now, in sentences; absent where they say something. */
  readonly trouble?: string;
}

const list = (ids: readonly string[]): string => (ids.length > 1 ? `${ids.slice(0, -1).join(', ')} and ${ids[ids.length - 1] ?? ''}` : ids.join(''));
const clause = (ids: readonly string[], one: string, many: string): string[] => (ids.length === 0 ? [] : [`${list(ids)} ${ids.length === 1 ? one : many}`]);

const outsideWords = (id: string, outside: readonly string[]): readonly string[] => (outside.length === 0 ? [] : [`${id} ${outsideReason(outside)}`]);

/** Ids by position name another task once a task was inserted above. */
const isByPosition = (id: string): boolean => id.includes('#');

function hasMovedIds(run: Run, spec: Spec): boolean {
  const now = new Map(spec.tasks.map((task) => [task.id, task.textHash]));
  const hashes = new Set(now.values());
  return run.order.some((id) => {
    const task = run.tasks[id];
    return task !== undefined && isByPosition(id) && now.get(id) !== task.textHash && hashes.has(task.textHash);
  });
}

/** A change that a person would want to hear of; a line that only moved is none. */
function differs(task: TaskRun, now: RunTask): boolean {
  const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((id) => b.includes(id));
  return task.textHash !== now.textHash || !same(task.outside ?? [], now.outside ?? []) || task.title !== now.title || task.exclusive !== now.exclusive || !same(task.dependsOn, now.dependsOn) || !same(task.conflictsWith, now.conflictsWith);
}

const isPending = (task: TaskRun): boolean => task.state === 'pending';
/** Neither done nor at work: a person's tick settles it. */
const isOpen = (task: TaskRun): boolean => task.state !== 'done' && !isActiveState(task.state);

/** Places of tasks in the order of the files; tasks that are no longer there keep their place behind their former neighbour. */
function mergeOrder(run: Run, spec: Spec, known: ReadonlySet<string>): readonly string[] {
  const order = spec.tasks.map((task) => task.id).filter((id) => known.has(id));
  const present = new Set(order);
  run.order.forEach((id, index) => {
    if (present.has(id)) return;
    const before = run.order[index - 1];
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, id);
    present.add(id);
  });
  return order;
}

/**
 * The spec with the tasks at work open, whatever a tick or another mark in the file says: those that wait for them still do. So are blocked ones: a plan leaves them out,
 * and with them what they stand behind.
 */
export function withWorkOpen(spec: Spec, run: Run): Spec {
  const atWork = (id: string): boolean => isActiveState(run.tasks[id]?.state ?? 'pending');
  return { ...spec, tasks: spec.tasks.map((task) => (((task.done || task.state === 'skipped') && atWork(task.id)) || (task.state === 'blocked' && !task.done) ? { ...task, done: false, state: 'open' as const } : task)) };
}

/**
 * The lane of each task of a new selection. A lane keeps its name for the whole run, however the plan deals its tasks out by now: what the run knows stays
 * where it is, and a task that was added goes to the lane that most of its new neighbours are in, else to one of a name that the run never used.
 */
function keptLanes(run: Run, selected: readonly RunTask[]): (task: RunTask) => string {
  const votes = new Map<string, Map<string, number>>();
  for (const { id, lane } of selected) {
    const known = run.tasks[id]?.lane;
    const counts = votes.get(lane) ?? new Map<string, number>();
    votes.set(lane, counts);
    if (known !== undefined) counts.set(known, (counts.get(known) ?? 0) + 1);
  }
  const used = new Set([...Object.keys(run.lanes), ...Object.values(run.tasks).map((task) => task.lane)]);
  const names = new Map([...votes].map(([lane, counts]) => {
    const [most] = [...counts].sort((a, b) => b[1] - a[1]);
    let name = most?.[0] ?? lane;
    for (let n = 2; most === undefined && used.has(name); n += 1) name = `${lane}-${n}`;
    used.add(name);
    return [lane, name];
  }));
  return ({ id, lane }) => run.tasks[id]?.lane ?? names.get(lane) ?? lane;
}

/** Waiting tasks before which the file wants a person's word now and did not, or for something else, by what it wants it for. */
function askedFor(tasks: readonly TaskRun[], now: ReadonlyMap<string, RunTask>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const task of tasks) {
    const person = now.get(task.id)?.person;
    if (person !== undefined && isPending(task) && markerWords(person) !== markerWords(task.person)) found.set(person, [...found.get(person) ?? [], task.id]);
  }
  return found;
}

/** The clauses about markers that want a person, and whether the run has to know. A line that moved is told to a run that asks about it, without a word. */
function markersOf(run: Run, tasks: readonly TaskRun[], now: ReadonlyMap<string, RunTask>): { readonly isNews: boolean; readonly said: readonly string[] } {
  const asked = askedFor(tasks, now);
  const freed = tasks.filter((task) => isPending(task) && needsPerson(run, task) && now.get(task.id) !== undefined && now.get(task.id)?.person === undefined).map((task) => task.id);
  const said = [...[...asked].map(([person, ids]) => `a person is needed before ${list(ids)} now: ${person}`), ...(freed.length === 0 ? [] : [`no person is needed before ${list(freed)} any more`])];
  const hasMoved = askedAbout(run).some((task) => now.get(task.id) !== undefined && now.get(task.id)?.person !== task.person);
  return { isNews: said.length > 0 || hasMoved, said };
}

/** What the line of a task says now. */
type Mark = 'open' | 'ticked' | 'skipped' | 'blocked' | 'gone';

function markOf(line: Task | undefined): Mark {
  if (line === undefined) return 'gone';
  if (line.state === 'skipped') return 'skipped';
  if (line.done) return 'ticked';
  return line.state === 'blocked' ? 'blocked' : 'open';
}

interface Marks {
  readonly ticked: readonly string[];
  readonly blocked: readonly string[];
  readonly reopened: readonly string[];
  readonly leftOut: readonly string[];
  readonly removed: readonly string[];
}

/** What the marks in the files mean for the tasks of a run. What marks alone settled, they can settle anew. */
function marksOf(tasks: readonly TaskRun[], inFile: ReadonlyMap<string, Task>): Marks {
  const settled = (task: TaskRun): boolean => isByHand(task) || isLeftOut(task) || isBarred(task);
  const isWaiting = (task: TaskRun): boolean => isPending(task) || isBarred(task);
  const ids = (mark: Mark, applies: (task: TaskRun) => boolean): readonly string[] => tasks.filter((task) => markOf(inFile.get(task.id)) === mark && applies(task)).map((task) => task.id);
  return {
    ticked: ids('ticked', isOpen),
    blocked: ids('blocked', (task) => isPending(task) || (settled(task) && !isBarred(task))),
    reopened: ids('open', settled),
    leftOut: ids('skipped', (task) => (isOpen(task) && task.state !== 'skipped') || isByHand(task)),
    removed: ids('gone', isWaiting),
  };
}

const goesOn: Readonly<Record<Mark, readonly [one: string, many: string]>> = {
  open: ['was edited while an agent works on it, which goes on with what it was told', 'were edited while agents work on them, which go on with what they were told'],
  ticked: ['was ticked by hand while an agent works on it, which goes on', 'were ticked by hand while agents work on them, which go on'],
  skipped: ['was marked as skipped while an agent works on it, which goes on', 'were marked as skipped while agents work on them, which go on'],
  blocked: ['was marked as blocked while an agent works on it, which goes on', 'were marked as blocked while agents work on them, which go on'],
  gone: ['is gone from the file while an agent works on it, which goes on; what waits for it still does', 'are gone from the file while agents work on them, which go on; what waits for them still does'],
};

/** The clauses about tasks at work, whose lines change nothing for them any more. `seen`: the lines as they were when it was looked last, so that each change is said once. */
function atWork(tasks: readonly TaskRun[], inFile: ReadonlyMap<string, Task>, seen: ReadonlyMap<string, Task> | null): readonly string[] {
  const active = tasks.filter((task) => isActiveState(task.state)).flatMap((task) => {
    const [line, before] = [inFile.get(task.id), seen?.get(task.id)];
    const mark = markOf(line);
    const isAsTold = mark === 'open' && line?.textHash === task.textHash;
    const isAsSeen = seen !== null && mark === markOf(before) && line?.textHash === before?.textHash;
    return isAsTold || isAsSeen ? [] : [{ id: task.id, mark }];
  });
  const marks: readonly Mark[] = ['open', 'ticked', 'skipped', 'blocked', 'gone'];
  return marks.flatMap((mark) => clause(active.filter((one) => one.mark === mark).map(({ id }) => id), ...goesOn[mark]));
}

/** What a run tells of edits; '' for nothing. */
export const editWords = ({ said, trouble }: Pick<SpecEdits, 'said' | 'trouble'>): string => trouble ?? (said.length === 0 ? '' : `The task file was edited: ${said.join('; ')}.`);

const linesOf = (spec: Spec): ReadonlyMap<string, Task> => new Map(spec.tasks.map((task) => [task.id, task]));

/** Compares the task files as they are now with the run; `selection` comes from the plan of `withWorkOpen`. `takeAdded`: the person wants tasks that appeared to be done as well. `seen`: the files as they were when it was looked last; null for the first look. */
export function compareSpec(run: Run, now: { readonly spec: Spec; readonly selection: Selection }, takeAdded: boolean, seen: Spec | null = null): SpecEdits {
  const offeredBefore = new Set(run.offered.map((task) => task.id));
  if (hasMovedIds(run, now.spec)) {
    return { offered: [], taken: null, said: ['tasks without ids of their own were inserted, so that all numbers below moved; the run goes on with the plan it has'] };
  }
  const inFile = linesOf(now.spec);
  const appeared = now.selection.tasks.filter((task) => run.tasks[task.id] === undefined && inFile.get(task.id)?.state !== 'blocked');
  const added = takeAdded ? appeared.map((task) => task.id) : [];
  const known = new Set([...run.order, ...added]);
  const orders = keptOrders({ run, spec: now.spec, planned: now.selection.tasks, known });
  const within = (task: RunTask): RunTask => {
    const outside = [...new Set((now.selection.stated.get(task.id) ?? []).filter((id) => !known.has(id)))];
    return { ...task, dependsOn: [...orders.get(task.id) ?? []], conflictsWith: task.conflictsWith.filter((id) => known.has(id)), ...(outside.length === 0 ? {} : { outside }) };
  };
  const lane = keptLanes(run, now.selection.tasks);
  const selected = now.selection.tasks.filter((task) => known.has(task.id)).map(within).map((task) => ({ ...task, lane: lane(task) }))
    .map((task) => (run.tasks[task.id]?.textHash === task.textHash && run.tasks[task.id]?.fromEdit !== true ? task : { ...task, fromEdit: true }));
  const old = run.order.flatMap((id) => run.tasks[id] ?? []);
  const selectedById = new Map(selected.map((task) => [task.id, task]));
  const changed = old.filter((task) => isPending(task) && differs(task, selectedById.get(task.id) ?? task));
  const { ticked, blocked, reopened, leftOut, removed } = marksOf(old, inFile);
  const markers = markersOf(run, old, selectedById);
  const isNews = markers.isNews || [added, changed, ticked, blocked, reopened, leftOut, removed].some((ids) => ids.length > 0);
  const offered = takeAdded ? [] : appeared.map(({ id, title }) => ({ id, title }));
  return {
    offered,
    taken: isNews ? { tasks: selected, ticked, reopened, blocked, skipped: [...leftOut.map((task) => ({ task, reason: leftOutReason })), ...removed.map((task) => ({ task, reason: goneReason }))], order: mergeOrder(run, now.spec, known), waves: now.selection.waves.map((wave) => wave.filter((id) => known.has(id))).filter((wave) => wave.length > 0) } : null,
    said: [
      ...clause(offered.map((task) => task.id).filter((id) => !offeredBefore.has(id)), 'was added and is not part of this run', 'were added and are not part of this run'),
      ...clause(added, 'was added and is part of the run now', 'were added and are part of the run now'),
      ...clause(ticked, 'was ticked by hand and is left out', 'were ticked by hand and are left out'),
      ...clause(leftOut, 'was marked as skipped and is left out', 'were marked as skipped and are left out'),
      ...clause(blocked, 'was marked as blocked and does not start', 'were marked as blocked and do not start'),
      ...clause(reopened, 'is open again', 'are open again'),
      ...clause(changed.map((task) => task.id), 'has a new text or new dependencies', 'have a new text or new dependencies'),
      ...changed.flatMap(({ id }) => outsideWords(id, selectedById.get(id)?.outside ?? [])),
      ...atWork(old, inFile, seen === null ? null : linesOf(seen)),
      ...clause(removed, 'is gone from the file and is left out', 'are gone from the file and are left out'),
      ...markers.said,
    ],
  };
}
