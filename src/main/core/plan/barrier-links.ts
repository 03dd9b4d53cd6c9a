/** Barriers between groups as links between their tasks: each first task of one waits for each last task of the other. */
import type { Diagnostic } from '../../../shared/domain';
import { listAt } from '../../../shared/list-at';
import type { Barrier } from './barriers';
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

class Linking {
  readonly diagnostics: Diagnostic[] = [];
  private readonly places: Ends;
  private readonly byGroup = new Map<number, Barrier[]>();

  constructor(private readonly model: Model, private readonly graph: Graph, barriers: readonly Barrier[], private readonly lifted: ReadonlySet<number>, private readonly onDropped: (link: Link) => void) {
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

  private pairs({ group, after }: Barrier): number {
    return (this.places.starts[group]?.length ?? 0) * (this.places.ends[after]?.length ?? 0);
  }

  all(barriers: readonly Barrier[]): void {
    const total = barriers.reduce((sum, barrier) => sum + this.pairs(barrier), 0);
    const isCrowded = total > freePairs + this.model.units.length * pairsPerUnit;
    for (const barrier of barriers) {
      const sides = (this.places.starts[barrier.group]?.length ?? 0) + (this.places.ends[barrier.after]?.length ?? 0);
      if (isCrowded && this.pairs(barrier) > sides * pairsPerUnit) this.gather(barrier);
      const text = barrier.line?.text ?? `${this.name(barrier.group)} comes after ${this.name(barrier.after)}`;
      for (const from of this.places.starts[barrier.group] ?? []) if (!this.link(from, barrier, text)) this.linkBefore(from, barrier);
    }
  }

  /** A task that all of the phase before waits for still comes after what that phase waits for. */
  private linkBefore(from: number, { group, after }: Barrier): void {
    const seen = new Set([after]);
    const queue = [after];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const { after: earlier } of this.byGroup.get(at) ?? []) {
        if (seen.has(earlier)) continue;
        seen.add(earlier);
        if (!this.link(from, { group, after: earlier, line: null }, `${this.name(group)} comes after ${this.name(earlier)}`)) queue.push(earlier);
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
    return isLinked;
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
export function linkBarriers(model: Model, graph: Graph, barriers: { readonly list: readonly Barrier[]; readonly lifted: ReadonlySet<number>; readonly onDropped: (link: Link) => void }): readonly Diagnostic[] {
  const linking = new Linking(model, graph, barriers.list, barriers.lifted, barriers.onDropped);
  linking.all(barriers.list);
  return linking.diagnostics;
}
