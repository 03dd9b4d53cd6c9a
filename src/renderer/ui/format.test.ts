import { describe, expect, test } from 'vitest';
import { baseName, clock, secondsBetween, sentenceList, when } from './format';

describe('clock', () => {
  test.each([[0, '0:00'], [9.9, '0:09'], [252, '4:12'], [3729, '1:02:09'], [-3, '0:00']])('%d s reads %s', (seconds, text) => {
    expect(clock(seconds)).toBe(text);
  });
});

describe('secondsBetween', () => {
  const start = '2025-03-05T10:00:00.000Z';
  test.each([
    [start, '2025-03-05T10:01:30.000Z', 0, 90],
    [start, null, Date.parse(start) + 5000, 5],
    [null, null, 1000, 0],
    ['not a time', null, 1000, 0],
  ])('%s to %s', (from, to, now, seconds) => {
    expect(secondsBetween(from, to, now)).toBe(seconds);
  });
});

describe('when', () => {
  const now = new Date(2025, 2, 7, 18, 0).getTime();
  test.each([
    [new Date(2025, 2, 7, 14, 4), '14:04'],
    [new Date(2025, 2, 5, 14, 4), 'Wed'],
    [new Date(2024, 10, 9, 14, 4), '9 Nov'],
  ])('%s', (date, text) => {
    expect(when(date.toISOString(), now)).toBe(text);
  });
});

test('a list in a sentence', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(sentenceList)).toEqual(['', 'a', 'a and b', 'a, b and c']);
});

test.each([['/a/b', 'b'], ['C:\\x\\y\\', 'y'], ['plain', 'plain']])('last part of %s', (path, name) => {
  expect(baseName(path)).toBe(name);
});
