import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rawGit } from '../../../../test/temp-repo';
import { createSample } from './sample';

const resources = resolve('resources');
let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'braid-test-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

test('the sample is a clean repository with one commit and a spec', async () => {
  const made = await createSample(resources, parent);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  const { repo, spec } = made.value;
  expect(await rawGit(repo, ['status', '--porcelain'])).toBe('');
  expect(await rawGit(repo, ['rev-list', '--count', 'main'])).toBe('1');
  expect(await readFile(join(spec, 'tasks.md'), 'utf8')).toContain('- [ ] T001 ');
  expect(await rawGit(repo, ['ls-files', 'specs'])).toContain('specs/001-search-and-tags/tasks.md');
});

test('resources that are not there are an error, not an exception', async () => {
  const made = await createSample('/nowhere', parent);
  expect(made).toMatchObject({ ok: false, error: { kind: 'io/failed', code: 'ENOENT' } });
});
