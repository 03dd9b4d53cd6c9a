import { expect, test } from 'vitest';
import type { Edge, Plan, Spec, Task } from '../../../shared/domain';
import { candidates, whyNotHeld } from './edit-dependencies';

const task = (id: string): Task => ({
  id, title: `Title of ${id}`, file: 'tasks.md', line: 1, endLine: 1, lines: [1], textHash: id, state: 'open', done: false, parallel: false, parent: null, steps: [], story: null, stories: [], phase: null, files: [], details: [], text: '',
});
const spec: Spec = { dialect: 'speckit', name: 's', title: 's', folder: '/s', taskFiles: ['tasks.md'], documents: [], phases: [], tasks: ['A', 'B', 'C', 'D'].map(task), gates: [], prose: [], diagnostics: [] };
const edge = (from: string, dependsOn: string): Edge => ({ task: from, dependsOn, reason: 'explicit', file: null, line: null, text: '', confidence: 1 });
const plan: Plan = { edges: [edge('B', 'A'), edge('C', 'B')], conflicts: [], waves: [], criticalPath: [], lanes: [], mode: { recommended: 'single', reason: '' }, remaining: {}, waits: {}, diagnostics: [] };

test.each([
  ['A', ['B no', 'C no', 'D']],
  ['B', ['C no', 'D']],
  ['C', ['A', 'D']],
])('what %s could wait for', (id, offered) => {
  expect(candidates(spec, plan, id).map(({ value, refused }) => (refused === null ? value : `${value} no`))).toEqual(offered);
});

test('what only order and phases hold gives way to a person, and is named', () => {
  const usual: Plan = { ...plan, edges: [edge('B', 'A'), { ...edge('C', 'B'), reason: 'phase', confidence: 0.8, file: 'tasks.md', line: 9 }, { ...edge('D', 'C'), reason: 'section', confidence: 0.9 }] };
  expect(candidates(spec, usual, 'A').map(({ value, refused, note }) => [value, refused ?? note])).toEqual([
    ['B', 'Waits for A itself because tasks or you say so, so this would be a circle.'],
    ['C', 'Waits for A now. Your word goes first: what stands against it gives way, such as C after B (its phase comes later, tasks.md line 9).'],
    ['D', 'Waits for A now. Your word goes first: what stands against it gives way, such as C after B (its phase comes later, tasks.md line 9).'],
  ]);
});

test.each([
  ['A', 'C', 'C waits for A itself, so that would be a circle'],
  ['A', 'X', 'the spec has no X any more'],
  ['D', 'E', 'E is worked on as part of A'],
])('why %s does not wait for %s', (id, dependsOn, said) => {
  expect(whyNotHeld({ ...spec, tasks: [...spec.tasks, { ...task('E'), parent: 'A' }] }, plan, id, dependsOn)).toBe(said);
});
