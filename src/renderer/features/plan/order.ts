/** The order of the items in each column, chosen so that few of the lines between neighbouring columns cross. */

import { listAt } from '../../../shared/list-at';

/** Columns of items, and the lines between items of neighbouring columns (`right` is one column further). */
export interface Layers {
  readonly columns: readonly (readonly string[])[];
  readonly lines: readonly { readonly left: string; readonly right: string }[];
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

const rounds = 12;

function neighbours(layers: Layers): { readonly toLeft: Neighbours; readonly toRight: Neighbours } {
  const toLeft = new Map<string, string[]>();
  const toRight = new Map<string, string[]>();
  for (const { left, right } of layers.lines) {
    listAt(toLeft, right).push(left);
    listAt(toRight, left).push(right);
  }
  return { toLeft, toRight };
}

const places = (column: readonly string[]): ReadonlyMap<string, number> => new Map(column.map((item, index) => [item, index]));

/** Pairs of lines between two columns that cross: inversions, counted with a tree of partial sums in O(lines log items). */
function crossingsBetween(left: readonly string[], right: readonly string[], toRight: Neighbours): number {
  const at = places(right);
  const sums = new Int32Array(right.length + 1);
  let seen = 0;
  let crossings = 0;
  for (const item of left) {
    const ends = (toRight.get(item) ?? []).flatMap((other) => at.get(other) ?? []);
    for (const end of ends) {
      let before = 0;
      for (let index = end + 1; index > 0; index -= index & -index) before += sums[index] ?? 0;
      crossings += seen - before;
    }
    for (const end of ends) {
      for (let index = end + 1; index < sums.length; index += index & -index) sums[index] = (sums[index] ?? 0) + 1;
      seen += 1;
    }
  }
  return crossings;
}

function crossings(columns: readonly (readonly string[])[], toRight: Neighbours): number {
  return columns.slice(1).reduce((sum, right, index) => sum + crossingsBetween(columns[index] ?? [], right, toRight), 0);
}

/** Sorts a column by the mean place of its neighbours in the fixed one; items without any keep their place among the others. */
function arrange(column: readonly string[], fixed: readonly string[], near: Neighbours): string[] {
  const at = places(fixed);
  const share = fixed.length === 0 ? 0 : fixed.length / Math.max(1, column.length);
  const keys = new Map(column.map((item, index) => {
    const ends = (near.get(item) ?? []).flatMap((other) => at.get(other) ?? []);
    return [item, ends.length === 0 ? index * share : ends.reduce((sum, end) => sum + end, 0) / ends.length];
  }));
  return [...column].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
}

/** The columns with their items in a better order. The given order decides ties, so the result is the same for the same plan. */
export function orderColumns(layers: Layers): readonly (readonly string[])[] {
  const { toLeft, toRight } = neighbours(layers);
  let columns = layers.columns.map((column) => [...column]);
  let best: readonly (readonly string[])[] = columns;
  let fewest = crossings(columns, toRight);
  for (let round = 0; round < rounds && fewest > 0; round += 1) {
    const forth = round % 2 === 0;
    const next = columns.map((column) => [...column]);
    for (let step = 1; step < next.length; step += 1) {
      const index = forth ? step : next.length - 1 - step;
      const column = next[index] ?? [];
      next[index] = arrange(column, next[forth ? index - 1 : index + 1] ?? [], forth ? toLeft : toRight);
    }
    columns = next;
    const found = crossings(columns, toRight);
    if (found < fewest) {
      fewest = found;
      best = columns;
    }
  }
  return best;
}

/** How many lines cross in this order. */
export const countCrossings = (layers: Layers): number => crossings(layers.columns, neighbours(layers).toRight);
