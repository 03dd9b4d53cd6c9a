import { expect, test } from 'vitest';
import type { Edge } from '../../../shared/domain';
import { confidenceWord, sourceOf } from './phrases';

const edge: Edge = { task: 'T007', dependsOn: 'T004', reason: 'order', file: 'tasks.md', line: 33, text: 'Models before services', confidence: 0.7 };

test.each([[1, 'certain'], [0.9, 'very likely'], [0.8, 'very likely'], [0.7, 'likely'], [0.65, 'likely'], [0.5, 'a guess'], [0, 'a guess']])('confidence %d is %s', (confidence, word) => {
  expect(confidenceWord(confidence)).toBe(word);
});

test.each([
  [edge, 'tasks.md', 'order, line 33'],
  [{ ...edge, file: 'plan.md' }, 'tasks.md', 'order, plan.md line 33'],
  [{ ...edge, reason: 'user' as const, file: null, line: null }, 'tasks.md', 'yours'],
])('where an edge comes from', (from, file, text) => {
  expect(sourceOf(from, file)).toBe(text);
});
