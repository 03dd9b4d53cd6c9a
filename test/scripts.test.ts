/** The scripts behind the two commands, where they meet a machine that lacks something. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

interface Ended {
  readonly code: number;
  readonly output: string;
}

function node(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((done) => {
    execFile(process.execPath, [...args], { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('braid says what to do when it is not built', async () => {
  await mkdir(join(folder, 'bin'));
  await cp(resolve('bin/braid.js'), join(folder, 'bin/braid.js'));
  const ended = await node([join(folder, 'bin/braid.js'), 'plan', 'x']);
  expect(ended).toEqual({ code: 4, output: expect.stringContaining('npm ci') });
});

test('missing system programs are named with the way to install them', async () => {
  const ended = await node([resolve('scripts/ensure-system.mjs')], { PATH: folder });
  expect(ended.code).toBe(1);
  expect(ended.output).toContain('System packages are missing.');
  for (const name of ['git', 'xvfb', 'xauth']) expect(ended.output).toContain(name);
});

test('an Electron that is in place is left alone', async () => {
  const ended = await node([resolve('scripts/ensure-electron.mjs')]);
  expect(ended).toEqual({ code: 0, output: expect.stringMatching(/Electron \d+\.\d+\.\d+ is ready\.\n$/) });
  expect(ended.output).not.toContain('downloading');
});
