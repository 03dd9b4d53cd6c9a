import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readProgress, writeProgress, type DoneTask } from './progress';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-progress-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const done = (id: string, run: string): DoneTask => ({ file: 'tasks.md', id, textHash: 'h', run, commit: 'abc', at: '2026-01-01T00:00:00.000Z' });

test('what each run landed, replaced by its next landing and taken back by an empty list', async () => {
  const spec = '../001 x';
  expect(await readProgress(folder, spec)).toEqual([]);
  await writeProgress(folder, spec, { run: 'r-1', tasks: [] });
  await expect(readdir(join(folder, 'braid'))).rejects.toThrow('ENOENT');
  await writeProgress(folder, spec, { run: 'r-1', tasks: [done('T001', 'r-1')] });
  await writeProgress(folder, spec, { run: 'r-2', tasks: [done('T002', 'r-2')] });
  await writeProgress(folder, spec, { run: 'r-1', tasks: [done('T001', 'r-1'), done('T003', 'r-1')] });
  expect((await readProgress(folder, spec)).map((task) => task.id)).toEqual(['T002', 'T001', 'T003']);
  expect(await readProgress(folder, 'other')).toEqual([]);
  await writeProgress(folder, spec, { run: 'r-1', tasks: [] });
  expect((await readProgress(folder, spec)).map((task) => task.id)).toEqual(['T002']);
  const [file = ''] = await readdir(join(folder, 'braid', 'progress'));
  const path = join(folder, 'braid', 'progress', file);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeFile(path, '{');
  expect(await readProgress(folder, spec)).toEqual([]);
});
