import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forecast, type Job, netOf } from './forecast';
import { mostJobs, prioritiesOf } from './priorities';

const job = (weight: number, more: Partial<Job> = {}): Job => ({ weight, remaining: weight, waits: [], clashes: [], alone: false, ...more });
const moment = { slots: 2, running: new Map<number, number>() };
const endOf = (jobs: readonly Job[], priorities: Float64Array): number => forecast(netOf(jobs, moment), priorities);
const own = (jobs: readonly Job[]): Float64Array => Float64Array.from(jobs, (one) => one.remaining);

/** Three jobs of 2 on one file and two of 3: the longest path first takes 9, the best order 6. */
const onOneFile = [0, 1, 2].map((at) => job(2, { clashes: [0, 1, 2].filter((other) => other !== at) }));
const crowded = [...onOneFile, job(3), job(3)];

test('finds an order that ends earlier than the longest path first', () => {
  expect(endOf(crowded, own(crowded))).toBe(9);
  expect(endOf(crowded, prioritiesOf(crowded, moment))).toBe(6);
});

test('of jobs that share a file the earlier position goes first', () => {
  const [first = 0, second = 0, third = 0] = prioritiesOf(crowded, moment);
  expect(first).toBeGreaterThanOrEqual(second);
  expect(second).toBeGreaterThanOrEqual(third);
});

test('what must go first does', () => {
  const jobs = [job(1, { clashes: [1] }), job(1, { remaining: Infinity, clashes: [0] })];
  expect([...prioritiesOf(jobs, moment)][1]).toBe(Infinity);
});

test('a large run goes by its own priorities alone', () => {
  const jobs = Array.from({ length: mostJobs + 1 }, (_, at) => job(1 + (at % 7)));
  expect(prioritiesOf(jobs, moment)).toEqual(own(jobs));
});

test('never worse than its own priorities, equal for equal input, and nothing is changed', () => {
  const one = fc.record({ weight: fc.integer({ min: 1, max: 9 }), after: fc.array(fc.nat(20), { maxLength: 3 }), shares: fc.array(fc.nat(20), { maxLength: 2 }), alone: fc.boolean() });
  fc.assert(fc.property(fc.array(one, { maxLength: 20 }), (list) => {
    const jobs = list.map(({ weight, after, alone }, at) => job(weight, {
      waits: [...new Set(after.filter((other) => other < at))], alone: alone && at % 4 === 0,
      clashes: list.flatMap((other, index) => (index !== at && (list[at]?.shares.includes(index) === true || other.shares.includes(at)) ? [index] : [])),
    }));
    const before = structuredClone(jobs);
    const priorities = prioritiesOf(jobs, moment);
    expect(endOf(jobs, priorities)).toBeLessThanOrEqual(endOf(jobs, own(jobs)) + 1e-6);
    expect(prioritiesOf(jobs, moment)).toEqual(priorities);
    expect(jobs).toEqual(before);
  }), { numRuns: 200 });
});
