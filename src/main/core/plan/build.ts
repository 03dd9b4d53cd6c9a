/** The plan of a spec: every edge with its reason, and what follows from it for order, lanes and mode. */
import type { Edge, EdgeOverride, Plan, Spec } from '../../../shared/domain';
import { adviceFor } from './advice';
import { deriveEdges } from './edges';
import type { Graph, Link } from './graph';
import { planLanes } from './lanes';
import { ascending } from './lists';
import { isOpen, modelOf, type Model } from './model';
import type { Overlap } from './overlap';
import { toldLinks, type ToldLink } from './told';
import type { Removed } from './overrides';
import { lengthsOf } from './waves';

export interface PlanOptions {
  /** Lanes that may work at once; 1 or more. */
  readonly maxParallel: number;
  /** No task starts before every earlier phase is done, whatever the text says. */
  readonly strictPhases?: boolean;
  /** Expected duration by task id, in any unit; 1 where it is missing. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Edges that a person added or removed; they win over everything that was derived. */
  readonly overrides?: readonly EdgeOverride[];
  /** Ids of the open units that are meant; waves, lanes, lengths and advice are theirs alone. Null or absent: all. */
  readonly only?: ReadonlySet<string> | null;
}

const itself = (unit: number): number => unit;
const targetOf = (link: Link): number => link.to;

function edgeOf({ units }: Model, { from, to, reason, file, line, text, confidence }: Link): Edge {
  return { task: units[from]?.task.id ?? '', dependsOn: units[to]?.task.id ?? '', reason, file, line, text, confidence };
}

/** All links but those that a person took away, and what is waited for over others. */
function edgesOf(model: Model, graph: Graph, told: ReadonlyMap<number, readonly ToldLink[]>, { removed, isRemoved }: Removed): Edge[] {
  const edges: Edge[] = [];
  for (const { index } of model.units) {
    const stated = removed.length === 0 ? graph.linksOf(index) : graph.linksOf(index).filter((link) => !isRemoved(link.from, link.to));
    const over = told.get(index);
    if (over === undefined) for (const link of ascending(stated, targetOf)) edges.push(edgeOf(model, link));
    else for (const link of ascending<Link | ToldLink>([...stated, ...over], targetOf)) edges.push('through' in link ? { ...edgeOf(model, link), through: link.through.map((unit) => model.units[unit]?.task.id ?? '') } : edgeOf(model, link));
  }
  return edges;
}

/**
 * An object by task id without a prototype: `__proto__` and `constructor` are ids that a file may hold, and one that is meant as a table
 * from the start takes thousands of ids three times as fast.
 */
function byId<T>(units: readonly number[], name: (unit: number) => string, valueOf: (unit: number) => T): Readonly<Record<string, T>> {
  const found: Record<string, T> = Object.create(null);
  for (const unit of units) found[name(unit)] = valueOf(unit);
  return found;
}

/** Expected duration by unit; looked up once, and not at all where nothing was learned. */
function weightsOf(ids: readonly string[], weights: Readonly<Record<string, number>>): (unit: number) => number {
  if (Object.keys(weights).length === 0) return () => 1;
  const found = ids.map((id) => {
    const weight = Object.hasOwn(weights, id) ? weights[id] ?? 1 : 1;
    return Number.isFinite(weight) && weight > 0 ? weight : 1;
  });
  return (unit) => found[unit] ?? 1;
}

function openPairs(model: Model, { pairs }: Overlap, isMeant: (id: string) => boolean): number {
  if (pairs.length === 0) return 0;
  const open = model.units.map((unit) => isOpen(unit.task) && isMeant(unit.task.id));
  let count = 0;
  for (let at = 0; at < pairs.length; at += 2) if (open[pairs[at] ?? -1] === true && open[pairs[at + 1] ?? -1] === true) count += 1;
  return count;
}

/** Builds the plan. Pure, and never fails: doubts are diagnostics; `plan-cycle` of severity error must stop a run. */
export function buildPlan(spec: Spec, options: PlanOptions): Plan {
  const model = modelOf(spec);
  const { graph, overlap, cycles, removed, diagnostics } = deriveEdges(model, { strictPhases: options.strictPhases ?? false, overrides: options.overrides ?? [] });
  const ids = model.units.map((unit) => unit.task.id);
  const weightOf = weightsOf(ids, options.weights ?? {});
  const only = options.only ?? null;
  const isMeant = (id: string): boolean => only === null || only.has(id);
  const lengths = lengthsOf(model, graph, { weightOf, only, removed });
  const name = (unit: number): string => ids[unit] ?? '';
  return {
    edges: edgesOf(model, graph, toldLinks({ model, graph, waits: lengths.waits, passed: lengths.passed, removed }), removed), conflicts: overlap.conflicts,
    waves: lengths.waves.map((wave) => wave.map(name)), criticalPath: lengths.criticalPath.map(name),
    lanes: planLanes(model, lengths, overlap, { maxParallel: Math.max(1, Math.floor(options.maxParallel)), weightOf, idOf: name }),
    mode: adviceFor(model, lengths, openPairs(model, overlap, isMeant)),
    remaining: byId(lengths.order, name, (unit) => lengths.remaining[unit] ?? 0),
    waits: byId(lengths.order, name, (unit) => ascending(lengths.waits[unit] ?? [], itself).map(name)),
    ...(cycles.length === 0 ? {} : { cycles: cycles.map(({ units, link }) => ({ path: units.map(name), closing: edgeOf(model, link) })) }),
    diagnostics,
  };
}
