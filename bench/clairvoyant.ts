/**
 * How good a schedule could have been, had all durations been known: lower bounds, and a long search for the best schedule. The search is a
 * local search over priorities (random keys) with two decoders, the parallel and the serial schedule generation scheme (Kolisch 1996; the
 * serial one can wait on purpose), and with forward-backward improvement (Li and Willis 1992; Valls, Ballestin and Quintanilla 2005).
 */
import { forecast, type Unit, netOf, type Net } from '../src/shared/forecast';
import { randomFrom } from './random';

const tiny = 1e-9;

export interface Bounds {
  /** max(critical path, total work / slots, work on the busiest file). */
  readonly plain: number;
  /** The same, with the tasks that run alone counted as what they are: work beside which nothing happens. */
  readonly knowing: number;
}

/** Lower bounds of a schedule of `units`; `files` as in an instance. */
export function boundsOf(units: readonly Unit[], files: readonly (readonly number[])[], slots: number): Bounds {
  const weight = (unit: number): number => units[unit]?.weight ?? 0;
  const sum = (list: readonly number[]): number => list.reduce((total, unit) => total + weight(unit), 0);
  const net = netOf(units, { slots, running: new Map() });
  const all = units.map((_, unit) => unit);
  const alone = all.filter((unit) => units[unit]?.alone === true);
  const beside = (list: readonly number[]): number[] => list.filter((unit) => units[unit]?.alone !== true);
  const path = net.tails.reduce((most, tail) => Math.max(most, tail), 0);
  return {
    plain: Math.max(path, sum(all) / slots, ...files.map(sum)),
    knowing: Math.max(path, net.bound, ...files.map((file) => sum(alone) + sum(beside(file)))),
  };
}

/** The same units seen from the end. */
const reversed = (net: Net): readonly Unit[] => net.units.map((unit, at) => ({ ...unit, waits: net.users[at] ?? [] }));

/** Stretches of time with how many units run in them. */
interface Stretch {
  readonly from: number;
  running: number;
  isAlone: boolean;
}

/** Index of the stretch that begins at `time`, made if need be. */
function cut(stretches: Stretch[], time: number): number {
  let low = 0;
  for (let high = stretches.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((stretches[middle]?.from ?? 0) < time - tiny) low = middle + 1;
    else high = middle;
  }
  const found = stretches[low];
  if (found !== undefined && found.from <= time + tiny) return low;
  const before = stretches[low - 1];
  stretches.splice(low, 0, { from: time, running: before?.running ?? 0, isAlone: before?.isAlone ?? false });
  return low;
}

/** Serial scheme: each unit in turn, highest priority first, at the earliest time that is left. Fills `starts`; returns the end. */
function serial(net: Net, priorities: Float64Array, starts: Float64Array): number {
  const { units, users, moment: { slots } } = net;
  const left = net.waiting.slice();
  const eligible = units.flatMap((_, unit) => (left[unit] === 0 ? [unit] : []));
  const placed = new Uint8Array(units.length);
  const stretches: Stretch[] = [{ from: 0, running: 0, isAlone: false }];
  let last = 0;
  while (eligible.length > 0) {
    let best = 0;
    for (let at = 1; at < eligible.length; at += 1) {
      const [one, two] = [eligible[at] ?? 0, eligible[best] ?? 0];
      const ahead = (priorities[one] ?? 0) - (priorities[two] ?? 0);
      if (ahead > 0 || (ahead === 0 && one < two)) best = at;
    }
    const [at = 0] = eligible.splice(best, 1);
    const unit = units[at];
    if (unit === undefined) throw new Error('Internal error: no such unit');
    let start = 0;
    for (const other of unit.waits) start = Math.max(start, (starts[other] ?? 0) + (units[other]?.weight ?? 0));
    for (let moved = true; moved;) {
      moved = false;
      for (const other of unit.clashes) {
        const end = (starts[other] ?? 0) + (units[other]?.weight ?? 0);
        if (placed[other] === 1 && (starts[other] ?? 0) < start + unit.weight - tiny && end > start + tiny) [start, moved] = [end, true];
      }
      for (let k = cut(stretches, start); k < stretches.length && (stretches[k]?.from ?? 0) < start + unit.weight - tiny; k += 1) {
        const there = stretches[k];
        if (there === undefined || (unit.alone ? there.running === 0 : there.running < slots && !there.isAlone)) continue;
        [start, moved] = [stretches[k + 1]?.from ?? start, true];
      }
    }
    const until = cut(stretches, start + unit.weight);
    for (let k = cut(stretches, start); k < until; k += 1) {
      const there = stretches[k];
      if (there === undefined) continue;
      there.running += 1;
      there.isAlone ||= unit.alone;
    }
    starts[at] = start;
    placed[at] = 1;
    last = Math.max(last, start + unit.weight);
    for (const user of users[at] ?? []) {
      left[user] = (left[user] ?? 0) - 1;
      if (left[user] === 0) eligible.push(user);
    }
  }
  return last;
}

/** A schedule: which priorities and which decoder give it, and when it ends. */
interface Found {
  readonly priorities: Float64Array;
  readonly decoder: 'parallel' | 'serial';
  readonly end: number;
}

/** The earliest end that `budget` decoded schedules find; `proved` when it equals a lower bound. `begin` are priorities to begin with. */
export function bestEnd(units: readonly Unit[], bound: number, slots: number, search: { readonly budget: number; readonly seed: number; readonly begin: readonly Float64Array[] }): { readonly end: number; readonly proved: boolean } {
  const net = netOf(units, { slots, running: new Map() });
  const back = netOf(reversed(net), net.moment);
  const random = randomFrom(search.seed);
  const [starts, backStarts] = [new Float64Array(units.length), new Float64Array(units.length)];
  let spent = 0;
  let best: Found = { priorities: new Float64Array(units.length), decoder: 'parallel', end: Infinity };
  const isOver = (): boolean => best.end <= bound * (1 + tiny) || spent >= search.budget;
  const decode = (priorities: Float64Array, decoder: Found['decoder']): Found => {
    spent += 1;
    return { priorities, decoder, end: decoder === 'parallel' ? forecast(net, priorities) : serial(net, priorities, starts) };
  };
  /** Pushes the last serial schedule to the right and back to the left, as long as that helps. */
  const squeeze = (): void => {
    while (!isOver()) {
      spent += 2;
      serial(back, starts.map((start, unit) => start + (units[unit]?.weight ?? 0)), backStarts);
      const priorities = backStarts.map((start, unit) => start + (units[unit]?.weight ?? 0));
      const end = serial(net, priorities, starts);
      if (end >= best.end - tiny) return;
      best = { priorities, decoder: 'serial', end };
    }
  };
  for (const priorities of search.begin) {
    for (const decoder of ['parallel', 'serial'] as const) {
      if (isOver()) break;
      const found = decode(priorities, decoder);
      if (found.end < best.end) best = found;
      if (decoder === 'serial') squeeze();
    }
  }
  let current = best;
  for (let stale = 0; !isOver();) {
    const ranked = [...current.priorities.keys()].sort((a, b) => (current.priorities[a] ?? 0) - (current.priorities[b] ?? 0));
    const priorities = new Float64Array(units.length);
    ranked.forEach((unit, rank) => { priorities[unit] = rank; });
    for (let move = Math.floor(random() * Math.min(4, 1 + units.length / 10)); move >= 0; move -= 1) {
      const unit = Math.floor(random() * units.length);
      priorities[unit] = (priorities[unit] ?? 0) + (random() - 0.5) * units.length * (random() < 0.5 ? 0.3 : 1.2);
    }
    const other = current.decoder === 'serial' ? 'parallel' : 'serial';
    const found = decode(priorities, random() < 0.8 ? current.decoder : other);
    stale = found.end < current.end - tiny ? 0 : stale + 1;
    if (found.end <= current.end + tiny) current = found;
    if (found.end < best.end - tiny) best = found;
    if (found === current && found.decoder === 'serial' && random() < 0.2) squeeze();
    // After a long time without gain: back to the best, and a little worse is accepted once.
    if (stale > 300) [stale, current] = [0, { ...best, end: best.end * 1.01 }];
  }
  return { end: best.end, proved: best.end <= bound * (1 + tiny) };
}
