import { expect, test } from 'vitest';
import type { Plan } from '../../../shared/domain';
import type { RunEvent } from '../../../shared/events';
import { runOptionsSchema } from '../../../shared/options';
import { type Run, reduce } from '../../../shared/run';
import { forecastOf, timesOf, toldOf } from './times';

const at = (seconds: number): { readonly run: string; readonly at: string } => ({ run: 'r1', at: new Date(Date.UTC(2025, 2, 5, 10, 0, seconds)).toISOString() });
const now = Date.UTC(2025, 2, 5, 10, 1, 40);
const task = (id: string, remaining: number, weight: number, dependsOn: string[] = []) => ({ id, title: id, file: 'tasks.md', line: 1, textHash: id, dependsOn, conflictsWith: [], remaining, weight, lane: 'a', story: null, phase: null, exclusive: false });
const events: readonly RunEvent[] = [
  { type: 'run.started', ...at(0), spec: 's', specTitle: 's', specFolder: '/s', specPath: 's', taskFiles: [], specIgnored: false, dialect: 'speckit', repo: '/r', base: 'main', baseCommit: 'b', integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({}), tasks: [task('A', 3, 1), task('B', 2, 2, ['A'])], waves: [['A'], ['B']], slots: 2 },
  { type: 'task.started', ...at(4), task: 'A', lane: 'lane-a', attempt: 1, pid: 1 },
  { type: 'task.integrated', ...at(34), task: 'A', lane: 'lane-a', commit: 'c', note: '' },
  { type: 'task.started', ...at(40), task: 'B', lane: 'lane-a', attempt: 1, pid: 1 },
];
function runAfter(count: number): Run {
  const run = events.slice(0, count).reduce<Run | null>(reduce, null);
  if (run === null) throw new Error('Internal error: no run');
  return run;
}
const plan: Plan = { edges: [], conflicts: [], waves: [['B']], criticalPath: [], lanes: [], mode: { recommended: 'single', reason: '' }, remaining: { B: 2 }, waits: { B: [] }, diagnostics: [] };
const times = (run: Run | null) => timesOf(forecastOf(null, plan, run, 3), new Map(), now);

test('without a run: units of the median task, in as many slots as may work at once', () => {
  expect(forecastOf(null, plan, null, 3).slots).toBe(3);
  expect(times(null)).toMatchObject({ actual: null, comparable: true, predicted: { unit: 'tasks', end: 2 }, rows: [{ id: 'B', predicted: '0 to 2 tasks', actual: '', why: 'waits for no open task' }] });
});

test('before a task is done nothing says how long one takes', () => {
  expect(times(runAfter(2))).toMatchObject({ comparable: false, predicted: { unit: 'tasks', end: 3 }, actual: { end: 100 } });
});

test('then both have one scale', () => {
  const { comparable, predicted, actual, rows } = times(runAfter(4));
  expect([comparable, predicted.unit, predicted.end]).toEqual([true, 'seconds', 90]);
  expect(actual?.tracks).toMatchObject([{ name: 'lane-a', bars: [{ id: 'A', start: 4, end: 34, mark: 'done' }, { id: 'B', start: 40, end: 100, mark: 'running' }] }]);
  expect(rows.map(({ predicted: planned, actual: real, why }) => [planned, real, why])).toEqual([
    ['0:00 to 0:30', '0:04 to 0:34, done', 'waits for no open task; started 0:04 into the run'],
    ['0:30 to 1:30', '0:40 to 1:40, running', 'waits for A; started 0:06 after A was done'],
  ]);
});

test.each([
  ['no run', null, ['next']],
  ['a run that goes on', runAfter(4), ['last']],
  ['a run that landed stays in front', { ...runAfter(4), state: 'landed' }, ['last', 'next']],
  ['a run that was set aside steps back', { ...runAfter(4), state: 'abandoned' }, ['next', 'last']],
] satisfies [string, Run | null, string[]][])('which story a timeline tells: %s', (_name, run, told) => expect(toldOf(plan, run)).toEqual(told));

test('once nothing is open there is only the last run', () => {
  expect(toldOf({ ...plan, waves: [] }, { ...runAfter(4), state: 'rolled-back' })).toEqual(['last']);
  expect(times({ ...runAfter(4), state: 'landed' })).toMatchObject({ predicted: { end: 90 }, actual: { tracks: [{ name: 'lane-a' }] } });
});

test('the predicted half stays the same object while seconds pass, so that it is not drawn anew', () => {
  const forecast = forecastOf(null, plan, runAfter(4), 3);
  expect(timesOf(forecast, new Map(), now + 5000).predicted).toBe(timesOf(forecast, new Map(), now).predicted);
});
