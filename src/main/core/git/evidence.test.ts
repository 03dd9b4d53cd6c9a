import { chmod, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTempRepo, errorOf, rawGit, valueOf, type TempRepo } from '../../../../test/temp-repo';
import { collectEvidence, commitLeftovers, returnToBranch } from './evidence';
import { looksSecret } from './leftovers';
import { addWorktree } from './worktrees';

let temp: TempRepo;
let lane: string;
let since: string;
const branch = 'braid/s/r/lane/a';
const identity = { name: 'Braid', email: 'braid@localhost' };

beforeEach(async () => {
  temp = await createTempRepo();
  for (const name of ['edited', 'deleted', 'renamed', 'mode']) await temp.write(name, `${name}\n`);
  await temp.write('.gitignore', '*.log\n');
  await temp.git('add', '-A');
  await temp.git('commit', '-q', '-m', 'first');
  since = await temp.git('rev-parse', 'HEAD');
  lane = `${temp.dir}.worktrees/a`;
  valueOf(await addWorktree({ root: temp.dir }, { path: lane, branch, from: since }));
});
afterEach(() => temp.cleanup());

const put = async (path: string, content = 'x'): Promise<void> => {
  await mkdir(dirname(join(lane, path)), { recursive: true });
  await writeFile(join(lane, path), content);
};
const inLane = (...args: string[]): Promise<string> => rawGit(lane, args);
const leftovers = () => commitLeftovers(lane, { message: 'T001: leftovers', identity, since });

describe('commitLeftovers', () => {
  test('commits edits, deletions, renames, modes, links and odd names, past hooks and signing', async () => {
    await mkdir(join(temp.dir, '.git/hooks'), { recursive: true });
    await writeFile(join(temp.dir, '.git/hooks/pre-commit'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    await temp.git('config', 'commit.gpgsign', 'true');
    await put('edited', '2');
    await rm(join(lane, 'deleted'));
    await inLane('mv', 'renamed', 'moved');
    await chmod(join(lane, 'mode'), 0o755);
    await symlink('edited', join(lane, 'link'));
    const odd = 'new "dir"/é\n*.txt';
    await put(odd);
    await put('build.log');
    const left = valueOf(await leftovers());
    expect(left.excluded).toEqual([]);
    expect(left.files).toEqual(['deleted', 'edited', 'link', 'mode', 'moved', odd, 'renamed'].sort());
    expect(await inLane('rev-parse', 'HEAD', branch)).toBe(`${left.commit}\n${left.commit}`);
    expect(await inLane('status', '--porcelain')).toBe('');
    expect(await inLane('ls-tree', 'HEAD', 'mode', 'link')).toMatch(/^120000 .*link\n100755 .*mode$/);
    const evidence = valueOf(await collectEvidence(lane, { since, branch }));
    expect(evidence).toMatchObject({ head: left.commit, commits: [left.commit], branchOk: true });
    expect([...evidence.files].sort()).toEqual(left.files);
  });

  test('has nothing to commit in a clean lane', async () => {
    await put('only.log');
    expect(valueOf(await leftovers())).toEqual({ commit: null, files: [], excluded: [] });
    expect(valueOf(await collectEvidence(lane, { since, branch }))).toMatchObject({ head: since, commits: [], files: [] });
  });

  test('leaves secrets, dependencies, large files and nested repositories, and says so', async () => {
    for (const path of ['.env', 'config/.env.production', '.env.example', 'key.pem', 'id_rsa', 'node_modules/a/index.js', 'node_modules/b/index.js',
      'app/__pycache__/x.pyc', 'target/notes.md', 'crate/Cargo.toml', 'crate/target/debug/x', 'src/a.ts']) await put(path);
    await put('big.bin');
    await truncate(join(lane, 'big.bin'), 10 * 1024 * 1024 + 1);
    await put('edited', 'x');
    await rawGit(lane, ['init', '-q', 'nested']);
    await put('nested/file');
    await rawGit(join(lane, 'nested'), ['add', '-A']);
    await rawGit(join(lane, 'nested'), ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'x']);
    await inLane('add', '-f', '.env');
    const left = valueOf(await leftovers());
    expect(left.files).toEqual(['.env.example', 'crate/Cargo.toml', 'edited', 'src/a.ts', 'target/notes.md']);
    expect([...left.excluded].sort((a, b) => a.path.localeCompare(b.path, 'en')).map(({ path, reason }) => `${path}: ${reason}`).sort()).toEqual([
      '.env: looks like a secret', 'app/__pycache__/: a folder of dependencies or caches', 'big.bin: larger than 10 MB',
      'config/.env.production: looks like a secret', 'crate/target/: a folder of dependencies or caches', 'id_rsa: looks like a secret',
      'key.pem: looks like a secret', 'nested/: a git repository of its own', 'node_modules/: a folder of dependencies or caches',
    ]);
    expect(await inLane('ls-tree', '-r', '--name-only', 'HEAD')).not.toContain('nested');
  });

  test('refuses a merge that the agent left half done', async () => {
    await put('edited', 'lane');
    valueOf(await leftovers());
    await temp.write('edited', 'main');
    await temp.git('commit', '-qam', 'main');
    await expect(inLane('merge', '-q', 'main')).rejects.toThrow();
    expect(errorOf(await leftovers())).toEqual({ kind: 'git/operation-in-progress', operation: 'merge' });
  });
});

describe('an agent that leaves its branch', () => {
  test.each([['a detached HEAD', ['checkout', '-q', '--detach']], ['a branch of its own', ['checkout', '-q', '-b', 'mine']]])('gives its commits back from %s', async (_, args) => {
    await inLane(...args);
    await put('edited', '2');
    await inLane('commit', '-qam', 'work');
    await put('new');
    const { commit } = valueOf(await leftovers());
    expect(valueOf(await collectEvidence(lane, { since, branch }))).toMatchObject({ branchOk: false, files: ['edited', 'new'] });
    expect(valueOf(await returnToBranch(lane, branch))).toEqual({ adopted: true });
    expect(await inLane('symbolic-ref', '--short', 'HEAD')).toBe(branch);
    expect(await inLane('rev-parse', branch)).toBe(commit);
    expect(await inLane('status', '--porcelain')).toBe('');
    expect(valueOf(await returnToBranch(lane, branch))).toEqual({ adopted: false });
  });

  test('is not followed where both sides have commits', async () => {
    await inLane('checkout', '-q', '--detach');
    await put('edited', '2');
    await inLane('commit', '-qam', 'work');
    const found = await inLane('rev-parse', 'HEAD');
    const tree = await temp.git('rev-parse', `${since}^{tree}`);
    const other = await temp.git('commit-tree', tree, '-p', since, '-m', 'other');
    await temp.git('update-ref', `refs/heads/${branch}`, other);
    expect(errorOf(await returnToBranch(lane, branch))).toEqual({ kind: 'git/left-branch', branch, tip: other, on: null, head: found });
    expect(await temp.git('rev-parse', `refs/braid/snapshots/${found}`)).toBe(found);
  });
});

test('work that was undone again counts as no files', async () => {
  await put('new');
  valueOf(await leftovers());
  await inLane('-c', 'core.hooksPath=/dev/null', 'revert', '--no-edit', 'HEAD');
  const evidence = valueOf(await collectEvidence(lane, { since, branch }));
  expect(evidence.commits).toHaveLength(2);
  expect(evidence.files).toEqual([]);
});

test.each([
  ['.env', true], ['.env.local', true], ['.env.example', false], ['prod.env', true], ['id_ed25519', true], ['id_rsa.pub', false],
  ['credentials.json', true], ['credentials-prod.json', true], ['.npmrc', true], ['src/keys.ts', false], ['tls.key', true], ['environment.ts', false],
])('%s looks like a secret: %s', (name, secret) => {
  expect(looksSecret(`deep/${name}`)).toBe(secret);
});
