/**
 * Which tasks share a lane: list scheduling simulated with the weights. A chain stays in its lane, and tasks of one story
 * go to that story's lane unless it is busy and another lane has nothing of its own to do.
 */
import type { PlannedLane } from '../../../shared/domain';
import { isExclusive } from './exclusive';
import type { Graph } from './graph';
import type { Model } from './model';
import type { Overlap } from './overlap';
import type { Lengths } from './waves';

/** How many ready tasks of a queue are tried before a lane waits; bounds the work on crowded files. */
const lookahead = 200;

interface Lane {
  readonly index: number;
  readonly units: number[];
  busyUntil: number;
  running: number | null;
}

export interface LaneOptions {
  readonly maxParallel: number;
  readonly weightOf: (unit: number) => number;
}

/** `US1` of a unit: its own label, else that of its story phase; null outside stories. */
export function storyOf(model: Model, unit: number): string | null {
  const task = model.units[unit]?.task;
  if (!task) return null;
  if (task.story !== null) return task.story;
  const named = task.phase?.kind === 'story' ? /(?:User Story|US)[ -]?(\d+)/i.exec(task.phase.title)?.[1] : undefined;
  return named === undefined ? null : `US${named}`;
}

/** Story -> lane. With more stories than lanes the longest go first, each to the lane with the least work. */
function homes(model: Model, lengths: Lengths, options: LaneOptions): Map<string, number> {
  const work = new Map<string, number>();
  for (const unit of lengths.order) {
    const story = storyOf(model, unit);
    if (story !== null) work.set(story, (work.get(story) ?? 0) + options.weightOf(unit));
  }
  const load = Array.from({ length: options.maxParallel }, () => 0);
  const inOrder = [...work];
  const stories = inOrder.length <= options.maxParallel ? inOrder : inOrder.sort((a, b) => b[1] - a[1]);
  return new Map(stories.map(([story, weight]) => {
    const lane = load.indexOf(Math.min(...load));
    load[lane] = (load[lane] ?? 0) + weight;
    return [story, lane];
  }));
}

class Simulation {
  readonly lanes: Lane[];
  private readonly waiting = new Map<number, number>();
  /** Ready units by the lane that is their story's home; -1 for those without one. */
  private readonly queues = new Map<number, number[]>();
  private readonly laneOf = new Map<number, number>();
  private readonly clashes = new Map<number, Set<number>>();
  private readonly home: Map<string, number>;
  private now = 0;

  constructor(private readonly model: Model, private readonly graph: Graph, private readonly lengths: Lengths, overlap: Overlap, private readonly options: LaneOptions) {
    this.lanes = Array.from({ length: options.maxParallel }, (_, index) => ({ index, units: [], busyUntil: 0, running: null }));
    this.home = homes(model, lengths, options);
    const open = new Set(lengths.order);
    for (const unit of lengths.order) {
      this.waiting.set(unit, graph.linksOf(unit).filter((link) => open.has(link.to)).length);
    }
    for (const { a, b } of overlap.conflicts) this.clash(model.unitOf.get(a) ?? -1, model.unitOf.get(b) ?? -1);
  }

  private clash(a: number, b: number): void {
    this.clashes.set(a, (this.clashes.get(a) ?? new Set()).add(b));
    this.clashes.set(b, (this.clashes.get(b) ?? new Set()).add(a));
  }

  run(): void {
    for (const unit of this.lengths.order) if (this.waiting.get(unit) === 0) this.enqueue(unit);
    for (;;) {
      this.startAll();
      const next = this.lanes.filter((lane) => lane.running !== null).sort((a, b) => a.busyUntil - b.busyUntil)[0];
      if (!next) return;
      this.now = next.busyUntil;
      for (const lane of this.lanes) if (lane.running !== null && lane.busyUntil <= this.now) this.finish(lane);
    }
  }

  private before(a: number, b: number): boolean {
    const ahead = (this.lengths.remaining[a] ?? 0) - (this.lengths.remaining[b] ?? 0);
    return ahead > 0 || (ahead === 0 && a < b);
  }

  /** Keeps each queue sorted: longest remaining path first, then file order. */
  private enqueue(unit: number): void {
    const story = storyOf(this.model, unit);
    const key = story === null ? -1 : this.home.get(story) ?? -1;
    const queue = this.queues.get(key) ?? [];
    let low = 0;
    for (let high = queue.length; low < high;) {
      const middle = (low + high) >> 1;
      if (this.before(queue[middle] ?? 0, unit)) low = middle + 1;
      else high = middle;
    }
    queue.splice(low, 0, unit);
    this.queues.set(key, queue);
  }

  private finish(lane: Lane): void {
    const unit = lane.running;
    lane.running = null;
    if (unit === null) return;
    for (const user of this.graph.usersOf(unit)) {
      const left = this.waiting.get(user);
      if (left === undefined) continue;
      this.waiting.set(user, left - 1);
      if (left === 1) this.enqueue(user);
    }
  }

  /** First each lane its own story's best task, then, so that no lane idles, the best of all others. */
  private startAll(): void {
    for (const lane of this.lanes) if (lane.running === null) this.take(this.queues.get(lane.index), () => lane);
    for (;;) {
      const best = [...this.queues.values()].filter((queue) => queue.length > 0).sort((a, b) => (this.before(a[0] ?? 0, b[0] ?? 0) ? -1 : 1));
      if (!this.lanes.some((lane) => lane.running === null) || !best.some((queue) => this.take(queue, (unit) => this.laneFor(unit)))) return;
    }
  }

  private take(queue: number[] | undefined, laneFor: (unit: number) => Lane | null): boolean {
    const running = this.lanes.flatMap((lane) => lane.running ?? []);
    const at = queue?.slice(0, lookahead).findIndex((unit) => this.mayStart(unit, running)) ?? -1;
    const unit = queue?.[at];
    const lane = unit === undefined ? null : laneFor(unit);
    if (unit === undefined || lane === null) return false;
    queue?.splice(at, 1);
    this.start(lane, unit);
    return true;
  }

  private mayStart(unit: number, running: readonly number[]): boolean {
    if (running.length === 0) return true;
    const alone = (one: number): boolean => { const task = this.model.units[one]?.task; return task !== undefined && isExclusive(task); };
    return !alone(unit) && !running.some((other) => alone(other) || this.clashes.get(unit)?.has(other) === true);
  }

  /** A chain goes on where its last link was done; else in a lane that is in use already, else in the next fresh one. */
  private laneFor(unit: number): Lane | null {
    const idle = this.lanes.filter((lane) => lane.running === null);
    const before = this.graph.linksOf(unit).flatMap((link) => this.laneOf.get(link.to) ?? []);
    const last = idle.filter((lane) => before.includes(lane.index)).sort((a, b) => b.busyUntil - a.busyUntil)[0];
    return last ?? idle.find((lane) => lane.units.length > 0) ?? idle[0] ?? null;
  }

  private start(lane: Lane, unit: number): void {
    lane.units.push(unit);
    lane.running = unit;
    lane.busyUntil = this.now + this.options.weightOf(unit);
    this.laneOf.set(unit, lane.index);
  }
}

/** Characters of a lane's name; it becomes part of branch and folder names. */
const nameLimit = 28;

const slug = (text: string): string =>
  text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, nameLimit + 1).replace(/-[^-]*$/, (tail, at) => (at + tail.length > nameLimit ? '' : tail)).slice(0, nameLimit);

/** `User Story 2 - Search (Priority: P2) 🎯 MVP` -> `Search`. */
const shortTitle = (title: string): string =>
  title.replace(/^.*?\b(?:User Story|US)[ -]?\d+\s*(?:\([^)]*\))?\s*[-–—:]?\s*/i, '').replace(/\([^)]*\)|\bMVP\b/gi, '');

/** Story -> slug such as `us1-search`, from the title of its phase. */
function storySlugs(model: Model): Map<string, string> {
  const found = new Map<string, string>();
  for (const { phase } of model.groups) {
    const story = phase === null ? null : /\b(?:User Story|US)[ -]?(\d+)/i.exec(phase.title)?.[1];
    if (phase && story && !found.has(`US${story}`)) found.set(`US${story}`, slug(`us${story} ${shortTitle(phase.title)}`));
  }
  return found;
}

function nameOf(model: Model, units: readonly number[], slugs: ReadonlyMap<string, string>): string {
  const counts = new Map<string, number>();
  for (const unit of units) {
    const phase = model.units[unit]?.task.phase;
    const story = storyOf(model, unit);
    const kind = phase?.kind;
    const name = story !== null ? slugs.get(story) ?? slug(story)
      : kind === 'setup' || kind === 'foundational' || kind === 'polish' ? kind : slug((phase?.title ?? '').replace(/\([^)]*\)/g, ''));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const best = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
  return best === '' ? 'lane' : best;
}

/** Every open unit in exactly one lane, in the order in which it would run there. Names are slugs, each used once. */
export function planLanes(model: Model, graph: Graph, lengths: Lengths, overlap: Overlap, options: LaneOptions): PlannedLane[] {
  const simulation = new Simulation(model, graph, lengths, overlap, options);
  simulation.run();
  const used = new Set<string>();
  const slugs = storySlugs(model);
  return simulation.lanes.filter((lane) => lane.units.length > 0).map((lane) => {
    const wanted = nameOf(model, lane.units, slugs);
    let name = wanted;
    for (let n = 2; used.has(name); n += 1) name = `${wanted}-${n}`;
    used.add(name);
    return { name, tasks: lane.units.map((unit) => model.units[unit]?.task.id ?? '') };
  });
}
