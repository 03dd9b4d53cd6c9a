import { expect, test } from 'vitest';
import { countStates } from '../../../shared/counts';
import type { GatedGroup } from '../../gates';
import type { TaskRow } from '../../tasks';
import { drawn, flatten } from './placing';

const row = (id: string): TaskRow => ({
  id, title: id, state: 'pending', done: false, reason: '', stories: [], steps: [], nested: false, file: 'tasks.md', line: Number(id.slice(1)), inRun: false, held: false, asks: '',
  lane: null, attempts: 0, startedAt: null, finishedAt: null, commit: null, evidence: null,
});
const group = (key: string, ...ids: readonly string[]): GatedGroup => ({ key, title: key, rows: ids.map(row), counts: countStates([]), gates: [] });
const groups = [group('a', 'T1', 'T2'), group('b', 'T3'), { ...group('c', 'T4', 'T5'), gates: [9, 10].map((line, after) => ({ gate: { title: `Checkpoint ${line}`, file: 'tasks.md', line, done: false }, after: after + 1 })) }];

test.each([
  { collapsed: [], want: ['a', 'T1 1', 'T2 2', 'b', 'T3 3', 'c', 'T4 4', 'gate 9', 'T5 5', 'gate 10'] },
  { collapsed: ['b'], want: ['a', 'T1 1', 'T2 2', 'b', 'c', 'T4 3', 'gate 9', 'T5 4', 'gate 10'] },
])('with $collapsed collapsed', ({ collapsed, want }) => {
  const items = flatten(groups, collapsed);
  expect(items.map((item) => (item.kind === 'group' ? item.group.key : item.kind === 'gate' ? `gate ${item.gate.line}` : `${item.row.id} ${item.position}`))).toEqual(want);
  expect(new Set(items.map((item) => item.key)).size).toBe(items.length);
});

test('an edit above changes the key of no row, and copies of one id have keys of their own', () => {
  const moved = groups.map((one) => ({ ...one, rows: one.rows.map((entry) => ({ ...entry, line: entry.line + 20 })) }));
  expect(flatten(moved, []).map((item) => item.key)).toEqual(flatten(groups, []).map((item) => item.key));
  const copies = flatten([group('a', 'T1', 'T1')], []).map((item) => item.key);
  expect(new Set(copies).size).toBe(3);
});

test.each([
  { name: 'nothing focused', inSight: [4, 5], focused: -1, count: 9, want: [0, 4, 5, 8] },
  { name: 'the focus in sight', inSight: [4, 5, 6], focused: 5, count: 9, want: [0, 4, 5, 6, 8] },
  { name: 'the focus far away', inSight: [500, 501], focused: 7, count: 1000, want: [0, 6, 7, 8, 500, 501, 999] },
  { name: 'the focus at the end', inSight: [0, 1], focused: 8, count: 9, want: [0, 1, 7, 8] },
  { name: 'an empty list', inSight: [], focused: -1, count: 0, want: [] },
])('what is drawn: $name', ({ inSight, focused, count, want }) => {
  expect(drawn(inSight, focused, count)).toEqual(want);
});
