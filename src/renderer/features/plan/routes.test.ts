import { describe, expect, test } from 'vitest';
import { arcOf, firstView, fitted, headOf, middleOf, pathOf, readable, revealing, room } from './routes';

test.each([
  ['level', [{ x: 0, y: 10 }, { x: 100, y: 10 }], 'M0 10L94 10'],
  ['down', [{ x: 0, y: 10 }, { x: 100, y: 50 }], 'M0 10C47 10 47 50 94 50'],
  ['past a column', [{ x: 0, y: 0 }, { x: 60, y: 40 }, { x: 160, y: 40 }, { x: 220, y: 0 }], 'M0 0C30 0 30 40 60 40L160 40C187 40 187 0 214 0'],
  ['back', [{ x: 100, y: 0 }, { x: 0, y: 0 }], 'M100 0C140 0 140 43 100 43L-6 43C-46 43 -46 0 -6 0'],
])('a path that leads %s', (_name, points, path) => expect(pathOf(points)).toBe(path));

test('the head ends where the route does', () => expect(headOf([{ x: 0, y: 0 }, { x: 90, y: 5 }])).toBe('M90 5l-7 -4v8z'));

test('an arc swings out within a column', () => {
  expect(arcOf({ x: 100, y: 0 }, { x: 100, y: 80 })).toBe('M100 0C122 0 122 80 100 80');
  expect(arcOf({ x: 100, y: 0 }, { x: 300, y: 80 })).toBe('M100 0C200 0 200 80 300 80');
});

const window = { width: 800, height: 400 };
describe('views', () => {
  test('a small graph is centred and not enlarged', () => expect(fitted({ width: 400, height: 100 }, window)).toMatchObject({ zoom: 1, x: 200 }));
  test('a wide one is made smaller until it fits', () => expect(fitted({ width: 1520, height: 100 }, window)).toMatchObject({ zoom: 0.5, x: 20 }));
  test('one of a hundred rows is shown whole', () => {
    const view = fitted({ width: 600, height: 8600 }, window);
    expect(view.y + 8600 * view.zoom).toBeLessThanOrEqual(window.height);
  });
  test('the first view of a huge one is its beginning', () => expect(firstView({ width: 9000, height: 3000 }, window, { x: 0, y: 10 })).toEqual({ zoom: 1, x: room.side, y: room.top }));
  test('with its first tasks in the middle', () => expect(firstView({ width: 9000, height: 3000 }, window, { x: 0, y: 1500 })).toEqual({ zoom: 1, x: room.side, y: -1306 }));
  test('and never beyond its end', () => expect(firstView({ width: 9000, height: 500 }, window, { x: 0, y: 480 })).toEqual({ zoom: 1, x: room.side, y: -156 }));
  test.each([
    ['in sight', { x: 100, y: 100 }, { x: 0, y: 0, zoom: 1 }],
    ['to the right', { x: 900, y: 100 }, { x: -280, y: 0, zoom: 1 }],
    ['above', { x: 100, y: -50 }, { x: 0, y: 50 + room.top, zoom: 1 }],
  ])('reveals what is %s', (_name, at, view) => expect(revealing({ x: 0, y: 0, zoom: 1 }, { ...at, width: 160, height: 60 }, window)).toEqual(view));
  test('a box that can be read stays as large as it is', () => expect(readable({ x: 0, y: 0, zoom: 0.8 }, { x: 100, y: 100, width: 160, height: 60 }, window)).toEqual({ x: 0, y: 0, zoom: 0.8 }));
  test('one that is too small comes into the middle', () => expect(readable({ x: 0, y: 0, zoom: 0.1 }, { x: 920, y: 3170, width: 160, height: 60 }, window)).toEqual({ zoom: 0.9, x: -500, y: -2686 }));
  test.each([[[], 0], [[10, 20, 900], 20], [[0, 1000], 0]])('the middle box of %j', (heights, y) => expect(middleOf(heights)).toBe(y));
});
