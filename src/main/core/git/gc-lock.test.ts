import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { access, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTempRepo, type TempRepo } from '../../../../test/temp-repo';
import { holdOffGc } from './gc-lock';

let repo: TempRepo;
const file = (): string => join(repo.dir, '.git/gc.pid');
const isThere = (): Promise<boolean> => access(file()).then(() => true, () => false);
const own = (): string => `${process.pid} ${hostname()}`;
/** A blob that nothing refers to. */
const stray = async (): Promise<string> => {
  await repo.write('stray.txt', 'not in any tree');
  return repo.git('hash-object', '-w', 'stray.txt');
};
const isKept = (id: string): Promise<boolean> => repo.git('cat-file', '-e', id).then(() => true, () => false);

beforeEach(async () => {
  repo = await createTempRepo();
});
afterEach(() => repo.cleanup());

test('an object that nothing refers to yet outlives a gc, until git may collect again', async () => {
  const release = await holdOffGc(join(repo.dir, '.git'));
  const id = await stray();
  await expect(repo.git('gc', '-q', '--prune=now')).rejects.toThrow(/gc is already running/);
  await repo.git('-c', 'gc.auto=1', 'gc', '--auto', '-q');
  expect(await isKept(id)).toBe(true);
  await release();
  expect(await isThere()).toBe(false);
  await repo.git('gc', '-q', '--prune=now');
  expect(await isKept(id)).toBe(false);
});

test('two runs of one repository hold it until both have ended', async () => {
  const first = await holdOffGc(join(repo.dir, '.git'));
  const second = await holdOffGc(join(repo.dir, '.git'));
  await first();
  await expect(repo.git('gc', '-q')).rejects.toThrow(/already running/);
  await second();
  await repo.git('gc', '-q');
});

test('a gc that is at work is left alone', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
  await once(other, 'spawn');
  const text = `${other.pid} ${hostname()}`;
  await writeFile(file(), text);
  const release = await holdOffGc(join(repo.dir, '.git'));
  expect(await readFile(file(), 'utf8')).toBe(text);
  await release();
  expect(await readFile(file(), 'utf8')).toBe(text);
  other.kill();
  await once(other, 'close');
});

const dead = spawnSync('true').pid;
test.each([
  ['of a process that died', `${dead} ${hostname()}`, 0, true], ['that says nothing', '', 0, true],
  ['of another machine', '1 elsewhere', 0, false], ['of another machine, older than git believes', '1 elsewhere', 13, true],
])('a file %s', async (_, text, hours, taken) => {
  await writeFile(file(), text);
  const then = new Date(Date.now() - hours * 3_600_000);
  await utimes(file(), then, then);
  const release = await holdOffGc(join(repo.dir, '.git'));
  expect(await readFile(file(), 'utf8')).toBe(taken ? own() : text);
  await release();
});

test('where it cannot be made, nothing is in the way', async () => {
  const release = await holdOffGc(join(repo.dir, 'nowhere'));
  await release();
});
