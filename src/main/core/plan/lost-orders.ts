/** The order of lines inside a phase where something stronger runs against it: kept as far as it can be, and told where it cannot (formats.md section 5, conflict handling). */
import type { Diagnostic } from '../../../shared/domain';
import type { Graph, Link } from './graph';
import { isSatisfied, type Model } from './model';

/** Tasks that are told each by itself, and steps back that are looked at for one of them. */
const toldLimit = 100;
const stepLimit = 100;
const namedLimit = 8;

interface Later {
  readonly from: number;
  /** What it would come after, the nearest first. */
  readonly before: readonly number[];
  /** Null where the text keeps the two apart. */
  readonly linkTo: (to: number) => Link | null;
}

interface Refused {
  readonly first: Link;
  readonly units: number[];
  /** How many more than `units`. */
  more: number;
}

const said = ({ file, line }: Link, message: string): Diagnostic => ({ severity: 'warning', file, line, code: 'edge-dropped', message, hint: null });

export class LostOrders {
  private readonly later: Later[] = [];
  /** By a task whose order waited: what it comes after by that order, also over others, as far as the next ones may ask for it. */
  private readonly covered = new Map<number, Set<number>>();
  /** By the task that would have waited. */
  private readonly refused = new Map<number, Refused>();
  private untold: Link | null = null;

  constructor(private readonly model: Model, private readonly graph: Graph, private readonly isRemoved: (from: number, to: number) => boolean) {}

  /** The order of a task that must come before an earlier phase: whether it can hold is known when that phase's barriers are there. */
  wait(order: Later): void {
    this.later.push(order);
  }

  /** An order that closed a circle; one where nothing is left to do before, or behind, is no loss. */
  lose(link: Link): void {
    if (!this.isOpen(link.from) || !this.isOpen(link.to) || this.isRemoved(link.from, link.to)) return;
    const known = this.refused.get(link.from);
    if (known === undefined && this.refused.size === toldLimit) this.untold ??= link;
    else if (known === undefined) this.refused.set(link.from, { first: link, units: [link.to], more: 0 });
    else if (known.units.length < namedLimit) known.units.push(link.to);
    else known.more += 1;
  }

  /** Adds the orders that waited, once the barriers stand. `onDropped` hears of what had to go for one. */
  settle(onDropped: (link: Link) => void): void {
    for (const { from, before, linkTo } of this.later) {
      const covered = new Set<number>();
      for (const to of before) {
        const link = covered.has(to) ? null : linkTo(to);
        if (link === null) continue;
        if (this.add(link, onDropped)) this.cover(covered, to);
        else {
          this.lose(link);
          this.passOver(link, linkTo, onDropped);
        }
      }
      if (covered.size > 0) this.covered.set(from, covered);
    }
  }

  private cover(covered: Set<number>, to: number): void {
    covered.add(to);
    for (const other of this.covered.get(to) ?? []) if (covered.size < stepLimit) covered.add(other);
  }

  private add(link: Link, onDropped: (link: Link) => void): boolean {
    const result = this.graph.add(link);
    if (result.added && result.dropped) onDropped(result.dropped);
    return result.added;
  }

  /** Who cannot come after the task before it still comes after what that one comes after. */
  private passOver({ from, to: first }: Link, linkTo: Later['linkTo'], onDropped: (link: Link) => void): void {
    const seen = new Set([from, first]);
    const queue = [first];
    for (let at = queue.pop(); at !== undefined && seen.size < stepLimit; at = queue.pop()) {
      // A copy: the loop adds links to the graph.
      for (const { to, reason } of this.graph.linksOf(at).slice()) {
        if (reason !== 'order' || seen.has(to)) continue;
        seen.add(to);
        const link = linkTo(to);
        if (link !== null && !this.add(link, onDropped)) queue.push(to);
      }
    }
  }

  private isOpen(unit: number): boolean {
    const task = this.model.units[unit]?.task;
    return task !== undefined && !isSatisfied(task);
  }

  /** What the lost orders would have held back. Of tasks `inCircles` that are told already nothing more is said. */
  diagnostics(inCircles: ReadonlySet<number>): readonly Diagnostic[] {
    const found = [...this.refused.values()].filter(({ first }) => !inCircles.has(first.from)).map(({ first, units, more }) => {
      const id = this.model.units[first.from]?.task.id ?? '';
      const ids = units.map((unit) => this.model.units[unit]?.task.id ?? '').join(', ');
      const way = units.every((unit) => this.graph.has(unit, first.from)) ? '' : ', over other tasks';
      return said(first, `${id} cannot also wait for ${ids}${more > 0 ? ` and ${more} more` : ''} ("${first.text.slice(0, 80)}"): ${units.length === 1 ? 'it waits' : 'they wait'} for ${id}${way}.`);
    });
    return this.untold === null ? found : [...found, said(this.untold, 'From here on more tasks cannot wait for the one before them, because that one waits for them.')];
  }
}
