/** What an open task really waits for, over tasks that are done before their turn. */
import type { Graph, Link } from './graph';
import { isOpen, isSatisfied, type Model } from './model';

const none: readonly number[] = [];

/** Whether a wait leads on over a satisfied end. What a person or the text of a task states is satisfied by its own end; an order or a barrier stands for all that came before it. */
export const passesOn = ({ reason }: Link): boolean => reason === 'phase' || reason === 'order' || reason === 'section';

const areSame = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((unit, place) => unit === b[place]);

class Waits {
  /** True for a satisfied unit with something unsatisfied behind it that binds those that come after it. */
  private readonly leads: boolean[];
  /**
   * By unit: what the barriers of its phase lead to, as far as anything unsatisfied is there, also where only another task of the phase carries them. Whoever
   * is bound to that task by its own text has no barrier itself, and still is of the phase. Lists are shared: most units of a phase have the very same.
   */
  private readonly barred: (readonly number[])[];

  /** Units that the walk at hand has met; a mark of an older walk counts as none. Sets for each walk took most of the time. */
  private readonly met: Int32Array;
  private walk = 0;

  constructor(private readonly model: Model, private readonly graph: Graph, private readonly satisfied: readonly boolean[]) {
    this.met = new Int32Array(model.units.length);
    this.leads = model.units.map(() => false);
    this.barred = model.units.map(() => none);
    const common = model.groups.map(() => none);
    for (const unit of graph.inOrder()) {
      const group = this.groupOf(unit);
      const own = this.barriersOf(unit);
      if (own.length > 0 && !areSame(own, common[group] ?? none)) common[group] = own;
      this.barred[unit] = this.carried(unit, group, own.length > 0 ? common[group] ?? none : none);
      this.leads[unit] = satisfied[unit] === true && graph.linksOf(unit).some((link) => this.isBinding(link));
    }
  }

  private groupOf(unit: number): number {
    return this.model.units[unit]?.group ?? -1;
  }

  /** `own` and what the links within the group carry. */
  private carried(unit: number, group: number, own: readonly number[]): readonly number[] {
    let only = own;
    for (const { to } of this.graph.linksOf(unit)) {
      const list = this.groupOf(to) === group ? this.barred[to] ?? none : none;
      if (list.length === 0 || list === only) continue;
      if (only.length > 0) return this.joined(unit, group, own);
      only = list;
    }
    return only;
  }

  private joined(unit: number, group: number, own: readonly number[]): readonly number[] {
    const lists = this.graph.linksOf(unit).map(({ to }) => (this.groupOf(to) === group ? this.barred[to] ?? none : none));
    return [...new Set([own, ...lists].flat())];
  }

  private isAhead(unit: number): boolean {
    return this.satisfied[unit] !== true || this.leads[unit] === true;
  }

  private barriersOf(unit: number): readonly number[] {
    let found: number[] | null = null;
    for (const { to, reason } of this.graph.linksOf(unit)) {
      if ((reason === 'phase' || reason === 'section') && this.groupOf(to) !== this.groupOf(unit) && this.isAhead(to)) (found ??= []).push(to);
    }
    return found ?? none;
  }

  /** Barriers that a link hides: those of the task of the same phase that it leads to. */
  private hidden({ from, to }: Link): readonly number[] {
    return this.groupOf(from) === this.groupOf(to) ? this.barred[to] ?? none : none;
  }

  /** Whether anything unsatisfied binds over this link of a satisfied unit. */
  private isBinding(link: Link): boolean {
    return passesOn(link) ? this.isAhead(link.to) : this.hidden(link).length > 0;
  }

  of(unit: number): readonly number[] {
    if (this.satisfied[unit] === true) return none;
    const links = this.graph.linksOf(unit);
    const isThrough = (link: Link): boolean => this.satisfied[link.to] === true && this.isBinding(link);
    if (!links.some(isThrough)) return links.filter((link) => this.satisfied[link.to] !== true).map((link) => link.to).reverse();
    this.walk += 1;
    const found: number[] = [];
    // Made with the first: a stated link over a done task that hides a barrier is rare.
    let lists: Set<readonly number[]> | null = null;
    const queue: number[] = [];
    const follow = (link: Link): void => {
      const hidden = passesOn(link) ? null : this.hidden(link);
      if (hidden === null) queue.push(link.to);
      else if (hidden.length > 0 && lists?.has(hidden) !== true) {
        lists = (lists ?? new Set<readonly number[]>()).add(hidden);
        queue.push(...hidden);
      }
    };
    for (const link of links) if (this.satisfied[link.to] === true) follow(link);
      else if (this.isNew(link.to)) found.push(link.to);
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (this.satisfied[at] !== true) {
        if (this.isNew(at)) found.push(at);
      } else if (this.leads[at] === true && this.isNew(at)) for (const link of this.graph.linksOf(at)) follow(link);
    }
    return found;
  }

  /** Whether the walk meets the unit for the first time. */
  private isNew(unit: number): boolean {
    if (this.met[unit] === this.walk) return false;
    this.met[unit] = this.walk;
    return true;
  }
}

/** By unit, whether waits lead on over it: it is satisfied, or open and not in `only`. */
export const passedOver = (model: Model, only: ReadonlySet<string> | null): readonly boolean[] =>
  model.units.map(({ task }) => isSatisfied(task) || (only !== null && isOpen(task) && !only.has(task.id)));

/**
 * For each open unit, the units that it really waits for: where an order or a barrier leads to a unit that is done already (ticked by hand
 * before its turn), that unit's own predecessors take its place. What a task's text names is satisfied by its end, but the barriers of their phase bind
 * on. Satisfied parts without anything open behind them are walked once. `passed` comes from `passedOver`.
 */
export function waitsOf(model: Model, graph: Graph, passed: readonly boolean[]): readonly (readonly number[])[] {
  if (!passed.includes(true)) return model.units.map((unit) => graph.linksOf(unit.index).map((link) => link.to));
  const waits = new Waits(model, graph, passed);
  return model.units.map(({ index }) => waits.of(index));
}
