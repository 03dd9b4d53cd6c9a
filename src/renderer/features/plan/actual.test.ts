import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../shared/events';
import { runOptionsSchema } from '../../../shared/options';
import { type Run, goneReason, reduce } from '../../../shared/run';
import { actualBars, lastBefore, marksOf, unitSeconds, waitWords } from './actual';
import { plannedOfRun } from './predict';

const at = (seconds: number): { readonly run: string; readonly at: string } => ({ run: 'r1', at: new Date(Date.UTC(2025, 2, 5, 10, 0, seconds)).toISOString() });
const now = Date.UTC(2025, 2, 5, 10, 2, 0);
const task = (id: string, remaining: number, weight: number, dependsOn: string[] = []) => ({ id, title: id, file: 'tasks.md', line: 1, textHash: id, dependsOn, conflictsWith: [], remaining, weight, lane: 'a', story: null, phase: null, exclusive: false });

function runOf(...events: readonly RunEvent[]): Run {
  const started: RunEvent = {
    type: 'run.started', ...at(0), spec: 's', specTitle: 's', specFolder: '/s', specPath: 's', taskFiles: [], specIgnored: false, dialect: 'speckit', repo: '/r', base: 'main', baseCommit: 'b',
    integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({}), tasks: [task('A', 3, 1), task('B', 2, 2, ['A']), task('C', 1, 1)], waves: [['A', 'C'], ['B']], slots: 2,
  };
  const run = [started, ...events].reduce<Run | null>(reduce, null);
  if (run === null) throw new Error('Internal error: no run');
  return run;
}
const begin = (id: string, lane: string, seconds: number): RunEvent => ({ type: 'task.started', ...at(seconds), task: id, lane, attempt: 1, pid: 1 });
const merge = (id: string, lane: string, seconds: number): RunEvent => ({ type: 'task.integrated', ...at(seconds), task: id, lane, commit: 'c', note: '' });

const run = runOf(begin('A', 'a', 2), begin('C', 'b', 5), merge('A', 'a', 32), begin('B', 'a', 40));

test('bars of what was started; those at work reach to now', () => {
  expect(actualBars(run, now)).toEqual([
    { id: 'A', lane: 'a', state: 'done', start: 2, end: 32 }, { id: 'B', lane: 'a', state: 'running', start: 40, end: 120 }, { id: 'C', lane: 'b', state: 'running', start: 5, end: 120 },
  ]);
});

test('what a person takes out of a run by its file is not predicted any more; what is skipped for other reasons was', () => {
  const edited = runOf(begin('A', 'a', 2), { type: 'task.skipped', ...at(3), task: 'C', reason: goneReason });
  expect(plannedOfRun(edited).map(({ id }) => id)).toEqual(['A', 'B']);
  const ticked = runOf({ type: 'tasks.changed', ...at(3), tasks: [], ticked: ['A'], reopened: [], order: ['A', 'B', 'C'], waves: [['B', 'C']] });
  expect(plannedOfRun(ticked).map(({ id }) => id)).toEqual(['B', 'C']);
  expect(plannedOfRun(runOf({ type: 'task.skipped', ...at(3), task: 'C', reason: 'skipped by you' })).map(({ id }) => id)).toEqual(['A', 'B', 'C']);
});

test('weights of a run come from its remaining paths', () => {
  expect(plannedOfRun(run).map(({ id, weight }) => [id, weight])).toEqual([['A', 1], ['B', 2], ['C', 1]]);
});

test.each([
  ['before any task is done', runOf(begin('A', 'a', 2)), null],
  ['one done', run, 30],
  ['the median by weight', runOf(begin('A', 'a', 0), merge('A', 'a', 30), begin('B', 'a', 30), merge('B', 'a', 110)), 35],
] satisfies [string, Run, number | null][])('seconds of a unit: %s', (_name, of, seconds) => {
  expect(unitSeconds(plannedOfRun(of), actualBars(of, now))).toBe(seconds);
});

test('what a task had waited for', () => {
  expect(lastBefore(run, 'B')).toEqual({ id: 'A', at: 32 });
  expect(lastBefore(run, 'A')).toBeNull();
});

test.each([
  [{ kind: 'none' }, 'waits for no open task'], [{ kind: 'after', id: 'A' }, 'waits for A'], [{ kind: 'slot' }, 'waits for a free slot'],
  [{ kind: 'shares', id: 'A' }, 'waits for A, with which it shares a file'], [{ kind: 'alone' }, 'waits because one of the tasks may touch any file and runs alone'],
] as const)('%j in words', (wait, words) => expect(waitWords(wait)).toBe(words));

describe('marks of an axis', () => {
  test.each([
    [100, 25, 'seconds', [0, 30, 60, 90]], [3, 0.4, 'tasks', [0, 1, 2, 3]], [10, 2.5, 'tasks', [0, 3, 6, 9]], [0, 5, 'seconds', [0]], [400_000, 90_000, 'seconds', [0, 172_800, 345_600]],
  ] as const)('to %d, about %d apart, in %s', (end, apart, unit, marks) => expect(marksOf(end, apart, unit)).toEqual(marks));
});
