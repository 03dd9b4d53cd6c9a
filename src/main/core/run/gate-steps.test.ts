import { describe, expect, test } from 'vitest';
import { after, newRun, runTask } from '../../../../test/runs';
import { askedGate, awaitsWord, wentOnRed } from '../../../shared/gates';
import type { Run } from '../../../shared/run';
import { fixTask, gatePause, gateStep, isAtGate, phasesDue, reopenedBy, sinceCheckpoint } from './gate-steps';
import { schedule } from './schedule';

const check = (exitCode: number | null, more: object = {}) => ({ command: 'npm test', where: 'merged' as const, exitCode, signal: null, seconds: 1, timedOut: false, tail: 'out', ...more });
const tasks = [runTask('T1', [], { phase: 'Setup' }), runTask('T2', [], { phase: 'Setup' }), runTask('T3', ['T1'], { phase: 'Work' }), runTask('T4', [], { phase: 'Work' })];
const guided = (): Run => newRun(tasks, { style: 'guided', checks: ['npm test'] });
const merged = (run: Run, id: string): Run => after(run, { type: 'lane.opened', lane: id, branch: id, worktree: `/w/${id}` }, { type: 'task.started', task: id, lane: id, attempt: 1, pid: 1 }, { type: 'task.integrated', task: id, lane: id, commit: `c-${id}`, note: '' });
const setUp = (): Run => merged(merged(guided(), 'T1'), 'T2');
const opened = (run: Run): Run => after(run, { type: 'gate.opened', gate: run.gates.length + 1, phases: phasesDue(run), ...sinceCheckpoint(run), manual: [] });
const checked = (run: Run, exitCode: number): Run => after(run, { type: 'gate.checked', gate: run.gates.length, commit: run.integrationTip, checks: [check(exitCode)], log: '/log' });

/** The open gate's next fix attempt, from its start to its end. */
function fixed(run: Run, outcome: 'failed' | 'interrupted' | 'done'): Run {
  const gate = run.gates[run.gates.length - 1];
  if (!gate) throw new Error('no gate');
  const fix = fixTask(run, gate);
  const begun = after(run, { type: 'gate.fixing', gate: gate.number, fix }, { type: 'lane.opened', lane: fix.id, branch: fix.id, worktree: '/w' }, { type: 'task.started', task: fix.id, lane: fix.id, attempt: 1, pid: 1 });
  return outcome === 'done'
    ? after(begun, { type: 'task.integrated', task: fix.id, lane: fix.id, commit: `c-${fix.id}`, note: '' })
    : after(begun, { type: 'task.finished', task: fix.id, lane: fix.id, attempt: 1, outcome, reason: '', evidence: { commits: [], files: [], checks: [], exitCode: 1, signal: null, seconds: 1, tail: '' } });
}

const step = (run: Run): string | null => gateStep(run, false)?.type ?? null;

describe('what a gate needs next', () => {
  const red = (): Run => checked(opened(setUp()), 1);
  test.each<[string, () => Run, string | null]>([
    ['no phase has ended', () => merged(guided(), 'T1'), null],
    ['a phase has ended', setUp, 'open'],
    ['in another style', () => merged(merged(newRun(tasks, { style: 'auto' }), 'T1'), 'T2'), null],
    ['another task is at work', () => after(setUp(), { type: 'lane.opened', lane: 'l', branch: 'l', worktree: '/l' }, { type: 'task.started', task: 'T4', lane: 'l', attempt: 1, pid: 1 }), null],
    ['a person paused it', () => after(setUp(), { type: 'run.paused' }), null],
    ['opened', () => opened(setUp()), 'check'],
    ['green', () => checked(opened(setUp()), 0), 'ask'],
    ['red', red, 'fix'],
    ['a fix waits to start', () => after(red(), { type: 'gate.fixing', gate: 1, fix: fixTask(red(), red().gates[0] ?? raise()) }), null],
    ['the first fix failed', () => fixed(red(), 'failed'), 'fix'],
    ['a fix was interrupted twice, which costs none', () => fixed(fixed(red(), 'interrupted'), 'interrupted'), 'fix'],
    ['both fixes failed', () => fixed(fixed(red(), 'failed'), 'failed'), 'ask'],
    ['a fix was merged', () => fixed(red(), 'done'), 'check'],
    ['two fixes were merged and it is red still', () => checked(fixed(checked(fixed(red(), 'done'), 1), 'done'), 1), 'ask'],
    ['a person wants it checked again', () => after(fixed(fixed(red(), 'failed'), 'failed'), { type: 'gate.again', gate: 1 }), 'check'],
    ['it is being taken back', () => after(red(), { type: 'gate.reverting', gate: 1, to: 'b', snapshot: 'ref' }), 'revert'],
    ['it was passed', () => after(checked(opened(setUp()), 0), { type: 'gate.closed', gate: 1, result: 'passed', commit: 'c-T2' }), null],
  ])('%s', (_, run, wanted) => {
    expect(step(run())).toBe(wanted);
  });

  test('the last phase asks nothing where nothing is left to verify', () => {
    const passed = after(checked(opened(setUp()), 0), { type: 'gate.closed', gate: 1, result: 'passed', commit: 'c-T2', tip: 'mark' });
    const last = merged(merged(passed, 'T3'), 'T4');
    expect(sinceCheckpoint(last)).toEqual({ from: 'mark', tasks: ['T3', 'T4'] });
    expect(step(checked(opened(last), 0))).toBe('close');
    const manual = after(last, { type: 'gate.opened', gate: 2, phases: ['Work'], ...sinceCheckpoint(last), manual: [{ title: 'look', file: 'tasks.md', line: 9 }] });
    expect(step(checked(manual, 0))).toBe('ask');
    // Not ended while it stands at its gate.
    expect(schedule(manual)).toEqual([]);
  });
});

function raise(): never {
  throw new Error('no gate');
}

test('nothing of the spec starts at a gate, a fix does, in a lane of its own, and afterwards the rest', () => {
  expect(isAtGate(setUp())).toBe(true);
  expect(schedule(setUp())).toEqual([]);
  const red = checked(opened(setUp()), 1);
  const fixing = after(red, { type: 'gate.fixing', gate: 1, fix: fixTask(red, red.gates[0] ?? raise()) });
  expect(schedule(fixing)).toEqual([{ type: 'start', task: 'gate-1-fix-1', lane: 'gate-1-fix-1', opens: true }]);
  expect(fixing.order).toEqual(['T1', 'T2', 'T3', 'T4']);
  const gone = after(fixed(fixed(red, 'failed'), 'failed'), { type: 'gate.closed', gate: 1, result: 'failed', commit: 'c-T2' });
  expect(schedule(gone).map((action) => (action.type === 'start' ? action.task : action.type))).toEqual(['T3', 'T4']);
  expect(wentOnRed(gone)).toBe(true);
});

test('a person is asked about a gate in words that claim no more than was seen', () => {
  const green = checked(opened(setUp()), 0);
  expect(gatePause(green, green.gates[0] ?? raise())).toMatchObject({ checkpoint: true, commit: 'c-T2', reason: 'Setup has ended: 2 tasks are done, 2 wait; checks passed (npm test)' });
  const red = fixed(fixed(checked(opened(setUp()), 1), 'failed'), 'failed');
  const pause = gatePause(red, red.gates[0] ?? raise());
  expect(pause).toMatchObject({ cause: 'gate', reason: 'Setup has ended, but a check fails on what is merged (exit code 1), after 2 fix attempts: npm test' });
  const asked = after(red, { type: 'run.paused', checkpoint: true, cause: 'gate', reason: 'x' });
  expect(askedGate(asked)?.number).toBe(1);
  // Another question at the same time is not answered by an answer to this one.
  expect(askedGate(after(red, { type: 'run.paused', checkpoint: true, cause: 'budget', reason: 'x' }))).toBeNull();
  expect(awaitsWord(red)?.number).toBe(1);
});

test('a phase that is taken back leaves nothing merged, its tasks open, its lanes alone, and comes to a gate again', () => {
  const red = fixed(fixed(checked(opened(setUp()), 1), 'failed'), 'failed');
  const back = after(red, { type: 'gate.reverting', gate: 1, to: 'b', snapshot: 'ref' });
  expect(back.integrationTip).toBe('b');
  const events = reopenedBy(back, back.gates[0] ?? raise());
  expect(events.flatMap((event) => (event.type === 'task.reopened' ? [event.task] : []))).toEqual(['T1', 'T2']);
  const done = after(back, ...events, { type: 'gate.reverted', gate: 1, commit: 'b' });
  expect(Object.values(done.tasks).filter(({ commit }) => commit !== null)).toEqual([]);
  expect(Object.values(done.lanes).map(({ state }) => state)).toEqual(['parked', 'parked', 'parked', 'parked']);
  expect([phasesDue(done), isAtGate(done)]).toEqual([[], false]);
  expect(reopenedBy(done, back.gates[0] ?? raise())).toEqual([]);
  expect(schedule(done).flatMap((action) => (action.type === 'start' ? [action.task] : []))).toEqual(['T1', 'T2']);
  expect(phasesDue(merged(merged(done, 'T1'), 'T2'))).toEqual(['Setup']);
});
