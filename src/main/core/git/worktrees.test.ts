import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTempRepo, errorOf, rawGit, valueOf, type TempRepo } from '../../../../test/temp-repo';
import { openRepository, type Repository } from './repository';
import { addDetached, addWorktree, checkoutDetached, diskBytes, fastForward, removeScratch, removeWorktree } from './worktrees';

let temp: TempRepo;
let repo: Repository;
let first: string;
let path: string;
const branch = 'braid/s/r/lane/a';

beforeEach(async () => {
  temp = await createTempRepo({ name: 'it\'s "a" répo' });
  await temp.write('f', '1\n');
  await temp.write('.gitignore', 'ignored*\n');
  await temp.git('add', '-A');
  await temp.git('commit', '-q', '-m', 'first');
  first = await temp.git('rev-parse', 'HEAD');
  await mkdir(join(temp.dir, '.git/hooks'), { recursive: true });
  await writeFile(join(temp.dir, '.git/hooks/post-checkout'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  repo = valueOf(await openRepository(temp.dir));
  path = `${temp.dir}.worktrees/s-r/a`;
});
afterEach(() => temp.cleanup());

const commitIn = async (place: string, name: string, content: string): Promise<string> => {
  await writeFile(join(place, name), content);
  await rawGit(place, ['add', '-f', '--', name]);
  await rawGit(place, ['commit', '-q', '-m', name]);
  return rawGit(place, ['rev-parse', 'HEAD']);
};
const branches = (): Promise<string> => temp.git('for-each-ref', '--format=%(refname:short)', 'refs/heads');

describe('addWorktree', () => {
  test('makes a lane at its commit, and keeps its work when it is asked again', async () => {
    expect((await addWorktree(repo, { path, branch, from: first })).ok).toBe(true);
    const work = await commitIn(path, 'work', '1');
    await writeFile(join(path, 'uncommitted'), '1');
    expect((await addWorktree(repo, { path, branch, from: first })).ok).toBe(true);
    expect(await rawGit(path, ['rev-parse', 'HEAD'])).toBe(work);
    expect(await rawGit(path, ['status', '--porcelain'])).toBe('?? uncommitted');
    expect(await temp.git('config', '--get-regexp', '^branch\\.').catch(() => '')).toBe('');
  });

  test('brings back a lane whose folder is gone', async () => {
    valueOf(await addWorktree(repo, { path, branch, from: first }));
    await commitIn(path, 'work', '1');
    await rm(path, { recursive: true });
    expect((await addWorktree(repo, { path, branch, from: first })).ok).toBe(true);
    expect(await rawGit(path, ['ls-files'])).toContain('work');
  });

  test('takes over a branch that was made just before a crash', async () => {
    await temp.git('branch', branch);
    expect((await addWorktree(repo, { path, branch, from: first })).ok).toBe(true);
  });

  test('refuses a foreign folder and a branch with other work, and leaves nothing behind', async () => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'mine'), '1');
    expect(errorOf(await addWorktree(repo, { path, branch, from: first }))).toEqual({ kind: 'git/worktree-exists', path });
    expect(await branches()).toBe('main');
    await rm(path, { recursive: true });
    await commitIn(temp.dir, 'g', '1');
    await temp.git('branch', branch);
    expect(errorOf(await addWorktree(repo, { path, branch, from: first }))).toEqual({ kind: 'git/branch-in-the-way', branch });
  });

  test('rolls its branch back when the folder cannot be made', async () => {
    const missing = '1'.repeat(40);
    expect(errorOf(await addWorktree(repo, { path, branch, from: missing }))).toMatchObject({ kind: 'git/failed' });
    expect(await branches()).toBe('main');
  });
});

describe('the scratch worktree', () => {
  test('goes from commit to commit, cleaned of what checks made but not of ignored files', async () => {
    const second = await commitIn(temp.dir, 'made', '2');
    expect((await addDetached(repo, { path, commit: first })).ok).toBe(true);
    for (const name of ['made', 'ignored', 'f']) await writeFile(join(path, name), 'check');
    expect((await addDetached(repo, { path, commit: second })).ok).toBe(true);
    expect(await rawGit(path, ['status', '--porcelain', '--ignored'])).toBe('!! ignored');
    await writeFile(join(path, 'untracked'), 'check');
    await rm(join(path, 'f'));
    expect((await checkoutDetached(path, first)).ok).toBe(true);
    expect(await rawGit(path, ['status', '--porcelain'])).toBe('');
    await writeFile(join(path, 'untracked'), 'check');
    expect((await removeScratch(repo, path)).ok).toBe(true);
    expect((await removeScratch(repo, path)).ok).toBe(true);
    expect(await temp.git('worktree', 'list')).not.toContain('s-r');
  });

  test('is never somebody\'s checkout', async () => {
    valueOf(await addWorktree(repo, { path, branch, from: first }));
    await temp.git('checkout', '-q', '--detach').catch(() => '');
    for (const place of [temp.dir, path]) {
      await writeFile(join(place, 'mine'), '1');
      expect(errorOf(await checkoutDetached(place, first))).toMatchObject({ kind: 'git/worktree-exists' });
      expect(errorOf(await removeScratch(repo, place))).toMatchObject({ kind: 'git/worktree-exists' });
      expect(await rawGit(place, ['status', '--porcelain'])).toBe('?? mine');
    }
  });
});

describe('removeWorktree', () => {
  test('refuses while anything is uncommitted, then keeps the branch', async () => {
    valueOf(await addWorktree(repo, { path, branch, from: first }));
    await writeFile(join(path, 'new'), '1');
    expect(errorOf(await removeWorktree(repo, path))).toEqual({ kind: 'git/dirty-checkout', files: ['new'] });
    await commitIn(path, 'new', '1');
    expect((await removeWorktree(repo, path)).ok).toBe(true);
    expect((await removeWorktree(repo, path)).ok).toBe(true);
    expect(await temp.git('show', `${branch}:new`)).toBe('1');
  });

  test('keeps commits that no branch holds under a ref of their own', async () => {
    valueOf(await addDetached(repo, { path, commit: first }));
    const lost = await commitIn(path, 'new', '1');
    expect((await removeWorktree(repo, path)).ok).toBe(true);
    expect(await temp.git('rev-parse', `refs/braid/snapshots/${lost}`)).toBe(lost);
  });

  test('refuses the main checkout and folders that are not worktrees', async () => {
    await mkdir(path, { recursive: true });
    expect(errorOf(await removeWorktree(repo, path))).toMatchObject({ kind: 'git/worktree-exists' });
    expect(errorOf(await removeWorktree(repo, temp.dir))).toMatchObject({ kind: 'git/worktree-exists' });
  });
});

describe('fastForward', () => {
  test('moves branch and files, beside untouched leftovers', async () => {
    valueOf(await addWorktree(repo, { path, branch, from: first }));
    const next = await commitIn(temp.dir, 'g', '1');
    await writeFile(join(path, '.env'), 'SECRET');
    expect((await fastForward(path, next)).ok).toBe(true);
    expect(await temp.git('rev-parse', branch)).toBe(next);
    expect(await rawGit(path, ['status', '--porcelain'])).toBe('?? .env');
  });

  test.each(['f', 'ignored.txt'])('refuses to overwrite %s', async (name) => {
    valueOf(await addWorktree(repo, { path, branch, from: first }));
    const next = await commitIn(temp.dir, name, 'theirs');
    await writeFile(join(path, name), 'mine');
    expect(errorOf(await fastForward(path, next))).toEqual({ kind: 'git/dirty-overlap', files: [name] });
    expect(await temp.git('rev-parse', branch)).toBe(first);
  });

  test('refuses a lane with commits of its own', async () => {
    valueOf(await addWorktree(repo, { path, branch, from: first }));
    const next = await commitIn(temp.dir, 'g', '1');
    const own = await commitIn(path, 'h', '1');
    expect(errorOf(await fastForward(path, next))).toEqual({ kind: 'git/moved', branch, expected: next, found: own });
  });
});

test('diskBytes counts what is below a folder and stops at its limit', async () => {
  await temp.write('big', Buffer.alloc(1_000_000, 'x'));
  expect(await diskBytes(temp.dir)).toMatchObject({ complete: true });
  expect((await diskBytes(temp.dir)).bytes).toBeGreaterThan(1_000_000);
  expect((await diskBytes(temp.dir, 2)).complete).toBe(false);
});

test('many worktrees made at once do not meet half made ones', async () => {
  const temp = await createTempRepo();
  await temp.write('a.txt', 'a\n');
  await temp.git('add', '-A');
  await temp.git('commit', '-m', 'first');
  const from = await temp.git('rev-parse', 'HEAD');
  const made = await Promise.all(Array.from({ length: 12 }, (_, n) => addWorktree({ root: temp.dir }, { path: `${temp.dir}-w/${n}`, branch: `braid/x/r/lane/l${n}`, from })));
  expect(made.filter((one) => !one.ok)).toEqual([]);
  await temp.cleanup();
  await rm(`${temp.dir}-w`, { recursive: true, force: true });
});
