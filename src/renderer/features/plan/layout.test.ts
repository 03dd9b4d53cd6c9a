import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Line, layOut, size, stepFrom } from './layout';
import { countCrossings, orderColumns } from './order';

const line = (text: string): Line => {
  const [from = '', to = ''] = text.split('>');
  return { id: text, from, to };
};
const lay = (columns: readonly (readonly string[])[], ...lines: readonly string[]) => layOut(columns, lines.map(line));

describe('orderColumns', () => {
  test.each([
    ['two lines that cross', [['a', 'b'], ['x', 'y']], ['a>y', 'b>x'], 0],
    ['three columns', [['a', 'b', 'c'], ['x', 'y', 'z'], ['k', 'l', 'm']], ['a>z', 'b>y', 'c>x', 'x>k', 'y>l', 'z>m'], 0],
    ['a crossing that no order avoids', [['a', 'b'], ['x', 'y']], ['a>x', 'a>y', 'b>x', 'b>y'], 1],
  ])('%s', (_name, columns, lines, crossings) => {
    const pairs = lines.map(line).map(({ from, to }) => ({ left: from, right: to }));
    const ordered = orderColumns({ columns, lines: pairs });
    expect(countCrossings({ columns: ordered, lines: pairs })).toBe(crossings);
    expect(ordered.map((column) => [...column].sort())).toEqual(columns.map((column) => [...column].sort()));
  });
});

describe('layOut', () => {
  test('waves are columns', () => {
    const { at, columns, width } = lay([['a'], ['b', 'c'], ['d']], 'a>b', 'a>c', 'b>d');
    expect([...at].map(([id, { x }]) => [id, x])).toEqual([['a', 0], ['b', size.width + size.gapX], ['c', size.width + size.gapX], ['d', 2 * (size.width + size.gapX)]]);
    expect(columns).toEqual([['a'], ['b', 'c'], ['d']]);
    expect(width).toBe(3 * size.width + 2 * size.gapX);
  });

  test('a chain is a straight line', () => {
    const { routes } = lay([['a'], ['b'], ['c']], 'a>b', 'b>c');
    expect(new Set([...routes.values()].flat().map(({ y }) => y)).size).toBe(1);
  });

  test('a long line passes between the tasks of the columns on its way', () => {
    const { at, routes } = lay([['a', 'b'], ['m'], ['n']], 'a>m', 'm>n', 'b>n');
    const route = routes.get('b>n') ?? [];
    const m = at.get('m');
    expect(route).toHaveLength(4);
    expect(route[1]?.y).toBe(route[2]?.y);
    expect(Math.abs((route[1]?.y ?? 0) - ((m?.y ?? 0) + size.height / 2))).toBeGreaterThan(size.height / 2);
  });

  test('lines to one task arrive apart, in the order of their starts', () => {
    const { at, routes } = lay([['a', 'b', 'c'], ['z']], 'a>z', 'b>z', 'c>z');
    const starts = ['a', 'b', 'c'].sort((one, two) => (at.get(one)?.y ?? 0) - (at.get(two)?.y ?? 0));
    const ends = starts.map((id) => routes.get(`${id}>z`)?.at(-1)?.y ?? 0);
    expect(ends).toEqual([...new Set(ends)].sort((one, two) => one - two));
  });

  test('lines that lead back, stay in a column or name nobody go straight or are left out', () => {
    const { routes } = lay([['a', 'b'], ['c']], 'c>a', 'a>b', 'a>nobody');
    expect([...routes].map(([id, points]) => [id, points.length])).toEqual([['c>a', 2], ['a>b', 2]]);
  });

  test('nothing at all', () => expect(lay([])).toMatchObject({ width: 0, height: 0, columns: [] }));

  test('no two tasks overlap, whatever the lines', () => {
    const graph = fc.record({
      columns: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }),
      lines: fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5), fc.nat(5)), { maxLength: 30 }),
    });
    fc.assert(fc.property(graph, ({ columns, lines }) => {
      const ids = columns.map((count, column) => Array.from({ length: count }, (_, row) => `${column}.${row}`));
      const layout = lay(ids, ...new Set(lines.map(([a, b, c, d]) => `${a}.${b}>${c}.${d}`)));
      for (const column of layout.columns) {
        const tops = column.map((id) => layout.at.get(id)?.y ?? Number.NaN);
        expect(tops.every((y, index) => y >= 0 && y + size.height <= layout.height + 1 && (index === 0 || y - (tops[index - 1] ?? 0) >= size.height))).toBe(true);
      }
      expect([...layout.at.keys()].sort()).toEqual(ids.flat().sort());
    }), { numRuns: 100 });
  });
});

describe('stepFrom', () => {
  const layout = lay([['a', 'b'], ['c', 'd'], ['e']], 'a>c', 'b>d', 'c>e');
  test.each([
    [null, 'ArrowRight', 'a'], ['a', 'ArrowDown', 'b'], ['b', 'ArrowDown', null], ['b', 'ArrowUp', 'a'], ['b', 'ArrowRight', 'd'],
    ['d', 'ArrowLeft', 'b'], ['a', 'End', 'e'], ['e', 'Home', 'a'], ['a', 'Enter', null], ['a', 'ArrowLeft', null], ['gone', 'Home', 'a'],
  ])('from %s with %s to %s', (id, key, target) => expect(stepFrom(layout, id, key)).toBe(target));
});

test('a plan of 1,500 tasks is laid out in bounded work: every task has its place', () => {
  const ids = Array.from({ length: 50 }, (_, column) => Array.from({ length: 30 }, (_unused, row) => `${column}.${row}`));
  const lines = ids.slice(1).flatMap((column, index) => column.flatMap((id, row) => [0, 7, 13].map((step) => `${index}.${(row + step) % 30}>${id}`)));
  expect(lay(ids, ...lines).at.size).toBe(1500);
});
