/**
 * Many stated links against the order of lines at once: sorted in one walk, because looking for the place of each by itself
 * takes quadratic time when a file lists its tasks backwards.
 */
import type { Graph, Link } from './graph';

/** Fewer backward links than this are placed one by one, which keeps the order of the document best. */
const fewBackward = 200;

export const areMostlyForward = (links: readonly Link[]): boolean => {
  let backward = 0;
  for (const link of links) if (link.to > link.from) backward += 1;
  return backward <= fewBackward;
};

interface Refused {
  readonly link: Link;
  /** From the link's start back to it. */
  readonly cycle: readonly number[];
}

function linksByUnit(graph: Graph, links: readonly Link[]): Link[][] {
  const lists = Array.from({ length: graph.size }, (): Link[] => []);
  for (const link of links) if (link.from !== link.to) lists[link.from]?.push(link);
  return lists;
}

/** Adds all links to an empty graph, but those that close a cycle in a walk from the first unit on; they are returned. Linear. */
export function addAtOnce(graph: Graph, links: readonly Link[]): Refused[] {
  const lists = linksByUnit(graph, links);
  const order: number[] = [];
  const refused: Refused[] = [];
  /** 0: not seen, 1: on the path, 2: placed. */
  const state = new Uint8Array(graph.size);
  const next = new Int32Array(graph.size);
  for (let start = 0; start < graph.size; start += 1) {
    const path = state[start] === 0 ? [start] : [];
    for (let unit = path.at(-1); unit !== undefined; unit = path.at(-1)) {
      state[unit] = 1;
      const at = next[unit] ?? 0;
      const link = lists[unit]?.[at];
      next[unit] = at + 1;
      if (link === undefined) {
        state[unit] = 2;
        order.push(unit);
        path.pop();
      } else if (state[link.to] === 1) refused.push({ link, cycle: cycleOf(path, link, refused.length < wholeLimit ? Infinity : cycleLimit) });
      else if (state[link.to] === 0) path.push(link.to);
    }
  }
  graph.reorderTo(order);
  const out = new Set(refused.map((one) => one.link));
  for (const link of links) if (link.from !== link.to && !out.has(link)) graph.add(link);
  return refused;
}

/** Of so many cycles all units are kept, of the others that many units. */
const wholeLimit = 100;
const cycleLimit = 1000;

function cycleOf(path: readonly number[], link: Link, limit: number): number[] {
  const from = path.lastIndexOf(link.to, path.length - 1);
  const inner = path.slice(from, from + limit);
  return [link.from, ...inner.filter((unit) => unit !== link.from), link.from];
}
