import { expect, test } from 'vitest';
import { idleDays } from './cleanup';
import type { Run } from './run';

const lastAt = '2025-03-05T10:00:00.000Z';
const after = (days: number): number => Date.parse(lastAt) + days * 86_400_000;

test.each<[Run['state'], number, number | null]>([
  ['finished', 6.99, null], ['finished', 7, 7], ['finished', 9.5, 9], ['rolled-back', 8, 8], ['running', 30, 30],
  ['landed', 30, null], ['abandoned', 30, null], ['finished', -1, null],
])('a run that is %s, %s days later', (state, days, want) => {
  expect(idleDays({ state, lastAt }, after(days))).toBe(want);
});
