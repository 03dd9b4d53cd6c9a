/** A plan that is too large to be drawn task by task, as a plan of its phases or stories; some of them may be opened. Pure. */
import type { Edge, Plan } from '../../../shared/domain';
import { listAt } from '../../../shared/list-at';
import { planIndex } from '../../plan-index';
import { type TaskGroup, countRows, looksOf } from '../../tasks';
import { tally } from '../../tally';
import type { Mark } from '../../ui/status-mark';
import { type Column, byDepth } from './columns';

/** Boxes that a graph has at most: more could neither be read nor moved smoothly. */
export const graphAtMost = 1000;

/** A phase or story as one box. */
export interface GroupBox {
  readonly key: string;
  readonly title: string;
  /** `12 of 50 done, 1 failed`. */
  readonly words: string;
  readonly mark: Mark;
  /** Why its tasks cannot be drawn; null when they can. */
  readonly unavailable: string | null;
}

export interface Collapsed {
  /** The plan between boxes: a box has its own id, or that of its task. */
  readonly plan: Plan;
  readonly columns: readonly Column[];
  readonly boxes: ReadonlyMap<string, GroupBox>;
  /** Groups that are drawn by their tasks. */
  readonly opened: readonly { readonly key: string; readonly title: string }[];
  /** The box of each task that has a place in the plan. */
  readonly boxOf: ReadonlyMap<string, string>;
  /** What each phase or story is called, by the id that its box has while it is closed. */
  readonly titles: ReadonlyMap<string, string>;
}

/** Boxes that stand one above the other; a step of more takes several columns, so that all of it can be looked at. */
const stepAtMost = 20;

/** Columns of one step, each as tall as the others. */
function columnsOfStep(ids: readonly string[], step: number): Column[] {
  const parts = Math.ceil(ids.length / stepAtMost);
  const each = Math.ceil(ids.length / parts);
  return Array.from({ length: parts }, (_, part) => ({
    key: part === 0 ? `step ${step}` : `step ${step}, ${part + 1}`, title: `Step ${step}`, note: parts === 1 ? '' : `${part + 1} of ${parts}`, ids: ids.slice(part * each, (part + 1) * each),
  }));
}

/** Reasons of one pair that are kept. */
const reasonsKept = 40;

const boxId = (key: string): string => `\u0001${key}`;

/** Each reason of a pair of boxes once, the surest first: thousands of edges between two phases have the same line. Linear, as a large plan has 60,000 edges. */
function between(edges: readonly Edge[], boxOf: ReadonlyMap<string, string>): Edge[] {
  const numbers = new Map<string, number>();
  for (const box of boxOf.values()) if (!numbers.has(box)) numbers.set(box, numbers.size);
  const pairs = new Map<number, Edge[]>();
  for (const edge of edges) {
    const [task, dependsOn] = [boxOf.get(edge.task), boxOf.get(edge.dependsOn)];
    if (task === undefined || dependsOn === undefined || task === dependsOn) continue;
    const known = listAt(pairs, (numbers.get(task) ?? 0) * numbers.size + (numbers.get(dependsOn) ?? 0));
    if (known.length < reasonsKept && !known.some((one) => one.line === edge.line && one.reason === edge.reason && one.file === edge.file)) known.push({ ...edge, task, dependsOn });
  }
  return [...pairs.values()].flatMap((found) => found.sort((a, b) => b.confidence - a.confidence));
}

/** Neighbours that are one box count once. */
const withoutRepeats = (ids: readonly string[]): readonly string[] => ids.filter((id, index) => id !== ids[index - 1]);

function boxFor(group: TaskGroup, room: number): GroupBox {
  const { done, total } = countRows(group.rows);
  const [worst] = tally(group.rows.map((row) => row.state)).filter(({ tone }) => tone !== 'pending');
  return {
    key: group.key, title: group.title, words: [`${done} of ${total} done`, ...(worst === undefined ? [] : [worst.text])].join(', '),
    mark: worst?.tone ?? (done === total ? 'done' : looksOf({ state: 'pending', asks: '' }).mark),
    unavailable: group.rows.length > room ? `Its ${group.rows.length} tasks would make the graph too large. Close another one first.` : null,
  };
}

/** The plan by groups. `shown` are the tasks that have a place in the plan, `open` the keys of the groups that are drawn by their tasks; null when even the groups are too many. */
export function collapse(plan: Plan, groups: readonly TaskGroup[], shown: ReadonlySet<string>, open: ReadonlySet<string>): Collapsed | null {
  const present = groups.map((group): TaskGroup => ({ ...group, rows: group.rows.filter((row) => shown.has(row.id)) })).filter((group) => group.rows.length > 0);
  const opened = present.filter(({ key }) => open.has(key));
  const closed = present.filter(({ key }) => !open.has(key));
  const count = closed.length + opened.reduce((sum, group) => sum + group.rows.length, 0);
  if (present.length > graphAtMost || (opened.length > 0 && count > graphAtMost)) return null;
  const boxOf = new Map(present.flatMap(({ key, rows }) => rows.map((row) => [row.id, open.has(key) ? row.id : boxId(key)] as const)));
  const ids = present.flatMap(({ key, rows }) => (open.has(key) ? rows.map((row) => row.id) : [boxId(key)]));
  const boxed: Plan = {
    ...plan, edges: between(plan.edges, boxOf), waits: {}, criticalPath: withoutRepeats(plan.criticalPath.flatMap((id) => boxOf.get(id) ?? [])),
    conflicts: plan.conflicts.flatMap(({ a, b, path }) => { const [from, to] = [boxOf.get(a), boxOf.get(b)]; return from === a && to === b ? [{ a, b, path }] : []; }),
    cycles: (plan.cycles ?? []).map(({ path, closing }) => ({ path: withoutRepeats(path.flatMap((id) => boxOf.get(id) ?? [])), closing: { ...closing, task: boxOf.get(closing.task) ?? '', dependsOn: boxOf.get(closing.dependsOn) ?? '' } })),
  };
  const columns: string[][] = [];
  byDepth(ids, planIndex(boxed).waits, columns);
  return {
    plan: boxed, boxOf, titles: new Map(present.map(({ key, title }) => [boxId(key), title])), opened: opened.map(({ key, title }) => ({ key, title })),
    columns: columns.flatMap((members, index) => columnsOfStep(members, index + 1)),
    boxes: new Map(closed.map((group) => [boxId(group.key), boxFor(group, graphAtMost - count + 1)])),
  };
}
