import { expect, test } from 'vitest';
import type { Edge, Plan } from '../shared/domain';
import { planIndex, related, waitsFor } from './plan-index';

const edge = (task: string, dependsOn: string): Edge => ({ task, dependsOn, reason: 'explicit', file: 'tasks.md', line: 1, text: '', confidence: 1 });
const plan: Plan = {
  edges: [edge('B', 'A'), edge('C', 'B'), edge('D', 'B'), edge('E', 'D')],
  conflicts: [], waves: [], criticalPath: [], lanes: [], mode: { recommended: 'single', reason: '' }, remaining: {}, waits: {}, diagnostics: [],
};

test.each([
  ['A', [], ['B', 'C', 'D', 'E']],
  ['B', ['A'], ['C', 'D', 'E']],
  ['E', ['A', 'B', 'D'], []],
  ['unknown', [], []],
])('%s comes after %j and before %j', (id, before, after) => {
  const found = related(plan, id);
  expect([...found.before].sort()).toEqual(before);
  expect([...found.after].sort()).toEqual(after);
});

test('a circle in the edges ends', () => {
  const circle = { ...plan, edges: [edge('A', 'B'), edge('B', 'A')] };
  expect([...related(circle, 'A').before].sort()).toEqual(['A', 'B']);
});

test('the index is built once for a plan', () => {
  expect(planIndex(plan)).toBe(planIndex(plan));
});

test('a task waits for another over others too, as far as they are open', () => {
  const waiting: Plan = { ...plan, waits: { A: [], B: ['A'], C: ['B'] } };
  expect([waitsFor(waiting, 'C', 'A'), waitsFor(waiting, 'A', 'C'), waitsFor(waiting, 'C', 'D')]).toEqual([true, false, false]);
});
