import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readOverrides, writeOverride } from './overrides';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-overrides-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('one word for each pair, kept for its spec, taken back by reset', async () => {
  const name = '../001 x';
  expect(await readOverrides(folder, name)).toEqual([]);
  await writeOverride(folder, name, { task: 'T2', dependsOn: 'T1', kind: 'remove' });
  await writeOverride(folder, name, { task: 'T3', dependsOn: 'T1', kind: 'add' });
  await writeOverride(folder, name, { task: 'T2', dependsOn: 'T1', kind: 'add' });
  expect(await readOverrides(folder, name)).toEqual([{ task: 'T3', dependsOn: 'T1', kind: 'add' }, { task: 'T2', dependsOn: 'T1', kind: 'add' }]);
  expect(await readOverrides(folder, 'other')).toEqual([]);
  await writeOverride(folder, name, { task: 'T2', dependsOn: 'T1', kind: 'reset' });
  expect(await readOverrides(folder, name)).toHaveLength(1);
  const [file = ''] = await readdir(join(folder, 'braid', 'overrides'));
  await writeFile(join(folder, 'braid', 'overrides', file), '{');
  expect(await readOverrides(folder, name)).toEqual([]);
});
