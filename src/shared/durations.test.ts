import { expect, test } from 'vitest';
import { durationsOf } from './durations';

test('a duration is the remaining path less the longest one behind it, and never nothing', () => {
  const durations = durationsOf({ remaining: { A: 4.5, B: 3, C: 1, D: 3 }, waits: { A: [], B: ['A'], C: ['A', 'D'], D: [] } });
  expect([...durations]).toEqual([['A', 1.5], ['B', 3], ['C', 1], ['D', 2]]);
  expect(durationsOf({ remaining: { A: 1, B: 1 }, waits: { A: [], B: ['A'] } }).get('A')).toBeGreaterThan(0);
});
