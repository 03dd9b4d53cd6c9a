import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogFile } from './log-file';

let dir = '';
const said: { pressure: boolean[]; errors: Error[] } = { pressure: [], errors: [] };
const listener = { onPressure: (pressed: boolean) => void said.pressure.push(pressed), onError: (cause: Error) => void said.errors.push(cause) };

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'braid-log-'));
  said.pressure = [];
  said.errors = [];
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('appends in order, for its owner only, across settling', async () => {
  const path = join(dir, 'logs/lane.log');
  const log = new LogFile(path, listener);
  for (let index = 0; index < 500; index += 1) log.append(Buffer.from(`${index}\n`));
  await log.settle();
  log.append(Buffer.from('more\n'));
  await log.settle();
  expect(await readFile(path, 'utf8')).toBe(`${Array.from({ length: 500 }, (_, index) => `${index}\n`).join('')}more\n`);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(dir, 'logs'))).mode & 0o777).toBe(0o700);
});

test('asks the producer to wait while much is in memory, then to go on', async () => {
  const log = new LogFile(join(dir, 'lane.log'), listener);
  for (let index = 0; index < 10; index += 1) log.append(Buffer.alloc(1024 * 1024));
  expect(said.pressure).toEqual([true]);
  await log.settle();
  expect(said.pressure).toEqual([true, false]);
  expect((await stat(join(dir, 'lane.log'))).size).toBe(10 * 1024 * 1024);
});

test('a file that cannot be written is said once, and nothing is held or thrown', async () => {
  await writeFile(join(dir, 'file'), '');
  const log = new LogFile(join(dir, 'file/lane.log'), listener);
  for (let index = 0; index < 10; index += 1) log.append(Buffer.alloc(1024 * 1024));
  await log.settle();
  log.append(Buffer.from('more'));
  await log.settle();
  expect(said.errors).toHaveLength(1);
  expect(said.pressure).toEqual([true, false]);
});
