import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTempRepo, errorOf, rawGit, valueOf, type TempRepo } from '../../../../test/temp-repo';
import { describeError } from '../../../shared/errors';
import { err, ok } from '../../../shared/result';
import { land, rollback, type LandingRequest } from './landing';
import { mergeReport } from './report';
import { openRepository, type Repository } from './repository';

let temp: TempRepo;
let repo: Repository;
let base: string;
const identity = { name: 'Braid', email: 'braid@localhost' };
const integration = 'braid/s/r1/integration';
const tasks = (...marks: string[]): string => marks.map((mark, index) => `- [${mark}] T00${index + 1} Task\n\n\n`).join('');

beforeEach(async () => {
  temp = await createTempRepo({ name: 'a "b" é' });
  await temp.write('code.txt', 'one\n');
  await temp.write('other.txt', 'one\n');
  await temp.write('specs/1/tasks.md', tasks(' ', ' ', ' '));
  await temp.write('.gitignore', '*.log\n');
  await temp.git('add', '-A');
  await temp.git('commit', '-q', '-m', 'first');
  base = await temp.git('rev-parse', 'HEAD');
  repo = valueOf(await openRepository(temp.dir));
  await work(async () => {
    await temp.write('code.txt', 'two\n');
    await temp.write('new.txt', 'new\n');
    await temp.write('specs/1/tasks.md', tasks('X', ' ', ' '));
  });
});
afterEach(() => temp.cleanup());

/** One more commit on the integration branch; the checkout is on main again afterwards. */
async function work(change: () => Promise<unknown>): Promise<void> {
  const exists = await temp.git('branch', '--list', integration);
  await temp.git('checkout', '-q', ...(exists === '' ? ['-b', integration] : [integration]));
  await change();
  await temp.git('add', '-A', '-f');
  await temp.git('commit', '-q', '-m', 'T001: Task');
  await temp.git('checkout', '-q', 'main');
}

const request = (more: Partial<LandingRequest> = {}): LandingRequest => ({
  base: 'main', integration, run: 'r1', spec: 's', tag: 'before-merge-s-1', identity,
  taskFiles: ['specs/1/tasks.md'], backupDir: join(temp.dir, '.git/braid/runs/r1/kept'), ...more,
});
const landNow = (more: Partial<LandingRequest> = {}) => land(repo, request(more));
const back = (landing: { commit: string; tag: string }) => rollback(repo, { base: 'main', landing: landing.commit, tag: landing.tag, run: 'r1', identity, taskFiles: ['specs/1/tasks.md'], backupDir: join(temp.dir, '.git/braid/runs/r1/kept') });

/** Everything that an error must leave as it was. */
const state = async (): Promise<string> => [
  await temp.git('for-each-ref', '--format=%(refname) %(objectname)'), await temp.git('status', '--porcelain', '--ignored'),
  await temp.git('diff', 'HEAD'), await temp.git('diff', '--cached'),
].join('\n--\n');

describe('land', () => {
  test('moves a checked-out base by one merge commit, with tag and trailers', async () => {
    await mkdir(join(temp.dir, '.git/hooks'), { recursive: true });
    await writeFile(join(temp.dir, '.git/hooks/pre-commit'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    await writeFile(join(temp.dir, '.git/hooks/post-merge'), '#!/bin/sh\necho ran > "$(git rev-parse --git-dir)/post-merge-ran"\n', { mode: 0o755 });
    await temp.git('config', 'commit.gpgsign', 'true');
    await temp.git('config', 'merge.ff', 'false');
    const tip = await temp.git('rev-parse', integration);
    let verified = '';
    const landed = valueOf(await landNow({ verify: async (commit) => { verified = commit; return ok(null); } }));
    expect(landed).toEqual({ commit: await temp.git('rev-parse', 'main'), tag: 'before-merge-s-1', baseCommit: base });
    expect(verified).toBe(landed.commit);
    expect(await temp.git('cat-file', '-t', landed.tag)).toBe('commit');
    expect(await temp.git('rev-parse', landed.tag)).toBe(base);
    expect(await temp.git('log', '-1', '--format=%P|%s|%(trailers:only,separator=;)')).toBe(`${base} ${tip}|Land s|Braid-Run: r1;Braid-Landing: ${integration}`);
    expect(await temp.git('status', '--porcelain')).toBe('');
    expect(await temp.read('new.txt')).toBe('new\n');
    expect(await temp.read('.git/post-merge-ran')).toBe('ran\n');
    expect(errorOf(await landNow())).toEqual({ kind: 'run/nothing-to-land', run: 'r1' });
  });

  test.each(['nowhere', 'in another worktree'])('moves a base that is checked out %s', async (where) => {
    const elsewhere = `${temp.dir}.worktrees/m`;
    await temp.git('checkout', '-q', '-b', 'mine');
    if (where !== 'nowhere') await temp.git('worktree', 'add', '-q', elsewhere, 'main');
    const landed = valueOf(await landNow());
    expect(await temp.git('rev-parse', 'main', 'mine')).toBe(`${landed.commit}\n${base}`);
    expect(await temp.git('status', '--porcelain')).toBe('');
    if (where !== 'nowhere') expect(await rawGit(elsewhere, ['status', '--porcelain'])).toBe('');
    expect(valueOf(await back(landed))).toEqual({ commit: base, how: 'reset' });
    if (where !== 'nowhere') expect(await rawGit(elsewhere, ['status', '--porcelain'])).toBe('');
  });

  test('numbers the tag when its name is taken', async () => {
    await temp.git('tag', 'before-merge-s-1', integration);
    expect(valueOf(await landNow()).tag).toBe('before-merge-s-1-2');
    expect(await temp.git('rev-parse', 'before-merge-s-1')).toBe(await temp.git('rev-parse', integration));
  });

  test('lands beside uncommitted work that it does not touch', async () => {
    await temp.write('other.txt', 'mine');
    await temp.git('add', 'other.txt');
    await temp.write('untracked', 'mine');
    valueOf(await landNow());
    expect(await temp.git('status', '--porcelain')).toBe('M  other.txt\n?? untracked');
  });

  test.each([
    ['an edited file', 'code.txt', 'git/dirty-overlap'], ['an untracked file', 'new.txt', 'git/dirty-overlap'], ['an ignored file', 'cache.log', 'git/dirty-overlap'],
  ])('refuses to overwrite %s', async (_, path, kind) => {
    await work(() => temp.write('cache.log', 'theirs'));
    await temp.write(path, 'mine');
    const before = await state();
    expect(errorOf(await landNow())).toEqual({ kind, files: [path] });
    expect(await state()).toBe(before);
  });

  test('refuses a conflict, and changes nothing', async () => {
    await temp.write('code.txt', 'ours\n');
    await temp.git('commit', '-qam', 'ours');
    const before = await state();
    expect(errorOf(await landNow())).toEqual({ kind: 'git/conflict', files: ['code.txt'], with: 'main' });
    expect(await state()).toBe(before);
  });

  test('refuses while a merge or a rebase of the base is going on', async () => {
    await temp.git('checkout', '-q', '-b', 'side');
    await temp.write('other.txt', 'side');
    await temp.git('commit', '-qam', 'side');
    await temp.git('checkout', '-q', 'main');
    await temp.write('other.txt', 'main');
    await temp.git('commit', '-qam', 'main');
    for (const operation of ['merge', 'rebase']) {
      await expect(temp.git(operation, 'side')).rejects.toThrow();
      expect(errorOf(await landNow())).toEqual({ kind: 'git/operation-in-progress', operation });
      await temp.git(operation, '--abort');
    }
  });

  test('ends when the finished commit does not pass, and when the base moves meanwhile', async () => {
    const before = await state();
    const failed = { kind: 'run/checks-failed', command: 'npm test', tail: 'red' } as const;
    expect(errorOf(await landNow({ verify: async () => err(failed) }))).toEqual(failed);
    expect(await state()).toBe(before);
    let moved = '';
    const error = errorOf(await landNow({
      verify: async () => {
        await temp.git('commit', '-q', '--allow-empty', '-m', 'meanwhile');
        moved = await temp.git('rev-parse', 'main');
        return ok(null);
      },
    }));
    expect(error).toEqual({ kind: 'git/moved', branch: 'main', expected: base, found: moved });
    expect(await temp.git('tag')).toBe('');
    expect(valueOf(await landNow()).baseCommit).toBe(moved);
  });

  test('takes its tag back when the checkout cannot follow', async () => {
    await mkdir(join(temp.dir, '.git/hooks'), { recursive: true });
    await writeFile(join(temp.dir, '.git/hooks/reference-transaction'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    await temp.write('specs/1/tasks.md', `${tasks(' ', ' ', ' ')}mine\n`);
    const before = await state();
    expect(errorOf(await landNow())).toMatchObject({ kind: 'git/failed' });
    expect(await temp.git('tag')).toBe('');
    expect((await state()).replace(/\n.*ORIG_HEAD.*/, '')).toBe(before);
  });
});

describe('a task file edited by hand', () => {
  const file = 'specs/1/tasks.md';
  const edited = `${tasks(' ', ' ', ' ')}- [ ] T004 Mine\n`;
  const merged = `${tasks('X', ' ', ' ')}- [ ] T004 Mine\n`;

  test.each([false, true])('is merged, stays uncommitted, and is kept as it was (staged: %s)', async (staged) => {
    await temp.write(file, edited);
    if (staged) await temp.git('add', file);
    const landed = valueOf(await landNow());
    expect(await temp.read(file)).toBe(merged);
    expect(await temp.git('status', '--porcelain')).toBe(` M ${file}`);
    expect(await temp.git('show', `main:${file}`)).toBe(tasks('X', ' ', ' ').replace(/\n$/, ''));
    const folder = join(temp.dir, '.git/braid/runs/r1/kept');
    const [kept = ''] = await readdir(folder);
    expect(await readFile(join(folder, kept), 'utf8')).toBe(edited);
    expect(await temp.git('cat-file', 'blob', kept.slice(0, 12))).toBe(edited.replace(/\n$/, ''));
    expect(valueOf(await back(landed)).how).toBe('reset');
    expect(await temp.read(file)).toBe(edited);
  });

  test.each([
    ['conflicts', `${tasks('Y', ' ', ' ')}`, { clashing: [file] }], ['is a binary mess', '\0', {}],
  ])('is refused when it %s, and told why', async (_, content, clashing) => {
    await temp.write(file, content);
    const before = await state();
    const error = errorOf(await landNow());
    expect(error).toEqual({ kind: 'git/dirty-overlap', files: [file], ...clashing });
    expect(describeError(error).title).toBe('clashing' in clashing ? 'Your uncommitted edits conflict with the run.' : 'Landing would overwrite uncommitted changes.');
    expect(await state()).toBe(before);
  });

  test('is not touched without a place for its copy', async () => {
    await temp.write(file, edited);
    expect(errorOf(await landNow({ backupDir: null }))).toEqual({ kind: 'git/dirty-overlap', files: [file] });
  });
});

describe('rollback', () => {
  test('puts an unchanged base back to its tag', async () => {
    const landed = valueOf(await landNow());
    await temp.write('other.txt', 'mine');
    expect(valueOf(await back(landed))).toEqual({ commit: base, how: 'reset' });
    expect(await temp.git('rev-parse', 'main')).toBe(base);
    expect(await temp.git('status', '--porcelain')).toBe(' M other.txt');
    expect(errorOf(await back(landed))).toEqual({ kind: 'run/not-landed', run: 'r1' });
    expect(valueOf(await landNow({ rolledBack: base })).tag).toBe('before-merge-s-1-2');
  });

  test('refuses to overwrite what was edited since', async () => {
    const landed = valueOf(await landNow());
    await temp.write('new.txt', 'mine');
    const before = await state();
    expect(errorOf(await back(landed))).toEqual({ kind: 'git/dirty-overlap', files: ['new.txt'] });
    expect(await state()).toBe(before);
  });

  test('reverts where the base has moved on, conflicts where it must, and lands again in full', async () => {
    const landed = valueOf(await landNow());
    await temp.write('later.txt', 'later\n');
    await temp.git('add', '-A');
    await temp.git('commit', '-q', '-m', 'later');
    const rolled = valueOf(await back(landed));
    expect(rolled).toEqual({ commit: await temp.git('rev-parse', 'main'), how: 'revert' });
    expect(await temp.git('diff', '--name-only', base, 'main')).toBe('later.txt');
    expect(await temp.git('status', '--porcelain')).toBe('');
    expect(errorOf(await back(landed))).toEqual({ kind: 'run/not-landed', run: 'r1' });
    expect(errorOf(await landNow())).toEqual({ kind: 'run/nothing-to-land', run: 'r1' });

    const report = valueOf(await mergeReport(repo, { base: 'main', integration, rolledBack: rolled.commit }));
    expect(report.files.map((file) => file.path)).toEqual(['code.txt', 'new.txt', 'specs/1/tasks.md']);
    expect(report.conflicts).toEqual([]);
    expect(report.commits.map((commit) => commit.subject)).toEqual(['T001: Task']);
    await work(() => temp.write('more.txt', 'more\n'));
    const again = valueOf(await landNow({ rolledBack: rolled.commit }));
    expect(again.baseCommit).toBe(rolled.commit);
    expect(await temp.git('diff', '--name-only', base, 'main')).toBe('code.txt\nlater.txt\nmore.txt\nnew.txt\nspecs/1/tasks.md');
    expect(await temp.git('log', '-1', '--format=%s', 'main^')).toBe('Take back the rollback of run r1');

    await temp.git('commit', '-q', '--allow-empty', '-m', 'later still');
    const twice = valueOf(await back(again));
    expect(twice.how).toBe('revert');
    expect(await temp.git('diff', '--name-only', base, 'main')).toBe('later.txt');
    await temp.git('tag', '-d', again.tag);
    const thrice = valueOf(await landNow({ rolledBack: twice.commit }));
    expect(await temp.read('more.txt')).toBe('more\n');
    await temp.git('tag', '-d', thrice.tag);
    expect(valueOf(await back(thrice))).toEqual({ commit: twice.commit, how: 'reset' });
  });

  test('says what conflicts with later commits', async () => {
    const landed = valueOf(await landNow());
    await temp.write('code.txt', 'three\n');
    await temp.git('commit', '-qam', 'later');
    const before = await state();
    expect(errorOf(await back(landed))).toEqual({ kind: 'git/conflict', files: ['code.txt'], with: 'main' });
    expect(await state()).toBe(before);
  });
});
