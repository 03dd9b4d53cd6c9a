/** Barriers between groups as links between their tasks: each first task of one waits for each last task of the other. */
import type { Diagnostic } from '../../../shared/domain';
import { listAt } from '../../../shared/list-at';
import type { Barrier, Waiting } from './barriers';
import type { Graph, Link } from './graph';
import type { Group, Model } from './model';

/** Links that all barriers together may make without a word, and some more for each unit. */
const freePairs = 60_000;
const pairsPerUnit = 8;

interface Ends {
  /** By group: units that wait for nothing in it. */
  readonly starts: readonly (readonly number[])[];
  /** By group: units that nothing in it waits for. */
  readonly ends: (readonly number[])[];
}

/** Barriers of which it is told that they cannot hold for all. */
const toldLimit = 100;
/** Steps that all looks for ways through the graph may take. */
const wayLimit = 2_000_000;

class Linking {
  readonly diagnostics: Diagnostic[] = [];
  /** By group: units of earlier phases that some task of it cannot wait for, because they wait for that task. */
  private readonly open = new Map<number, Set<number>>();
  /** By the words of a barrier: tasks that it could not hold back, and for which. */
  private readonly spared = new Map<string, { readonly waiting: number[]; readonly awaited: Set<number> }>();
  private steps = 0;
  private readonly places: Ends;
  private readonly byGroup = new Map<number, Barrier[]>();

  constructor(private readonly model: Model, private readonly graph: Graph, barriers: readonly Barrier[], private readonly lifted: ReadonlySet<number>, private readonly order: Waiting, private readonly onDropped: (link: Link) => void) {
    for (const barrier of barriers) listAt(this.byGroup, barrier.group).push(barrier);
    // Only for groups that wait or are waited for: of thousands of stories side by side none is.
    const waiting = new Set(barriers.map(({ group }) => group));
    const awaited = new Set(barriers.map(({ after }) => after));
    this.places = {
      starts: model.groups.map((group) => (waiting.has(group.index) ? this.starts(group) : [])),
      ends: model.groups.map((group) => (awaited.has(group.index) ? this.ends(group) : [])),
    };
  }

  private starts(group: Group): number[] {
    const within = (link: Link): boolean => this.model.units[link.to]?.group === group.index && !this.lifted.has(link.to);
    return group.members.filter((unit) => this.lifted.has(unit) || !this.graph.linksOf(unit).some(within));
  }

  private ends(group: Group): number[] {
    return group.members.filter((unit) => !this.graph.usersOf(unit).some((other) => this.model.units[other]?.group === group.index));
  }

  /** Where a barrier takes hold: at the first tasks of its group, or of those that it is for. */
  private startsOf({ group, only }: Barrier): readonly number[] {
    if (only === undefined) return this.places.starts[group] ?? [];
    return [...only].filter((unit) => this.lifted.has(unit) || !this.graph.linksOf(unit).some((link) => only.has(link.to)));
  }

  private pairs(barrier: Barrier): number {
    return this.startsOf(barrier).length * (this.places.ends[barrier.after]?.length ?? 0);
  }

  all(barriers: readonly Barrier[]): void {
    const total = barriers.reduce((sum, barrier) => sum + this.pairs(barrier), 0);
    const isCrowded = total > freePairs + this.model.units.length * pairsPerUnit;
    for (const barrier of barriers) {
      const sides = this.startsOf(barrier).length + (this.places.ends[barrier.after]?.length ?? 0);
      if (isCrowded && this.pairs(barrier) > sides * pairsPerUnit) this.gather(barrier);
      const text = barrier.line?.text ?? `${this.name(barrier.group)} comes after ${this.name(barrier.after)}`;
      for (const from of this.startsOf(barrier)) if (!this.link(from, barrier, text)) this.linkBefore(from, barrier);
    }
    if (this.open.size > 0) this.passOn();
  }

  /** What a phase could not wait for, the phases after it still wait for: they cannot leave it to that phase. */
  private passOn(): void {
    for (const group of [...this.byGroup.keys()].sort((a, b) => this.order.rankOf(a) - this.order.rankOf(b))) {
      for (const barrier of this.byGroup.get(group) ?? []) {
        const { after } = barrier;
        const left = this.gathered([...this.open.get(after) ?? []], group);
        for (const from of left.length === 0 ? [] : this.startsOf(barrier)) {
          this.passOnTo(from, left, { group, after, line: null });
        }
      }
    }
  }

  private passOnTo(from: number, left: readonly number[], barrier: Barrier): void {
    // The last first: it may wait for the others already.
    const rest = this.missing(from, left).slice().sort((a, b) => this.graph.rankOf(a) - this.graph.rankOf(b));
    for (let to = rest.pop(); to !== undefined; to = rest.pop()) {
      if (!this.waits(from, to, barrier, this.words(barrier.group, this.model.units[to]?.group ?? -1))) this.leave(barrier.group, to);
      else if (rest.length > 0) rest.splice(0, rest.length, ...this.missing(from, rest));
    }
  }

  private words(group: number, after: number): string {
    return `${this.name(group)} comes after ${this.name(after)}`;
  }

  private leave(group: number, unit: number): void {
    this.open.set(group, (this.open.get(group) ?? new Set<number>()).add(unit));
  }

  /** Thousands that thousands would wait for: the last stands for them all, as far as it can wait for them. */
  private gathered(units: readonly number[], group: number): readonly number[] {
    if (units.length * (this.places.starts[group]?.length ?? 0) <= freePairs) return units;
    const last = Math.max(...units);
    const task = this.model.units[last]?.task;
    return units.filter((to) => to === last || !this.graph.add({ from: last, to, reason: 'phase', confidence: 0.8, file: task?.file ?? null, line: task?.line ?? null, text: `${task?.id ?? ''} stands for ${units.length} tasks that later phases wait for` }, true).added);
  }

  /** Those of `units` that `from` does not wait for yet over any way. Where looking would take too long, all: a link too many is no harm. */
  private missing(from: number, units: readonly number[]): readonly number[] {
    const low = Math.min(...units.map((unit) => this.graph.rankOf(unit)));
    const seen = new Set([from]);
    const queue = [from];
    for (let at = queue.pop(); at !== undefined && this.steps < wayLimit; at = queue.pop()) {
      for (const { to } of this.graph.linksOf(at)) {
        this.steps += 1;
        if (seen.has(to) || this.graph.rankOf(to) < low) continue;
        seen.add(to);
        queue.push(to);
      }
    }
    return units.filter((unit) => !seen.has(unit));
  }

  /** A task that all of the phase before waits for still comes after what that phase waits for. */
  private linkBefore(from: number, { group, after }: Barrier): void {
    const seen = new Set([after]);
    const queue = [after];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const { after: earlier } of this.byGroup.get(at) ?? []) {
        if (seen.has(earlier)) continue;
        seen.add(earlier);
        if (!this.link(from, { group, after: earlier, line: null }, this.words(group, earlier))) queue.push(earlier);
      }
    }
  }

  private name(group: number): string {
    return this.model.groups[group]?.phase?.title ?? 'the tasks before';
  }

  /**
   * Thousands of tasks that each wait for thousands would be millions of links. The last of the earlier ones waits for its
   * neighbours instead and stands for them all.
   */
  private gather(barrier: Barrier): void {
    const ends = this.places.ends[barrier.after] ?? [];
    const last = ends.at(-1);
    const task = this.model.units[last ?? -1]?.task;
    if (last === undefined || task === undefined) return;
    const text = `${task.id} stands for the ${ends.length} last tasks of ${this.name(barrier.after)}`;
    const left = ends.slice(0, -1).filter((to) => {
      const link: Link = { from: last, to, reason: 'phase', confidence: 0.8, file: task.file, line: task.line, text };
      return !this.graph.has(last, to) && !this.graph.add(link, true).added;
    });
    this.places.ends[barrier.after] = [...left, last];
    this.diagnostics.push({ severity: 'info', file: task.file, line: task.line, code: 'wide-barrier', message: `${text}, because what follows has too many tasks to wait for each by itself.`, hint: null });
  }

  /** Waits for the ends of a group; where an end itself waits for `from`, for what stands before it instead. False when nothing of the group is left to wait for. */
  private link(from: number, barrier: Barrier, text: string): boolean {
    const ends = this.places.ends[barrier.after] ?? [];
    const refused = ends.filter((to) => !this.waits(from, to, barrier, text));
    let isLinked = refused.length < ends.length;
    if (refused.length === 0) return isLinked;
    const seen = new Set(refused);
    for (let end = refused.pop(); end !== undefined; end = refused.pop()) {
      // A copy: the loop adds links to the graph.
      for (const { to } of this.graph.linksOf(end).slice()) {
        if (seen.has(to) || this.model.units[to]?.group !== barrier.after) continue;
        seen.add(to);
        if (this.waits(from, to, barrier, text)) isLinked = true;
        else refused.push(to);
      }
    }
    for (const to of seen) if (!this.graph.has(from, to)) this.leave(barrier.group, to);
    this.spare(from, [...seen].filter((to) => !this.graph.has(from, to)), text);
    return isLinked;
  }

  /** Keeps what one task does not wait for, besides tasks that name it themselves: those are told already. */
  private spare(from: number, spared: readonly number[], text: string): void {
    const indirect = spared.filter((to) => !this.graph.linksOf(to).some((link) => link.to === from && link.confidence === 1));
    const told = this.spared.get(text) ?? { waiting: [], awaited: new Set<number>() };
    if (indirect.length === 0 || this.spared.size >= toldLimit) return;
    told.waiting.push(from);
    for (const to of indirect) told.awaited.add(to);
    this.spared.set(text, told);
  }

  private names(units: readonly number[]): string {
    const ids = units.slice(0, 8).map((unit) => this.model.units[unit]?.task.id ?? '');
    return `${ids.join(', ')}${units.length > ids.length ? ` and ${units.length - ids.length} more` : ''}`;
  }

  /** Says of each barrier which tasks could not be held back by it. */
  tell(): void {
    for (const [text, { waiting, awaited }] of this.spared) {
      const task = this.model.units[waiting[0] ?? -1]?.task;
      const why = waiting.length > 1 ? `${awaited.size === 1 ? 'it waits' : 'each of those waits'} for some of these` : `${awaited.size === 1 ? 'it waits' : 'they wait'} for ${task?.id ?? ''}`;
      this.diagnostics.push({
        severity: 'warning', file: task?.file ?? null, line: task?.line ?? null, code: 'edge-dropped',
        message: `${this.names(waiting)} cannot also wait for ${this.names([...awaited].sort((x, y) => x - y))} ("${text.slice(0, 80)}"): ${why}, over other tasks.`, hint: null,
      });
    }
  }

  private waits(from: number, to: number, { line }: Barrier, text: string): boolean {
    const task = this.model.units[from]?.task;
    const result = this.graph.add({
      from, to, reason: line ? 'section' : 'phase', confidence: line ? 0.9 : 0.8,
      file: line?.file ?? task?.file ?? null, line: line?.line ?? task?.line ?? null, text,
    }, true);
    if (result.added && result.dropped) this.onDropped(result.dropped);
    return result.added;
  }
}

/** Adds the links of all barriers to the graph. `lifted` units must come before a task of an earlier group; `onDropped` hears of what had to go. Returns what should be told. */
export function linkBarriers(model: Model, graph: Graph, barriers: { readonly list: readonly Barrier[]; readonly waiting: Waiting; readonly lifted: ReadonlySet<number>; readonly onDropped: (link: Link) => void }): readonly Diagnostic[] {
  const linking = new Linking(model, graph, barriers.list, barriers.lifted, barriers.waiting, barriers.onDropped);
  linking.all(barriers.list);
  linking.tell();
  return linking.diagnostics;
}
