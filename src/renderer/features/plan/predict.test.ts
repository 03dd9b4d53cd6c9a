import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../shared/domain';
import { type PlannedTask, plannedTasks, predict } from './predict';

const task = (id: string, weight: number, remaining: number, more: Partial<PlannedTask> = {}): PlannedTask => ({ id, weight, remaining, dependsOn: [], conflictsWith: [], exclusive: false, ...more });
const said = (tasks: readonly PlannedTask[], slots: number): string[] =>
  predict(tasks, slots).bars.map(({ id, slot, start, end, wait }) => `${id} ${slot + 1}: ${start}-${end} ${wait.kind}${'id' in wait ? ` ${wait.id}` : ''}`);

describe('predict', () => {
  test.each([
    ['side by side', [task('A', 1, 1), task('B', 2, 2)], 2, ['B 1: 0-2 none', 'A 2: 0-1 none']],
    ['the longest remaining path first', [task('A', 1, 1), task('B', 1, 3), task('C', 2, 2, { dependsOn: ['B'] })], 1, ['B 1: 0-1 none', 'C 1: 1-3 after B', 'A 1: 3-4 slot']],
    ['of equals the earlier line', [task('A', 1, 1), task('B', 1, 1)], 1, ['A 1: 0-1 none', 'B 1: 1-2 slot']],
    ['a chain stays in its slot', [task('A', 2, 3), task('B', 1, 2), task('C', 1, 1, { dependsOn: ['B'] }), task('D', 1, 1, { dependsOn: ['A'] })], 2, ['A 1: 0-2 none', 'B 2: 0-1 none', 'C 2: 1-2 after B', 'D 1: 2-3 after A']],
    ['shared files exclude each other', [task('A', 1, 2), task('B', 1, 1, { conflictsWith: ['A'] }), task('C', 1, 1)], 2, ['A 1: 0-1 none', 'C 2: 0-1 none', 'B 1: 1-2 shares A']],
    ['a task that may touch anything runs alone', [task('A', 1, 2), task('B', 1, 1, { exclusive: true }), task('C', 1, 0.5)], 2, ['A 1: 0-1 none', 'C 2: 0-1 none', 'B 1: 1-2 alone']],
    ['what is not planned counts as done', [task('A', 1, 1, { dependsOn: ['gone'] })], 1, ['A 1: 0-1 none']],
    ['a circle is left out', [task('A', 1, 1, { dependsOn: ['B'] }), task('B', 1, 1, { dependsOn: ['A'] }), task('C', 1, 1)], 2, ['C 1: 0-1 none']],
    ['nothing', [], 4, []],
  ] satisfies [string, PlannedTask[], number, string[]][])('%s', (_name, tasks, slots, bars) => expect(said(tasks, slots)).toEqual(bars));

  test('order, slots, files and exclusive tasks are respected, and every task has its turn', () => {
    const one = fc.record({ weight: fc.integer({ min: 1, max: 5 }), after: fc.array(fc.nat(30), { maxLength: 3 }), shares: fc.array(fc.nat(30), { maxLength: 2 }), exclusive: fc.boolean() });
    fc.assert(fc.property(fc.array(one, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (list, slots) => {
      const tasks = list.map(({ weight, after, shares, exclusive }, index) => task(`T${index}`, weight, weight, {
        exclusive: exclusive && index % 5 === 0, dependsOn: after.filter((other) => other < index).map((other) => `T${other}`), conflictsWith: shares.filter((other) => other !== index).map((other) => `T${other}`),
      }));
      const { bars, end } = predict(tasks, slots);
      const byId = new Map(bars.map((bar) => [bar.id, bar]));
      expect(bars).toHaveLength(tasks.length);
      expect(end).toBe(Math.max(0, ...bars.map((bar) => bar.end)));
      for (const { id, dependsOn, conflictsWith, exclusive } of tasks) {
        const bar = byId.get(id);
        if (bar === undefined) throw new Error('Internal error: no bar');
        expect(dependsOn.every((other) => (byId.get(other)?.end ?? Infinity) <= bar.start)).toBe(true);
        const beside = bars.filter((other) => other !== bar && other.start < bar.end && bar.start < other.end);
        expect(beside.length === 0 || !exclusive).toBe(true);
        expect(beside.some((other) => conflictsWith.includes(other.id) || other.slot === bar.slot)).toBe(false);
      }
    }), { numRuns: 100 });
  });
});

test('durations of a plan are the differences of its remaining paths', () => {
  const plan: Plan = {
    edges: [], conflicts: [{ a: 'B', b: 'C', path: 'x' }], waves: [['A'], ['B', 'C']], criticalPath: [], lanes: [],
    mode: { recommended: 'single', reason: '' }, remaining: { A: 4.5, B: 3, C: 1 }, waits: { A: [], B: ['A'], C: ['A'] }, diagnostics: [],
  };
  expect(plannedTasks(null, plan)).toEqual([
    task('A', 1.5, 4.5), task('B', 3, 3, { dependsOn: ['A'], conflictsWith: ['C'] }), task('C', 1, 1, { dependsOn: ['A'], conflictsWith: ['B'] }),
  ]);
});
