import { expect, test } from 'vitest';
import type { TaskRunState } from '../shared/run';
import { tally } from './tally';

test.each([
  { states: [], want: [] },
  { states: ['done', 'done'], want: [] },
  { states: ['running', 'checking', 'integrating'], want: ['3 running'] },
  { states: ['pending', 'blocked'], want: ['1 needs you', '1 open'] },
  { states: ['no-change', 'blocked', 'conflict', 'failed', 'timed-out', 'interrupted', 'skipped'], want: ['2 need you', '1 in conflict', '1 failed', '1 timed out', '1 interrupted', '1 skipped'] },
] satisfies { states: TaskRunState[]; want: string[] }[])('$states', ({ states, want }) => {
  expect(tally(states).map(({ text }) => text)).toEqual(want);
});
