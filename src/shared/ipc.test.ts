import { expect, test } from 'vitest';
import { commands } from './ipc';

test.each([
  ['app.ui', { view: 'plan' }],
  ['app.ui', { groupBy: 'story', document: null }],
  ['options.set', { maxParallel: 2 }],
  ['options.set', {}],
] as const)('%s changes what it names and nothing else: %j', (command, change) => {
  expect(commands[command].input.parse(change)).toStrictEqual(change);
});

test.each([['app.ui', { view: 'nowhere' }], ['app.ui', { unknown: 1 }], ['options.set', { maxParallel: 0 }]] as const)('%s refuses %j', (command, change) => {
  expect(commands[command].input.safeParse(change).success).toBe(false);
});
