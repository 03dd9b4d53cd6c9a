import { expect, test } from 'vitest';
import type { Times } from './times';
import { endsWords } from './timeline';

const half = (end: number, unit: 'seconds' | 'tasks') => ({ tracks: [{ name: 'a', bars: [] }], end, unit });
const times = (predicted: Times['predicted'], actual: Times['actual']): Times => ({ predicted, actual, comparable: true, rows: [] });

test.each([
  ['before a run', times(half(8, 'tasks'), null), false, 'Predicted: as long as 8 median tasks'],
  ['as long as nothing has ended', times(half(8, 'tasks'), half(10, 'seconds')), false, 'Predicted: as long as 8 median tasks; so far: 0:10'],
  ['at the pace of the run', times(half(72, 'seconds'), half(213, 'seconds')), true, 'Predicted: as long as 8 median tasks, 1:12 at the pace of this run; took: 3:33'],
])('how long it takes: %s', (_name, of, over, words) => {
  expect(endsWords(of, 8, over)).toBe(words);
});
