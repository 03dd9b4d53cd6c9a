import { chmod, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTempRepo, errorOf, valueOf, type TempRepo } from '../../../../test/temp-repo';
import { ok } from '../../../shared/result';
import { buildIntegration, mergeTrees } from './integrate';
import { readFileAt } from './commits';
import { openRepository, type Repository } from './repository';

let temp: TempRepo;
let repo: Repository;
const identity = { name: 'Braid', email: 'braid@localhost' };
const list = (...states: string[]): string => states.map((state, index) => `- [${state}] T00${index + 1} Task\n`).join('');

beforeEach(async () => {
  temp = await createTempRepo();
  await temp.write('tasks.md', list(' ', ' ', ' '));
  await temp.write('a "b" é\nc', 'one\n');
  await temp.write('bin', Buffer.from([0, 1, 2]));
  await temp.write('old', Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join(''));
  await temp.git('add', '-A');
  await temp.git('commit', '-q', '-m', 'first');
  repo = valueOf(await openRepository(temp.dir));
});
afterEach(() => temp.cleanup());

/** A commit on a new branch from main, made by `change`. */
async function onBranch(branch: string, change: () => Promise<unknown>): Promise<string> {
  await temp.git('checkout', '-q', '-B', branch, 'main');
  await change();
  await temp.git('add', '-A');
  await temp.git('commit', '-q', '-m', branch);
  const commit = await temp.git('rev-parse', 'HEAD');
  await temp.git('checkout', '-q', 'main');
  return commit;
}

const integration = (onto: string, lane: string, task: string) => ({
  onto, lane, edits: [], subject: `${task}: Task`, trailers: { 'Braid-Run': 'r1', 'Braid-Task': task }, identity,
});

describe('mergeTrees', () => {
  test('names conflicting paths by exit code, whatever they are called', async () => {
    const odd = 'a "b" é\nc';
    const a = await onBranch('a', async () => { await temp.write(odd, 'A\n'); await temp.write('bin', Buffer.from([0, 9])); });
    const b = await onBranch('b', async () => { await rm(join(temp.dir, odd)); await temp.write('bin', Buffer.from([0, 8])); });
    expect(valueOf(await mergeTrees(repo, a, b))).toEqual({ kind: 'conflict', files: [odd, 'bin'] });
  });

  test('follows renames, modes, links and deletions of either side', async () => {
    const a = await onBranch('a', async () => { await temp.git('mv', 'old', 'new'); await symlink('new', join(temp.dir, 'link')); await rm(join(temp.dir, 'bin')); });
    const b = await onBranch('b', async () => { await chmod(join(temp.dir, 'old'), 0o755); await temp.write('old', `${await temp.read('old')}more\n`); });
    const merged = valueOf(await mergeTrees(repo, a, b));
    if (merged.kind !== 'clean') throw new Error(merged.files.join());
    expect(await temp.git('ls-tree', '--name-only', '-z', merged.tree)).toBe(['a "b" é\nc', 'link', 'new', 'tasks.md', ''].join('\0'));
    expect(valueOf(await readFileAt(repo, merged.tree, 'new'))?.toString()).toContain('more');
    expect(await temp.git('ls-tree', merged.tree, 'new')).toMatch(/^100755/);
  });

  test('fails on what is no merge', async () => {
    expect(errorOf(await mergeTrees(repo, 'main', '1'.repeat(40)))).toMatchObject({ kind: 'git/failed' });
  });
});

describe('buildIntegration', () => {
  test('puts code and tick into one merge commit and touches no checkout', async () => {
    const onto = await temp.git('rev-parse', 'main');
    const lane = await onBranch('lane', () => temp.write('code', '1'));
    const built = valueOf(await buildIntegration(repo, {
      ...integration(onto, lane, 'T001'), subject: 'T001: a\nb', body: 'Note', edits: [{ path: 'tasks.md', content: Buffer.from(list('X', ' ', ' ')) }],
    }));
    if (built.kind !== 'clean') throw new Error('conflict');
    expect(await temp.git('log', '-1', '--format=%P|%s|%(trailers:only,separator=;)', built.commit)).toBe(`${onto} ${lane}|T001: a b|Braid-Run: r1;Braid-Task: T001`);
    expect(await temp.git('diff', '--name-only', onto, built.commit)).toBe('code\ntasks.md');
    expect(await temp.git('status', '--porcelain')).toBe('');
    expect(await temp.git('rev-parse', 'main')).toBe(onto);
  });

  test('integrates two lanes that ticked adjacent lines themselves', async () => {
    const base = await temp.git('rev-parse', 'main');
    const unticked = { path: 'tasks.md', content: Buffer.from(list(' ', ' ', ' ')) };
    const a = await onBranch('a', async () => { await temp.write('tasks.md', list('X', ' ', ' ')); await temp.write('a', '1'); });
    const b = await onBranch('b', async () => { await temp.write('tasks.md', list(' ', 'X', ' ')); await temp.write('b', '1'); });
    const first = valueOf(await buildIntegration(repo, { ...integration(base, a, 'T001'), laneEdits: [unticked], edits: [{ path: 'tasks.md', content: Buffer.from(list('X', ' ', ' ')) }] }));
    if (first.kind !== 'clean') throw new Error('conflict');
    expect(valueOf(await buildIntegration(repo, integration(first.commit, b, 'T002'))).kind).toBe('conflict');
    const second = valueOf(await buildIntegration(repo, {
      ...integration(first.commit, b, 'T002'), laneEdits: [unticked],
      edits: async (tree) => {
        const text = valueOf(await readFileAt(repo, tree, 'tasks.md'))?.toString() ?? '';
        return ok([{ path: 'tasks.md', content: Buffer.from(text.replace('[ ] T002', '[X] T002')) }]);
      },
    }));
    if (second.kind !== 'clean') throw new Error('conflict');
    expect(await temp.git('show', `${second.commit}:tasks.md`)).toBe(list('X', 'X', ' ').trimEnd());
    expect(await temp.git('rev-parse', `${second.commit}^2`)).toBe(b);
  });

  test('a conflict is an answer and not an error', async () => {
    const a = await onBranch('a', () => temp.write('old', 'a'));
    const b = await onBranch('b', () => temp.write('old', 'b'));
    expect(valueOf(await buildIntegration(repo, integration(a, b, 'T001')))).toEqual({ kind: 'conflict', files: ['old'] });
  });
});
