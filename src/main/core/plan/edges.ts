/** All rules of formats.md section 5 in their order of authority, into one acyclic graph. */
import type { Diagnostic } from '../../../shared/domain';
import { barriersOf, type Barrier, type Barriers } from './barriers';
import { explicitLinks } from './explicit';
import { Graph, type Link } from './graph';
import { mentionLinks } from './mention';
import { isSatisfied, type Group, type Model } from './model';
import { orderGroup } from './order';
import { overlapOf, type Overlap } from './overlap';
import { refsOf } from './refs';
import { readSection } from './section';

export interface Edges {
  readonly graph: Graph;
  readonly overlap: Overlap;
  readonly diagnostics: readonly Diagnostic[];
}

class Builder {
  readonly graph: Graph;
  readonly diagnostics: Diagnostic[] = [];
  private readonly lifted = new Set<number>();
  private readonly reported = new Set<string>();

  constructor(private readonly model: Model) {
    this.graph = new Graph(model.units.length);
  }

  private id(unit: number): string {
    return this.model.units[unit]?.task.id ?? '?';
  }

  /** Adds a link of the rules that come from text; what had to go is reported. */
  stated(link: Link): void {
    const result = this.graph.add(link);
    if (result.added) {
      if (result.dropped) this.dropped(result.dropped);
      return;
    }
    const open = result.cycle.some((unit) => { const task = this.model.units[unit]?.task; return task !== undefined && !isSatisfied(task); });
    const path = result.cycle.map((unit) => this.id(unit)).join(' -> ');
    if (link.reason !== 'explicit') this.dropped(link);
    else {
      this.diagnostics.push({
        severity: open ? 'error' : 'warning', file: link.file, line: link.line, code: 'plan-cycle',
        message: `These tasks wait for each other: ${path}.`, hint: 'Remove one of the dependencies.',
      });
    }
  }

  /** One report for each line of evidence, however many links it makes. */
  private once(code: string, link: Link): boolean {
    const key = `${code} ${link.file ?? ''}:${link.line ?? 0}`;
    if (this.reported.has(key)) return false;
    this.reported.add(key);
    return true;
  }

  private dropped(link: Link): void {
    if (link.reason === 'mention' || !this.once('edge-dropped', link)) return;
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
      isApart: (from, to) => rules.apart.has(`${from}>${to}`),
    });
  }

  private inGroup(group: Group, links: readonly number[]): boolean {
    return links.some((unit) => this.model.units[unit]?.group === group.index && !this.lifted.has(unit));
  }

  private sources(group: Group): number[] {
    return group.members.filter((unit) => this.lifted.has(unit) || !this.inGroup(group, this.graph.linksOf(unit).map((link) => link.to)));
  }

  private sinks(group: Group): number[] {
    return group.members.filter((unit) => !this.graph.usersOf(unit).some((other) => this.model.units[other]?.group === group.index));
  }

  barriers(list: readonly Barrier[]): void {
    const ends = new Map<number, readonly number[]>();
    const starts = new Map(this.model.groups.map((group) => [group.index, this.sources(group)]));
    for (const group of this.model.groups) ends.set(group.index, this.sinks(group));
    for (const barrier of list) {
      for (const from of starts.get(barrier.group) ?? []) this.barrier(from, ends.get(barrier.after) ?? [], barrier);
    }
  }

  /** Waits for the ends of a group; where an end itself waits for `from`, for what stands before it instead. */
  private barrier(from: number, ends: readonly number[], barrier: Barrier): void {
    const seen = new Set<number>();
    const queue = [...ends];
    for (let to = queue.pop(); to !== undefined; to = queue.pop()) {
      if (seen.has(to)) continue;
      seen.add(to);
      if (this.graph.has(from, to) || this.graph.add(this.barrierLink(from, to, barrier), true).added) continue;
      queue.push(...this.graph.linksOf(to).map((link) => link.to).filter((unit) => this.model.units[unit]?.group === barrier.after));
    }
  }

  private barrierLink(from: number, to: number, barrier: Barrier): Link {
    const task = this.model.units[from]?.task;
    const name = (group: number): string => this.model.groups[group]?.phase?.title ?? 'the tasks before';
    return {
      from, to, reason: barrier.line ? 'section' : 'phase', confidence: barrier.line ? 0.9 : 0.8, file: barrier.line?.file ?? task?.file ?? null, line: barrier.line?.line ?? task?.line ?? null,
      text: barrier.line?.text ?? `${name(barrier.group)} comes after ${name(barrier.after)}`,
    };
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
export function deriveEdges(model: Model, options: { readonly strictPhases: boolean }): Edges {
  const refs = refsOf(model);
  const builder = new Builder(model);
  const explicit = explicitLinks(model, refs);
  for (const link of explicit.links) builder.stated(link);
  const overlap = overlapOf(model);
  // tasks.yaml states all of its dependencies; phases and order say nothing there.
  if (model.spec.dialect === 'tasks-yaml') {
    builder.crowds(overlap);
    return { graph: builder.graph, overlap, diagnostics: [...explicit.diagnostics, ...builder.diagnostics] };
  }
  const section = readSection(model, refs);
  for (const link of section.links) if (!section.apart.has(`${link.from}>${link.to}`)) builder.stated(link);
  const barriers = barriersOf(model, section, options.strictPhases);
  builder.findLifted(barriers);
  const free = model.spec.dialect === 'speckit' ? explicit.free : explicit.stated;
  for (const group of model.groups) builder.order(group, { parallel: section.parallel, free, apart: section.apart });
  builder.barriers(barriers.list);
  for (const link of mentionLinks(model, refs)) if (!section.apart.has(`${link.from}>${link.to}`)) builder.stated(link);
  builder.crowds(overlap);
  return { graph: builder.graph, overlap, diagnostics: [...explicit.diagnostics, ...section.diagnostics, ...builder.diagnostics] };
}
