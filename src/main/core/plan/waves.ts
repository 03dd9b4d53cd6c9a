/** Lengths over the open part of the graph: remaining path, waves, critical path. */
import type { Graph } from './graph';
import { packed, type Packed } from './lists';
import { isOpen, isSatisfied, type Model } from './model';
import { nothingRemoved, type Removed } from './overrides';
import { withoutRemoved } from './removals';
import { passedOver, waitsOf } from './waits';

export interface Lengths {
  /** Open units in an order in which each comes after what it waits for. */
  readonly order: readonly number[];
  /** Longest remaining path in weights, the unit included; 0 for units that are not open. */
  readonly remaining: readonly number[];
  readonly waves: readonly (readonly number[])[];
  readonly criticalPath: readonly number[];
  /** By unit: the unsatisfied units that it waits for. */
  readonly waits: readonly (readonly number[])[];
  /** The same the other way round: by unit, the units that wait for it. */
  readonly users: Packed;
  /** By unit, whether waits lead on over it, because it is satisfied or not asked for. */
  readonly passed: readonly boolean[];
}

const usersOf = (waits: readonly (readonly number[])[]): Packed =>
  packed(waits.length, (add) => waits.forEach((list, unit) => { for (const other of list) add(other, unit); }));

export interface LengthOptions {
  /** A duration above 0. */
  readonly weightOf: (unit: number) => number;
  /** Ids of the open units that are meant; null for all. */
  readonly only: ReadonlySet<string> | null;
  /** What a person took away; nothing unless told. */
  readonly removed?: Removed;
}

/**
 * Done and skipped units are satisfied and count nothing. Blocked ones hold their place without a duration: what waits for them comes after what they
 * wait for. Linear in units and links.
 */
export function lengthsOf(model: Model, graph: Graph, { weightOf, only, removed = nothingRemoved }: LengthOptions): Lengths {
  const passed = passedOver(model, only);
  const waits = withoutRemoved(waitsOf(model, graph, passed), removed, (unit) => graph.rankOf(unit));
  const users = usersOf(waits);
  const isMeant = model.units.map(({ task }) => isOpen(task) && (only === null || only.has(task.id)));
  const order: number[] = [];
  const unsatisfied: number[] = [];
  graph.inOrder().forEach((unit) => {
    if (isMeant[unit] === true) order.push(unit);
    const known = model.units[unit];
    if (isMeant[unit] === true || known?.task.state === 'blocked' && !isSatisfied(known.task)) unsatisfied.push(unit);
  });
  const remaining = model.units.map(() => 0);
  for (let at = unsatisfied.length - 1; at >= 0; at -= 1) {
    const unit = unsatisfied[at] ?? 0;
    let longest = 0;
    const end = users.starts[unit + 1] ?? 0;
    for (let user = users.starts[unit] ?? 0; user < end; user += 1) longest = Math.max(longest, remaining[users.items[user] ?? 0] ?? 0);
    remaining[unit] = longest + (isMeant[unit] === true ? weightOf(unit) : 0);
  }
  let deepest = -1;
  const depth = new Int32Array(model.units.length).fill(-1);
  for (const unit of unsatisfied) {
    let level = 0;
    for (const other of waits[unit] ?? []) level = Math.max(level, (depth[other] ?? -1) + 1);
    depth[unit] = level;
    deepest = Math.max(deepest, level);
  }
  const waves = Array.from({ length: deepest + 1 }, (): number[] => []);
  depth.forEach((level, unit) => { if (level >= 0 && isMeant[unit] === true) waves[level]?.push(unit); });
  const path = criticalPath(users, order, remaining).filter((unit) => isMeant[unit] === true);
  return { order, remaining, waves: waves.filter((wave) => wave.length > 0), criticalPath: path, waits, users, passed };
}

function criticalPath(users: Packed, order: readonly number[], remaining: readonly number[]): number[] {
  const longest = (units: Iterable<number>): number | null => {
    let best: number | null = null;
    for (const unit of units) {
      const ahead = (remaining[unit] ?? 0) - (best === null ? -1 : remaining[best] ?? 0);
      if ((remaining[unit] ?? 0) > 0 && (ahead > 0 || (ahead === 0 && best !== null && unit < best))) best = unit;
    }
    return best;
  };
  const path: number[] = [];
  for (let at = longest(order); at !== null; at = longest(users.items.subarray(users.starts[at], users.starts[at + 1]))) path.push(at);
  return path;
}
