import fc from 'fast-check';
import { expect, test } from 'vitest';
import { after, newRun, runTask } from '../../test/runs';
import { runOptionsSchema } from './options';
import type { RunEvent } from './events';
import { reduce, replay, type Run } from './run';

const stamp = { at: '2026-01-01T00:00:00.000Z', run: 'r-1' };
const task = fc.constantFrom('T1', 'T2', 'T3', 'T9');
const lane = fc.constantFrom('one', 'two');
const evidence = { commits: ['c'], files: ['f'], checks: [], exitCode: 1, signal: null, seconds: 1, tail: '', usage: { inputTokens: 1, outputTokens: null, costUsd: 0.5 } };

const started: RunEvent = {
  type: 'run.started', ...stamp, spec: 's', specTitle: 's', specFolder: '/s', specPath: 's', taskFiles: ['tasks.md'], specIgnored: false, dialect: 'speckit', repo: '/r', base: 'main', baseCommit: 'b',
  integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({}), tasks: ['T1', 'T2', 'T3'].map((id) => runTask(id)), waves: [['T1', 'T2', 'T3']], slots: 2,
};

/** Any event in any order: the fold must not care. */
const event: fc.Arbitrary<RunEvent> = fc.oneof(
  lane.map((name): RunEvent => ({ type: 'lane.opened', ...stamp, lane: name, branch: name, worktree: `/w/${name}` })),
  fc.tuple(task, lane, fc.nat(3)).map(([id, name, attempt]): RunEvent => ({ type: 'task.started', ...stamp, task: id, lane: name, attempt, pid: 1 })),
  fc.tuple(task, lane, fc.constantFrom('done', 'failed', 'interrupted'), fc.boolean()).map(([id, name, outcome, failed]): RunEvent => ({
    type: 'task.finished', ...stamp, task: id, lane: name, attempt: 1, outcome, reason: 'r', evidence, ...(failed ? { failure: { class: 'rate-limit', signature: '', tree: null, next: 'wait' } } : {}),
  })),
  fc.tuple(task, lane, fc.boolean()).map(([id, name, late]): RunEvent => ({ type: 'task.integrated', ...stamp, task: id, lane: name, commit: id, note: 'n', ...(late ? { tip: 'tip' } : {}) })),
  fc.tuple(task, lane).map(([id, name]): RunEvent => ({ type: 'conflict.found', ...stamp, task: id, lane: name, with: 'x', files: ['f'], symbols: [] })),
  task.map((id): RunEvent => ({ type: 'task.reopened', ...stamp, task: id, reason: 'r', fresh: true })),
  task.map((id): RunEvent => ({ type: 'task.skipped', ...stamp, task: id, reason: 'r' })),
  task.map((id): RunEvent => ({ type: 'tasks.changed', ...stamp, tasks: [runTask(id)], ticked: ['T2'], reopened: [], order: ['T1', 'T2', 'T3', id], waves: [] })),
  lane.map((name): RunEvent => ({ type: 'lane.parked', ...stamp, lane: name, reason: 'r' })),
  fc.tuple(fc.constantFrom<RunEvent>(
    { type: 'gate.opened', ...stamp, gate: 1, phases: ['p'], from: 'b', tasks: ['T1'], manual: [] }, { type: 'gate.checked', ...stamp, gate: 1, commit: 'c', checks: [], log: '' },
    { type: 'gate.fixing', ...stamp, gate: 1, fix: runTask('T9') }, { type: 'gate.again', ...stamp, gate: 1 }, { type: 'gate.closed', ...stamp, gate: 1, result: 'passed', commit: 'c', tip: 't' },
    { type: 'gate.reverting', ...stamp, gate: 1, to: 'b', snapshot: 's' }, { type: 'gate.reverted', ...stamp, gate: 1, commit: 'b' },
  )).map(([one]) => one),
  fc.string().map((text): RunEvent => ({ type: 'notice', ...stamp, level: 'info', code: 'c', text, task: null })),
  fc.constantFrom<RunEvent>(
    { type: 'run.paused', ...stamp, checkpoint: true }, { type: 'run.resumed', ...stamp }, { type: 'run.finished', ...stamp, status: 'done', done: 1, failed: 0, skipped: 0 },
    { type: 'agent.limited', ...stamp, agent: 'demo', cause: 'rate-limit', until: null, next: stamp.at, text: '' }, { type: 'agent.released', ...stamp, agent: 'demo' }, started,
  ),
);

test('a replay is the fold of its events, and changes none of them', () => {
  fc.assert(fc.property(fc.array(event, { maxLength: 60 }), (events) => {
    const all = [started, ...events];
    const before = JSON.stringify(all);
    let run: Run | null = null;
    for (const one of all) run = reduce(run, one);
    expect(replay(all)).toEqual(run);
    expect(JSON.stringify(all)).toBe(before);
  }));
});

test('an integration that is said late leaves the tip, and a lane that went on, alone', () => {
  const begun = after(
    newRun([runTask('T1'), runTask('T2')]), { type: 'lane.opened', lane: 'one', branch: 'one', worktree: '/w/one' },
    { type: 'task.started', task: 'T1', lane: 'one', attempt: 1, pid: 1 }, { type: 'task.started', task: 'T2', lane: 'one', attempt: 1, pid: 1 },
  );
  const late = after(begun, { type: 'task.integrated', task: 'T1', lane: 'one', commit: 'c1', note: '', tip: 'c9' });
  expect([late.integrationTip, late.tasks['T1']?.state, late.lanes['one']?.task]).toEqual(['c9', 'done', 'T2']);
});
