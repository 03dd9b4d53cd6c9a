import { expect, test } from 'vitest';
import { rovingTarget } from './roving';

test.each([
  ['ArrowDown', 0, 3, 1], ['ArrowDown', 2, 3, 2], ['ArrowUp', 0, 3, 0], ['ArrowUp', 2, 3, 1],
  ['Home', 2, 3, 0], ['End', 0, 3, 2], ['a', 1, 3, null], ['ArrowDown', 0, 0, null],
])('%s from %d of %d', (key, index, count, target) => {
  expect(rovingTarget(key, index, count)).toBe(target);
});
