/** Quick look-ups in a plan: the views ask for the neighbours of one task at a time, and a plan may hold 60,000 edges. */
import type { Edge, Plan } from '../shared/domain';
import { listAt } from '../shared/list-at';

export interface PlanIndex {
  /** Edges by the task that waits; the strongest reason of a pair comes first. */
  readonly waits: ReadonlyMap<string, readonly Edge[]>;
  /** Edges by the task that is waited for. */
  readonly holds: ReadonlyMap<string, readonly Edge[]>;
}

const known = new WeakMap<Plan, PlanIndex>();

/** The edges of a plan by task, in both directions; built once for each plan. */
export function planIndex(plan: Plan): PlanIndex {
  const ready = known.get(plan);
  if (ready) return ready;
  const waits = new Map<string, Edge[]>();
  const holds = new Map<string, Edge[]>();
  for (const edge of plan.edges) {
    listAt(waits, edge.task).push(edge);
    listAt(holds, edge.dependsOn).push(edge);
  }
  const index: PlanIndex = { waits, holds };
  known.set(plan, index);
  return index;
}

function reached(start: string, next: (id: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const stack = [...next(start)];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    stack.push(...next(at));
  }
  return seen;
}

export interface Related {
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
}

/** Tasks that `id` waits for (before) or keeps waiting (after), directly or through others. */
export function related(plan: Plan, id: string): Related {
  const { waits, holds } = planIndex(plan);
  return {
    before: reached(id, (from) => (waits.get(from) ?? []).map((edge) => edge.dependsOn)),
    after: reached(id, (from) => (holds.get(from) ?? []).map((edge) => edge.task)),
  };
}

/** Whether open `id` must come after open `other`, directly or over others. */
export const waitsFor = (plan: Plan, id: string, other: string): boolean => reached(id, (from) => plan.waits[from] ?? []).has(other);

/** Whether a task or the person says so: nothing that a dependency of the person's could outweigh. */
const isWord = ({ reason, through }: Edge): boolean => (reason === 'user' || reason === 'explicit') && through === undefined;

/**
 * What speaks against `id` waiting for tasks that wait for it. `bound`: those that wait by words of tasks or the person's own alone, so that the dependency would
 * close a circle; `yielding`: for the others, the weakest edge of a way, which gives way to the person's word. Linear in the edges.
 */
export function against(plan: Plan, id: string): { readonly bound: ReadonlySet<string>; readonly yielding: ReadonlyMap<string, Edge> } {
  const { holds } = planIndex(plan);
  const bound = reached(id, (from) => (holds.get(from) ?? []).filter(isWord).map((edge) => edge.task));
  const weakest = new Map<string, Edge>();
  const queue = [id];
  for (const at of queue) {
    const before = weakest.get(at);
    for (const edge of holds.get(at) ?? []) {
      if (weakest.has(edge.task)) continue;
      weakest.set(edge.task, before !== undefined && before.confidence < edge.confidence ? before : edge);
      queue.push(edge.task);
    }
  }
  return { bound, yielding: weakest };
}
