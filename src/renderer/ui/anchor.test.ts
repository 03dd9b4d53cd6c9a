import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anchored } from './anchor';

const items = ['a', 'b', 'c', 'd'].map((id, index) => ({ id, start: index * 30, size: 30 }));
const at = (starts: Readonly<Record<string, number>>) => (id: string): number | null => starts[id] ?? null;

test.each([
  ['ten items of 30 px came above', 40, null, { a: 300, b: 330, c: 360, d: 390 }, 340],
  ['nothing moved', 40, null, { a: 0, b: 30, c: 60, d: 90 }, 40],
  ['the first in sight is gone', 40, null, { a: 0, c: 30, d: 60 }, 10],
  ['items came between two that are in sight: the first keeps its place', 40, null, { b: 30, c: 90 }, 40],
  ['and the preferred one, if it is in sight', 40, 'c', { b: 30, c: 90 }, 70],
  ['not if it is far away', 40, 'a', { a: 300, b: 30 }, 40],
  ['all is gone', 40, null, {}, null],
  ['nobody scrolled: the beginning stays in sight', 0, null, { a: 300 }, null],
] as const)('%s', (_name, top, preferred, starts, want) => expect(anchored(items, top, 60, preferred, at(starts))).toBe(want));

test('whatever is inserted above, what is in sight does not move', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 5000 }), (top, inserted) => {
    const next = anchored(items, top, 60, null, (id) => (items.find((item) => item.id === id)?.start ?? 0) + inserted);
    expect(next).toBe(top + inserted);
  }));
});
