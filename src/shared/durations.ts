import type { Plan } from './domain';

/** A duration is never shorter than this: it could not be seen, and rounding must not make it 0. In units of the median task. */
const shortest = 0.05;

/** Expected duration of each open task in units of the median task: its remaining path less the longest one behind it. */
export function durationsOf(plan: Pick<Plan, 'remaining' | 'waits'>): ReadonlyMap<string, number> {
  const behind = new Map<string, number>();
  for (const [id, waits] of Object.entries(plan.waits)) {
    for (const other of waits) behind.set(other, Math.max(behind.get(other) ?? 0, plan.remaining[id] ?? 0));
  }
  return new Map(Object.entries(plan.remaining).map(([id, remaining]) => [id, Math.max(shortest, remaining - (behind.get(id) ?? 0))]));
}
