/** All rules of formats.md section 5 in their order of authority, into one acyclic graph. */
import type { Diagnostic, EdgeOverride } from '../../../shared/domain';
import { linkBarriers } from './barrier-links';
import { barriersOf, type Barriers } from './barriers';
import { addAtOnce, areMostlyForward } from './backward';
import { explicitLinks } from './explicit';
import { Graph, type Link } from './graph';
import { LostOrders } from './lost-orders';
import { mentionLinks } from './mention';
import { isSatisfied, type Group, type Model } from './model';
import { orderGroup } from './order';
import { overridesOf, type Overrides, type Removed } from './overrides';
import { overlapOf, type Overlap } from './overlap';
import { refsOf } from './refs';
import { chainsWithout } from './removals';
import { readSection } from './section';

export interface Edges {
  readonly graph: Graph;
  readonly overlap: Overlap;
  /** Units of each circle of stated links that was told, with the link that was left out. */
  readonly cycles: readonly { readonly units: readonly number[]; readonly link: Link }[];
  /** Pairs that a person took away; the graph holds those of order and barriers all the same, since others are bound over them. */
  readonly removed: Removed;
  readonly diagnostics: readonly Diagnostic[];
}

/** Ids that the message of a cycle names, and cycles that are reported each by itself. */
const pathLimit = 50;
const cycleLimit = 100;
/** Dropped links of one line that are reported each by itself. */
const droppedLimit = 10;

/** A circle told from the first task of the file in it, back to that one. */
function fromFirst(circle: readonly number[]): readonly number[] {
  const ring = circle.slice(0, -1);
  let start = 0;
  ring.forEach((unit, at) => { if (unit < (ring[start] ?? unit)) start = at; });
  return [...ring.slice(start), ...ring.slice(0, start + 1)];
}

class Builder {
  readonly graph: Graph;
  readonly diagnostics: Diagnostic[] = [];
  private readonly lifted = new Set<number>();
  private readonly reported = new Set<string>();
  readonly cycles: { readonly units: readonly number[]; readonly link: Link }[] = [];
  private found = 0;
  /** By line of evidence: how many of its links were dropped. */
  private readonly drops = new Map<string, number>();
  private readonly lost: LostOrders;

  constructor(private readonly model: Model, overrides: Overrides) {
    this.graph = new Graph(model.units.length);
    this.lost = new LostOrders(model, this.graph, (from, to) => overrides.isRemoved(from, to));
  }

  private id(unit: number): string {
    return this.model.units[unit]?.task.id ?? '?';
  }

  /** Adds what a person or the tasks themselves state to the empty graph. */
  explicit(links: readonly Link[]): void {
    if (areMostlyForward(links)) for (const link of links) this.stated(link);
    else for (const { link, cycle } of addAtOnce(this.graph, links)) this.cycle(link, cycle);
  }

  /** Adds a link of the rules that come from text; what had to go is reported. */
  stated(link: Link): void {
    const result = this.graph.add(link);
    if (result.added) {
      if (result.dropped) this.dropped(result.dropped);
    } else if ((link.reason === 'explicit' || link.reason === 'user') && result.cycle) this.cycle(link, result.cycle);
    else if (link.reason === 'section' && result.cycle === null) this.tangled(link);
    else this.dropped(link);
  }

  private cycle(link: Link, circle: readonly number[]): void {
    const cycle = fromFirst(circle);
    const open = cycle.some((unit) => { const task = this.model.units[unit]?.task; return task !== undefined && !isSatisfied(task); });
    const path = cycle.slice(0, pathLimit).map((unit) => this.id(unit)).join(' -> ');
    this.found += 1;
    if (this.found > cycleLimit) return;
    if (open) this.cycles.push({ units: cycle.slice(0, pathLimit), link });
    this.diagnostics.push({
      severity: open ? 'error' : 'warning', file: link.file, line: link.line, code: 'plan-cycle',
      message: `These tasks wait for each other: ${path}${cycle.length > pathLimit ? ` and ${cycle.length - pathLimit} more` : ''}.`, hint: 'Remove one of the dependencies.',
    });
  }

  private tangled(link: Link): void {
    if (this.reported.has('tangled')) return;
    this.reported.add('tangled');
    this.diagnostics.push({
      severity: 'error', file: link.file, line: link.line, code: 'plan-tangled',
      message: 'The dependency section asks for too many orders against the file, so they cannot all be kept.', hint: 'Put the tasks in the order in which they run.',
    });
  }

  /** One report for each line of evidence, however many links it makes. */
  private once(code: string, link: Link): boolean {
    const key = `${code} ${link.file ?? ''}:${link.line ?? 0}`;
    if (this.reported.has(key)) return false;
    this.reported.add(key);
    return true;
  }

  private dropped(link: Link): void {
    if (link.reason === 'mention') return;
    const place = `${link.file ?? ''}:${link.line ?? 0}`;
    const told = (this.drops.get(place) ?? 0) + 1;
    this.drops.set(place, told);
    if (told > droppedLimit) return;
    this.diagnostics.push({
      severity: 'warning', file: link.file, line: link.line, code: 'edge-dropped',
      message: `${this.id(link.from)} cannot also wait for ${this.id(link.to)} ("${link.text.slice(0, 80)}"); stronger evidence says the opposite.`, hint: null,
    });
  }

  /** Units that must come before a task of an earlier phase: the barrier is lifted for those pairs. */
  findLifted(barriers: Barriers): void {
    for (const unit of this.model.units) {
      for (const link of this.graph.linksOf(unit.index)) {
        const other = this.model.units[link.to];
        if (!other || other.group === unit.group || !barriers.waiting.waits(other.group, unit.group)) continue;
        this.lift(link.to, unit.group, barriers);
        if (!this.once('barrier-lifted', link)) continue;
        this.diagnostics.push({
          severity: 'warning', file: link.file, line: link.line, code: 'barrier-lifted',
          message: `${unit.task.id} needs ${other.task.id} of a later phase, so ${other.task.id} does not wait for ${unit.task.id}'s phase to end.`, hint: null,
        });
      }
    }
  }

  private lift(start: number, group: number, barriers: Barriers): void {
    const queue = [start];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      const unit = this.model.units[at];
      if (!unit || this.lifted.has(at) || !barriers.waiting.waits(unit.group, group)) continue;
      this.lifted.add(at);
      queue.push(...this.graph.linksOf(at).map((link) => link.to));
    }
  }

  order(group: Group, rules: { parallel: ReadonlySet<number>; free: ReadonlySet<number>; apart: ReadonlySet<string> }): void {
    orderGroup(group, {
      model: this.model, graph: this.graph,
      isParallel: (unit) => unit.task.parallel || rules.parallel.has(unit.index),
      isFree: (unit) => rules.free.has(unit.index),
      isLifted: (unit) => this.lifted.has(unit.index),
      // Most files say nothing of this kind, and the key is made for each edge.
      isApart: (from, to) => rules.apart.size > 0 && rules.apart.has(`${from}>${to}`),
      onDropped: (link) => this.dropped(link), lost: this.lost,
    });
  }

  barriers({ list, waiting }: Barriers): void {
    this.diagnostics.push(...linkBarriers(this.model, this.graph, { list, waiting, lifted: this.lifted, onDropped: (link) => this.dropped(link) }));
    this.lost.settle((link) => this.dropped(link));
    this.diagnostics.push(...this.lost.diagnostics(new Set(this.cycles.flatMap(({ units }) => units))));
  }

  /** Crowded paths: listing every pair would be endless, so their tasks run in file order. */
  crowds(overlap: Overlap): void {
    for (const { path, units } of overlap.crowds) {
      for (let i = 1; i < units.length; i += 1) {
        const task = this.model.units[units[i] ?? -1]?.task;
        if (task) this.graph.add({ from: units[i] ?? 0, to: units[i - 1] ?? 0, reason: 'order', confidence: 0.65, file: task.file, line: task.line, text: `both name ${path}` });
      }
      this.diagnostics.push({ severity: 'info', file: null, line: null, code: 'crowded-path', message: `${units.length} tasks name ${path}; they run one after another.`, hint: null });
    }
  }
}

/** Derives every edge. Pure; the result has no cycle. */
export function deriveEdges(model: Model, options: { readonly strictPhases: boolean; readonly overrides: readonly EdgeOverride[] }): Edges {
  const refs = refsOf(model);
  const overrides = overridesOf(model, options.overrides);
  const builder = new Builder(model, overrides);
  const explicit = explicitLinks(model, refs);
  const stated = (links: readonly Link[]): Link[] => links.filter((link) => !overrides.isRemoved(link.from, link.to));
  builder.explicit([...overrides.links, ...stated(explicit.links)]);
  const overlap = overlapOf(model);
  // tasks.yaml states all of its dependencies; phases and order say nothing there.
  if (model.spec.dialect === 'tasks-yaml') {
    builder.crowds(overlap);
    // What is missing was an error of the reader already.
    const told = explicit.diagnostics.filter((one) => one.code !== 'unknown-dependency');
    return { graph: builder.graph, overlap, cycles: builder.cycles, removed: overrides, diagnostics: [...overrides.diagnostics, ...told, ...builder.diagnostics] };
  }
  const section = readSection(model, refs);
  for (const link of chainsWithout(section.links, overrides)) if (!section.apart.has(`${link.from}>${link.to}`)) builder.stated(link);
  const barriers = barriersOf(model, section, options.strictPhases);
  builder.findLifted(barriers);
  const free = model.spec.dialect === 'speckit' ? explicit.free : explicit.stated;
  for (const group of model.groups) builder.order(group, { parallel: section.parallel, free, apart: section.apart });
  builder.barriers(barriers);
  for (const link of stated(mentionLinks(model, refs))) if (!section.apart.has(`${link.from}>${link.to}`)) builder.stated(link);
  builder.crowds(overlap);
  return { graph: builder.graph, overlap, cycles: builder.cycles, removed: overrides, diagnostics: [...overrides.diagnostics, ...explicit.diagnostics, ...section.diagnostics, ...builder.diagnostics] };
}
