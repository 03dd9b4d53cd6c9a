/**
 * What would happen if units were started in a given order: list scheduling simulated with expected durations (the parallel schedule
 * generation scheme; Graham 1969, Kolisch 1996). Works on positions instead of ids, since the search of `priorities` runs it often.
 */

/** An open task with all that is nested in it, as plan and run dispatch it. Other units are named by their positions in the same list. */
export interface Unit {
  /** Expected duration, above 0; all in the same measure. */
  readonly weight: number;
  /** How urgent the unit is by itself, the higher the earlier: its longest remaining path, or Infinity to put it before all others. */
  readonly remaining: number;
  /** The units that must have ended before it starts. */
  readonly waits: readonly number[];
  /** The units that it must not run beside; each of them names it as well. */
  readonly clashes: readonly number[];
  /** Runs beside no other unit. */
  readonly alone: boolean;
}

/** What is going on now: how many units may run at once, and the running ones with the time that is expected to be left. */
export interface Moment {
  readonly slots: number;
  readonly running: ReadonlyMap<number, number>;
}

/** Units and moment, looked through once for many forecasts. */
export interface Net {
  readonly units: readonly Unit[];
  readonly moment: Moment;
  /** By unit, the units that wait for it. */
  readonly users: readonly (readonly number[])[];
  /** By unit, how many it waits for. */
  readonly waiting: Int32Array;
  /** The units that wait for nothing and do not run yet, in order of their positions. */
  readonly ready: readonly number[];
  /** By unit, the expected time until the end of the longest chain that it begins. */
  readonly tails: Float64Array;
  /** No order ends before this. */
  readonly bound: number;
}

const leftOf = (unit: number, { units, moment }: Pick<Net, 'units' | 'moment'>): number => moment.running.get(unit) ?? units[unit]?.weight ?? 0;

/** Looks through units and moment. Linear. Units that wait for each other in a circle never start and count nothing. */
export function netOf(units: readonly Unit[], moment: Moment): Net {
  const users: number[][] = units.map(() => []);
  const waiting = Int32Array.from(units, (unit) => unit.waits.length);
  units.forEach((unit, at) => unit.waits.forEach((other) => users[other]?.push(at)));
  const left = waiting.slice();
  const order = units.flatMap((unit, at) => (unit.waits.length === 0 ? [at] : []));
  for (let at = 0; at < order.length; at += 1) {
    for (const user of users[order[at] ?? 0] ?? []) {
      left[user] = (left[user] ?? 0) - 1;
      if (left[user] === 0) order.push(user);
    }
  }
  const tails = new Float64Array(units.length);
  let longest = 0;
  let beside = 0;
  let alone = 0;
  for (const unit of order.reverse()) {
    let behind = 0;
    for (const user of users[unit] ?? []) behind = Math.max(behind, tails[user] ?? 0);
    const own = leftOf(unit, { units, moment });
    tails[unit] = behind + own;
    longest = Math.max(longest, behind + own);
    if (units[unit]?.alone === true) alone += own;
    else beside += own;
  }
  const ready = units.flatMap((unit, at) => (unit.waits.length === 0 && !moment.running.has(at) ? [at] : []));
  return { units, moment, users, waiting, ready, tails, bound: Math.max(longest, alone + beside / moment.slots) };
}

/** Puts a unit among the ready ones: highest priority first, then position. */
function insert(ready: number[], unit: number, priorities: Float64Array): void {
  const own = priorities[unit] ?? 0;
  let at = ready.length;
  ready.push(unit);
  for (; at > 0; at -= 1) {
    const other = ready[at - 1] ?? 0;
    const ahead = priorities[other] ?? 0;
    if (ahead > own || (ahead === own && other < unit)) break;
    ready[at] = other;
  }
  ready[at] = unit;
}

/** Whether a unit may start beside running ones of which none runs alone. */
function mayStart(unit: Unit | undefined, running: readonly number[]): boolean {
  if (running.length === 0 || unit === undefined) return true;
  if (unit.alone) return false;
  if (unit.clashes.length > 0) for (const other of running) if (unit.clashes.includes(other)) return false;
  return true;
}

/**
 * Time from now until all units have ended when each free slot takes the ready unit of the highest priority that may start. Gives up with
 * Infinity as soon as the end cannot be before `limit`.
 */
export function forecast({ units, moment, users, waiting, ready: first, tails }: Net, priorities: Float64Array, limit = Infinity): number {
  const left = waiting.slice();
  // Infinite priorities have no difference; sorting is stable.
  const ready = [...first].sort((a, b) => ((priorities[a] ?? 0) === (priorities[b] ?? 0) ? 0 : (priorities[b] ?? 0) > (priorities[a] ?? 0) ? 1 : -1));
  const running = [...moment.running.keys()];
  const ends = running.map((unit) => moment.running.get(unit) ?? 0);
  for (let now = 0; ;) {
    let isAlone = running.some((unit) => units[unit]?.alone === true);
    for (let at = 0; at < ready.length && running.length < moment.slots && !isAlone;) {
      const unit = ready[at] ?? 0;
      if (!mayStart(units[unit], running)) {
        at += 1;
        continue;
      }
      if (now + (tails[unit] ?? 0) >= limit) return Infinity;
      ready.splice(at, 1);
      running.push(unit);
      isAlone = units[unit]?.alone === true;
      ends.push(now + (units[unit]?.weight ?? 0));
    }
    if (running.length === 0) return now;
    now = ends[0] ?? 0;
    for (const end of ends) if (end < now) now = end;
    for (let at = running.length - 1; at >= 0; at -= 1) {
      if ((ends[at] ?? 0) > now) continue;
      const unit = running[at] ?? 0;
      running.splice(at, 1);
      ends.splice(at, 1);
      for (const user of users[unit] ?? []) {
        left[user] = (left[user] ?? 0) - 1;
        if (left[user] === 0) insert(ready, user, priorities);
      }
    }
  }
}
