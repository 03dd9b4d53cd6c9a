import { expect, test } from 'vitest';
import type { Gate, Spec } from '../shared/domain';
import { gateWords, withGates } from './gates';
import { type TaskGroup, type TaskRow, countRows } from './tasks';

const row = (id: string, line: number, file = 'tasks.md'): TaskRow => ({
  id, title: id, state: 'pending', done: false, reason: '', stories: [], steps: [], nested: false, file, line, inRun: false, held: false, asks: '',
  lane: null, attempts: 0, startedAt: null, finishedAt: null, commit: null, evidence: null,
});
const group = (key: string, ...rows: readonly TaskRow[]): TaskGroup => ({ key, title: key, rows, counts: countRows(rows) });
const gate = (line: number, file = 'tasks.md', done = false): Gate => ({ title: `gate ${line}`, file, line, done });
const spec = (...gates: readonly Gate[]): Spec => ({ dialect: 'speckit', name: 's', title: 's', folder: '/s', taskFiles: ['tasks.md'], documents: [], phases: [], tasks: [], gates, prose: [], diagnostics: [] });
const groups = [group('one', row('T1', 5), row('T2', 6)), group('two', row('T3', 12)), group('other', row('T9', 3, 'more.md'))];

test('a gate belongs to the group of the task above it, checklists stand behind all groups', () => {
  const found = withGates(spec(gate(2), gate(8), gate(20), gate(1, 'more.md'), gate(4, 'checklists/ux.md', true), gate(5, 'checklists/ux.md')), groups);
  expect(found.map(({ title, rows, gates }) => [title, rows.length, gates.map(({ gate: { line }, after }) => `${line}@${after}`)])).toEqual([
    ['one', 2, ['2@0', '8@2']], ['two', 1, ['20@1']], ['other', 1, ['1@0']], ['Checklist: ux', 0, ['4@0', '5@0']],
  ]);
  expect(new Set(found.map(({ key }) => key)).size).toBe(4);
});

test('gates below a heading of their own are a group where that heading stands', () => {
  const own = (line: number, heading: string, file = 'tasks.md'): Gate => ({ ...gate(line, file), heading });
  const found = withGates(spec(own(1, 'Before'), own(8, 'Acceptance'), own(9, 'Acceptance'), gate(13), own(14, 'Sign-off')), groups);
  expect(found.map(({ title, gates }) => [title, gates.map(({ gate: { line } }) => line)])).toEqual([
    ['Before', [1]], ['one', []], ['Acceptance', [8, 9]], ['two', [13]], ['Sign-off', [14]], ['other', []],
  ]);
});

test('without gates the groups stay as they are', () => {
  expect(withGates(null, groups).map(({ gates }) => gates)).toEqual([[], [], []]);
  expect(withGates(spec(gate(3)), [])).toEqual([]);
});

test.each([
  [[], null], [[gate(1)], '1 of 1 gate open'], [[gate(1), gate(2, 'a.md', true), gate(3)], '2 of 3 gates open'],
] as const)('%j in words', (gates, words) => expect(gateWords(gates)).toBe(words));
