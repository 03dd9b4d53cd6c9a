import { describe, expect, test } from 'vitest';
import type { RunEvent, RunTask } from '../../../shared/events';
import { runOptionsSchema } from '../../../shared/options';
import { reduce, type Run } from '../../../shared/run';
import { finalStatus, schedule } from './schedule';

const at = '2026-01-01T00:00:00.000Z';

function task(id: string, dependsOn: string[] = [], more: Partial<RunTask> = {}): RunTask {
  return {
    id, title: id, file: 'tasks.md', line: 1, textHash: '', dependsOn, conflictsWith: [], remaining: 1, weight: 1, lane: id.toLowerCase(),
    story: null, phase: null, exclusive: false, ...more,
  };
}

function begin(tasks: RunTask[], slots = 2, options = {}): Run {
  const run = reduce(null, {
    type: 'run.started', at, run: 'r-1', spec: 's', specTitle: 's', specFolder: '/s', specPath: 's', taskFiles: ['tasks.md'], specIgnored: false, dialect: 'speckit', repo: '/r', base: 'main',
    baseCommit: 'b', integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse(options), tasks, waves: [], slots,
  });
  if (!run) throw new Error('not begun');
  return run;
}

type Draft = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at' | 'run'> : never) : never;
// The literal types of the drafts are those of RunEvent; only the two stamps are added.
const fold = (run: Run, ...events: Draft[]): Run => events.reduce((state, event) => reduce(state, { ...event, at, run: 'r-1' } as RunEvent) ?? state, run);

const evidence = { commits: [], files: [], checks: [], exitCode: 0, signal: null, seconds: 1, tail: '' };
const opened = (lane: string): Draft => ({ type: 'lane.opened', lane, branch: lane, worktree: `/w/${lane}` });
const started = (id: string, lane: string, attempt = 1): Draft => ({ type: 'task.started', task: id, lane, attempt, pid: 1 });
const finished = (id: string, lane: string, outcome: 'done' | 'failed' | 'no-change' | 'timed-out', attempt = 1): Draft =>
  ({ type: 'task.finished', task: id, lane, attempt, outcome, reason: '', evidence });
const integrated = (id: string, lane: string): Draft => ({ type: 'task.integrated', task: id, lane, commit: `c-${id}`, note: '' });

describe('schedule', () => {
  test('starts the longest remaining path first, one lane each, up to the slots', () => {
    const run = begin([task('T1', [], { remaining: 1 }), task('T2', [], { remaining: 9 }), task('T3', [], { remaining: 5 })]);
    expect(schedule(run)).toEqual([
      { type: 'start', task: 'T2', lane: 't2', opens: true },
      { type: 'start', task: 'T3', lane: 't3', opens: true },
    ]);
  });

  test('does not start what was claimed already', () => {
    const run = begin([task('T1'), task('T2'), task('T3')]);
    expect(schedule(run, new Map([['T1', 't1']]))).toEqual([{ type: 'start', task: 'T2', lane: 't2', opens: true }]);
    expect(schedule(run, new Map([['T1', 't1'], ['T2', 't2']]))).toEqual([]);
  });

  test('starts a task the moment its own dependency is integrated, not its wave (Z1)', () => {
    let run = begin([task('T1'), task('T2', ['T1']), task('T3'), task('T4', ['T2'])]);
    run = fold(run, opened('t1'), opened('t3'), started('T1', 't1'), started('T3', 't3'), finished('T1', 't1', 'done'));
    expect(schedule(run)).toEqual([]);
    run = fold(run, integrated('T1', 't1'));
    expect(schedule(run)).toEqual([{ type: 'start', task: 'T2', lane: 't1', opens: false }]);
  });

  test('tasks that share a file never run together; the earlier line goes first', () => {
    const run = begin([task('T1', [], { conflictsWith: ['T2'], remaining: 1 }), task('T2', [], { conflictsWith: ['T1'], remaining: 9 })]);
    expect(schedule(run)).toEqual([{ type: 'start', task: 'T1', lane: 't1', opens: true }]);
    const busy = fold(run, opened('t1'), started('T1', 't1'));
    expect(schedule(busy)).toEqual([]);
  });

  test('a task without paths runs alone', () => {
    const run = begin([task('T1', [], { remaining: 3 }), task('T2', [], { exclusive: true, remaining: 2 }), task('T3')]);
    expect(schedule(run).map((action) => action.type === 'start' && action.task)).toEqual(['T1', 'T3']);
  });

  test('a failure skips its dependants by the name of the cause and never its siblings (D9)', () => {
    let run = begin([task('T1'), task('T2', ['T1']), task('T3', ['T2']), task('T4')]);
    run = fold(run, opened('t1'), started('T1', 't1'), finished('T1', 't1', 'failed'), { type: 'lane.parked', lane: 't1', reason: 'x' });
    expect(schedule(run)).toEqual([
      { type: 'skip', task: 'T2', reason: 'dependency T1 failed' },
      { type: 'skip', task: 'T3', reason: 'dependency T1 failed' },
    ]);
    run = fold(run, { type: 'task.skipped', task: 'T2', reason: '' }, { type: 'task.skipped', task: 'T3', reason: '' });
    expect(schedule(run)).toEqual([{ type: 'start', task: 'T4', lane: 't4', opens: true }]);
  });

  test('a retry comes first and in the lane that has the work', () => {
    let run = begin([task('T1'), task('T2', [], { remaining: 9 })], 1, { retries: 1 });
    run = fold(run, opened('t1'), started('T1', 't1'), finished('T1', 't1', 'failed'));
    expect(schedule(run)).toEqual([{ type: 'start', task: 'T1', lane: 't1', opens: false }]);
    run = fold(run, started('T1', 't1', 2), finished('T1', 't1', 'failed', 2), { type: 'lane.parked', lane: 't1', reason: 'x' });
    expect(schedule(run)).toEqual([{ type: 'start', task: 'T2', lane: 't2', opens: true }]);
  });

  test('a parked lane is replaced under another name', () => {
    let run = begin([task('T1', [], { lane: 'us1' }), task('T2', [], { lane: 'us1' })], 1);
    run = fold(run, opened('us1'), started('T1', 'us1'), finished('T1', 'us1', 'failed'), { type: 'lane.parked', lane: 'us1', reason: 'x' });
    expect(schedule(run)).toEqual([{ type: 'start', task: 'T2', lane: 'us1-2', opens: true }]);
  });

  test('pause lets running tasks end and starts none', () => {
    let run = fold(begin([task('T1'), task('T2')], 1), opened('t1'), started('T1', 't1'), { type: 'run.paused' });
    expect(schedule(run)).toEqual([]);
    run = fold(run, finished('T1', 't1', 'done'), integrated('T1', 't1'));
    expect(schedule(run)).toEqual([]);
    expect(schedule(fold(run, { type: 'run.resumed' }))).toHaveLength(1);
  });

  test.each([
    [['done', 'done'], 'done'], [['done', 'failed'], 'failed'], [['timed-out', 'failed'], 'timed-out'], [['no-change', 'timed-out'], 'waiting'],
  ] as const)('outcomes %j end a run as %s', (outcomes, status) => {
    let run = begin([task('T1'), task('T2')]);
    outcomes.forEach((outcome, index) => {
      const id = `T${index + 1}`;
      run = fold(run, opened(id), started(id, id), finished(id, id, outcome));
      if (outcome === 'done') run = fold(run, integrated(id, id));
    });
    expect(finalStatus(run)).toBe(status);
    expect(schedule(run)).toEqual([{ type: 'finish', status }]);
  });
});
