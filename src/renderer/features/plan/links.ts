/** What is drawn between tasks: one link for each pair, which of them say nothing new, and which tasks share a file. */
import type { Edge, Plan } from '../../../shared/domain';
import { listAt } from '../../../shared/list-at';

/** How a link is drawn: written in the spec, by convention, only mentioned, or said by the person. */
export type LinkStyle = 'written' | 'usual' | 'mention' | 'user';

export interface Link {
  readonly id: string;
  readonly task: string;
  readonly dependsOn: string;
  /** Every reason of the pair, the strongest first; none where the wait leads through tasks that were done before their turn. */
  readonly edges: readonly Edge[];
  readonly style: LinkStyle;
  /** Follows from other links, so that leaving it out changes nothing. */
  readonly redundant: boolean;
  /** What it waited for was done before the plan began, so it decides nothing any more. */
  readonly satisfied: boolean;
  readonly critical: boolean;
  /** Part of a circle, which stops every run. */
  readonly cyclic: boolean;
}

/** Two tasks that share files and that no dependency keeps apart. */
export interface Clash {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  readonly paths: readonly string[];
}

export interface Links {
  readonly links: readonly Link[];
  readonly clashes: readonly Clash[];
}

const styles: Readonly<Record<Edge['reason'], LinkStyle>> = { user: 'user', explicit: 'written', section: 'written', phase: 'usual', order: 'usual', mention: 'mention' };

const pairOf = (a: string, b: string): string => JSON.stringify([a, b]);

/** For each id, the ids it waits for through others as well; bits by position in `ids`. Ids in a circle know only part of it. */
function closure(ids: readonly string[], waits: ReadonlyMap<string, readonly string[]>) {
  const rank = new Map(ids.map((id, index) => [id, index]));
  const words = Math.ceil(ids.length / 32);
  const reach = new Map<string, Uint32Array>();
  const has = (bits: Uint32Array | undefined, id: string): boolean => {
    const bit = rank.get(id) ?? -1;
    return bit >= 0 && bits !== undefined && ((bits[bit >> 5] ?? 0) >>> (bit & 31) & 1) === 1;
  };
  /** What the ids that `id` waits for wait for themselves. */
  const through = (id: string): Uint32Array => {
    const bits = new Uint32Array(words);
    for (const other of waits.get(id) ?? []) reach.get(other)?.forEach((word, index) => { bits[index] = (bits[index] ?? 0) | word; });
    return bits;
  };
  const beyond = new Map<string, Uint32Array>();
  for (const id of inOrder(ids, waits)) {
    const bits = through(id);
    beyond.set(id, bits.slice());
    for (const other of waits.get(id) ?? []) {
      const bit = rank.get(other);
      if (bit !== undefined) bits[bit >> 5] = (bits[bit >> 5] ?? 0) | 1 << (bit & 31);
    }
    reach.set(id, bits);
  }
  return {
    waitsFor: (id: string, other: string): boolean => has(reach.get(id), other),
    waitsThrough: (id: string, other: string): boolean => has(beyond.get(id), other),
  };
}

/** Each id after those it waits for; ids in a circle come last. */
function inOrder(ids: readonly string[], waits: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const users = new Map<string, string[]>();
  const left = new Map(ids.map((id) => [id, 0]));
  for (const id of ids) {
    for (const other of waits.get(id) ?? []) {
      listAt(users, other).push(id);
      left.set(id, (left.get(id) ?? 0) + 1);
    }
  }
  const order = ids.filter((id) => left.get(id) === 0);
  for (let at = 0; at < order.length; at += 1) {
    for (const user of users.get(order[at] ?? '') ?? []) {
      const still = (left.get(user) ?? 0) - 1;
      left.set(user, still);
      if (still === 0) order.push(user);
    }
  }
  const found = new Set(order);
  return [...order, ...ids.filter((id) => !found.has(id))];
}

/** Links and clashes among the given tasks; tasks of `past` wait for nothing any more. Work is in edges times tasks / 32, so it is meant for a few thousand tasks. */
export function linksOf(plan: Plan, ids: readonly string[], past: ReadonlySet<string> = new Set()): Links {
  const shown = new Set(ids);
  const pairs = new Map<string, { task: string; dependsOn: string; edges: Edge[] }>();
  const waits = new Map<string, string[]>();
  const add = (task: string, dependsOn: string, edge: Edge | null): void => {
    if (!shown.has(task) || !shown.has(dependsOn) || past.has(task) || task === dependsOn) return;
    const id = pairOf(task, dependsOn);
    const pair = pairs.get(id) ?? { task, dependsOn, edges: [] };
    if (!pairs.has(id)) {
      pairs.set(id, pair);
      listAt(waits, task).push(dependsOn);
    }
    if (edge !== null) pair.edges.push(edge);
  };
  for (const edge of plan.edges) add(edge.task, edge.dependsOn, edge);
  for (const [task, others] of Object.entries(plan.waits)) for (const other of others) add(task, other, null);
  const order = closure(ids, waits);
  const path = new Set(plan.criticalPath.slice(1).map((id, index) => pairOf(id, plan.criticalPath[index] ?? '')));
  const cycles = (plan.cycles ?? []).filter(({ closing }) => shown.has(closing.task) && shown.has(closing.dependsOn));
  const circles = new Set(cycles.flatMap(({ path: ids }) => ids.slice(1).map((id, index) => pairOf(ids[index] ?? '', id))));
  const links = [...pairs].map(([id, { task, dependsOn, edges }]): Link => ({
    id, task, dependsOn, edges, style: styles[edges[0]?.reason ?? 'order'], redundant: order.waitsThrough(task, dependsOn), satisfied: past.has(dependsOn), critical: path.has(id), cyclic: circles.has(id),
  }));
  for (const { closing } of cycles) {
    const id = pairOf(closing.task, closing.dependsOn);
    if (closing.task === closing.dependsOn || pairs.has(id)) continue;
    pairs.set(id, { task: closing.task, dependsOn: closing.dependsOn, edges: [closing] });
    links.push({ id, task: closing.task, dependsOn: closing.dependsOn, edges: [closing], style: styles[closing.reason], redundant: false, satisfied: false, critical: false, cyclic: true });
  }
  return { links, clashes: clashesOf(plan, (id) => shown.has(id) && !past.has(id), order.waitsFor) };
}

function clashesOf(plan: Plan, isOpen: (id: string) => boolean, waitsFor: (id: string, other: string) => boolean): readonly Clash[] {
  const paths = new Map<string, { a: string; b: string; paths: string[] }>();
  for (const { a, b, path } of plan.conflicts) {
    if (!isOpen(a) || !isOpen(b) || waitsFor(a, b) || waitsFor(b, a)) continue;
    const id = pairOf(a, b);
    const pair = paths.get(id) ?? { a, b, paths: [] };
    pair.paths.push(path);
    paths.set(id, pair);
  }
  return [...paths].map(([id, pair]) => ({ id: `clash ${id}`, ...pair }));
}

export interface Drawn {
  readonly links: readonly Link[];
  readonly clashes: readonly Clash[];
  /** Links that are not drawn because there are too many. */
  readonly left: number;
}

/** Links that are drawn at most; beyond it, panning would stutter. */
export const drawnAtMost = 2500;

/** Whether a link is drawn only where all of them are wanted: it follows from others, or decides nothing any more. */
export const isImplied = (link: Link): boolean => (link.redundant || link.satisfied) && !link.critical && !link.cyclic && link.style !== 'user';

/** What is drawn: what is implied only on demand; of too many, what the spec or the person says, and the critical path. */
export function drawnOf({ links, clashes }: Links, all: boolean): Drawn {
  const wanted = links.filter((link) => all || !isImplied(link));
  const near = clashes.slice(0, drawnAtMost);
  if (wanted.length <= drawnAtMost) return { links: wanted, clashes: near, left: clashes.length - near.length };
  const kept = wanted.filter((link) => link.critical || link.cyclic || link.style !== 'usual').slice(0, drawnAtMost);
  return { links: kept, clashes: near, left: wanted.length - kept.length + clashes.length - near.length };
}
