/**
 * Which tasks share a lane: list scheduling simulated with the weights. A chain stays in its lane, and tasks of one story
 * go to that story's lane unless it is busy and another lane has nothing of its own to do.
 */
import type { Phase, PlannedLane } from '../../../shared/domain';
import { isExclusive } from './exclusive';
import { packed, type Packed } from './lists';
import type { Model } from './model';
import type { Overlap } from './overlap';
import { ReadyQueue } from './ready';
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

/** Stories by number. */
interface Stories {
  /** `US1` and its like. */
  readonly labels: readonly string[];
  /** By unit, the number of its story; -1 outside stories. */
  readonly of: Int32Array;
}

function storyOfPhase(phase: Phase | null): string | null {
  const named = phase?.kind === 'story' ? /(?:User Story|US)[ -]?(\d+)/i.exec(phase.title)?.[1] : undefined;
  return named === undefined ? null : `US${named}`;
}

/** The story of each unit: its own label, else that of its story phase. */
function storiesOf(model: Model): Stories {
  const ofGroup = model.groups.map((group) => storyOfPhase(group.phase));
  const labels: string[] = [];
  const numbers = new Map<string, number>();
  const of = new Int32Array(model.units.length).fill(-1);
  let last: string | null = null;
  let number = -1;
  for (const { index, task, group } of model.units) {
    const story = task.story ?? ofGroup[group] ?? null;
    if (story === null) continue;
    // Most units have the story of the one before, and looking up a string takes longer than comparing it.
    if (story !== last) number = numbers.get(story) ?? labels.length;
    if (number === labels.length) {
      labels.push(story);
      numbers.set(story, number);
    }
    last = story;
    of[index] = number;
  }
  return { labels, of };
}

/** By unit, the lane of its story; -1 outside stories. With more stories than lanes the longest go first, each to the lane with the least work. */
function homesOf({ labels, of }: Stories, lengths: Lengths, options: LaneOptions): Int32Array {
  const work = new Float64Array(labels.length);
  const met: number[] = [];
  for (const unit of lengths.order) {
    const story = of[unit] ?? -1;
    if (story < 0) continue;
    // A duration is above 0.
    if (work[story] === 0) met.push(story);
    work[story] = (work[story] ?? 0) + options.weightOf(unit);
  }
  const load = Array.from({ length: options.maxParallel }, () => 0);
  const longestFirst = met.length <= options.maxParallel ? met : met.sort((a, b) => (work[b] ?? 0) - (work[a] ?? 0));
  const laneOf = new Int32Array(labels.length).fill(-1);
  for (const story of longestFirst) {
    const lane = load.indexOf(Math.min(...load));
    load[lane] = (load[lane] ?? 0) + (work[story] ?? 0);
    laneOf[story] = lane;
  }
  return of.map((story) => laneOf[story] ?? -1);
}

const clashesOf = (size: number, { pairs }: Overlap): Packed =>
  packed(size, (add) => {
    for (let at = 0; at < pairs.length; at += 2) {
      add(pairs[at] ?? 0, pairs[at + 1] ?? 0);
      add(pairs[at + 1] ?? 0, pairs[at] ?? 0);
    }
  });

function hasItem({ starts, items }: Packed, place: number, item: number): boolean {
  const end = starts[place + 1] ?? 0;
  for (let at = starts[place] ?? 0; at < end; at += 1) if (items[at] === item) return true;
  return false;
}

/** When a unit would run, in weights from the beginning, and in which lane. */
export interface Slot {
  readonly unit: number;
  readonly lane: number;
  readonly start: number;
  readonly end: number;
}

class Simulation {
  readonly lanes: Lane[];
  /** By unit, when it starts. */
  readonly starts: Float64Array;
  /** Open units that each unit still waits for; -1 for units that are not open. */
  private readonly waiting: Int32Array;
  /** Ready units by the lane that is their story's home; the last queue is for those without one. */
  private readonly queues: readonly ReadyQueue[];
  /** By queue: whether none of it may start at the moment. */
  private readonly isTried: Uint8Array;
  private readonly laneOf: Int32Array;
  /** By unit: those that it shares a path with. */
  private readonly clashes: Packed;
  private readonly homes: Int32Array;
  /** Units that share no time with any other. */
  private readonly alone: readonly boolean[];
  private readonly running: number[] = [];
  /** By lane: whether it did something that the unit at hand waits for. */
  private readonly isBefore: Uint8Array;
  private now = 0;

  constructor(model: Model, private readonly lengths: Lengths, overlap: Overlap, private readonly options: LaneOptions & { readonly stories: Stories }) {
    this.lanes = Array.from({ length: Math.min(options.maxParallel, Math.max(1, lengths.order.length)) }, (_, index) => ({ index, units: [], busyUntil: 0, running: null }));
    this.isBefore = new Uint8Array(this.lanes.length);
    this.homes = homesOf(options.stories, lengths, options);
    this.queues = Array.from({ length: options.maxParallel + 1 }, () => new ReadyQueue(lengths.order.length, (a, b) => this.before(a, b)));
    this.isTried = new Uint8Array(this.queues.length);
    this.alone = model.units.map(({ task }) => isExclusive(task));
    this.starts = new Float64Array(model.units.length);
    this.waiting = new Int32Array(model.units.length).fill(-1);
    this.laneOf = new Int32Array(model.units.length).fill(-1);
    for (const unit of lengths.order) this.waiting[unit] = 0;
    for (const unit of lengths.order) {
      let open = 0;
      for (const other of lengths.waits[unit] ?? []) if ((this.waiting[other] ?? -1) >= 0) open += 1;
      this.waiting[unit] = open;
    }
    this.clashes = clashesOf(model.units.length, overlap);
  }

  run(): void {
    for (const unit of this.lengths.order) if (this.waiting[unit] === 0) this.enqueue(unit);
    for (;;) {
      this.startAll();
      let next = Infinity;
      for (const lane of this.lanes) if (lane.running !== null && lane.busyUntil < next) next = lane.busyUntil;
      if (next === Infinity) return;
      this.now = next;
      for (const lane of this.lanes) if (lane.running !== null && lane.busyUntil <= this.now) this.finish(lane);
    }
  }

  private before(a: number, b: number): boolean {
    const ahead = (this.lengths.remaining[a] ?? 0) - (this.lengths.remaining[b] ?? 0);
    return ahead > 0 || (ahead === 0 && a < b);
  }

  /** Longest remaining path first, then file order. */
  private enqueue(unit: number): void {
    const home = this.homes[unit] ?? -1;
    this.queues[home < 0 ? this.options.maxParallel : home]?.add(unit);
  }

  private finish(lane: Lane): void {
    const unit = lane.running;
    lane.running = null;
    if (unit === null) return;
    const last = this.running.pop();
    if (last !== undefined && last !== unit) this.running[this.running.indexOf(unit)] = last;
    const { starts, items } = this.lengths.users;
    const end = starts[unit + 1] ?? 0;
    for (let at = starts[unit] ?? 0; at < end; at += 1) {
      const user = items[at] ?? 0;
      const left = this.waiting[user] ?? -1;
      if (left < 0) continue;
      this.waiting[user] = left - 1;
      if (left === 1) this.enqueue(user);
    }
  }

  /** First each lane its own story's best task, then, so that no lane idles, the best of all others. */
  private startAll(): void {
    for (const lane of this.lanes) {
      const unit = lane.running === null ? this.queues[lane.index]?.take(this.mayStart) : undefined;
      if (unit !== undefined) this.start(lane, unit);
    }
    while (this.running.length < this.lanes.length) {
      const unit = this.takeBest();
      const lane = unit === undefined ? null : this.laneFor(unit);
      if (unit === undefined || lane === null) return;
      this.start(lane, unit);
    }
  }

  /** The best unit that may start, from the queue whose first one is best; from the next one where none of that queue may. */
  private takeBest(): number | undefined {
    this.isTried.fill(0);
    for (;;) {
      let best = -1;
      for (let at = 0; at < this.queues.length; at += 1) {
        const first = this.queues[at]?.first;
        const known = this.queues[best]?.first;
        if (first !== undefined && this.isTried[at] === 0 && (known === undefined || this.before(first, known))) best = at;
      }
      const unit = this.queues[best]?.take(this.mayStart);
      if (unit !== undefined || best < 0) return unit;
      this.isTried[best] = 1;
    }
  }

  /** A property, because queues call it. */
  private readonly mayStart = (unit: number): boolean => {
    if (this.running.length === 0) return true;
    if (this.alone[unit] === true) return false;
    for (const other of this.running) if (this.alone[other] === true || hasItem(this.clashes, unit, other)) return false;
    return true;
  };

  /** A chain goes on where its last link was done; else in a lane that is in use already, else in the next fresh one. Called while some lane is idle. */
  private laneFor(unit: number): Lane | null {
    this.isBefore.fill(0);
    for (const other of this.lengths.waits[unit] ?? []) this.isBefore[this.laneOf[other] ?? -1] = 1;
    let last: Lane | null = null;
    let used: Lane | null = null;
    let fresh: Lane | null = null;
    for (const lane of this.lanes) {
      if (lane.running !== null) continue;
      if (this.isBefore[lane.index] === 1 && (last === null || lane.busyUntil > last.busyUntil)) last = lane;
      if (lane.units.length > 0) used ??= lane;
      else fresh ??= lane;
    }
    return last ?? used ?? fresh;
  }

  private start(lane: Lane, unit: number): void {
    lane.units.push(unit);
    lane.running = unit;
    this.running.push(unit);
    lane.busyUntil = this.now + this.options.weightOf(unit);
    this.starts[unit] = this.now;
    this.laneOf[unit] = lane.index;
  }
}

/** Characters of a lane's name; it becomes part of branch and folder names. */
const nameLimit = 28;
/** Characters of a phase's title that a name is made from. */
const titleLimit = 200;

/** Without accents. */
const plain = (text: string): string => (/^[\n -~]*$/.test(text) ? text : text.normalize('NFKD').replace(/[\u0300-\u036f]/g, ''));

const slug = (text: string): string =>
  plain(text).toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, nameLimit + 1).replace(/-[^-]*$/, (tail, at) => (at + tail.length > nameLimit ? '' : tail)).slice(0, nameLimit);

/** `User Story 2 - Search (Priority: P2) 🎯 MVP` -> `Search`. */
const shortTitle = (title: string): string =>
  title.slice(0, titleLimit).replace(/^.*?\b(?:User Story|US)[ -]?\d+\s*(?:\([^)]*\))?\s*[-–—:]?\s*/i, '').replace(/\([^)]*\)|\bMVP\b/gi, '');

/** Story -> its own name in words, such as `us1 Search`, from the title of its phase. */
function storyNames(model: Model): Map<string, string> {
  const found = new Map<string, string>();
  for (const { phase } of model.groups) {
    const story = phase === null ? null : /\b(?:User Story|US)[ -]?(\d+)/i.exec(phase.title)?.[1];
    if (phase && story && !found.has(`US${story}`)) found.set(`US${story}`, `us${story} ${shortTitle(phase.title)}`);
  }
  return found;
}

function phaseSlug(phase: Phase | null | undefined): string {
  const kind = phase?.kind;
  return kind === 'setup' || kind === 'foundational' || kind === 'polish' ? kind : slug((phase?.title ?? '').slice(0, titleLimit).replace(/\([^)]*\)/g, ''));
}

function nameOf(model: Model, units: readonly number[], { labels, of }: Stories, names: ReadonlyMap<string, string>): string {
  const counts = new Map<string, number>();
  // Counted by story, or by phase outside stories, so that each name is made once; stories first, phases behind them.
  const perGroup = new Int32Array(labels.length + model.groups.length);
  const met: number[] = [];
  for (const unit of units) {
    const story = of[unit] ?? -1;
    const key = story < 0 ? labels.length + (model.units[unit]?.group ?? 0) : story;
    if (perGroup[key] === 0) met.push(key);
    perGroup[key] = (perGroup[key] ?? 0) + 1;
  }
  for (const key of met) {
    const story = labels[key];
    const name = story === undefined ? phaseSlug(model.groups[key - labels.length]?.phase) : slug(names.get(story) ?? story);
    counts.set(name, (counts.get(name) ?? 0) + (perGroup[key] ?? 0));
  }
  const best = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
  return best === '' ? 'lane' : best;
}

function simulated(model: Model, lengths: Lengths, overlap: Overlap, options: LaneOptions & { readonly stories: Stories }): Simulation {
  const simulation = new Simulation(model, lengths, overlap, options);
  simulation.run();
  return simulation;
}

/** The schedule behind the lanes: every open unit once, in order of its start. */
export function scheduleOf(model: Model, lengths: Lengths, overlap: Overlap, options: LaneOptions): readonly Slot[] {
  const { lanes, starts } = simulated(model, lengths, overlap, { ...options, stories: storiesOf(model) });
  const slots = lanes.flatMap(({ index: lane, units }) => units.map((unit): Slot => {
    const start = starts[unit] ?? 0;
    return { unit, lane, start, end: start + options.weightOf(unit) };
  }));
  return slots.sort((a, b) => a.start - b.start);
}

/** Every open unit in exactly one lane, in the order in which it would run there. Names are slugs, each used once. */
export function planLanes(model: Model, lengths: Lengths, overlap: Overlap, options: LaneOptions & { readonly idOf: (unit: number) => string }): PlannedLane[] {
  const stories = storiesOf(model);
  const simulation = simulated(model, lengths, overlap, { ...options, stories });
  const used = new Set<string>();
  const names = storyNames(model);
  return simulation.lanes.filter((lane) => lane.units.length > 0).map((lane) => {
    const wanted = nameOf(model, lane.units, stories, names);
    let name = wanted;
    for (let n = 2; used.has(name); n += 1) name = `${wanted}-${n}`;
    used.add(name);
    return { name, tasks: lane.units.map(options.idOf) };
  });
}
