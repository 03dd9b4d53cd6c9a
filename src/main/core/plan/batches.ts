/** How a wave is cut into batches that may really run at once (requirements.md, D5; formats.md section 5, rule 6). */
import type { Plan, Task } from '../../../shared/domain';
import { listAt } from '../../../shared/list-at';
import { isExclusive } from './exclusive';

/** Ids in the order in which a run takes them when all of them are ready: longest remaining path first, then by line. */
const inTurn = (wave: readonly string[], remaining: Plan['remaining']): readonly string[] => [...wave].sort((a, b) => (remaining[b] ?? 0) - (remaining[a] ?? 0));

interface Rules {
  readonly limit: number;
  readonly isAlone: (id: string) => boolean;
  readonly clashes: ReadonlyMap<string, readonly string[]>;
}

/** As many of `queue` as may run side by side, first come, first served, and those that are left. */
function cut(queue: readonly string[], { limit, isAlone, clashes }: Rules): { readonly batch: readonly string[]; readonly left: readonly string[] } {
  const [first] = queue;
  if (first === undefined || isAlone(first)) return { batch: queue.slice(0, 1), left: queue.slice(1) };
  const batch = new Set<string>();
  const passed: string[] = [];
  let at = 0;
  for (; at < queue.length && batch.size < limit; at += 1) {
    const id = queue[at] ?? first;
    if (isAlone(id) || clashes.get(id)?.some((other) => batch.has(other)) === true) passed.push(id);
    else batch.add(id);
  }
  return { batch: [...batch], left: passed.length === 0 ? queue.slice(at) : [...passed, ...queue.slice(at)] };
}

/**
 * The batches of each wave: at most `limit` tasks, none of which shares a path with another one of its batch, and a task that must run
 * alone by itself. Cut greedily, in the order in which a run starts tasks. A wave that fits at once is one batch in its own order.
 */
export function batchesOf({ waves, conflicts, remaining }: Plan, tasks: ReadonlyMap<string, Task>, limit: number): readonly (readonly (readonly string[])[])[] {
  const clashes = new Map<string, string[]>();
  for (const { a, b } of conflicts) {
    listAt(clashes, a).push(b);
    listAt(clashes, b).push(a);
  }
  const isAlone = (id: string): boolean => {
    const task = tasks.get(id);
    return task !== undefined && isExclusive(task);
  };
  return waves.map((wave) => {
    const batches: (readonly string[])[] = [];
    for (let queue = inTurn(wave, remaining); queue.length > 0;) {
      const { batch, left } = cut(queue, { limit, isAlone, clashes });
      batches.push(batch);
      queue = left;
    }
    return batches.length === 1 ? [wave] : batches;
  });
}
