import { describe, expect, test } from 'vitest';
import { after, failedAttempt, newRun, runTask } from '../../../../test/runs';
import { reopenings, retryOne } from './reopen';

const left = after(
  failedAttempt(newRun([runTask('T1'), runTask('T2'), runTask('T3', ['T1']), runTask('T4')]), 'T1'),
  { type: 'task.skipped', task: 'T2', reason: 'skipped by you' },
  { type: 'task.skipped', task: 'T3', reason: 'dependency T1 failed' },
  { type: 'task.skipped', task: 'T4', reason: 'you skipped its wave' },
);
const again = (events: readonly { readonly type: string; readonly task?: string | null }[]): readonly unknown[] => events.flatMap((event) => (event.type === 'task.reopened' ? [event.task] : []));

describe('trying a run again', () => {
  test.each(['retry', 'skip-wave'] as const)('%s leaves out what a person skipped', (choice) => {
    expect(again(reopenings({ ...left, waves: [] }, choice, true))).toEqual(['T1', 'T3']);
  });

  test('what a person skipped is done when it is asked for by its name', () => {
    expect(again(retryOne(left, 'T2'))).toEqual(['T2']);
  });
});
