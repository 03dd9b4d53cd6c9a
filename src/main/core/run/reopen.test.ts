import { describe, expect, test } from 'vitest';
import { after, failedAttempt, newRun, runTask } from '../../../../test/runs';
import { leftOutReason } from '../../../shared/run';
import { tellings } from './steering';
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

  test('what the task file skips or blocks is left to the file', () => {
    const marked = after(
      left, { type: 'tasks.changed', tasks: [], ticked: [], reopened: [], blocked: ['T4'], order: ['T1', 'T2', 'T3', 'T4'], waves: [] },
      { type: 'task.skipped', task: 'T3', reason: leftOutReason },
    );
    expect(again(reopenings({ ...marked, waves: [] }, 'retry', true))).toEqual(['T1']);
    expect(again(retryOne(marked, 'T1'))).toEqual(['T1']);
    const blocked = marked.tasks['T4'];
    if (!blocked) throw new Error('no task');
    expect(tellings(marked, blocked, { action: 'retry', task: 'T4' }, false)).toBe('the task file marks T4 as blocked; it may start once the mark is taken away there');
  });

  test('what a person skipped is done when it is asked for by its name', () => {
    expect(again(retryOne(left, 'T2'))).toEqual(['T2']);
  });
});
