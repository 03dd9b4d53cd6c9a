import { describe, expect, test } from 'vitest';
import { after, failedAttempt, newRun, runTask } from '../../../../test/runs';
import type { Run } from '../../../shared/run';
import { budgetSpent, reaction } from './reactions';
import { finalStatus, schedule } from './schedule';

const four = (options: object = {}): Run => newRun(['T1', 'T2', 'T3', 'T4'].map((id) => runTask(id)), options);
const same = { signature: 'abc' };

describe('failures of several tasks', () => {
  test('the same twice asks a person, once', () => {
    const one = failedAttempt(four(), 'T1', same);
    expect(reaction(one)).toBeNull();
    const two = failedAttempt(one, 'T2', same);
    const asked = reaction(two);
    expect(asked).toMatchObject({ type: 'run.paused', checkpoint: true, cause: 'common-cause', tasks: ['T1', 'T2'], reason: expect.stringContaining('T1 and T2 failed in the same way') });
    const paused = asked ? after(two, asked) : two;
    expect(paused).toMatchObject({ state: 'paused', pauseCause: 'common-cause' });
    const on = after(paused, { type: 'run.resumed' });
    expect(reaction(on)).toBeNull();
    expect(reaction(failedAttempt(on, 'T3', same))).toBeNull();
    expect(schedule(on).map((action) => action.type)).toEqual(['start', 'start']);
  });

  test.each<[string, Run]>([
    ['other errors', failedAttempt(failedAttempt(four(), 'T1', { signature: 'a' }), 'T2', { signature: 'b' })],
    ['errors that nothing tells apart', failedAttempt(failedAttempt(four(), 'T1'), 'T2')],
    ['failures that are tried again', failedAttempt(failedAttempt(four({ retries: 1 }), 'T1', { ...same, next: 'retry' }), 'T2', { ...same, next: 'retry' })],
    ['questions', failedAttempt(failedAttempt(four(), 'T1', { ...same, class: 'unclear-spec', next: 'ask' }, { outcome: 'blocked' }), 'T2', { ...same, class: 'unclear-spec', next: 'ask' }, { outcome: 'blocked' })],
    ['nothing left to start', failedAttempt(failedAttempt(newRun([runTask('T1'), runTask('T2')]), 'T1', same), 'T2', same)],
    ['nothing left but what waits for them', failedAttempt(failedAttempt(newRun([runTask('T1'), runTask('T2'), runTask('T3', ['T1'])]), 'T1', same), 'T2', same)],
  ])('%s are no reason to ask', (_name, run) => {
    expect(reaction(run)).toBeNull();
  });

  test('missing credentials ask at once', () => {
    expect(reaction(failedAttempt(four(), 'T1', { class: 'auth', next: 'ask' }, { outcome: 'blocked' }))).toMatchObject({ cause: 'common-cause', tasks: ['T1'] });
  });

  test('a task that is tried again may be asked about again', () => {
    const run = failedAttempt(four({ onFailure: 'prompt' }), 'T1');
    const asked = reaction(run);
    expect(asked).toMatchObject({ cause: 'failure', tasks: ['T1'], reason: 'T1 failed: T1 broke' });
    const on = after(asked ? after(run, asked) : run, { type: 'task.reopened', task: 'T1', reason: '', fresh: false }, { type: 'run.resumed' });
    expect(reaction(failedAttempt(on, 'T1'))).toMatchObject({ cause: 'failure', tasks: ['T1'] });
  });

  test('under prompt a failure is asked about when only what waits for it is left, and not when nothing is', () => {
    const chain = newRun([runTask('T1'), runTask('T2', ['T1'])], { onFailure: 'prompt' });
    const failed = failedAttempt(chain, 'T1');
    const asked = reaction(failed);
    expect(asked).toMatchObject({ cause: 'failure', tasks: ['T1'] });
    const paused = asked ? after(failed, asked) : failed;
    expect(schedule(paused)).toEqual([]);
    const on = after(paused, { type: 'run.resumed' });
    expect(reaction(on)).toBeNull();
    expect(schedule(on)).toMatchObject([{ type: 'skip', task: 'T2' }]);
    expect(reaction(failedAttempt(newRun([runTask('T1')], { onFailure: 'prompt' }), 'T1'))).toBeNull();
  });

  test('abort starts nothing more and ends as failed, not as stopped by a person', () => {
    const run = failedAttempt(four({ onFailure: 'abort' }), 'T1');
    const event = reaction(run);
    expect(event).toMatchObject({ type: 'run.stopping', after: 'current', because: 'failure' });
    const stopping = event ? after(run, event) : run;
    expect(schedule(stopping)).toEqual([{ type: 'finish', status: 'failed' }]);
    expect(reaction(stopping)).toBeNull();
    expect(finalStatus(after(run, { type: 'run.stopping' }))).toBe('interrupted');
  });
});

describe('the budget', () => {
  const spent = (options: object, costUsd: number): Run => failedAttempt(four(options), 'T1', {}, { costUsd });
  test.each<[string, Run, string | null]>([
    ['no budget', spent({}, 100), null],
    ['below it', spent({ maxCost: 5 }, 4.99), null],
    ['at it', spent({ maxCost: 5 }, 5), '$5.00, 1,100 tokens are spent, --max-cost 5 is reached'],
    ['tokens', spent({ maxTokens: 1100 }, 0), '$0.00, 1,100 tokens are spent, --max-tokens 1100 is reached'],
    ['an agent that reports nothing', failedAttempt(four({ maxCost: 0.01, maxTokens: 1 }), 'T1'), null],
  ])('%s', (_name, run, want) => {
    expect(budgetSpent(run)).toBe(want);
  });

  test('all attempts count, and each word of a person is as much again', () => {
    let run = failedAttempt(spent({ maxCost: 5 }, 3), 'T1', {}, { costUsd: 2.5 });
    expect(run.usage).toEqual({ inputTokens: 2000, outputTokens: 200, costUsd: 5.5 });
    const asked = reaction(run);
    expect(asked).toMatchObject({ type: 'run.paused', checkpoint: true, cause: 'budget' });
    run = after(asked ? after(run, asked) : run, { type: 'run.resumed' });
    expect(reaction(run)).toBeNull();
    expect(reaction(failedAttempt(run, 'T2', {}, { costUsd: 5 }))).toMatchObject({ cause: 'budget', reason: expect.stringContaining('was given 2 times') });
  });
});
