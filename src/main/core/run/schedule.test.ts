import fc from 'fast-check';
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

  test('what waits for a task that the file marks as blocked waits with it while anything else goes on, then is given up', () => {
    const marked: Draft = { type: 'tasks.changed', tasks: [], ticked: [], reopened: [], blocked: ['T1'], order: ['T1', 'T2', 'T3', 'T4'], waves: [] };
    let run = fold(begin([task('T1'), task('T2', ['T1']), task('T3'), task('T4', ['T2'])]), marked);
    expect(run.tasks['T1']).toMatchObject({ state: 'blocked', reason: 'the task file marks it as blocked' });
    expect(schedule(run)).toEqual([{ type: 'start', task: 'T3', lane: 't3', opens: true }]);
    run = fold(run, opened('t3'), started('T3', 't3'));
    expect(schedule(run)).toEqual([]);
    run = fold(run, finished('T3', 't3', 'done'), integrated('T3', 't3'));
    expect(schedule(fold(run, { type: 'run.paused' }))).toEqual([]);
    expect(schedule(fold(run, { type: 'task.held', task: 'T2', held: true }))).toMatchObject([{ type: 'skip', task: 'T2' }, { type: 'skip', task: 'T4' }]);
    expect(schedule(run)).toEqual(['T2', 'T4'].map((id) => ({ type: 'skip', task: id, reason: 'dependency T1 is blocked in the task file' })));
    run = fold(run, { type: 'task.skipped', task: 'T2', reason: '' }, { type: 'task.skipped', task: 'T4', reason: '' });
    expect(schedule(run)).toEqual([{ type: 'finish', status: 'waiting' }]);
  });

  test('tasks that share a file never run together: the earlier line goes first unless the run gets longer', () => {
    const pair = (...more: RunTask[]): Run => begin([task('T1', [], { conflictsWith: ['T2'] }), task('T2', [], { conflictsWith: ['T1'], remaining: 9 }), ...more]);
    expect(schedule(pair())).toEqual([{ type: 'start', task: 'T1', lane: 't1', opens: true }]);
    expect(schedule(pair(task('T3', ['T2'], { weight: 8, remaining: 8 })))).toEqual([{ type: 'start', task: 'T2', lane: 't2', opens: true }]);
    expect(schedule(fold(pair(), opened('t1'), started('T1', 't1')))).toEqual([]);
  });

  test('a task that changed its files while another was at work is kept away from it as well', () => {
    const run = begin([task('T1'), task('T2', [], { conflictsWith: ['T1'] })]);
    expect(schedule(fold(run, opened('t1'), started('T1', 't1')))).toEqual([]);
  });

  test('what shortens the whole run goes before a longer path', () => {
    // T1 to T3 share a file, so they take 6 one after the other; the longest path alone would begin with T4 and T5.
    const shared = (id: string): RunTask => task(id, [], { conflictsWith: ['T1', 'T2', 'T3'].filter((other) => other !== id), remaining: 2, weight: 2 });
    const run = begin([shared('T1'), shared('T2'), shared('T3'), task('T4', [], { remaining: 3, weight: 3 }), task('T5', [], { remaining: 3, weight: 3 })]);
    expect(schedule(run).map((action) => action.type === 'start' && action.task)).toEqual(['T1', 'T4']);
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

describe('any run, whatever the tasks, their order of ending and their failures', () => {
  interface Drawn { readonly weight: number; readonly after: readonly number[]; readonly shares: readonly number[]; readonly exclusive: boolean; readonly fails: boolean }
  const drawn: fc.Arbitrary<Drawn> = fc.record({
    weight: fc.integer({ min: 1, max: 9 }), after: fc.array(fc.nat(24), { maxLength: 3 }), shares: fc.array(fc.nat(24), { maxLength: 2 }),
    exclusive: fc.boolean().chain((is) => (is ? fc.boolean() : fc.constant(false))), fails: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });

  function tasksOf(list: readonly Drawn[]): RunTask[] {
    const id = (index: number): string => `T${index}`;
    return list.map(({ weight, after, shares, exclusive }, index) => task(id(index), [...new Set(after.filter((other) => other < index).map(id))], {
      weight, remaining: weight, exclusive,
      conflictsWith: list.flatMap((other, at) => (at !== index && (shares.includes(at) || other.shares.includes(index)) ? [id(at)] : [])),
    }));
  }

  /** Carries out actions until the run is finished; `pick` chooses which active task ends next. Checks what must hold at every moment. */
  function live(list: readonly Drawn[], slots: number, retries: number, pick: () => number): Run {
    let run = begin(tasksOf(list), slots, { retries });
    const active = (): readonly string[] => run.order.filter((id) => run.tasks[id]?.state === 'running');
    for (let step = 0; run.state !== 'finished'; step += 1) {
      expect(step).toBeLessThan(1_000);
      const actions = schedule(run);
      expect(schedule(run)).toEqual(actions);
      for (const action of actions) {
        if (action.type === 'finish') run = fold(run, { type: 'run.finished', status: action.status, done: 0, failed: 0, skipped: 0 });
        else if (action.type === 'skip') run = fold(run, { type: 'task.skipped', task: action.task, reason: action.reason });
        else {
          if (action.opens) run = fold(run, opened(action.lane));
          expect(run.lanes[action.lane]?.state).toBe('idle');
          expect(run.tasks[action.task]?.dependsOn.filter((id) => run.tasks[id]?.state !== 'done')).toEqual([]);
          run = fold(run, started(action.task, action.lane, (run.tasks[action.task]?.attempts ?? 0) + 1));
        }
      }
      const now = active();
      expect(now.length).toBeLessThanOrEqual(slots);
      for (const id of now) {
        expect(now.filter((other) => run.tasks[id]?.conflictsWith.includes(other))).toEqual([]);
        expect(run.tasks[id]?.exclusive === true && now.length > 1).toBe(false);
      }
      const ending = run.tasks[now[pick() % Math.max(1, now.length)] ?? ''];
      if (ending?.ranIn == null) {
        expect(actions.some((action) => action.type !== 'start')).toBe(true);
        continue;
      }
      const fails = list[Number(ending.id.slice(1))]?.fails === true;
      run = fold(run, finished(ending.id, ending.ranIn, fails ? 'failed' : 'done', ending.attempts));
      if (!fails) run = fold(run, integrated(ending.id, ending.ranIn));
    }
    return run;
  }

  test('order, slots and files are respected, no slot idles beside a task that may start, and it always ends', () => {
    fc.assert(fc.property(fc.array(drawn, { minLength: 1, maxLength: 25 }), fc.integer({ min: 1, max: 5 }), fc.nat(1), fc.infiniteStream(fc.nat(4)), (list, slots, retries, picks) => {
      const run = live(list, slots, retries, () => picks.next().value ?? 0);
      const ended = run.order.map((id) => run.tasks[id]?.state);
      expect(ended.every((state) => state === 'done' || state === 'failed' || state === 'skipped')).toBe(true);
      run.order.forEach((id, index) => {
        if (run.tasks[id]?.state === 'failed') expect([list[index]?.fails, run.tasks[id]?.attempts]).toEqual([true, retries + 1]);
      });
    }), { numRuns: 150 });
  });

  test('nothing that may start waits while a slot is free', () => {
    fc.assert(fc.property(fc.array(drawn, { minLength: 1, maxLength: 25 }), fc.integer({ min: 1, max: 5 }), (list, slots) => {
      const run = begin(tasksOf(list), slots);
      const chosen = schedule(run).flatMap((action) => (action.type === 'start' ? action.task : []));
      const isAlone = chosen.some((id) => run.tasks[id]?.exclusive);
      const left = run.order.flatMap((id) => run.tasks[id] ?? []).filter((one) => !chosen.includes(one.id) && one.dependsOn.length === 0 && !one.exclusive && !one.conflictsWith.some((id) => chosen.includes(id)));
      expect(chosen.length === slots || isAlone || left.length === 0).toBe(true);
    }), { numRuns: 150 });
  });
});
