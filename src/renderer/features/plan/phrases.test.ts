import { expect, test } from 'vitest';
import type { Edge } from '../../../shared/domain';
import { sourceOf } from './phrases';

const edge: Edge = { task: 'T007', dependsOn: 'T004', reason: 'order', file: 'tasks.md', line: 33, text: 'Models before services', confidence: 0.7 };

test.each([
  [edge, 'tasks.md', 'order, line 33'],
  [{ ...edge, file: 'plan.md' }, 'tasks.md', 'order, plan.md line 33'],
  [{ ...edge, reason: 'user' as const, file: null, line: null }, 'tasks.md', 'yours'],
])('where an edge comes from', (from, file, text) => {
  expect(sourceOf(from, file)).toBe(text);
});
