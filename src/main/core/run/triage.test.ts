import { describe, expect, test } from 'vitest';
import { after, failedAttempt, newRun, runTask } from '../../../../test/runs';
import { failureClasses, type FailureClass, type NextStep } from '../../../shared/failure';
import type { TaskFailure } from '../../../shared/events';
import { mayRetry } from './retries';
import { triage, type Decision, type Failing } from './triage';

type Past = Partial<TaskFailure>;

/** The decision about a failure of T1 after the given ones. */
function decide(failing: Partial<NonNullable<Failing['failure']>>, options: object = {}, past: readonly Past[] = [], outcome: Failing['outcome'] = 'failed', reason = 'it broke'): Decision {
  const run = past.reduce((state, failure) => failedAttempt(state, 'T1', failure), newRun([runTask('T1')], options));
  const task = run.tasks['T1'];
  if (!task) throw new Error('no task');
  return triage(run, task, { outcome, reason, failure: { class: 'build-or-test', signature: '', tree: null, ...failing } });
}

describe('what follows a failure', () => {
  const table: readonly (readonly [FailureClass, plain: NextStep, retries: NextStep, autoFix: NextStep])[] = [
    ['rate-limit', 'wait', 'wait', 'wait'], ['infrastructure', 'wait', 'wait', 'wait'], ['auth', 'ask', 'ask', 'ask'], ['unclear-spec', 'ask', 'ask', 'ask'], ['no-change', 'ask', 'ask', 'ask'],
    ['build-or-test', 'stop', 'retry', 'retry'], ['missing-dependency', 'stop', 'retry', 'retry'],
    ['crashed', 'stop', 'retry', 'stop'], ['host-lost', 'wait', 'wait', 'wait'], ['git-killed', 'wait', 'wait', 'wait'], ['timed-out', 'stop', 'retry', 'stop'], ['context-full', 'stop', 'retry', 'stop'], ['unknown', 'stop', 'retry', 'stop'],
  ];
  test.each(table)('%s: %s, with --retries %s, with --on-failure auto-fix %s', (kind, plain, retries, autoFix) => {
    expect([decide({ class: kind }), decide({ class: kind }, { retries: 1 }), decide({ class: kind }, { onFailure: 'auto-fix' })].map(({ next }) => next)).toEqual([plain, retries, autoFix]);
  });

  test('the table has every class', () => {
    expect(table.map(([kind]) => kind).sort()).toEqual([...failureClasses].sort());
  });

  test('what a person or a bound of the run stopped is not tried again', () => {
    const run = newRun([runTask('T1')], { retries: 3 });
    const task = run.tasks['T1'];
    expect(task && triage(run, task, { outcome: 'interrupted', reason: 'stopped by you', failure: null })).toEqual({ outcome: 'interrupted', reason: 'stopped by you', next: 'stop', why: '' });
  });

  test('a limit spends no attempt and ends the attempt as interrupted, thirty times', () => {
    const limit: Past = { class: 'rate-limit', next: 'wait' };
    expect(decide({ class: 'rate-limit' })).toMatchObject({ outcome: 'interrupted', next: 'wait', why: expect.stringContaining('costs no attempt') });
    expect(decide({ class: 'unknown' }, { retries: 1 }, [limit, limit])).toMatchObject({ next: 'retry' });
    expect(decide({ class: 'rate-limit' }, {}, Array.from({ length: 29 }, () => limit))).toMatchObject({ next: 'wait' });
    expect(decide({ class: 'rate-limit' }, {}, Array.from({ length: 30 }, () => limit))).toMatchObject({ outcome: 'failed', next: 'stop' });
    expect(decide({ class: 'rate-limit' }, {}, Array.from({ length: 30 }, () => limit), 'no-change')).toMatchObject({ outcome: 'no-change', next: 'ask' });
  });

  test('a host that died under its agent spends no attempt, three times', () => {
    const died: Past = { class: 'host-lost', next: 'wait' };
    expect(decide({ class: 'host-lost' }, {}, [died, died])).toMatchObject({ outcome: 'interrupted', next: 'wait' });
    expect(decide({ class: 'host-lost' }, {}, [died, died, died])).toMatchObject({ outcome: 'failed', next: 'stop' });
    expect(decide({ class: 'unknown' }, { retries: 1 }, [died, died])).toMatchObject({ next: 'retry' });
  });

  test('a git that was killed spends no attempt and is never the failure of its task', () => {
    const killed: Past = { class: 'git-killed', next: 'wait' };
    expect(decide({ class: 'git-killed' }, {}, [killed, killed])).toMatchObject({ outcome: 'interrupted', next: 'wait' });
    expect(decide({ class: 'git-killed' }, { retries: 2 }, [killed, killed, killed])).toMatchObject({ outcome: 'interrupted', next: 'stop' });
  });

  test('a connection that is lost is waited for three times, then a person is asked (C23)', () => {
    const cut: Past = { class: 'infrastructure', next: 'wait' };
    const lost = (past: readonly Past[]): Decision => decide({ class: 'infrastructure' }, {}, past, 'failed', 'exit code 1: connect ECONNREFUSED 10.0.0.1:443');
    expect(lost([cut, cut])).toMatchObject({ outcome: 'interrupted', next: 'wait' });
    expect(lost([cut, cut, cut])).toMatchObject({ outcome: 'blocked', next: 'ask', reason: 'exit code 1: connect ECONNREFUSED 10.0.0.1:443 (4 times)' });
  });

  test('trouble of the service is waited out once (B18)', () => {
    expect(decide({ class: 'infrastructure' }, {}, [{ class: 'infrastructure', next: 'wait' }])).toMatchObject({ outcome: 'failed', next: 'stop' });
  });

  test.each<[string, object, readonly Past[], NextStep]>([
    ['retries are spent', { retries: 1 }, [{ next: 'retry', signature: 'a' }], 'stop'],
    ['auto-fix stops at the third failure', { onFailure: 'auto-fix' }, [{ next: 'retry', signature: 'a' }, { next: 'retry', signature: 'b' }], 'stop'],
    ['a number that a person gave counts for auto-fix too', { onFailure: 'auto-fix', retries: 5 }, [{ next: 'retry', signature: 'a' }, { next: 'retry', signature: 'b' }], 'retry'],
  ])('%s', (_name, options, past, next) => {
    expect(decide({ signature: 'now' }, options, past).next).toBe(next);
  });
});

describe('no progress', () => {
  const again = { retries: 9 };
  test.each<[string, Partial<NonNullable<Failing['failure']>>, readonly Past[], NextStep, string]>([
    ['the same error', { signature: 'x' }, [{ next: 'retry', signature: 'x' }], 'ask', 'the same error again'],
    ['another error', { signature: 'y' }, [{ next: 'retry', signature: 'x' }], 'retry', ''],
    ['errors that nothing tells apart', { signature: '' }, [{ next: 'retry', signature: '' }], 'retry', ''],
    ['the same content', { tree: 't' }, [{ next: 'retry', tree: 't' }], 'ask', 'left the work as it was'],
    ['the content of an earlier attempt', { tree: 't', signature: 'z' }, [{ next: 'retry', tree: 't', signature: 'x' }, { next: 'retry', tree: 'u', signature: 'y' }], 'ask', 'going in circles'],
    ['content that no check refused', { tree: null }, [{ next: 'retry', tree: null }], 'retry', ''],
    ['a wait between two of the same', { signature: 'x' }, [{ next: 'retry', signature: 'x' }, { next: 'wait', class: 'rate-limit', signature: 'l' }], 'ask', 'the same error again'],
    ['the same limit again', { signature: 'y' }, [{ next: 'wait', class: 'rate-limit', signature: 'y' }], 'retry', ''],
  ])('%s', (_name, failing, past, next, why) => {
    const decision = decide(failing, again, past);
    expect(decision.next).toBe(next);
    expect(decision.outcome).toBe(next === 'ask' ? 'blocked' : 'failed');
    if (next === 'ask') expect(decision.reason).toMatch(new RegExp(`${why}.*it broke`));
  });

  test("a person's word begins anew", () => {
    let run = failedAttempt(newRun([runTask('T1')], { retries: 1 }), 'T1', { next: 'retry', signature: 'x' });
    const before = run.tasks['T1'];
    expect(before && mayRetry(run, before)).toBe(true);
    run = after(run, { type: 'task.reopened', task: 'T1', reason: '', fresh: false });
    const task = run.tasks['T1'];
    expect(task && triage(run, task, { outcome: 'failed', reason: '', failure: { class: 'unknown', signature: 'x', tree: null } }).next).toBe('retry');
  });
});
