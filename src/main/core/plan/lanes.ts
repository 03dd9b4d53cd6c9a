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
  private ready: number[] = [];
  private readonly laneOf = new Map<number, number>();
  private readonly clashes = new Map<number, Set<number>>();
  private readonly home: Map<string, number>;
  private now = 0;

  constructor(private readonly model: Model, private readonly graph: Graph, private readonly lengths: Lengths, overlap: Overlap, private readonly options: LaneOptions) {
    this.lanes = Array.from({ length: options.maxParallel }, (_, index) => ({ index, units: [], busyUntil: 0, running: null }));
    this.home = homes(model, lengths, options);
    const open = new Set(lengths.order);
    for (const unit of lengths.order) {
      const count = graph.linksOf(unit).filter((link) => open.has(link.to)).length;
      this.waiting.set(unit, count);
      if (count === 0) this.ready.push(unit);
    }
    for (const { a, b } of overlap.conflicts) this.clash(model.unitOf.get(a) ?? -1, model.unitOf.get(b) ?? -1);
  }

  private clash(a: number, b: number): void {
    this.clashes.set(a, (this.clashes.get(a) ?? new Set()).add(b));
    this.clashes.set(b, (this.clashes.get(b) ?? new Set()).add(a));
  }

  run(): void {
    for (;;) {
      this.ready.sort((a, b) => (this.lengths.remaining[b] ?? 0) - (this.lengths.remaining[a] ?? 0) || a - b);
      this.startAll(true);
      this.startAll(false);
      const next = this.lanes.filter((lane) => lane.running !== null).sort((a, b) => a.busyUntil - b.busyUntil)[0];
      if (!next) return;
      this.now = next.busyUntil;
      for (const lane of this.lanes) if (lane.running !== null && lane.busyUntil <= this.now) this.finish(lane);
    }
  }

  private finish(lane: Lane): void {
    const unit = lane.running;
    lane.running = null;
    if (unit === null) return;
    for (const user of this.graph.usersOf(unit)) {
      const left = this.waiting.get(user);
      if (left === undefined) continue;
      this.waiting.set(user, left - 1);
      if (left === 1) this.ready.push(user);
    }
  }

  /** First the tasks whose own lane is free, then, so that no lane idles, any other. */
  private startAll(own: boolean): void {
    const kept: number[] = [];
    for (const unit of this.ready) {
      const lane = this.mayStart(unit) ? this.laneFor(unit, own) : null;
      if (lane) this.start(lane, unit);
      else kept.push(unit);
    }
    this.ready = kept;
  }

  private mayStart(unit: number): boolean {
    const running = this.lanes.flatMap((lane) => lane.running ?? []);
    if (running.length === this.lanes.length) return false;
    const alone = (one: number): boolean => { const task = this.model.units[one]?.task; return task !== undefined && isExclusive(task); };
    if (running.length > 0 && (alone(unit) || running.some(alone))) return false;
    return !running.some((other) => this.clashes.get(unit)?.has(other));
  }

  private laneFor(unit: number, own: boolean): Lane | null {
    const idle = this.lanes.filter((lane) => lane.running === null);
    const story = storyOf(this.model, unit);
    if (story !== null && own) return idle.find((lane) => lane.index === this.home.get(story)) ?? null;
    // A chain goes on where its last link was done; else in a lane that is in use already, else in the next fresh one.
    const before = this.graph.linksOf(unit).flatMap((link) => this.laneOf.get(link.to) ?? []);
    const last = idle.filter((lane) => before.includes(lane.index)).sort((a, b) => b.busyUntil - a.busyUntil)[0];
    if (own) return last ?? null;
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

function nameOf(model: Model, units: readonly number[]): string {
  const counts = new Map<string, number>();
  for (const unit of units) {
    const task = model.units[unit]?.task;
    const story = storyOf(model, unit);
    const title = model.groups.map((group) => group.phase?.title ?? '').find((one) => story !== null && new RegExp(`\\b(?:User Story|US)[ -]?${story.slice(2)}\\b`, 'i').test(one));
    const kind = task?.phase?.kind;
    const name = story !== null ? slug(`${story} ${title === undefined ? '' : shortTitle(title)}`)
      : kind === 'setup' || kind === 'foundational' || kind === 'polish' ? kind : slug((task?.phase?.title ?? '').replace(/\([^)]*\)/g, ''));
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
  return simulation.lanes.filter((lane) => lane.units.length > 0).map((lane) => {
    const wanted = nameOf(model, lane.units);
    let name = wanted;
    for (let n = 2; used.has(name); n += 1) name = `${wanted}-${n}`;
    used.add(name);
    return { name, tasks: lane.units.map((unit) => model.units[unit]?.task.id ?? '') };
  });
}
