/** Changes that wait for one another in a circle. Pure. */

/** By change, what it waits for. */
export type Waits = ReadonlyMap<string, readonly string[]>;

/** The way from `start` to `end` over the fewest changes, both included; null when there is none. A way from a change to itself leaves it first. */
function wayFrom(start: string, end: string, waits: Waits): string[] | null {
  const before = new Map<string, string>();
  const queue = [start];
  for (let at = 0; at < queue.length; at += 1) {
    const id = queue[at] ?? '';
    for (const next of waits.get(id) ?? []) {
      if (next === end) {
        const way = [end];
        for (let back: string | undefined = id; back !== undefined && back !== start; back = before.get(back)) way.unshift(back);
        return [start, ...way];
      }
      if (next === start || before.has(next)) continue;
      before.set(next, id);
      queue.push(next);
    }
  }
  return null;
}

/** Everything that `start` waits for, directly and through others, nearest first. */
function reachable(start: string, waits: Waits): string[] {
  const found = new Set([start]);
  for (const id of found) for (const next of waits.get(id) ?? []) found.add(next);
  return [...found];
}

/** The shortest circle through `start`, else through the nearest change that it waits for: `['a', 'b', 'a']`. Null when there is none. Quadratic in the number of changes. */
export function cycleFrom(start: string, waits: Waits): string[] | null {
  for (const id of reachable(start, waits)) {
    const cycle = wayFrom(id, id, waits);
    if (cycle) return cycle;
  }
  return null;
}
