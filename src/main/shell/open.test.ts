import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

// Outside Electron the module is the path of a binary; choosing an editor needs none of it.
vi.mock('electron', () => ({ shell: {} }));
const { editorCommand } = await import('./open');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-test-'));
  for (const name of ['code', 'zed', 'vim', 'my editor']) {
    await writeFile(join(folder, name), '');
    await chmod(join(folder, name), 0o755);
  }
  vi.stubEnv('PATH', folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test.each([
  ['the setting first, whatever it is', { VISUAL: 'zed' }, 'vim -g', ['vim', '-g']],
  ['a setting with a quoted program', {}, '"my editor" --wait', ['my editor', '--wait']],
  ['$VISUAL with its arguments', { VISUAL: 'zed --new' }, null, ['zed', '--new']],
  ['$EDITOR when $VISUAL needs a terminal', { VISUAL: 'vim', EDITOR: 'zed' }, null, ['zed']],
  ['VS Code when nothing is said', {}, null, ['code']],
  ['VS Code when what is said is not there', { EDITOR: 'subl' }, 'no-such-editor', ['code']],
])('%s', (_name, env, setting, expected) => {
  const [program, ...rest] = expected;
  expect(editorCommand(env, setting)).toEqual([join(folder, program ?? ''), ...rest]);
});

test('a program named by a relative path is never run', () => {
  expect(editorCommand({ VISUAL: './code', EDITOR: 'sub/code' }, null)).toEqual([join(folder, 'code')]);
});
