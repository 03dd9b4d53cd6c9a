import { describe, expect, test } from 'vitest';
import { type RunEvent, type RunEventDraft, runEventSchema } from '../../../shared/events';
import { runOptionsSchema } from '../../../shared/options';
import { reduce, type Run } from '../../../shared/run';
import { standing } from './adopt';
import { timeLeft } from './attempt';
import { leftSentences, type Left } from './left';
import type { AttemptMemo } from './memo';

const memo: AttemptMemo = {
  task: 'T001', attempt: 1, lane: 'one', began: '2026-01-01T00:00:00.000Z', worktree: '/w/one', branch: 'braid/x/lane/one', message: 'T001: First',
  author: { name: 'A', email: 'a@localhost' }, since: 'c0', disowned: '/r/disowned/one.json',
};

const evidence = { commits: [], files: [], checks: [], exitCode: 0, signal: null, seconds: 1, tail: '' };
const task = (id: string) => ({ id, title: id, file: 'tasks.md', line: 1, textHash: '', dependsOn: [], conflictsWith: [], remaining: 1, lane: 'one', story: null, phase: null, exclusive: false });

/** A run after these events. */
function after(...events: readonly RunEventDraft[]): Run {
  const first: RunEventDraft = {
    type: 'run.started', spec: 'x', specTitle: 'x', specFolder: '/r', specPath: '', taskFiles: ['tasks.md'], specIgnored: false, dialect: 'speckit', repo: '/r', base: 'main',
    baseCommit: 'c0', integrationBranch: 'i', journal: '/j', options: runOptionsSchema.parse({}), tasks: [task('T001'), task('T002')].map((one) => ({ ...one, weight: 1 })), waves: [['T001', 'T002']], slots: 2,
  };
  let run: Run | null = null;
  // The schema adds what these events leave out.
  for (const draft of [first, ...events]) run = reduce(run, runEventSchema.parse({ at: '2026-01-01T00:00:00.000Z', run: 'r', ...draft }) as RunEvent);
  if (!run) throw new Error('no run');
  return run;
}

const opened: RunEventDraft = { type: 'lane.opened', lane: 'one', branch: 'b', worktree: '/w/one' };
const begun = (attempt = 1): RunEventDraft => ({ type: 'task.started', task: 'T001', lane: 'one', attempt, pid: 1 });
const ended = (outcome: 'failed' | 'done' | 'blocked'): RunEventDraft => ({ type: 'task.finished', task: 'T001', lane: 'one', attempt: 1, outcome, reason: '', evidence });

describe('an attempt that a host knows', () => {
  test.each<[string, readonly RunEventDraft[], Partial<AttemptMemo>, ReturnType<typeof standing>]>([
    ['is the one at work', [opened, begun()], {}, 'known'],
    ['is the one whose checks ran', [opened, begun(), { type: 'task.checking', task: 'T001', lane: 'one' }], {}, 'known'],
    ['is the one that was being integrated', [opened, begun(), ended('done')], {}, 'known'],
    ['began before the journal could say so', [opened], {}, 'unsaid'],
    ['is a retry that began before the journal could say so', [opened, begun(), ended('failed')], { attempt: 2 }, 'unsaid'],
    ['has failed', [opened, begun(), ended('failed')], {}, null],
    ['has ended in a question', [opened, begun(), ended('blocked')], { attempt: 2 }, null],
    ['is integrated', [opened, begun(), ended('done'), { type: 'task.integrated', task: 'T001', lane: 'one', commit: 'c1', note: '' }], {}, null],
    ['is an older one', [opened, begun(2)], {}, null],
    ['is in another lane', [opened, { type: 'lane.opened', lane: 'two', branch: 'c', worktree: '/w/two' }, begun()], { lane: 'two' }, null],
    ['is in a lane that keeps other work', [opened, { type: 'lane.parked', lane: 'one', reason: 'keeps the work of T002' }], {}, null],
    ['is in a lane that is gone', [opened, begun(), { type: 'lane.removed', lane: 'one' }], {}, null],
    ['is in a lane that nobody knows', [], {}, null],
    ['is of a task that nobody knows', [opened], { task: 'T999' }, null],
  ])('%s', (_, events, change, expected) => {
    expect(standing(after(...events), { ...memo, ...change })).toBe(expected);
  });
});

test.each([
  ['no limit', 0, 99, 0], ['some time left', 60, 20, 40], ['over its time', 60, 99, 0.001],
])('an attempt that is taken over has %s', (_, timeout, passed, left) => {
  expect(timeLeft(timeout, 1_000_000, 1_000_000 + passed * 1000)).toBe(left);
});

test('what a host did alone is told, attempt by attempt', () => {
  const end = { exitCode: 0, signal: null, tail: '', conclusion: null, lost: false };
  const left: Left = {
    at: '2026-01-01T01:00:00.000Z', why: 'grace', attempts: [
      { memo, pid: 1, end: null, commit: 'c'.repeat(40), excluded: ['.env'], problem: null },
      { memo: { ...memo, task: 'T002' }, pid: 2, end, commit: null, excluded: [], problem: null },
      { memo: { ...memo, task: 'T003' }, pid: 3, end, commit: null, excluded: [], problem: 'Locked.' },
    ],
  };
  expect(leftSentences(left)).toEqual([
    'T001: its agent was ended at 2026-01-01T01:00:00.000Z, as no Braid came back in time; what it left is committed on braid/x/lane/one (ccccccccc), but not .env.',
    'T002: its agent ended while no Braid was there; it left nothing uncommitted.',
    'T003: its agent ended while no Braid was there; what it left could not be committed and stays in lane one: Locked.',
  ]);
});
