import { mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lostFiles } from './lost';
import { readSpec } from './read';

let folder: string;
beforeEach(async () => { folder = await realpath(await mkdtemp(join(tmpdir(), 'braid-lost-'))); });
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read() {
  await writeFile(join(folder, 'tasks.md'), '- [ ] T001 Write\n');
  const spec = await readSpec(folder);
  if (!spec.ok) throw new Error(spec.error.kind);
  return spec.value;
}

test('a task file that is there, was deleted, came back, or became a folder', async () => {
  const spec = await read();
  const path = join(folder, 'tasks.md');
  expect(await lostFiles(spec)).toBeNull();
  await rename(path, `${path}.old`);
  expect(await lostFiles(spec)).toEqual({ kind: 'spec/lost', path: 'tasks.md', detail: 'It was deleted or moved.' });
  await mkdir(path);
  expect(await lostFiles(spec)).toMatchObject({ kind: 'spec/lost', detail: 'EISDIR: A folder is in its place.' });
  await rm(path, { recursive: true });
  await rename(`${path}.old`, path);
  expect(await lostFiles(spec)).toBeNull();
});

test('the whole folder gone is lost too; one of several files is named like the only one', async () => {
  const spec = await read();
  expect(await lostFiles({ ...spec, taskFiles: ['tasks.md', 'more/tasks.md'] })).toEqual({ kind: 'spec/lost', path: 'more/tasks.md', detail: 'It was deleted or moved. The other task files are there: to go on without it, open the spec again from the list of specs.' });
  await rm(folder, { recursive: true });
  expect(await lostFiles(spec)).toMatchObject({ kind: 'spec/lost', path: 'tasks.md' });
});
