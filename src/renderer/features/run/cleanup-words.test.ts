import { expect, test } from 'vitest';
import type { CleanupStep } from '../../../shared/cleanup';
import { freed, stepWords } from './cleanup-words';

const place = { run: 'r-1', at: '2025-03-05T10:00:00.000Z', reason: 'merged' };
const worktree: CleanupStep = { ...place, kind: 'worktree', lane: 'setup', path: '/r.worktrees/demo-r-1/setup', branch: 'braid/demo/r-1/lane/setup', bytes: 3000, unsafe: false };
const branch: CleanupStep = { ...place, kind: 'branch', branch: 'braid/demo/r-1/lane/setup', commit: 'c', unsafe: false };
const log = (kind: 'compress-log' | 'delete-log'): CleanupStep => ({ ...place, kind, path: '/r/.git/braid/runs/r-1/logs/setup.log', bytes: 500, unsafe: false });

test.each([
  [worktree, 'Remove worktree', 'setup', '/r.worktrees/demo-r-1/setup'],
  [branch, 'Delete branch', 'lane/setup', 'braid/demo/r-1/lane/setup'],
  [log('compress-log'), 'Compress log', 'setup.log', '/r/.git/braid/runs/r-1/logs/setup.log'],
  [log('delete-log'), 'Delete log', 'setup.log', '/r/.git/braid/runs/r-1/logs/setup.log'],
])('%#', (step, verb, what, whole) => {
  expect(stepWords(step)).toEqual({ verb, what, whole });
});

test('what is only compressed counts as nothing freed', () => {
  expect(freed([worktree, branch, log('compress-log'), log('delete-log')])).toBe(3500);
});
