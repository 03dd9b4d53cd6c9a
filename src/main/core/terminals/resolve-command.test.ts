import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveCommand } from './resolve-command';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'braid-resolve-'));
  await mkdir(join(dir, 'bin/folder'), { recursive: true });
  await writeFile(join(dir, 'bin/tool'), '#!/bin/sh\n');
  await chmod(join(dir, 'bin/tool'), 0o755);
  await writeFile(join(dir, 'bin/plain'), 'text');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test.each<{ name: string; path: string | null }>([
  { name: 'tool', path: 'bin/tool' },
  { name: './bin/tool', path: 'bin/tool' },
  { name: 'bin/tool', path: 'bin/tool' },
  { name: 'plain', path: null },
  { name: 'folder', path: null },
  { name: 'missing', path: null },
  { name: './bin/plain', path: null },
  { name: './missing', path: null },
  { name: '', path: null },
])('"$name" -> $path', async ({ name, path }) => {
  const found = await resolveCommand(name, dir, { PATH: `/nowhere:${join(dir, 'bin')}` });
  if (path === null) expect(found).toMatchObject({ ok: false, error: { kind: 'agent/start' } });
  else expect(found).toEqual({ ok: true, value: join(dir, path) });
});
