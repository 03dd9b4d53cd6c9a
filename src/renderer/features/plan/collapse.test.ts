import { expect, test } from 'vitest';
import type { Edge, EdgeReason, Plan } from '../../../shared/domain';
import { type TaskGroup, type TaskRow, countRows } from '../../tasks';
import { collapse, graphAtMost } from './collapse';
import { linksOf } from './links';

const row = (id: string, state: TaskRow['state'] = 'pending'): TaskRow => ({
  id, title: id, state, done: state === 'done', reason: '', stories: [], steps: [], nested: false, file: 'tasks.md', line: 1, inRun: false, held: false, asks: '', lane: null, attempts: 0,
  startedAt: null, finishedAt: null, commit: null, evidence: null,
});
const group = (key: string, rows: readonly TaskRow[]): TaskGroup => ({ key, title: `Phase ${key}`, rows, counts: countRows(rows) });
const edge = (task: string, dependsOn: string, reason: EdgeReason = 'phase', line = 3): Edge => ({ task, dependsOn, reason, file: 'tasks.md', line, text: '', confidence: reason === 'explicit' ? 1 : 0.8 });
const planOf = (edges: readonly Edge[], more: Partial<Plan> = {}): Plan => ({ edges, conflicts: [], waves: [], criticalPath: [], lanes: [], mode: { recommended: 'single', reason: '' }, remaining: {}, waits: {}, diagnostics: [], ...more });

const groups = [group('1', [row('A', 'done'), row('B')]), group('2', [row('C', 'failed'), row('D')]), group('3', [row('E')])];
const shown = new Set(['A', 'B', 'C', 'D', 'E']);
const plan = planOf([edge('C', 'A'), edge('C', 'B'), edge('D', 'A'), edge('D', 'B', 'explicit', 9), edge('E', 'D'), edge('B', 'A', 'order')], { criticalPath: ['B', 'D', 'E'], conflicts: [{ a: 'C', b: 'D', path: 'x' }] });
const name = (id: string): string => id.replace('\u0001', '*');

test('each group is a box, and an edge between two says each reason once, the surest first', () => {
  const drawn = collapse(plan, groups, shown, new Set());
  expect(drawn?.plan.edges.map(({ task, dependsOn, reason, line }) => [name(task), name(dependsOn), reason, line])).toEqual([['*2', '*1', 'explicit', 9], ['*2', '*1', 'phase', 3], ['*3', '*2', 'phase', 3]]);
  expect(drawn?.columns.map(({ ids }) => ids.map(name))).toEqual([['*1'], ['*2'], ['*3']]);
  expect([...drawn?.boxes.values() ?? []].map(({ title, words, mark }) => [title, words, mark])).toEqual([['Phase 1', '1 of 2 done', 'pending'], ['Phase 2', '0 of 2 done, 1 failed', 'failed'], ['Phase 3', '0 of 1 done', 'pending']]);
  expect(drawn?.plan.criticalPath.map(name)).toEqual(['*1', '*2', '*3']);
  expect(drawn === null ? [] : linksOf(drawn.plan, drawn.columns.flatMap(({ ids }) => ids)).links.map(({ edges }) => edges.length)).toEqual([2, 1]);
});

test('an opened group is drawn by its tasks, with their own files and edges', () => {
  const drawn = collapse(plan, groups, shown, new Set(['2']));
  expect(drawn?.columns.map(({ ids }) => ids.map(name))).toEqual([['*1'], ['C', 'D'], ['*3']]);
  expect(drawn?.plan.conflicts).toEqual([{ a: 'C', b: 'D', path: 'x' }]);
  expect(drawn?.opened).toEqual([{ key: '2', title: 'Phase 2' }]);
  expect(drawn?.plan.edges.map(({ task, dependsOn }) => `${name(task)} ${name(dependsOn)}`)).toEqual(['C *1', 'D *1', 'D *1', '*3 D']);
});

test('what would be too much is not opened and says so', () => {
  const large = [group('1', Array.from({ length: graphAtMost - 10 }, (_, index) => row(`A${index}`))), group('2', Array.from({ length: 20 }, (_, index) => row(`B${index}`)))];
  const all = new Set(large.flatMap(({ rows }) => rows.map(({ id }) => id)));
  expect([...collapse(planOf([]), large, all, new Set())?.boxes.values() ?? []].map(({ unavailable }) => unavailable === null)).toEqual([true, true]);
  const one = collapse(planOf([]), large, all, new Set(['1']));
  expect([...one?.boxes.values() ?? []].map(({ unavailable }) => unavailable)).toEqual(['Its 20 tasks would make the graph too large. Close another one first.']);
  expect(collapse(planOf([]), large, all, new Set(['1', '2']))).toBeNull();
});

test('groups that wait for each other are drawn all the same', () => {
  const drawn = collapse(planOf([edge('C', 'A'), edge('B', 'D')]), groups, shown, new Set());
  expect(drawn?.columns.flatMap(({ ids }) => ids).map(name).sort()).toEqual(['*1', '*2', '*3']);
});

test('a step of many boxes stands in several columns of one height', () => {
  const many = Array.from({ length: 45 }, (_, index) => group(String(index), [row(`T${index}`)]));
  const drawn = collapse(planOf([]), many, new Set(many.flatMap(({ rows }) => rows.map(({ id }) => id))), new Set());
  expect(drawn?.columns.map(({ title, note, ids }) => [title, note, ids.length])).toEqual([['Step 1', '1 of 3', 15], ['Step 1', '2 of 3', 15], ['Step 1', '3 of 3', 15]]);
  expect(new Set(drawn?.columns.map(({ key }) => key)).size).toBe(3);
});
