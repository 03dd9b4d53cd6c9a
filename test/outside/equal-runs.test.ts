import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { equalRuns } from '../../bench/equal-runs';

test('parallel runs of one spec give the same tree, whatever their agents take', { timeout: 120_000 }, () => {
  const trees = equalRuns(process.env['BRAID_BIN'] ?? join(resolve(__dirname, '..', '..'), 'bin', 'braid.js'), 5);
  expect([...trees.values()].map(({ times, tasks }) => `${times}\n${tasks}`)).toHaveLength(1);
});
