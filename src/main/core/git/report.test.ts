import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTempRepo, errorOf, valueOf, type TempRepo } from '../../../../test/temp-repo';
import { fileDiff } from './diff';
import { mergeReport } from './report';
import { openRepository, type Repository } from './repository';

let temp: TempRepo;
let repo: Repository;
const odd = 'tab\t"b" é\n:c';
const lines = (count: number): string => Array.from({ length: count }, (_, line) => `line ${line}\n`).join('');

beforeEach(async () => {
  temp = await createTempRepo();
  await temp.write('edited', lines(10));
  await temp.write('old name', lines(30));
  await temp.write('binary', Buffer.from([0, 1, 2]));
  await temp.write('gone', 'x\n');
  await temp.git('add', '-A');
  await temp.git('commit', '-q', '-m', 'first');
  await temp.git('branch', 'integration');
  repo = valueOf(await openRepository(temp.dir));
});
afterEach(() => temp.cleanup());

async function integrate(task: string, change: () => Promise<unknown>): Promise<void> {
  await temp.git('checkout', '-q', '-B', 'lane', 'integration');
  await change();
  await temp.git('add', '-A');
  await temp.git('commit', '-q', '-m', `work on ${task}`);
  await temp.git('checkout', '-q', 'integration');
  await temp.git('merge', '-q', '--no-ff', '-m', `${task}: Task\n\nBraid-Run: r1\nBraid-Task: ${task}`, 'lane');
  await temp.git('checkout', '-q', 'main');
}

test('tells files, commits, tasks and counts as git does, without what only the base changed', async () => {
  await integrate('T001', async () => {
    await temp.write('edited', `${lines(9)}new\nnewer\n`);
    await temp.git('mv', 'old name', 'new name');
    await temp.write(odd, 'a\nb\n');
  });
  await integrate('T002', async () => {
    await temp.write('edited', `${lines(8)}new\n`);
    await temp.write('binary', Buffer.from([0, 9]));
    await temp.git('rm', '-q', 'gone');
    await chmod(join(temp.dir, 'new name'), 0o755);
  });
  await temp.write('base only', '1');
  await temp.git('add', '-A');
  await temp.git('commit', '-q', '-m', 'base moves');
  await temp.git('config', 'log.showSignature', 'true');
  await temp.git('config', 'color.ui', 'always');
  await temp.git('config', 'diff.noprefix', 'true');
  const report = valueOf(await mergeReport(repo, { base: 'main', integration: 'integration' }));
  expect(report).toMatchObject({ baseMoved: 1, conflicts: [], added: 3, removed: 3, mergeBase: await temp.git('rev-parse', 'main^') });
  const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1);
  expect([...report.files].sort(byPath)).toEqual([
    { path: 'binary', oldPath: null, status: 'M', added: null, removed: null, tasks: ['T002'] },
    { path: 'edited', oldPath: null, status: 'M', added: 1, removed: 2, tasks: ['T001', 'T002'] },
    { path: 'gone', oldPath: null, status: 'D', added: 0, removed: 1, tasks: ['T002'] },
    { path: 'new name', oldPath: 'old name', status: 'R', added: 0, removed: 0, tasks: ['T001', 'T002'] },
    { path: odd, oldPath: null, status: 'A', added: 2, removed: 0, tasks: ['T001'] },
  ]);
  const numstat = await temp.git('diff', '--no-color', '--numstat', 'main...integration');
  const counts = numstat.split('\n').map((line) => line.split('\t').slice(0, 2).map((count) => (count === '-' ? null : Number(count))));
  expect(report.files.map((file) => [file.added, file.removed])).toEqual(counts);
  expect(report.commits.map(({ subject, author, task }) => [subject, author, task])).toEqual([
    ['T002: Task', 'Test Person', 'T002'], ['work on T002', 'Test Person', 'T002'],
    ['T001: Task', 'Test Person', 'T001'], ['work on T001', 'Test Person', 'T001'],
  ]);
});

test('names conflicts with the base', async () => {
  await integrate('T001', () => temp.write('edited', 'theirs'));
  await temp.write('edited', 'ours');
  await temp.git('commit', '-qam', 'ours');
  expect(valueOf(await mergeReport(repo, { base: 'main', integration: 'integration' })).conflicts).toEqual(['edited']);
  expect(errorOf(await mergeReport(repo, { base: 'main', integration: 'none' }))).toEqual({ kind: 'git/no-such-branch', branch: 'none' });
});

describe('fileDiff', () => {
  const diff = async (path: string) => valueOf(await fileDiff(repo, { from: 'main', to: 'integration', path }));

  test('gives both sides and the hunks', async () => {
    await integrate('T001', async () => {
      await temp.git('mv', 'old name', 'new name');
      await temp.write('new name', `${lines(30)}end\n`);
      await temp.write(odd, 'a\n');
      await temp.git('rm', '-q', 'gone');
    });
    await temp.git('config', 'diff.external', 'false');
    expect(await diff('new name')).toMatchObject({ oldPath: 'old name', before: lines(30), after: `${lines(30)}end\n`, binary: false, patch: expect.stringContaining('\n+end\n') });
    expect(await diff('old name')).toMatchObject({ path: 'new name' });
    expect(await diff(odd)).toMatchObject({ before: null, after: 'a\n' });
    expect(await diff('gone')).toMatchObject({ before: 'x\n', after: null });
    expect(await diff('edited')).toEqual({ path: 'edited', oldPath: null, before: null, after: null, binary: false, patch: '' });
  });

  test('keeps binary files and huge sides from the window', async () => {
    await integrate('T001', async () => {
      await temp.write('binary', Buffer.from([0, 9]));
      await temp.write('edited', lines(400_000));
    });
    expect(await diff('binary')).toMatchObject({ binary: true, before: null, after: null, patch: expect.stringContaining('Binary files') });
    const huge = await diff('edited');
    expect(huge).toMatchObject({ binary: false, before: lines(10), after: null });
    expect(huge.patch.length).toBeLessThanOrEqual(2 * 1024 * 1024);
    expect(huge.patch.endsWith('\n')).toBe(true);
  });
});
