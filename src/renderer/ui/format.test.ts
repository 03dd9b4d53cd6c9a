import { describe, expect, test } from 'vitest';
import { ago, baseName, bytes, clock, exactly, secondsBetween, sentenceList, someOf, when } from './format';

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

test.each([[30, 'just now'], [60, '1 minute ago'], [27 * 60 + 59, '27 minutes ago'], [3600, '1 hour ago'], [47 * 3600, '47 hours ago'], [49 * 3600, '2 days ago']])('%d s before', (seconds, text) => {
  const now = Date.parse('2025-03-07T18:00:00Z');
  expect(ago(new Date(now - seconds * 1000).toISOString(), now)).toBe(text);
});

test('a moment in full has its year only where it is another one', () => {
  const now = new Date(2025, 2, 7, 18, 0).getTime();
  expect(exactly(new Date(2025, 2, 5, 14, 4).toISOString(), now)).toBe('5 Mar, 14:04');
  expect(exactly(new Date(2024, 10, 9, 4, 4).toISOString(), now)).toBe('9 Nov 2024, 04:04');
  expect(exactly('not a time', now)).toBe('');
});

test.each([[[], ''], [['a'], 'a'], [['a', 'b', 'c', 'd'], 'a, b, c and d'], [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more']])('%j by name or number', (ids, text) => {
  expect(someOf(ids)).toBe(text);
});

test.each([[0, '0 KB'], [1, '1 KB'], [312_400, '313 KB'], [12_340_000, '12.3 MB'], [1_200_000_000, '1.2 GB']])('%d bytes', (count, text) => {
  expect(bytes(count)).toBe(text);
});
