import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTempRepo, errorOf, valueOf, type TempRepo } from '../../../../test/temp-repo';
import { checkNamespace, gitVersion, openRepository, repositoryAround, resolveBase, resolveIdentity, specFilesState } from './repository';
import { dirtyFiles, operationInProgress, overlappingFiles, requireNoRebase } from './status';

let repo: TempRepo;
beforeEach(async () => {
  repo = await createTempRepo({ name: 'my "repo" é' });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await repo.cleanup();
});

const commit = async (message: string): Promise<string> => {
  await repo.git('add', '-A');
  await repo.git('commit', '-q', '--allow-empty', '-m', message);
  return repo.git('rev-parse', 'HEAD');
};
const open = async () => valueOf(await openRepository(repo.dir));

describe('openRepository', () => {
  test('opens from a folder and from a file below the root', async () => {
    await repo.write('sub/file.txt', '1');
    const head = await commit('first');
    for (const path of ['', 'sub', 'sub/file.txt']) {
      expect(valueOf(await openRepository(join(repo.dir, path)))).toEqual({
        root: repo.dir, gitDir: join(repo.dir, '.git'), commonDir: join(repo.dir, '.git'), branch: 'main', head, name: 'my "repo" é',
      });
    }
  });

  test('takes a linked worktree for a checkout of its own', async () => {
    await commit('first');
    const path = `${repo.dir}.worktrees/w`;
    await repo.git('worktree', 'add', '-q', '-b', 'other', path);
    const linked = valueOf(await openRepository(path));
    expect(linked).toMatchObject({ root: path, commonDir: join(repo.dir, '.git'), branch: 'other' });
    expect(linked.gitDir).not.toBe(linked.commonDir);
  });

  test('a folder of a known repository is its own, unless a repository or a link lies between', async () => {
    await repo.write('sub/deep/file.txt', '1');
    await commit('first');
    const known = await open();
    expect(valueOf(await repositoryAround(join(repo.dir, 'sub/deep'), known))).toBe(known);
    expect(valueOf(await repositoryAround(repo.dir, known))).toBe(known);
    expect(valueOf(await repositoryAround(join(repo.dir, 'sub'), null))).toEqual(known);
    await repo.git('init', '-q', join(repo.dir, 'sub'));
    expect(valueOf(await repositoryAround(join(repo.dir, 'sub/deep'), known)).root).toBe(join(repo.dir, 'sub'));
    await symlink(join(repo.dir, '..'), join(repo.dir, 'out'));
    for (const path of ['out', 'none', '.git']) expect(errorOf(await repositoryAround(join(repo.dir, path), known))).toMatchObject({ kind: 'git/not-a-repository' });
  });

  test('a path with a line break', async () => {
    const path = join(repo.dir, 'a\nb');
    await repo.git('init', '-q', path);
    expect(valueOf(await openRepository(path))).toMatchObject({ root: path, gitDir: join(path, '.git'), commonDir: join(path, '.git') });
  });

  test('tells what is no repository, what is bare and what is inside .git', async () => {
    const around = join(repo.dir, '..');
    await repo.git('init', '-q', '--bare', join(around, 'bare.git'));
    expect(errorOf(await openRepository(around))).toMatchObject({ kind: 'git/not-a-repository' });
    expect(errorOf(await openRepository(join(around, 'none')))).toMatchObject({ kind: 'git/not-a-repository' });
    expect(errorOf(await openRepository(join(around, 'bare.git')))).toMatchObject({ kind: 'git/bare' });
    expect(errorOf(await openRepository(join(repo.dir, '.git')))).toMatchObject({ kind: 'git/not-a-repository' });
  });

  test('knows its git', async () => {
    expect(valueOf(await gitVersion())).toMatch(/^2\.\d+/);
  });
});

describe('resolveBase', () => {
  test('takes the branch checked out, or the one named wherever it is checked out', async () => {
    const head = await commit('first');
    await repo.git('branch', 'feature/x');
    expect(valueOf(await resolveBase(await open(), null))).toEqual({ branch: 'main', commit: head, checkedOutAt: repo.dir });
    expect(valueOf(await resolveBase(await open(), 'feature/x'))).toEqual({ branch: 'feature/x', commit: head, checkedOutAt: null });
    const path = `${repo.dir}.worktrees/x`;
    await repo.git('worktree', 'add', '-q', path, 'feature/x');
    expect(valueOf(await resolveBase(await open(), 'feature/x')).checkedOutAt).toBe(path);
  });

  test('refuses an unborn branch, a detached HEAD and what is no local branch', async () => {
    expect(errorOf(await resolveBase(await open(), null))).toEqual({ kind: 'git/unborn', branch: 'main' });
    await commit('first');
    await repo.git('tag', 'v1');
    for (const name of ['none', 'v1', 'main~0', '--help', 'a..b']) {
      expect(errorOf(await resolveBase(await open(), name))).toEqual({ kind: 'git/no-such-branch', branch: name });
    }
    await repo.git('checkout', '-q', '--detach');
    expect(errorOf(await resolveBase(await open(), null))).toEqual({ kind: 'git/detached' });
  });
});

test.each([false, true])('a branch named braid is in the way (packed: %s)', async (packed) => {
  await commit('first');
  expect((await checkNamespace(await open())).ok).toBe(true);
  await repo.git('branch', 'braid');
  if (packed) await repo.git('pack-refs', '--all');
  expect(errorOf(await checkNamespace(await open()))).toEqual({ kind: 'git/branch-in-the-way', branch: 'braid' });
});

describe('resolveIdentity', () => {
  test('is the user as git knows him', async () => {
    expect(valueOf(await resolveIdentity(await open()))).toEqual({ name: 'Test Person', email: 'person@example.org', configured: true });
  });

  test('is Braid where nobody is configured, and writes no configuration', async () => {
    vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
    vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
    await repo.git('config', '--remove-section', 'user');
    const before = await repo.read('.git/config');
    expect(valueOf(await resolveIdentity(await open()))).toEqual({ name: 'Braid', email: 'braid@localhost', configured: false });
    expect(await repo.read('.git/config')).toBe(before);
  });
});

describe('what is uncommitted', () => {
  test('dirtyFiles names every kind, whatever the file is called', async () => {
    const name = 'a "b" é\nc.txt';
    await repo.write(name, '1');
    await repo.write('gone', '1');
    await repo.write('.gitignore', 'ignored\n');
    await commit('first');
    await repo.write(name, '2');
    await repo.git('rm', '-q', '--cached', 'gone');
    await repo.write('new folder/x', '1');
    await repo.write('ignored', '1');
    const dirty = valueOf(await dirtyFiles(repo.dir));
    expect(dirty.map(({ path, state }) => [path, state])).toEqual(expect.arrayContaining([[name, 'changed'], ['gone', 'changed'], ['gone', 'untracked'], ['new folder/', 'untracked']]));
    expect(dirty).toHaveLength(4);
  });

  test.each(['merge', 'rebase', 'cherry-pick', 'revert'])('operationInProgress sees a %s, and a rebase keeps its branch', async (operation) => {
    await repo.write('f', '1');
    await commit('first');
    await repo.git('checkout', '-q', '-b', 'side');
    await repo.write('f', 'side');
    const side = await commit('side');
    await repo.git('checkout', '-q', 'main');
    await repo.write('f', 'main');
    await commit('main');
    expect(valueOf(await operationInProgress(repo.dir))).toBe(null);
    const target = operation === 'revert' ? 'HEAD~1' : side;
    await expect(repo.git(operation, target)).rejects.toThrow();
    expect(valueOf(await operationInProgress(repo.dir))).toBe(operation);
    expect((await requireNoRebase(repo.dir, 'main')).ok).toBe(operation !== 'rebase');
    expect((await requireNoRebase(repo.dir, 'side')).ok).toBe(true);
  });

  test('overlappingFiles counts edits, untracked and ignored files, and files where a folder must be', async () => {
    await repo.write('edited', '1');
    await repo.write('kept', '1');
    await repo.write('becomes', '1');
    await repo.write('.gitignore', '*.log\n');
    const from = await commit('first');
    await repo.write('edited', '2');
    for (const path of ['untracked', 'x.log', 'folder/inner', 'free']) await repo.write(path, 'theirs');
    await repo.git('add', '-f', 'x.log');
    await repo.git('rm', '-q', 'becomes');
    await repo.write('becomes/a', '1');
    const to = await commit('second');
    await repo.git('checkout', '-q', from);
    expect(valueOf(await overlappingFiles(repo.dir, from, to))).toEqual([]);
    await repo.write('kept', 'mine');
    for (const path of ['edited', 'untracked', 'x.log', 'folder']) await repo.write(path, 'mine');
    expect(valueOf(await overlappingFiles(repo.dir, from, to))).toEqual(['edited', 'folder', 'untracked', 'x.log']);
  });
});

describe('specFilesState', () => {
  test('tells committed, changed, deleted, new and ignored files apart', async () => {
    await repo.write('other.txt', '1');
    for (const name of ['same.md', 'changed.md', 'deleted.md']) await repo.write(`specs/001 "x"/${name}`, '1');
    const head = await commit('first');
    await repo.write('specs/001 "x"/changed.md', '2');
    await repo.write('specs/001 "x"/staged.md', '2');
    await repo.git('add', '-A', 'specs');
    await repo.git('rm', '-q', 'specs/001 "x"/deleted.md');
    await repo.write('specs/001 "x"/deep/nëw.md', '2');
    await repo.write('specs/001 "x"/local.log', '2');
    await repo.write('.git/info/exclude', '*.log\n');
    await repo.write('other.txt', '2');
    const state = valueOf(await specFilesState(await open(), head, join(repo.dir, 'specs/001 "x"')));
    expect(state.uncommitted).toEqual(['changed.md', 'deep/nëw.md', 'deleted.md', 'staged.md'].map((name) => `specs/001 "x"/${name}`));
    expect(state.ignored).toEqual(['specs/001 "x"/local.log']);
  });

  test('sees a folder that is ignored as a whole, and refuses one outside', async () => {
    await repo.write('.gitignore', '/specs/\n');
    const head = await commit('first');
    await repo.write('specs/a/tasks.md', '1');
    expect(valueOf(await specFilesState(await open(), head, join(repo.dir, 'specs/a')))).toEqual({ uncommitted: [], ignored: ['specs/a/tasks.md'] });
    await mkdir(join(repo.dir, '../outside'));
    await symlink(join(repo.dir, '../outside'), join(repo.dir, 'link'));
    expect(errorOf(await specFilesState(await open(), head, join(repo.dir, 'link')))).toMatchObject({ kind: 'spec/outside-repository' });
  });
});
