import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyPatch, diff } from './patch';

/** As the patch travels. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T; // a round trip through JSON keeps the shape of plain data

const task = (id: string, line: number, done = false) => ({ id, line, done, files: ['a.ts'] });

test('what did not change is the same object afterwards', () => {
  const before = { tasks: [task('A', 1), task('B', 2), task('C', 3)], title: 'x', plan: { waves: [['A'], ['B', 'C']] } };
  const after = { tasks: [task('A', 1), task('B', 2, true), task('C', 3)], title: 'x', plan: { waves: [['A'], ['C']] } };
  const patch = diff(before, after);
  expect(patch).toEqual({ keys: { tasks: { from: 3, cut: 0, put: [], items: [[1, { keys: { done: { set: true } } }]] }, plan: { keys: { waves: { from: 1, cut: 1, put: [['C']], items: [] } } } } });
  // The shape of the state is known: only values of the same types were changed.
  const result = applyPatch(before, patch ?? { set: null }) as typeof before;
  expect(result).toEqual(after);
  expect([result.tasks[0] === before.tasks[0], result.tasks[1] === before.tasks[1], result.tasks[2] === before.tasks[2]]).toEqual([true, false, true]);
});

test('a task put in the middle moves the others without sending them again', () => {
  const before = Array.from({ length: 50 }, (_, index) => task(`T${index}`, index));
  const after = [...before.slice(0, 20), task('new', 20), ...before.slice(20).map((one) => ({ ...one, line: one.line + 1 }))];
  const patch = diff(before, after);
  expect(patch).toMatchObject({ from: 20, cut: 0, put: [task('new', 20)] });
  expect(applyPatch(before, sent(patch) ?? { set: null })).toEqual(after);
});

test.each([
  [1, 1], [null, null], [{ a: 1 }, { a: 1 }], [[1, { b: [] }], [1, { b: [] }]], [{ a: 1, b: undefined }, { a: 1 }], [{ a: 1 }, { a: 1, b: undefined }],
])('%j and %j say the same', (before, after) => expect(diff(before, after)).toBeNull());

test.each([
  [{ a: 1 }, {}], [{}, { a: null }], [[1, 2, 3], []], [[], [1]], [{ a: [1] }, { a: { 0: 1 } }], [[1, 1, 1], [1, 1]], [null, { a: 1 }], [{ a: null }, { a: { b: 1 } }],
  [JSON.parse('{"__proto__":[1],"b":1}'), JSON.parse('{"__proto__":[2],"b":1}')], [{}, JSON.parse('{"__proto__":{"a":1}}')], [JSON.parse('{"__proto__":1}'), {}],
])('from %j to %j', (before, after) => expect(JSON.stringify(applyPatch(before, sent(diff(before, after)) ?? { set: 'nothing' }))).toBe(JSON.stringify(after)));

test('any state becomes any other', () => {
  const state = fc.jsonValue({ maxDepth: 4 }).map((value): unknown => sent(value));
  fc.assert(fc.property(state, state, (before, after) => {
    const patch = diff(before, after);
    expect(patch === null ? before : applyPatch(before, sent(patch))).toEqual(after);
  }), { numRuns: 500 });
  const tasks = fc.uniqueArray(fc.record({ id: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'), line: fc.nat(9), files: fc.array(fc.constantFrom('x', 'y')) }), { selector: ({ id }) => id });
  fc.assert(fc.property(tasks, tasks, (before, after) => {
    const patch = diff(before, after);
    expect(patch === null ? before : applyPatch(before, sent(patch))).toEqual(after);
  }), { numRuns: 500 });
});
