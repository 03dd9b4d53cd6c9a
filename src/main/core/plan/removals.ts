/**
 * What a person took away, in what is waited for: exactly that pair. Whoever waited for its end still waits for its beginning, and its end for what
 * came before its beginning, because order and barriers are kept as chains: cut one link, and all behind it would come loose.
 */
import type { Link } from './graph';
import type { Removed } from './overrides';

/** Who waits for whom, changed in place; both directions. */
class Pairs {
  private readonly users: number[][];

  constructor(private readonly waits: (readonly number[])[]) {
    this.users = waits.map(() => []);
    waits.forEach((list, unit) => list.forEach((other) => this.users[other]?.push(unit)));
  }

  awaited(unit: number): readonly number[] {
    return this.waits[unit] ?? [];
  }

  waiting(unit: number): readonly number[] {
    return this.users[unit] ?? [];
  }

  add(from: number, to: number): void {
    this.waits[from] = [...this.awaited(from), to];
    this.users[to]?.push(from);
  }

  remove(from: number, to: number): void {
    this.waits[from] = this.awaited(from).filter((unit) => unit !== to);
    this.users[to] = this.waiting(to).filter((unit) => unit !== from);
  }

  /** Adds `start` and all that it leads to, one way or the other. */
  spread(start: number, next: (unit: number) => readonly number[], seen: Set<number>): void {
    const queue = [start];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      queue.push(...next(at));
    }
  }
}

/**
 * The same waits without what `removed` names. `rankOf` is a place in an order in which each unit comes after what it waits for. A pair that is
 * waited for over a third unit as well stays waited for. Linear in the waits for each pair.
 */
export function withoutRemoved(waits: readonly (readonly number[])[], { removed, isRemoved }: Removed, rankOf: (unit: number) => number): readonly (readonly number[])[] {
  if (removed.length === 0) return waits;
  const changed = [...waits];
  const pairs = new Pairs(changed);
  const queue = [...removed];
  const add = (from: number, to: number): void => {
    pairs.add(from, to);
    // Further apart than the pair that it comes from, so this ends.
    if (isRemoved(from, to)) queue.push([from, to]);
  };
  for (let pair = queue.shift(); pair !== undefined; pair = queue.shift()) {
    const [from, to] = pair;
    if (!pairs.awaited(from).includes(to)) continue;
    pairs.remove(from, to);
    const before = new Set<number>();
    pairs.spread(from, (unit) => pairs.awaited(unit), before);
    if (before.has(to)) continue;
    for (const earlier of [...pairs.awaited(to)].sort((a, b) => rankOf(b) - rankOf(a))) {
      if (before.has(earlier)) continue;
      add(from, earlier);
      pairs.spread(earlier, (unit) => pairs.awaited(unit), before);
    }
    const after = new Set<number>();
    pairs.spread(to, (unit) => pairs.waiting(unit), after);
    for (const later of [...pairs.waiting(from)].sort((a, b) => rankOf(a) - rankOf(b))) {
      if (after.has(later)) continue;
      add(later, to);
      pairs.spread(later, (unit) => pairs.waiting(unit), after);
    }
  }
  return changed;
}

/** What a line of prose says without the pairs of `removed`: of a chain in one line, what stood before such a pair still comes before what stood behind it. */
export function chainsWithout(links: readonly Link[], { isRemoved }: Removed): readonly Link[] {
  const queue = links.filter((link) => isRemoved(link.from, link.to));
  if (queue.length === 0) return links;
  const kept = links.filter((link) => !isRemoved(link.from, link.to));
  const seen = new Set<string>();
  for (const gone of queue) {
    const key = `${gone.from}>${gone.to} ${gone.file ?? ''}:${gone.line ?? 0}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const beside = [...kept, ...queue].filter((link) => link.file === gone.file && link.line === gone.line);
    for (const link of beside) {
      const past = link.from === gone.to ? { ...link, from: gone.from } : link.to === gone.from ? { ...link, to: gone.to } : link;
      if (past !== link && past.from !== past.to) (isRemoved(past.from, past.to) ? queue : kept).push(past);
    }
  }
  return kept;
}
