import { describe, expect, test } from 'vitest';
import { forecast, type Job, netOf } from './forecast';

const job = (weight: number, more: Partial<Job> = {}): Job => ({ weight, remaining: weight, waits: [], clashes: [], alone: false, ...more });
const end = (jobs: readonly Job[], slots: number, priorities: readonly number[], running: readonly (readonly [number, number])[] = []): number =>
  forecast(netOf(jobs, { slots, running: new Map(running) }), Float64Array.from(priorities));

describe('forecast', () => {
  test.each([
    ['nothing', [], 2, [], 0],
    ['side by side', [job(2), job(3)], 2, [0, 0], 3],
    ['one slot', [job(2), job(3)], 1, [0, 0], 5],
    ['a chain', [job(2), job(3, { waits: [0] })], 2, [0, 0], 5],
    ['the higher priority first', [job(1), job(1), job(4)], 2, [0, 0, 1], 4],
    ['of equals the earlier position', [job(1), job(1), job(4)], 2, [0, 0, 0], 5],
    ['an infinite priority first', [job(1), job(4), job(4)], 2, [9, Infinity, Infinity], 5],
    ['one file', [job(2, { clashes: [1] }), job(3, { clashes: [0] })], 2, [0, 0], 5],
    ['alone', [job(2), job(3, { alone: true }), job(1)], 3, [0, 9, 0], 5],
    ['what must not start now lets others pass', [job(2, { clashes: [1] }), job(3, { clashes: [0] }), job(2)], 2, [2, 1, 0], 5],
    ['a circle is left out', [job(2, { waits: [1] }), job(2, { waits: [0] }), job(1)], 2, [0, 0, 0], 1],
  ] satisfies [string, Job[], number, number[], number][])('%s', (_name, jobs, slots, priorities, expected) => expect(end(jobs, slots, priorities)).toBe(expected));

  test('what is running takes the time that is left of it, and its slot', () => {
    const jobs = [job(9), job(2), job(2, { waits: [0] })];
    expect(end(jobs, 1, [0, 0, 0], [[0, 1]])).toBe(5);
    expect(end(jobs, 2, [0, 0, 0], [[0, 1]])).toBe(3);
  });

  test('gives up as soon as the end cannot be before the limit', () => {
    const net = netOf([job(2), job(3, { waits: [0] })], { slots: 1, running: new Map() });
    expect(forecast(net, new Float64Array(2), 5)).toBe(Infinity);
    expect(forecast(net, new Float64Array(2), 5.1)).toBe(5);
  });
});

test('a net knows the longest chains and a lower bound', () => {
  const net = netOf([job(2), job(3, { waits: [0] }), job(4, { alone: true })], { slots: 2, running: new Map() });
  expect([...net.tails]).toEqual([5, 3, 4]);
  expect(net.bound).toBe(6.5);
  expect(net.ready).toEqual([0, 2]);
});
