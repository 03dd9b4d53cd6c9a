import { describe, expect, test } from 'vitest';
import { forecast, type Unit, netOf } from './forecast';

const unit = (weight: number, more: Partial<Unit> = {}): Unit => ({ weight, remaining: weight, waits: [], clashes: [], alone: false, ...more });
const end = (units: readonly Unit[], slots: number, priorities: readonly number[], running: readonly (readonly [number, number])[] = []): number =>
  forecast(netOf(units, { slots, running: new Map(running) }), Float64Array.from(priorities));

describe('forecast', () => {
  test.each([
    ['nothing', [], 2, [], 0],
    ['side by side', [unit(2), unit(3)], 2, [0, 0], 3],
    ['one slot', [unit(2), unit(3)], 1, [0, 0], 5],
    ['a chain', [unit(2), unit(3, { waits: [0] })], 2, [0, 0], 5],
    ['the higher priority first', [unit(1), unit(1), unit(4)], 2, [0, 0, 1], 4],
    ['of equals the earlier position', [unit(1), unit(1), unit(4)], 2, [0, 0, 0], 5],
    ['an infinite priority first', [unit(1), unit(4), unit(4)], 2, [9, Infinity, Infinity], 5],
    ['one file', [unit(2, { clashes: [1] }), unit(3, { clashes: [0] })], 2, [0, 0], 5],
    ['alone', [unit(2), unit(3, { alone: true }), unit(1)], 3, [0, 9, 0], 5],
    ['what must not start now lets others pass', [unit(2, { clashes: [1] }), unit(3, { clashes: [0] }), unit(2)], 2, [2, 1, 0], 5],
    ['a circle is left out', [unit(2, { waits: [1] }), unit(2, { waits: [0] }), unit(1)], 2, [0, 0, 0], 1],
  ] satisfies [string, Unit[], number, number[], number][])('%s', (_name, units, slots, priorities, expected) => expect(end(units, slots, priorities)).toBe(expected));

  test('what is running takes the time that is left of it, and its slot', () => {
    const units = [unit(9), unit(2), unit(2, { waits: [0] })];
    expect(end(units, 1, [0, 0, 0], [[0, 1]])).toBe(5);
    expect(end(units, 2, [0, 0, 0], [[0, 1]])).toBe(3);
  });

  test('gives up as soon as the end cannot be before the limit', () => {
    const net = netOf([unit(2), unit(3, { waits: [0] })], { slots: 1, running: new Map() });
    expect(forecast(net, new Float64Array(2), 5)).toBe(Infinity);
    expect(forecast(net, new Float64Array(2), 5.1)).toBe(5);
  });
});

test('a net knows the longest chains and a lower bound', () => {
  const net = netOf([unit(2), unit(3, { waits: [0] }), unit(4, { alone: true })], { slots: 2, running: new Map() });
  expect([...net.tails]).toEqual([5, 3, 4]);
  expect(net.bound).toBe(6.5);
  expect(net.ready).toEqual([0, 2]);
});
