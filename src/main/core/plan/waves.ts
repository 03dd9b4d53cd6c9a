/** Lengths over the open part of the graph: remaining path, waves, critical path. */
import type { Graph } from './graph';
import { isOpen, type Model } from './model';

export interface Lengths {
  /** Open units in an order in which each comes after what it waits for. */
  readonly order: readonly number[];
  /** Longest remaining path in weights, the unit included; 0 for units that are not open. */
  readonly remaining: readonly number[];
  readonly waves: readonly (readonly number[])[];
  readonly criticalPath: readonly number[];
}

/** Done and skipped units are satisfied and count nothing. `weightOf` gives a duration above 0. Linear in units and links. */
export function lengthsOf(model: Model, graph: Graph, weightOf: (unit: number) => number): Lengths {
  const open = model.units.map((unit) => isOpen(unit.task));
  const order = model.units.map((unit) => unit.index).filter((unit) => open[unit] === true).sort((a, b) => graph.rankOf(a) - graph.rankOf(b));
  const remaining = model.units.map(() => 0);
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const unit = order[at] ?? 0;
    let longest = 0;
    for (const user of graph.usersOf(unit)) longest = Math.max(longest, remaining[user] ?? 0);
    remaining[unit] = longest + weightOf(unit);
  }
  const waves: number[][] = [];
  const depth = new Int32Array(model.units.length).fill(-1);
  for (const unit of order) {
    let level = 0;
    for (const link of graph.linksOf(unit)) level = Math.max(level, (depth[link.to] ?? -1) + 1);
    depth[unit] = level;
    (waves[level] ??= []).push(unit);
  }
  return { order, remaining, waves: waves.map((wave) => wave.sort((a, b) => a - b)), criticalPath: criticalPath(graph, order, remaining) };
}

function criticalPath(graph: Graph, order: readonly number[], remaining: readonly number[]): number[] {
  const longest = (units: readonly number[]): number | null => {
    let best: number | null = null;
    for (const unit of units) {
      const ahead = (remaining[unit] ?? 0) - (best === null ? -1 : remaining[best] ?? 0);
      if ((remaining[unit] ?? 0) > 0 && (ahead > 0 || (ahead === 0 && best !== null && unit < best))) best = unit;
    }
    return best;
  };
  const path: number[] = [];
  for (let at = longest(order); at !== null; at = longest(graph.usersOf(at))) path.push(at);
  return path;
}
