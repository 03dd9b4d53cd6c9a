/** Waits that no single link states and no two links imply, as links with the evidence of the way that leads there: nothing holds a task back without a reason. */
import type { Graph, Link } from './graph';
import { isSatisfied, type Model } from './model';
import type { Removed } from './overrides';
import { passesOn } from './waits';

/** A link that stands for a way over others. */
export interface ToldLink extends Link {
  /** Units between its ends, in the order of the way. */
  readonly through: readonly number[];
}

export interface TellContext {
  readonly model: Model;
  readonly graph: Graph;
  /** By unit, the unsatisfied units that it waits for. */
  readonly waits: readonly (readonly number[])[];
  /** By unit, whether waits lead on over it: it is done, skipped, or not asked for. */
  readonly passed: readonly boolean[];
  readonly removed: Removed;
}

type Way = readonly Link[];

/** Links that are told, and steps that looking for their ways may take: a file of thousands that were done before their turn has millions. */
const toldLimit = 20_000;
const stepLimit = 4_000_000;
/** Units of a way that its text names. */
const namedLimit = 3;

class Telling {
  left = toldLimit;
  private steps = stepLimit;

  constructor(private readonly context: TellContext) {}

  /** Links for what one unit waits for without a link. */
  of(from: number): readonly ToldLink[] {
    const { graph, waits } = this.context;
    const list = waits[from] ?? [];
    const missing = new Set(list.filter((to) => !graph.has(from, to) && !this.isImplied(from, to, list)));
    const ways: Way[] = [];
    // What was done before its turn first, since a run passes over it; then whatever leads there.
    for (const leadsOn of [this.isPassing, this.isPassed, this.isAny]) if (missing.size > 0) this.find(from, missing, leadsOn, ways);
    this.left -= ways.length;
    return ways.flatMap((way) => this.linkOf(way) ?? []);
  }

  /** Two links that are told say it already: to tell it again for each of thousands behind them helps nobody. */
  private isImplied(from: number, to: number, list: readonly number[]): boolean {
    const { graph, waits } = this.context;
    return list.some((other) => other !== to && graph.has(from, other) && graph.has(other, to) && waits[other]?.includes(to) === true);
  }

  private readonly isPassed = (link: Link): boolean => this.context.passed[link.to] === true;
  private readonly isPassing = (link: Link): boolean => passesOn(link) && this.isPassed(link);
  private readonly isAny = (): boolean => true;

  /** Adds the shortest way to each of `missing` to `ways` and takes it out of `missing`. */
  private find(from: number, missing: Set<number>, leadsOn: (link: Link) => boolean, ways: Way[]): void {
    const { graph } = this.context;
    const low = Math.min(...[...missing].map((unit) => graph.rankOf(unit)));
    const by = new Map<number, Link>();
    const queue = [from];
    for (const at of queue) {
      for (const link of graph.linksOf(at)) {
        this.steps -= 1;
        if (this.steps <= 0) return;
        if (by.has(link.to) || graph.rankOf(link.to) < low) continue;
        by.set(link.to, link);
        if (missing.delete(link.to)) ways.push(wayTo(link, from, by));
        if (leadsOn(link)) queue.push(link.to);
      }
      if (missing.size === 0) return;
    }
  }

  private linkOf(way: Way): ToldLink | null {
    const first = way[0];
    const last = way.at(-1);
    if (first === undefined || last === undefined) return null;
    const groupOf = (unit: number): number => this.context.model.units[unit]?.group ?? -1;
    // Between phases the step out of its own phase is the reason, within one the step that leads there.
    const out = way.find((link) => groupOf(link.from) === groupOf(first.from) && groupOf(link.to) !== groupOf(first.from));
    const confidence = Math.min(...way.map((link) => link.confidence));
    const reason = (groupOf(first.from) === groupOf(last.to) ? undefined : out) ?? last;
    return { ...reason, from: first.from, to: last.to, confidence, text: `${this.how(way)}: ${reason.text}`, through: way.slice(1).map((link) => link.from) };
  }

  private how(way: Way): string {
    const { model, removed, passed } = this.context;
    const id = (unit: number): string => model.units[unit]?.task.id ?? '';
    const gone = way.find((link) => removed.isRemoved(link.from, link.to));
    if (gone) return gone === way[0] ? `You took away only the wait for ${id(gone.to)}` : `You let only ${id(gone.from)} start before ${id(gone.to)}`;
    const between = way.slice(1).map((link) => link.from).filter((unit) => passed[unit] === true);
    const names = between.slice(0, namedLimit).map(id).join(', ') + (between.length > namedLimit ? ` and ${between.length - namedLimit} more` : '');
    const isDone = between.every((unit) => { const task = model.units[unit]?.task; return task !== undefined && isSatisfied(task); });
    return `through ${names}, ${isDone ? `done before ${between.length === 1 ? 'its' : 'their'} turn` : 'not asked for'}`;
  }
}

function wayTo(end: Link, from: number, by: ReadonlyMap<number, Link>): Way {
  const way = [end];
  for (let link = end.from === from ? undefined : by.get(end.from); link !== undefined; link = link.from === from ? undefined : by.get(link.from)) way.unshift(link);
  return way;
}

/** Links for all waits without one, by the unit that waits. Empty where nothing was done before its turn and nothing taken away. */
export function toldLinks(context: TellContext): ReadonlyMap<number, readonly ToldLink[]> {
  const told = new Map<number, readonly ToldLink[]>();
  if (context.removed.removed.length === 0 && !context.passed.includes(true)) return told;
  const telling = new Telling(context);
  context.waits.forEach((list, unit) => {
    const links = list.length === 0 || telling.left <= 0 ? [] : telling.of(unit);
    if (links.length > 0) told.set(unit, links);
  });
  return told;
}
