/** Where each task and each line of the graph lies: waves are columns, lines go from left to right. Lengths are in px at zoom 1. */
import { listAt } from '../../../shared/list-at';
import { orderColumns } from './order';

export const size = { width: 150, height: 72, gapX: 46, gapY: 14, bend: 10, bendGap: 8 } as const;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line from the right edge of `from` to the left edge of `to`. */
export interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

export interface Layout {
  /** Top left corner of each task. */
  readonly at: ReadonlyMap<string, Point>;
  /** Points of each line: start, a pair where it passes each column between, end. */
  readonly routes: ReadonlyMap<string, readonly Point[]>;
  /** Ids by column, from top to bottom. */
  readonly columns: readonly (readonly string[])[];
  readonly width: number;
  readonly height: number;
}

/** More bends than this are not laid out: long lines then go straight. */
const bendsAtMost = 6000;
const pitch = size.width + size.gapX;

/** Lines of one task share their bends, so that they leave it as one strand. */
const bendOf = (from: string, column: number): string => `\u0000${column}:${from}`;
const isBend = (item: string): boolean => item.startsWith('\u0000');

interface Items {
  readonly columns: string[][];
  readonly lines: { left: string; right: string }[];
  /** For each line, its bends from left to right. */
  readonly bends: ReadonlyMap<string, readonly string[]>;
}

function itemsOf(columns: readonly (readonly string[])[], lines: readonly Line[]): Items {
  const columnOf = new Map(columns.flatMap((ids, index) => ids.map((id) => [id, index] as const)));
  const span = (line: Line): number => (columnOf.get(line.to) ?? 0) - (columnOf.get(line.from) ?? 0);
  const bent = lines.reduce((sum, line) => sum + Math.max(0, span(line) - 1), 0) <= bendsAtMost;
  const items = columns.map((ids) => [...ids]);
  const pairs = new Map<string, { left: string; right: string }>();
  const bends = new Map<string, readonly string[]>();
  const known = new Set<string>();
  for (const line of lines) {
    if (span(line) < 1 || (span(line) > 1 && !bent)) continue;
    const start = columnOf.get(line.from) ?? 0;
    const chain = Array.from({ length: span(line) - 1 }, (_, index) => bendOf(line.from, start + 1 + index));
    chain.forEach((bend, index) => {
      if (known.has(bend)) return;
      known.add(bend);
      items[start + 1 + index]?.push(bend);
    });
    bends.set(line.id, chain);
    const stops = [line.from, ...chain, line.to];
    for (const [index, right] of stops.entries()) {
      const left = stops[index - 1];
      if (left !== undefined) pairs.set(JSON.stringify([left, right]), { left, right });
    }
  }
  return { columns: items, lines: [...pairs.values()], bends };
}

const halfOf = (item: string): number => (isBend(item) ? size.bend : size.height) / 2;

/** Least distance between the middles of two items that stand one above the other. */
const apart = (a: string, b: string): number => halfOf(a) + halfOf(b) + (isBend(a) && isBend(b) ? size.bendGap : size.gapY);

/**
 * Middles nearest to the wanted ones (least squares) that keep the order and the distances: neighbours that would come too close
 * are pooled and move as one block.
 */
function settle(column: readonly string[], wanted: (item: string) => number): Map<string, number> {
  const blocks: { sum: number; weight: number; items: { item: string; offset: number }[] }[] = [];
  let offset = 0;
  column.forEach((item, index) => {
    const above = column[index - 1];
    if (above !== undefined) offset += apart(above, item);
    const weight = isBend(item) ? 3 : 1;
    let block = { sum: (wanted(item) - offset) * weight, weight, items: [{ item, offset }] };
    for (let last = blocks.at(-1); last !== undefined && last.sum / last.weight > block.sum / block.weight; last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, items: last.items.concat(block.items) };
    }
    blocks.push(block);
  });
  return new Map(blocks.flatMap((block) => block.items.map(({ item, offset: from }) => [item, block.sum / block.weight + from])));
}

/** The middle of every item: stacked at first, then each column moves towards its neighbours, back and forth. */
function heights(columns: readonly (readonly string[])[], lines: Items['lines']): Map<string, number> {
  const toLeft = new Map<string, string[]>();
  const toRight = new Map<string, string[]>();
  for (const { left, right } of lines) {
    listAt(toLeft, right).push(left);
    listAt(toRight, left).push(right);
  }
  const y = new Map<string, number>();
  for (const column of columns) for (const [item, at] of settle(column, () => 0)) y.set(item, at);
  for (let round = 0; round < 6; round += 1) {
    const forth = round % 2 === 0;
    const near = forth ? toLeft : toRight;
    for (const column of forth ? columns : [...columns].reverse()) {
      const wanted = (item: string): number => {
        const ends = (near.get(item) ?? []).map((other) => y.get(other) ?? 0);
        return ends.length === 0 ? y.get(item) ?? 0 : ends.reduce((sum, end) => sum + end, 0) / ends.length;
      };
      for (const [item, at] of settle(column, wanted)) y.set(item, at);
    }
  }
  return y;
}

/** How far from the middle of its task each line arrives, so that arrows do not lie on each other: by the height they come from. */
function arrivals(lines: readonly Line[], y: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const byTask = new Map<string, Line[]>();
  for (const line of lines) listAt(byTask, line.to).push(line);
  return new Map([...byTask.values()].flatMap((into) => {
    const step = Math.min(10, (size.height - 28) / Math.max(1, into.length - 1));
    const sorted = [...into].sort((a, b) => (y.get(a.from) ?? 0) - (y.get(b.from) ?? 0));
    return sorted.map((line, index) => [line.id, (index - (sorted.length - 1) / 2) * step] as const);
  }));
}

/** Lays out a plan. Lines between unknown tasks are left out; lines that lead back or stay in their column go straight. */
export function layOut(given: readonly (readonly string[])[], wanted: readonly Line[]): Layout {
  const known = new Set(given.flat());
  const lines = wanted.filter((line) => known.has(line.from) && known.has(line.to));
  const items = itemsOf(given, lines);
  const ordered = orderColumns(items);
  const y = heights(ordered, items.lines);
  let top = Infinity;
  let bottom = -Infinity;
  for (const [item, middle] of y) {
    top = Math.min(top, middle - halfOf(item));
    bottom = Math.max(bottom, middle + halfOf(item));
  }
  const yOf = (item: string): number => Math.round((y.get(item) ?? 0) - top);
  const at = new Map(ordered.flatMap((column, index) => column.filter((item) => !isBend(item)).map((id) => [id, { x: index * pitch, y: yOf(id) - size.height / 2 }] as const)));
  const columnOf = new Map(ordered.flatMap((column, index) => column.map((item) => [item, index] as const)));
  const offsets = arrivals(lines, y);
  const routes = new Map(lines.map((line) => {
    const through = (items.bends.get(line.id) ?? []).flatMap((bend) => {
      const x = (columnOf.get(bend) ?? 0) * pitch;
      return [{ x, y: yOf(bend) }, { x: x + size.width, y: yOf(bend) }];
    });
    const start = { x: (columnOf.get(line.from) ?? 0) * pitch + size.width, y: yOf(line.from) };
    return [line.id, [start, ...through, { x: (columnOf.get(line.to) ?? 0) * pitch, y: yOf(line.to) + (offsets.get(line.id) ?? 0) }]] as const;
  }));
  return {
    at, routes, columns: ordered.map((column) => column.filter((item) => !isBend(item))),
    width: Math.max(0, given.length * pitch - size.gapX), height: known.size === 0 ? 0 : bottom - top,
  };
}

/** Where an arrow key leads from a task: up and down in its column, left and right to the nearest one there; null at the edge. */
export function stepFrom(layout: Layout, id: string | null, key: string): string | null {
  const column = layout.columns.findIndex((ids) => id !== null && ids.includes(id));
  const ids = layout.columns[column];
  if (ids === undefined || id === null) return key.startsWith('Arrow') || key === 'Home' ? layout.columns.flat()[0] ?? null : null;
  const row = ids.indexOf(id);
  const nearest = (others: readonly string[] | undefined): string | null => {
    const y = layout.at.get(id)?.y ?? 0;
    const far = (other: string): number => Math.abs((layout.at.get(other)?.y ?? 0) - y);
    return [...(others ?? [])].sort((a, b) => far(a) - far(b))[0] ?? null;
  };
  switch (key) {
    case 'ArrowUp': return ids[row - 1] ?? null;
    case 'ArrowDown': return ids[row + 1] ?? null;
    case 'ArrowLeft': return nearest(layout.columns[column - 1]);
    case 'ArrowRight': return nearest(layout.columns[column + 1]);
    case 'Home': return nearest(layout.columns[0]);
    case 'End': return nearest(layout.columns.at(-1));
    default: return null;
  }
}
