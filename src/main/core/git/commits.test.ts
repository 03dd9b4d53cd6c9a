import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTempRepo, errorOf, rawGit, valueOf, type TempRepo } from '../../../../test/temp-repo';
import { commitPaths, commitTree, composeMessage, moveBranch, readFileAt, writeTree } from './commits';
import { openRepository, type Repository } from './repository';

const identity = { name: 'Béa "B" <x>', email: 'bea@example.org' };
const odd = 'a "b" é\n$(touch pwned).txt';
let temp: TempRepo;
let repo: Repository;
let first: string;

beforeEach(async () => {
  temp = await createTempRepo();
  await temp.write('plain', '1\n');
  await temp.write('run.sh', '1\n');
  await chmod(join(temp.dir, 'run.sh'), 0o755);
  await symlink('plain', join(temp.dir, 'link'));
  await temp.write(odd, '1\n');
  await temp.git('add', '-A');
  await temp.git('commit', '-q', '-m', 'first');
  first = await temp.git('rev-parse', 'HEAD');
  repo = valueOf(await openRepository(temp.dir));
});
afterEach(() => temp.cleanup());

/** Every hook fails, and signing cannot work. */
async function makeHostile(): Promise<void> {
  await mkdir(join(temp.dir, '.git/hooks'), { recursive: true });
  for (const hook of ['pre-commit', 'commit-msg', 'post-checkout', 'reference-transaction', 'pre-merge-commit']) {
    await writeFile(join(temp.dir, '.git/hooks', hook), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  }
  await temp.git('config', 'commit.gpgsign', 'true');
  await temp.git('config', 'gpg.program', '/nowhere/gpg');
}

describe('writeTree', () => {
  test('replaces, adds and deletes files, keeps modes, and touches no checkout', async () => {
    const tree = valueOf(await writeTree(repo, first, [
      { path: 'run.sh', content: Buffer.from('2\r\n') }, { path: odd, content: Buffer.from('2') },
      { path: 'deep/new', content: Buffer.from([0, 255]) }, { path: 'plain', content: null },
    ]));
    const entries = (await temp.git('ls-tree', '-r', '-z', tree)).split('\0').filter(Boolean);
    expect(entries.map((entry) => entry.replace(/ blob \w+\t/, ' ')).sort())
      .toEqual([`100644 ${odd}`, '100644 deep/new', '100755 run.sh', '120000 link'].sort());
    expect(valueOf(await readFileAt(repo, tree, 'run.sh'))?.toString()).toBe('2\r\n');
    expect(await temp.git('status', '--porcelain')).toBe('');
  });

  test.each([['link', 'not a plain file'], ['../outside', ''], ['.git/config', '']])('refuses %s', async (path, detail) => {
    const error = errorOf(await writeTree(repo, first, [{ path, content: Buffer.from('x') }]));
    expect(error).toMatchObject({ kind: 'git/failed', stderr: expect.stringContaining(detail) });
  });
});

describe('commitTree', () => {
  test('makes a commit with hostile text, without hooks or a signature', async () => {
    await makeHostile();
    const message = 'T001: `rm` $(x)\n# not a comment\n\nBraid-Task: forged';
    const commit = valueOf(await commitTree(repo, { tree: `${first}^{tree}`, parents: [first], message, identity, trailers: { 'Braid-Run': 'r\n1', 'Braid-Task': 'T001' } }));
    expect(await temp.git('log', '-1', '--format=%s|%an|%ae|%(trailers:key=Braid-Task,valueonly,separator=;)|%(trailers:key=Braid-Run,valueonly,separator=;)', commit))
      .toBe('T001: `rm` $(x)|Béa "B" x|bea@example.org|T001|r 1');
  });

  test.each([
    ['', 'Untitled\n'], ['one', 'one\n'], ['one\n\ntwo\r\n\n', 'one\n\ntwo\n'], ['a\0b', 'ab\n'],
  ])('composes %j', (message, composed) => {
    expect(composeMessage(message)).toBe(composed);
  });
});

describe('moveBranch', () => {
  test('moves only from where it was told', async () => {
    await makeHostile();
    const next = valueOf(await commitTree(repo, { tree: `${first}^{tree}`, parents: [first], message: 'next', identity }));
    expect((await moveBranch(repo, { branch: 'braid/s/r/integration', to: first, from: null })).ok).toBe(true);
    expect(errorOf(await moveBranch(repo, { branch: 'braid/s/r/integration', to: next, from: null }))).toMatchObject({ kind: 'git/moved', found: first });
    expect(errorOf(await moveBranch(repo, { branch: 'braid/s/r/integration', to: first, from: next }))).toEqual({ kind: 'git/moved', branch: 'braid/s/r/integration', expected: next, found: first });
    expect((await moveBranch(repo, { branch: 'braid/s/r/integration', to: next, from: first })).ok).toBe(true);
    expect(await temp.git('rev-parse', 'braid/s/r/integration')).toBe(next);
  });

  test('says what failed where it is no race', async () => {
    expect(errorOf(await moveBranch(repo, { branch: 'main/below', to: first, from: null }))).toMatchObject({ kind: 'git/failed' });
  });
});

test('readFileAt gives bytes, and null for what is not there', async () => {
  expect(valueOf(await readFileAt(repo, first, odd))?.toString()).toBe('1\n');
  expect(valueOf(await readFileAt(repo, first, 'none'))).toBe(null);
  expect(valueOf(await readFileAt(repo, first, '*'))).toBe(null);
});

describe('commitPaths', () => {
  test('commits exactly these paths of the checked-out branch and leaves the rest as it was', async () => {
    await temp.write('staged', 'mine');
    await temp.git('add', 'staged');
    await temp.write('plain', 'edited');
    await temp.write('specs/1/tasks.md', 'new');
    await temp.write(odd, '2\n');
    await temp.git('rm', '-q', '--cached', 'run.sh');
    await makeHostile();
    const commit = valueOf(await commitPaths(repo, { branch: 'main', paths: ['specs/1/tasks.md', odd], message: 'Add the spec', identity }));
    expect(await temp.git('rev-parse', 'main', 'main^')).toBe(`${commit}\n${first}`);
    expect((await temp.git('diff', '--name-only', '-z', 'main^', 'main')).split('\0').filter(Boolean).sort()).toEqual([odd, 'specs/1/tasks.md']);
    expect((await temp.git('status', '--porcelain', '-z')).split('\0').filter(Boolean).sort()).toEqual([' M plain', '?? run.sh', 'A  staged', 'D  run.sh'].sort());
    expect(valueOf(await commitPaths(repo, { branch: 'main', paths: [odd], message: 'Again', identity }))).toBe(commit);
  });

  test('commits on a branch that is checked out nowhere, and on one that is checked out elsewhere', async () => {
    await temp.git('branch', 'idle');
    const elsewhere = `${temp.dir}.worktrees/e`;
    await temp.git('worktree', 'add', '-q', '-b', 'busy', elsewhere);
    await temp.write('spec.md', '1');
    for (const branch of ['idle', 'busy']) {
      valueOf(await commitPaths(repo, { branch, paths: ['spec.md'], message: 'spec', identity }));
      expect(await temp.git('show', `${branch}:spec.md`)).toBe('1');
    }
    expect(await temp.git('rev-parse', 'main')).toBe(first);
    expect(await rawGit(elsewhere, ['status', '--porcelain'])).toBe('');
  });
});
