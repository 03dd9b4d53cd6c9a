import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forecast, type Unit, netOf } from './forecast';
import { mostUnits, prioritiesOf } from './priorities';

const unit = (weight: number, more: Partial<Unit> = {}): Unit => ({ weight, remaining: weight, waits: [], clashes: [], alone: false, ...more });
const moment = { slots: 2, running: new Map<number, number>() };
const endOf = (units: readonly Unit[], priorities: Float64Array): number => forecast(netOf(units, moment), priorities);
const own = (units: readonly Unit[]): Float64Array => Float64Array.from(units, (one) => one.remaining);

/** Three units of 2 on one file and two of 3: the longest path first takes 9, the best order 6. */
const onOneFile = [0, 1, 2].map((at) => unit(2, { clashes: [0, 1, 2].filter((other) => other !== at) }));
const crowded = [...onOneFile, unit(3), unit(3)];

test('finds an order that ends earlier than the longest path first', () => {
  expect(endOf(crowded, own(crowded))).toBe(9);
  expect(endOf(crowded, prioritiesOf(crowded, moment))).toBe(6);
});

test('of units that share a file the earlier position goes first', () => {
  const [first = 0, second = 0, third = 0] = prioritiesOf(crowded, moment);
  expect(first).toBeGreaterThanOrEqual(second);
  expect(second).toBeGreaterThanOrEqual(third);
});

test('what must go first does', () => {
  const units = [unit(1, { clashes: [1] }), unit(1, { remaining: Infinity, clashes: [0] })];
  expect([...prioritiesOf(units, moment)][1]).toBe(Infinity);
});

test('a large run goes by its own priorities alone', () => {
  const units = Array.from({ length: mostUnits + 1 }, (_, at) => unit(1 + (at % 7)));
  expect(prioritiesOf(units, moment)).toEqual(own(units));
});

test('never worse than its own priorities, equal for equal input, and nothing is changed', () => {
  const one = fc.record({ weight: fc.integer({ min: 1, max: 9 }), after: fc.array(fc.nat(20), { maxLength: 3 }), shares: fc.array(fc.nat(20), { maxLength: 2 }), alone: fc.boolean() });
  fc.assert(fc.property(fc.array(one, { maxLength: 20 }), (list) => {
    const units = list.map(({ weight, after, alone }, at) => unit(weight, {
      waits: [...new Set(after.filter((other) => other < at))], alone: alone && at % 4 === 0,
      clashes: list.flatMap((other, index) => (index !== at && (list[at]?.shares.includes(index) === true || other.shares.includes(at)) ? [index] : [])),
    }));
    const before = structuredClone(units);
    const priorities = prioritiesOf(units, moment);
    expect(endOf(units, priorities)).toBeLessThanOrEqual(endOf(units, own(units)) + 1e-6);
    expect(prioritiesOf(units, moment)).toEqual(priorities);
    expect(units).toEqual(before);
  }), { numRuns: 200 });
});
