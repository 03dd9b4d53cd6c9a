import { expect, test } from 'vitest';
import { begun, runAfter, runTask, told } from '../../test/run-state';
import { countSpec, countStates, stateInFile } from './counts';
import { countTasks } from './run';

const task = (state: Parameters<typeof stateInFile>[0]['state'], change: { readonly done?: boolean; readonly parent?: string } = {}) => ({ state, done: change.done ?? state === 'done', parent: change.parent ?? null });

test('units count, what is nested in them does not, and a parent done by its parts is done', () => {
  const counts = countSpec([task('done'), task('open', { done: true }), task('done', { parent: 'T002' }), task('open', { parent: 'T003' }), task('skipped'), task('blocked'), task('active'), task('unknown')]);
  expect(counts).toEqual({ total: 6, done: 2, skipped: 1, failed: 1, pending: 2, active: 0 });
});

test.each([
  ['skipped', true, 'skipped'], ['open', true, 'done'], ['open', false, 'pending'], ['active', false, 'pending'], ['blocked', false, 'blocked'],
] as const)('%s (done: %s) counts as %s', (state, done, want) => expect(stateInFile({ state, done })).toBe(want));

test('a run is counted by the same function, tasks that it took in included', () => {
  const run = runAfter(begun([runTask('T001'), runTask('T002')]), told.opened('T001'), told.started('T001'), told.ended('T001', 'done'), told.merged('T001'),
    { type: 'tasks.changed', tasks: [runTask('T003')], ticked: [], reopened: [], order: ['T001', 'T002', 'T003'], waves: [['T001', 'T002', 'T003']] });
  expect(countTasks(run)).toEqual(countStates(['done', 'pending', 'pending']));
  expect(countTasks(run)).toMatchObject({ total: 3, done: 1, pending: 2 });
});
