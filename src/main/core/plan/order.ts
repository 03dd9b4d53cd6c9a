/** Rule 5 of formats.md section 5: order inside a phase, from [P] marks and the order of lines. */
import { orderConfidence, type Graph, type Link } from './graph';
import type { LostOrders } from './lost-orders';
import type { Group, Model, Unit } from './model';

/** Where a chain stands: `last` must be done before anything later, `since` are the [P] tasks after it, `freed` those without [P] that have no order of their own. */
interface Chain {
  last: number[];
  since: number[];
  freed: number[];
  /** Its latest task stands under a heading of tests. */
  inTests: boolean;
}

/** All that several chains hold, as a chain of its own. */
function joined(chains: readonly Chain[]): Chain {
  const all = (part: 'last' | 'since' | 'freed'): number[] => [...new Set(chains.flatMap((chain) => chain[part]))];
  return { last: all('last'), since: all('since'), freed: all('freed'), inTests: chains.some((chain) => chain.inTests) };
}

export interface OrderContext {
  readonly model: Model;
  readonly graph: Graph;
  /** May run beside its neighbours: [P], or the text says so. */
  readonly isParallel: (unit: Unit) => boolean;
  /** Has no order of its own: says that it depends on nothing, or on what it names. */
  readonly isFree: (unit: Unit) => boolean;
  /** Must come before a task of an earlier phase, so its own phase's order does not hold it. */
  readonly isLifted: (unit: Unit) => boolean;
  readonly isApart: (from: number, to: number) => boolean;
  /** Told of each link that had to go for one of the order. */
  readonly onDropped: (link: Link) => void;
  /** Where orders go that a circle refused, and those that wait for the barriers. */
  readonly lost: LostOrders;
}

const isTests = (section: string | undefined): boolean => section !== undefined && /^\W*tests?\b/i.test(section);
const isImplementation = (section: string | undefined): boolean => section !== undefined && /^\W*(?:core )?implementation\b/i.test(section);

/** Tasks out of their order that the next ones still wait for; more of them only a file listed backwards has. */
const maxCarried = 100;

function linkOf(from: Unit, to: Unit, text: string): Link {
  return { from: from.index, to: to.index, reason: 'order', confidence: orderConfidence, file: from.task.file, line: from.task.line, text };
}

class Ordering {
  private common: Chain = { last: [], since: [], freed: [], inTests: false };
  private readonly stories = new Map<string, Chain>();

  constructor(private readonly context: OrderContext, private readonly joint: boolean) {}

  visit(unit: Unit): void {
    const own = this.chainsOf(unit);
    const [chain] = own.length === 1 ? own : [joined(own)];
    if (chain === undefined) return;
    this.place(unit, chain);
    if (own.length > 1) for (const one of own) this.leave(unit, one, chain);
  }

  /** Tests come before the implementation, whatever their marks say. */
  private enter({ task }: Unit, chain: Chain): void {
    if (chain.inTests && chain.since.length > 0 && isImplementation(task.section)) {
      chain.last = [...chain.since, ...chain.freed];
      chain.since = [];
      chain.freed = [];
    }
    chain.inTests = isTests(task.section);
  }

  private place(unit: Unit, chain: Chain): void {
    // "None" takes away the task's own order, not that of the [P] tasks behind it.
    if (this.context.isFree(unit)) (this.context.isParallel(unit) ? chain.since : chain.freed).push(unit.index);
    else if (this.context.isLifted(unit)) this.lifted(unit, chain);
    else if (this.context.isParallel(unit)) this.parallel(unit, chain);
    else this.serial(unit, chain);
  }

  /** What a task of several stories, placed behind all of them, means for one of them: it leads, or it stands beside that story's own tasks. */
  private leave(unit: Unit, own: Chain, chain: Chain): void {
    if (chain.last[0] === unit.index) Object.assign(own, joined([chain]));
    else if (chain.freed.at(-1) === unit.index) own.freed.push(unit.index);
    else own.since.push(unit.index);
  }

  /** One chain for each story of a joint phase; a task of several stories stands in each of theirs, one without a story joins them all. */
  private chainsOf(unit: Unit): readonly Chain[] {
    const { stories } = unit.task;
    const isOfStory = this.joint && stories.length > 0;
    const all = isOfStory ? stories.map((story) => this.chainOf(story)) : [...this.stories.values()];
    const own = all.length > 0 ? all : [this.common];
    for (const chain of own) this.enter(unit, chain);
    if (isOfStory || all.length === 0) return own;
    this.common = joined(own);
    this.stories.clear();
    return [this.common];
  }

  private chainOf(story: string): Chain {
    const chain = this.stories.get(story) ?? joined([this.common]);
    this.stories.set(story, chain);
    return chain;
  }

  /** Why one comes after another, in words that are true of both. */
  private why(unit: Unit, other: Unit): string {
    if (!this.context.isParallel(unit)) return `has no [P] and comes after ${other.task.id}`;
    if (!this.context.isParallel(other)) return `comes after ${other.task.id}, the last task before it without [P]`;
    const areTests = isTests(other.task.section) && isImplementation(unit.task.section);
    return `comes after ${other.task.id}${areTests ? ': tests come before the implementation' : ''}`;
  }

  private link(unit: Unit, to: number): Link | null {
    const other = this.context.model.units[to];
    if (!other || this.context.isApart(unit.index, to)) return null;
    const text = `${unit.task.id} ${this.why(unit, other)}`;
    return linkOf(unit, other, text);
  }

  /** `isTold`: it comes right after that one, so that a loss is worth a word. */
  private add(unit: Unit, to: number, isTold = true): boolean {
    const link = this.link(unit, to);
    if (link === null) return false;
    const result = this.context.graph.add(link);
    if (result.added && result.dropped) this.context.onDropped(result.dropped);
    if (!result.added && isTold) this.context.lost.lose(link);
    return result.added;
  }

  private parallel(unit: Unit, chain: Chain): void {
    for (const to of chain.last) this.add(unit, to);
    for (const to of chain.freed) this.add(unit, to);
    // More than that only a file without sense has: the first [P] task then stands for them.
    if (chain.freed.length > maxCarried) {
      chain.last = [unit.index];
      chain.freed = [];
    } else chain.since.push(unit.index);
  }

  private serial(unit: Unit, chain: Chain): void {
    // The [P] tasks since then wait for `last` already, unless one of them was let off it.
    const last = [unit.index];
    for (const to of chain.last) if (!this.add(unit, to, to === chain.last[0]) && last.length <= maxCarried) last.push(to);
    for (const to of chain.freed) if (!this.add(unit, to) && last.length <= maxCarried) last.push(to);
    for (const to of chain.since) if (!this.add(unit, to) && last.length <= maxCarried) last.push(to);
    chain.last = last;
    if (chain.since.length > 0) chain.since = [];
    if (chain.freed.length > 0) chain.freed = [];
  }

  private lifted(unit: Unit, chain: Chain): void {
    const isParallel = this.context.isParallel(unit);
    const before = [...chain.last, ...chain.freed, ...(isParallel ? [] : chain.since)].slice(0, maxCarried);
    this.context.lost.wait({ from: unit.index, before, linkTo: (to) => this.link(unit, to) });
    if (isParallel) {
      chain.since.push(unit.index);
      return;
    }
    chain.last = [unit.index, ...chain.last, ...chain.freed, ...chain.since];
    chain.since = [];
    chain.freed = [];
  }
}

/** Adds the order links of one group to the graph. */
export function orderGroup(group: Group, context: OrderContext): void {
  const { units } = context.model;
  const stories = new Set<string>();
  for (const index of group.members) {
    for (const story of units[index]?.task.stories ?? []) stories.add(story);
  }
  const ordering = new Ordering(context, stories.size > 1);
  for (const index of group.members) {
    const unit = units[index];
    if (unit) ordering.visit(unit);
  }
}
