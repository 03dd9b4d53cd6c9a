import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTempRepo, errorOf, valueOf, type TempRepo } from '../../../../test/temp-repo';
import { gitEnvironment } from './environment';
import { git, gitLine } from './git';
import { listWorktrees } from './simple';

let repo: TempRepo;
beforeEach(async () => {
  repo = await createTempRepo();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await repo.cleanup();
});

describe('git', () => {
  test.each([
    ['GIT_DIR', '/elsewhere/.git'], ['GIT_WORK_TREE', '/elsewhere'], ['GIT_INDEX_FILE', '/elsewhere/index'], ['GIT_CONFIG_PARAMETERS', "'core.bare'='true'"],
  ])('is not led astray by %s of the user', async (name, value) => {
    vi.stubEnv(name, value);
    expect(valueOf(await gitLine(['rev-parse', '--show-toplevel'], { cwd: repo.dir }))).toBe(repo.dir);
    expect(valueOf(await listWorktrees(repo.dir)).map((tree) => tree.path)).toEqual([repo.dir]);
  });

  test('keeps what says how the user reaches his remotes', () => {
    expect(gitEnvironment({ GIT_SSH_COMMAND: 'ssh -i key', GIT_DIR: 'x', HOME: '/home/me' })).toMatchObject({ GIT_SSH_COMMAND: 'ssh -i key', HOME: '/home/me', GIT_TERMINAL_PROMPT: '0' });
  });

  test('gives an exit code as an answer only where it was asked for', async () => {
    const args = ['symbolic-ref', '-q', 'refs/none'];
    expect(valueOf(await git(args, { cwd: repo.dir, okCodes: [0, 1] })).exitCode).toBe(1);
    expect(errorOf(await git(args, { cwd: repo.dir }))).toMatchObject({ kind: 'git/failed', exitCode: 1 });
  });

  test('reads output far beyond a pipe, and input too', async () => {
    const content = Buffer.alloc(30 * 1024 * 1024, 'braid\n');
    const blob = valueOf(await gitLine(['hash-object', '-w', '--stdin'], { cwd: repo.dir, input: content }));
    expect(valueOf(await git(['cat-file', 'blob', blob], { cwd: repo.dir })).stdout.equals(content)).toBe(true);
  });

  test('says that git is missing, and that a folder is missing', async () => {
    vi.stubEnv('PATH', '/nowhere');
    expect(errorOf(await git(['version'], { cwd: repo.dir }))).toEqual({ kind: 'git/missing' });
    expect(errorOf(await git(['version'], { cwd: join(repo.dir, 'none') }))).toMatchObject({ kind: 'io/failed', code: 'ENOENT' });
  });

  test('names a lock that stays held, and waits for one that does not', async () => {
    const lock = join(repo.dir, '.git', 'index.lock');
    await writeFile(lock, '');
    await repo.write('a', 'a');
    const waiting = git(['add', 'a'], { cwd: repo.dir });
    expect(errorOf(await git(['add', 'a'], { cwd: repo.dir }))).toEqual({ kind: 'git/locked', file: lock });
    expect(errorOf(await waiting)).toMatchObject({ kind: 'git/locked' });
    const patient = git(['add', 'a'], { cwd: repo.dir });
    await rm(lock);
    expect((await patient).ok).toBe(true);
  });

  test('lists worktrees whose paths hold line breaks, and works with an editor set', async () => {
    vi.stubEnv('EDITOR', 'false');
    await repo.git('commit', '-q', '--allow-empty', '-m', 'first');
    const path = `${repo.dir}.worktrees/a "b" é\nc`;
    await mkdir(`${repo.dir}.worktrees`);
    await repo.git('worktree', 'add', '-q', '--detach', path);
    expect(valueOf(await listWorktrees(repo.dir))).toMatchObject([
      { path: repo.dir, branch: 'main', main: true }, { path, branch: null, main: false, missing: false },
    ]);
    await rm(path, { recursive: true });
    expect(valueOf(await listWorktrees(repo.dir))[1]).toMatchObject({ path, missing: true });
  });
});
