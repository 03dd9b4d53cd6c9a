import { expect, test } from 'vitest';
import { clock, span } from './duration';

test.each([
  [-5, '0:00'], [7_400, '0:07'], [252_000, '4:12'], [3_789_000, '1:03:09'],
])('clock of %d ms is %s', (milliseconds, want) => {
  expect(clock(milliseconds)).toBe(want);
});

test.each([
  [0, '0 s'], [0.42, '0.4 s'], [9.96, '10 s'], [38.2, '38 s'], [59.7, '1 min'], [69, '1 min 9 s'], [120, '2 min'], [2460, '41 min'], [3600, '1 h'], [7500, '2 h 5 min'],
])('span of %d s is %s', (seconds, want) => {
  expect(span(seconds)).toBe(want);
});
