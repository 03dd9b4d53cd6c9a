import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readWindowState, writeWindowState } from './window-state';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const bounds = { x: 10, y: 20, width: 1000, height: 700 };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what was written is read again', async () => {
  // Only these two members of a window are used.
  writeWindowState(join(folder, 'new'), { getNormalBounds: () => bounds, isMaximized: () => true } as never);
  expect(readWindowState(join(folder, 'new'), [screen])).toEqual({ ...bounds, maximized: true });
  expect(JSON.parse(await readFile(join(folder, 'new', 'window.json'), 'utf8'))).toMatchObject(bounds);
});

test.each([
  ['broken', '{'],
  ['of another shape', '{"x":"left"}'],
  ['on a screen that is gone', JSON.stringify({ ...bounds, x: 5000, maximized: false })],
])('a file %s is passed over', async (_name, text) => {
  await writeFile(join(folder, 'window.json'), text);
  expect(readWindowState(folder, [screen])).toBeNull();
});

test('no file is no state', () => {
  expect(readWindowState(folder, [screen])).toBeNull();
});
