import { expect, test } from 'vitest';
import { modeDoubt } from './mode';

test.each([
  ['parallel', [['a'], ['b'], ['c']], 'sequential'],
  ['parallel', [['a']], 'sequential'],
  ['parallel', [['a'], ['b', 'c']], null],
  ['parallel', [], null],
  ['team', [['a', 'b']], 'small'],
  ['team', [['a'], ['b'], ['c']], 'small'],
  ['team', [['a', 'b'], ['c', 'd']], null],
  ['single', [['a', 'b']], null],
  ['auto', [['a']], null],
] as const)('%s for %j: %s', (mode, waves, kind) => {
  expect(modeDoubt(mode, waves)?.kind ?? null).toBe(kind);
});

test('says how many', () => {
  expect(modeDoubt('parallel', [['a'], ['b'], ['c']])?.said).toBe('Parallel was chosen, but all 3 tasks wait for one another: they run one at a time.');
  expect(modeDoubt('team', [['a', 'b']])?.said).toBe('Team was chosen for 2 tasks: one agent at a time is as fast, with less around it.');
});
