import { expect, test } from 'vitest';
import { begun, runAfter, runTask, told } from '../../../../test/run-state';
import type { RunEventDraft } from '../../../shared/events';
import type { FailureClass } from '../../../shared/failure';
import { failureAdvice } from './failure-advice';

const first = begun([runTask('T001')]);
const evidence = { commits: ['c'], files: ['a', 'b'], checks: [], exitCode: 1, signal: null, seconds: 1, tail: '' };
const failed = (kind: FailureClass): RunEventDraft => ({
  type: 'task.finished', task: 'T001', lane: 't001', attempt: 1, outcome: 'failed', reason: 'x', evidence, failure: { class: kind, signature: '', tree: null, next: 'stop' },
});
const parked: RunEventDraft = { type: 'lane.parked', lane: 't001', reason: 'keeps the work of T001' };
const work = [told.opened('T001'), told.started('T001')];

test.each<[FailureClass, boolean, 'retry' | 'afresh']>([
  ['build-or-test', true, 'retry'], ['unknown', true, 'retry'], ['timed-out', true, 'retry'],
  ['missing-dependency', true, 'afresh'], ['infrastructure', true, 'afresh'], ['crashed', true, 'afresh'],
  ['build-or-test', false, 'afresh'],
])('%s, with work kept: %s', (kind, kept, best) => {
  const run = runAfter(first, ...work, failed(kind), ...(kept ? [parked] : []));
  expect(failureAdvice(run, 'T001')?.best).toBe(best);
});

test('says the cause, what is kept, and what each way does', () => {
  expect(failureAdvice(runAfter(first, ...work, failed('build-or-test'), parked), 'T001')?.words)
    .toBe('It failed by build or test. Fix in place goes on with 1 commit and 2 changed files in its lane; its agent is told the errors. Try again begins in a new lane, from what is merged so far.');
  expect(failureAdvice(runAfter(first, ...work, failed('crashed')), 'T001')?.words).toBe('It failed by a crash. Its attempt left nothing. Try again begins in a new lane, from what is merged so far.');
});

test.each([['at work', work], ['asking', [...work, told.ended('T001', 'blocked')]]])('none for a task %s', (_name, drafts) => {
  expect(failureAdvice(runAfter(first, ...drafts), 'T001')).toBeNull();
});
