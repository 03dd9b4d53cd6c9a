import { expect, test } from 'vitest';
import type { Plan } from '../../../shared/domain';
import { runOptionsSchema } from '../../../shared/options';
import { type Run, type TaskRunState, reduce } from '../../../shared/run';
import type { TaskRow } from '../../tasks';
import { columnsOf } from './columns';

const row = (id: string, state: TaskRunState = 'pending', stories: readonly string[] = []): TaskRow => ({
  id, title: id, state, done: state === 'done', reason: '', stories, steps: [], nested: false, file: 'tasks.md', line: 1, inRun: false, held: false, asks: '', lane: null, attempts: 0,
  startedAt: null, finishedAt: null, commit: null, evidence: null,
});
const planOf = (waves: readonly (readonly string[])[], ...edges: readonly string[]): Plan => ({
  edges: edges.map((text) => { const [task = '', dependsOn = ''] = text.split(' '); return { task, dependsOn, reason: 'explicit', file: null, line: null, text: '', confidence: 1 }; }),
  conflicts: [], waves, criticalPath: [], lanes: [], mode: { recommended: 'single', reason: '' }, remaining: {}, waits: {}, diagnostics: [],
});
function runOf(waves: string[][], state: Run['state'] = 'running'): Run {
  const run = reduce(null, {
    type: 'run.started', at: '2025-03-05T10:00:00.000Z', run: 'r1', spec: 's', specTitle: 's', specFolder: '/s', specPath: 's', taskFiles: [], specIgnored: false, dialect: 'speckit', repo: '/r',
    base: 'main', baseCommit: 'b', integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({}), tasks: [], waves, slots: 2,
  });
  if (run === null) throw new Error('Internal error: no run');
  return { ...run, state };
}
const shown = (rows: readonly TaskRow[], plan: Plan, run: Run | null = null): [string, readonly string[]][] => columnsOf(rows, plan, run).map(({ title, ids }) => [title, ids]);

test('waves of the plan, and what was done before', () => {
  expect(shown([row('A', 'done'), row('B'), row('C')], planOf([['B'], ['C']]))).toEqual([['Done', ['A']], ['Wave 1', ['B']], ['Wave 2', ['C']]]);
});

test('of a selection the other open tasks have no place, what is done has, and a run goes its own way', () => {
  const rows = [row('A', 'done'), row('B'), row('C')];
  const keys = (run: Run | null): string[][] => columnsOf(rows, planOf([['C']]), run, true).map(({ ids }) => [...ids]);
  expect(keys(null)).toEqual([['A'], ['C']]);
  expect(keys(runOf([['B'], ['C']], 'landed'))).toEqual([['A'], ['C']]);
  expect(keys(runOf([['B'], ['C']]))).toEqual([['A'], ['B'], ['C']]);
});

test('while a run goes on its waves stay, whatever is done by now', () => {
  expect(shown([row('A', 'done'), row('B', 'running')], planOf([['B']]), runOf([['A'], ['B']]))).toEqual([['Wave 1', ['A']], ['Wave 2', ['B']]]);
});

test('tasks that were added since stand behind what they wait for', () => {
  const rows = [row('A', 'done'), row('B', 'running'), row('C'), row('D')];
  expect(shown(rows, planOf([['B', 'D'], ['C']], 'C B'), runOf([['A'], ['B']]))).toEqual([['Wave 1', ['A', 'D']], ['Wave 2', ['B']], ['Wave 3', ['C']]]);
});

test.each(['landed', 'rolled-back', 'abandoned'] as const)('a run that is %s gives way to the plan', (state) => {
  expect(shown([row('A', 'done'), row('B')], planOf([['B']]), runOf([['A']], state))).toEqual([['Done', ['A']], ['Wave 1', ['B']]]);
});

test('a spec that is done is shown by depth', () => {
  expect(shown(['C', 'B', 'A'].map((id) => row(id, 'done')), planOf([], 'B A', 'C B', 'C A'))).toEqual([['Wave 1', ['A']], ['Wave 2', ['B']], ['Wave 3', ['C']]]);
});

test('a circle of open tasks that the plan leaves out is shown all the same', () => {
  expect(shown([row('A'), row('B')], planOf([], 'A B', 'B A')).flatMap(([, ids]) => ids).sort()).toEqual(['A', 'B']);
});

test('of many finished tasks those that somebody waits for', () => {
  const done = Array.from({ length: 40 }, (_, index) => row(`D${index}`, 'done'));
  const columns = columnsOf([...done, row('A')], planOf([['A']], 'A D7'), null);
  expect(columns[0]).toMatchObject({ title: 'Done', note: '1 of 40', ids: ['D7'] });
});

test('stories of a wave are its note', () => {
  const rows = [row('A', 'pending', ['US1']), row('B', 'pending', ['US2']), row('C', 'pending', ['US3']), row('D', 'pending', ['US4'])];
  expect(columnsOf(rows.slice(0, 2), planOf([['A', 'B']]), null)[0]?.note).toBe('US1, US2');
  expect(columnsOf(rows, planOf([['A', 'B', 'C', 'D']]), null)[0]?.note).toBe('4 stories');
});

test('ten thousand tasks in a row do not overflow anything', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `T${index}`);
  const plan = planOf([], ...ids.slice(1).map((id, index) => `${id} T${index}`));
  expect(columnsOf([...ids].reverse().map((id) => row(id, 'done')), plan, null)).toHaveLength(10_000);
});

test.each([[[['US1'], ['US1']], 'US1'], [[['US1'], []], 'US1 and others'], [[[], []], '']] satisfies [string[][], string][])('a wave of tasks with the stories %j', (stories, note) => {
  expect(columnsOf(stories.map((own, index) => row(`T${index}`, 'pending', own)), planOf([stories.map((_own, index) => `T${index}`)]), null)[0]?.note).toBe(note);
});
