/**
 * Which waiting unit goes first. Longest remaining path first (the critical-path rule of list scheduling; Graham 1969) is blind to shared
 * files and to units that run alone, so it is only where a search begins: some of its priorities are changed at random, the outcome is
 * forecast with the expected durations, and what ends earlier is kept (random sampling around a priority rule, Kolisch 1996; rollout,
 * Bertsekas 1997). The dice are the same every time, so equal runs decide equally. docs/adr/0007-the-scheduling-rule.md has the figures.
 */
import { forecast, type Unit, type Moment, type Net, netOf } from './forecast';

/** Orders that are tried at most. More gained nothing on the corpus. */
const tries = 50;
/** Unit starts that all forecasts of one decision may take together: a few milliseconds. */
const work = 6_000;
/** Fewer tries than this are not worth their time. */
const fewest = 8;
/** More units than this go by their own priorities alone, which are near the optimum when there are many. */
export const mostUnits = work / fewest;
/** Units whose priority changes from one order to the next, at most. */
const changes = 3;
/** A changed priority is a unit's own times a factor in this range. */
const factors = { least: 0.3, most: 2.1 };
/** An order must end earlier by this share to be preferred; less is rounding. */
const gain = 1e-9;

/** Numbers in [0, 1), always the same ones: mulberry32 (Tommy Ettinger, public domain). */
function dice(): () => number {
  let state = 5;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Of two units that share a file the earlier position goes first, as their author wrote them, unless the whole would then end later. Looks at
 * units that are ready and at those that the search has moved; `most` forecasts at most. Changes `priorities`.
 */
function inFileOrder(net: Net, own: Float64Array, priorities: Float64Array, end: number, most: number): void {
  const isReady = new Set(net.ready);
  let spent = 0;
  for (let unit = 0; unit < priorities.length; unit += 1) {
    if (!isReady.has(unit) && priorities[unit] === own[unit]) continue;
    for (const other of net.units[unit]?.clashes ?? []) {
      const [ahead, behind] = [priorities[unit] ?? 0, priorities[other] ?? 0];
      if (other > unit || net.moment.running.has(other) || behind >= ahead || ahead === Infinity) continue;
      if (spent >= most) return;
      spent += 1;
      [priorities[unit], priorities[other]] = [behind, ahead];
      if (forecast(net, priorities, end * (1 + 2 * gain)) > end * (1 + gain)) [priorities[unit], priorities[other]] = [ahead, behind];
    }
  }
}

/** Priority by unit, the higher the earlier; of equals the earlier position goes first. Pure. */
export function prioritiesOf(units: readonly Unit[], moment: Moment): Float64Array {
  const own = Float64Array.from(units, (unit) => unit.remaining);
  if (units.length > mostUnits) return own;
  const net = netOf(units, moment);
  const { ready } = net;
  if (ready.length === 0) return own;
  const rounds = Math.min(tries, Math.floor(work / units.length));
  const roll = dice();
  let best = own;
  let end = forecast(net, own);
  for (let round = 0; round < rounds && end > net.bound * (1 + gain); round += 1) {
    const tried = best.slice();
    for (let change = Math.floor(roll() * changes); change >= 0; change -= 1) {
      // Every other change is one that may tell at once.
      const unit = roll() < 0.5 ? ready[Math.floor(roll() * ready.length)] ?? 0 : Math.floor(roll() * units.length);
      tried[unit] = (own[unit] ?? 0) * (factors.least + (factors.most - factors.least) * roll());
    }
    const triedEnd = forecast(net, tried, end * (1 - gain));
    if (triedEnd >= end * (1 - gain)) continue;
    best = tried;
    end = triedEnd;
  }
  best = best.slice();
  inFileOrder(net, own, best, end, rounds);
  return best;
}
