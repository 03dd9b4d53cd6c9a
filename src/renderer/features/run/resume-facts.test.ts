import { describe, expect, test } from 'vitest';
import { begun, runAfter, runTask, told } from '../../../../test/run-state';
import type { Salvage } from '../../../shared/unfinished';
import { choiceWords, doneWords, resumeFacts, salvageWords } from './resume-facts';

const first = begun(['T001', 'T002', 'T003', 'T004'].map((id) => runTask(id)), {}, [['T001', 'T002'], ['T003', 'T004']]);
const work = (id: string) => [told.opened(id), told.started(id)];

test('tasks are sorted by what became of them', () => {
  const run = runAfter(first, ...work('T001'), told.merged('T001'), ...work('T002'), told.ended('T002', 'interrupted'), told.skipped('T003', 'T002 was interrupted'), told.over('interrupted'));
  const { lost, ...facts } = resumeFacts(run);
  expect(facts).toEqual({ done: ['T001'], skipped: ['T003'], pending: ['T004'], stale: [], wave: 1, of: 2, inWave: ['T002'] });
  expect(lost.map(({ id }) => id)).toEqual(['T002']);
  expect(choiceWords(resumeFacts(run))).toMatchObject({
    retry: 'Tries T002 again where its work is kept, then does the 2 left.',
    skipWave: 'Leaves T002 of wave 1 out, and what needs it; goes on with the rest.',
  });
});

test('a task that its file marks as in progress and that never started is stale', () => {
  const marked = begun([runTask('T001'), runTask('T002', { inProgress: true }), runTask('T003', { inProgress: true })]);
  const run = runAfter(marked, ...work('T001'), told.ended('T001', 'interrupted'), ...work('T003'), told.merged('T003'), told.over('interrupted'));
  expect(resumeFacts(run).stale.map(({ id }) => id)).toEqual(['T002']);
});

test('where nothing was lost the rest is simply done', () => {
  const run = runAfter(first, ...['T001', 'T002', 'T003'].flatMap((id) => [...work(id), told.merged(id)]), { type: 'run.stopping', waiting: true }, told.over('waiting'));
  expect(choiceWords(resumeFacts(run)).retry).toBe('Does the one left.');
  expect(doneWords(run)).toBe('and merged into the integration branch');
});

describe('what a lane keeps', () => {
  const kept: Salvage = { task: 'T001', lane: 'a', branch: 'braid/s/r/lane/a', commits: 0, files: 0, uncommitted: 0, worktree: '/w/a', problem: '' };
  test.each([
    [{}, 'Lane a holds no work of it.'],
    [{ commits: 1, files: 2 }, 'Kept in lane a: 1 commit with 2 changed files.'],
    [{ uncommitted: 1 }, 'Kept in lane a: 1 uncommitted file.'],
    [{ commits: 2, files: 1, uncommitted: 3 }, 'Kept in lane a: 2 commits with 1 changed file and 3 uncommitted files.'],
    [{ worktree: null }, 'What it committed is on the branch braid/s/r/lane/a.'],
    [{ problem: 'git status failed.' }, 'What lane a keeps cannot be told. git status failed.'],
  ])('%j', (change, words) => {
    expect(salvageWords({ ...kept, ...change })).toBe(words);
  });
});
