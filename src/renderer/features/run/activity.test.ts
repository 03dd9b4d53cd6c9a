import { expect, test } from 'vitest';
import type { RunNotice } from '../../../shared/run';
import { chosenNotices, type Kind } from './activity';

const notice = (text: string, change: Partial<RunNotice> = {}): RunNotice => ({ at: '2025-03-05T10:00:00.000Z', level: 'info', code: 'prepare', text, task: null, ...change });
const notices = [
  notice('T001 starts in the new lane a: it waits for nothing.', { code: 'decision', task: 'T001' }),
  notice('The setup of lane a failed.', { level: 'warning' }),
  notice('The task file was edited: T009 was added.', { code: 'spec-edited' }),
];

test.each([
  ['all', '', [0, 1, 2]], ['warnings', '', [1]], ['decisions', '', [0]], ['all', 't009', [2]], ['all', 'LANE a', [0, 1]], ['decisions', 'T001 new', [0]], ['warnings', 'T001', []],
] satisfies [Kind, string, number[]][])('%s with "%s"', (kind, words, want) => {
  expect(chosenNotices(notices, kind, words)).toEqual(want.map((index) => notices[index]));
});
