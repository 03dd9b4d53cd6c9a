/** Lines of the graph as SVG paths, and which part of the graph the window shows. Lengths are in px. */
import { type Point, size } from './layout';

const headLength = 7;

/** From the middle of a box to the gap below it, and how far a line that leads back swings out. */
const below = (size.height + size.gapY) / 2;
const swing = 40;

/** The way of a line that leads back: below the boxes that lie between, so that it can be seen. */
function aroundBelow(from: Point, to: Point): string {
  const y = Math.max(from.y, to.y) + below;
  return `C${from.x + swing} ${from.y} ${from.x + swing} ${y} ${from.x} ${y}L${to.x} ${y}C${to.x - swing} ${y} ${to.x - swing} ${to.y} ${to.x} ${to.y}`;
}

/** A smooth path through the points of a route that ends where the arrow head begins; it leaves and arrives level. */
export function pathOf(points: readonly Point[]): string {
  const last = points.length - 1;
  return points.map((point, index) => {
    const x = index === last ? point.x - headLength + 1 : point.x;
    const from = points[index - 1];
    if (from === undefined) return `M${x} ${point.y}`;
    if (from.y === point.y && from.x <= x) return `L${x} ${point.y}`;
    if (from.x > x) return aroundBelow(from, { x, y: point.y });
    const reach = Math.max(20, Math.abs(x - from.x) / 2);
    return `C${from.x + reach} ${from.y} ${x - reach} ${point.y} ${x} ${point.y}`;
  }).join('');
}

/** The arrow head at the end of a route. */
export function headOf(points: readonly Point[]): string {
  const end = points.at(-1) ?? { x: 0, y: 0 };
  return `M${end.x} ${end.y}l${-headLength} -4v8z`;
}

/** A path between the right sides of two tasks that swings out, for pairs without a direction. */
export function arcOf(a: Point, b: Point): string {
  const out = Math.max(a.x, b.x) + 22;
  return a.x === b.x ? `M${a.x} ${a.y}C${out} ${a.y} ${out} ${b.y} ${b.x} ${b.y}` : `M${a.x} ${a.y}C${(a.x + b.x) / 2} ${a.y} ${(a.x + b.x) / 2} ${b.y} ${b.x} ${b.y}`;
}

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Room around the graph: the column headings are at the top. */
export const room = { top: 44, side: 20, bottom: 56 } as const;
export const zooms = { least: 0.01, most: 1.5, readable: 0.9, legible: 0.7, specks: 0.3 } as const;

/** The view that shows all of a graph, never enlarged; a huge one as specks, whose titles show when pointed at. */
export function fitted(graph: Size, window: Size): View {
  const across = (window.width - 2 * room.side) / Math.max(1, graph.width);
  const down = (window.height - room.top - room.bottom) / Math.max(1, graph.height);
  const zoom = Math.max(zooms.least, Math.min(1, across, down));
  return { zoom, x: Math.max(room.side, (window.width - graph.width * zoom) / 2), y: room.top + Math.max(0, (window.height - room.top - room.bottom - graph.height * zoom) / 4) };
}

/** The first view of a graph: all of it where that can be read, else its beginning, with `first` (a point of the first column) in the middle. */
export function firstView(graph: Size, window: Size, first: Point): View {
  const all = fitted(graph, window);
  if (all.zoom >= zooms.readable) return all;
  const least = Math.min(room.top, window.height - room.bottom - graph.height);
  return { zoom: 1, x: room.side, y: Math.min(room.top, Math.max(least, (room.top + window.height - room.bottom) / 2 - first.y)) };
}

/** The nearest view in which a box of the graph is in sight; the same one when it is already. */
export function revealing(view: View, box: Point & Size, window: Size): View {
  const shift = (from: number, length: number, low: number, high: number): number => (from < low ? low - from : from + length > high ? high - from - length : 0);
  const dx = shift(box.x * view.zoom + view.x, box.width * view.zoom, room.side, window.width - room.side);
  const dy = shift(box.y * view.zoom + view.y, box.height * view.zoom, room.top, window.height - room.bottom);
  return dx === 0 && dy === 0 ? view : { ...view, x: view.x + dx, y: view.y + dy };
}

/** The view in which a box can be read: the nearest one where the zoom allows it, else a larger one with the box in its middle. */
export function readable(view: View, box: Point & Size, window: Size): View {
  if (view.zoom >= zooms.legible) return revealing(view, box, window);
  const zoom = zooms.readable;
  return { zoom, x: window.width / 2 - (box.x + box.width / 2) * zoom, y: (room.top + window.height - room.bottom) / 2 - (box.y + box.height / 2) * zoom };
}

/** The box whose middle is nearest to the mean of all of them; 0 for none. The mean itself may lie between boxes. Heights of middles. */
export function middleOf(heights: readonly number[]): number {
  const mean = heights.reduce((sum, y) => sum + y, 0) / Math.max(1, heights.length);
  return heights.reduce((best, y) => (Math.abs(y - mean) < Math.abs(best - mean) ? y : best), heights[0] ?? 0);
}
