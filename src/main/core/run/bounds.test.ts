import { describe, expect, test } from 'vitest';
import { after, failedAttempt, newRun, runTask } from '../../../../test/runs';
import type { RunEventDraft } from '../../../shared/events';
import type { Run } from '../../../shared/run';
import { heldBack, whyWaiting } from '../../../shared/waiting';
import { backOff, diskEvents, limitEvent, nextLook, releases, timeOver } from './bounds';
import { finalStatus, schedule } from './schedule';

const now = new Date('2026-01-01T00:00:00.000Z');
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const fresh = (options: object = {}): Run => newRun([runTask('T1'), runTask('T2')], { agent: 'claude', ...options });
const met = (until: Date | null = null) => ({ cause: 'rate-limit', until, text: '429' }) as const;
const fold = (run: Run, ...events: readonly (RunEventDraft | null)[]): Run => events.reduce((state, event) => (event ? after(state, event) : state), run);

describe('a rate limit', () => {
  test('waits a minute, then twice as long each time, at most a quarter of an hour', () => {
    expect([1, 2, 3, 4, 5, 50].map((times) => backOff(times) / 1000)).toEqual([60, 120, 240, 480, 900, 900]);
    let run = fresh();
    for (const seconds of [60, 120, 240]) {
      const event = limitEvent(run, met(), now);
      expect(event).toMatchObject({ agent: 'claude', until: null, next: later(seconds).toISOString() });
      run = fold(run, event, { type: 'agent.released', agent: 'claude' });
    }
  });

  test('starts nothing until it is over, says so, and comes back after a success', () => {
    const limited = fold(fresh(), limitEvent(fresh(), met(later(3600)), now));
    const task = limited.tasks['T1'];
    expect(schedule(limited)).toEqual([]);
    expect(heldBack(limited)).toMatch(/^claude: rate limited until \d\d:\d\d$/);
    expect(task && whyWaiting(limited, task)).toBe(heldBack(limited));
    expect(releases(limited, later(3599))).toEqual([]);
    expect(releases(limited, later(3600))).toEqual([{ type: 'agent.released', agent: 'claude' }]);
    const released = fold(limited, { type: 'agent.released', agent: 'claude' });
    expect(schedule(released)).toHaveLength(2);
    const done = after(released, { type: 'lane.opened', lane: 't1', branch: 'b', worktree: '/w' }, { type: 'task.started', task: 'T1', lane: 't1', attempt: 1, pid: 1 }, {
      type: 'task.finished', task: 'T1', lane: 't1', attempt: 1, outcome: 'done', reason: '', evidence: { commits: [], files: [], checks: [], exitCode: 0, signal: null, seconds: 1, tail: '' },
    });
    expect(done.limits).toEqual({});
  });

  test('of another agent holds nothing back', () => {
    expect(schedule(fold(fresh(), { ...met(), type: 'agent.limited', agent: 'codex', until: null, next: later(60).toISOString() }))).toHaveLength(2);
  });

  test('that several lanes meet is one', () => {
    const run = fold(fresh(), limitEvent(fresh(), met(), now));
    expect(limitEvent(run, met(), later(1))).toBeNull();
    expect(limitEvent(run, met(later(30)), now)).toBeNull();
    const longer = fold(run, limitEvent(run, met(later(7200)), now));
    expect(longer.limits['claude']).toMatchObject({ times: 1, next: later(7200).toISOString() });
  });

  test('puts its task back without spending an attempt, in the lane that keeps its work', () => {
    const run = failedAttempt(fresh(), 'T1', { class: 'rate-limit', next: 'wait' }, { outcome: 'interrupted' });
    expect(run.tasks['T1']).toMatchObject({ state: 'pending', reason: '', attempts: 1, spent: 0 });
    expect(schedule(run)).toContainEqual({ type: 'start', task: 'T1', lane: 't1', opens: false });
  });
});

describe('room on the disk', () => {
  test('starts nothing while it is little, and goes on by itself', () => {
    const low = fold(fresh(), ...diskEvents(fresh(), 312_000_000, 500_000_000));
    expect(low.notices.map(({ text }) => text)).toEqual([expect.stringContaining('312 MB free')]);
    expect(schedule(low)).toEqual([]);
    expect(heldBack(low)).toBe('little disk space: 312 MB free, 500 MB needed');
    expect(diskEvents(low, 100, 500_000_000)).toEqual([]);
    expect(nextLook(low, now.getTime(), now)).toBe(15_000);
    expect(schedule(fold(low, ...diskEvents(low, 600_000_000, 500_000_000)))).toHaveLength(2);
  });

  test('that cannot be told holds nothing back', () => {
    expect(diskEvents(fresh(), null, 500)).toEqual([]);
  });
});

describe("the run's time", () => {
  test('ends it as timed out', () => {
    const run = fresh({ runTimeout: 60 });
    expect(timeOver(run, now.getTime(), later(59))).toBeNull();
    const event = timeOver(run, now.getTime(), later(60));
    expect(event).toMatchObject({ after: 'now', because: 'run-timeout', reason: "the run's time limit of 60 s is over" });
    expect(finalStatus(fold(run, event))).toBe('timed-out');
    expect(timeOver(fresh(), 0, later(1e6))).toBeNull();
  });

  test.each<[string, Run, Date, number | null]>([
    ['nothing to wait for', fresh(), now, null],
    ['the end of the run', fresh({ runTimeout: 20 }), later(5), 15_000],
    ['no more than a minute: clocks jump', fresh({ runTimeout: 9000 }), now, 60_000],
    ['the end of a limit', fold(fresh(), limitEvent(fresh(), met(later(7)), now)), now, 7000],
    ['a run that is being stopped', fold(fresh({ runTimeout: 1 }), { type: 'run.stopping' }), later(5), null],
  ])('looks again: %s', (_name, run, at, want) => {
    expect(nextLook(run, now.getTime(), at)).toBe(want);
  });
});
