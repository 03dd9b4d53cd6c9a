import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTempRepo, errorOf, rawGit, valueOf, type TempRepo } from '../../../../test/temp-repo';
import { git } from './git';
import { inOwnWorktree, isOwnWorktree, moveAside } from './own-worktree';
import { restoreWorktree } from './recover';

let temp: TempRepo, lane: string;
const repo = (): { readonly root: string; readonly commonDir: string } => ({ root: temp.dir, commonDir: join(temp.dir, '.git') });
beforeEach(async () => {
  temp = await createTempRepo();
  await temp.write('a', 'a');
  await temp.git('add', '-A');
  await temp.git('commit', '-q', '-m', 'first');
  lane = `${temp.dir}.worktrees/lane`;
  await temp.git('worktree', 'add', '-q', '-b', 'lane', lane);
});
afterEach(() => temp.cleanup());

const dotGit = (): string => join(lane, '.git');
const broken: readonly (readonly [what: string, does: () => void])[] = [
  ['has no .git', () => rmSync(dotGit())],
  ['is gone', () => rmSync(lane, { recursive: true })],
  ['was made again', () => { rmSync(lane, { recursive: true }); mkdirSync(lane); }],
  ['became a repository of its own', () => { rmSync(dotGit()); execFileSync('git', ['init', '-q', lane]); }],
  ['leads to the repository itself', () => writeFileSync(dotGit(), `gitdir: ${join(temp.dir, '.git')}\n`)],
  ['has a pipe as .git', () => { rmSync(dotGit()); execFileSync('mkfifo', [dotGit()]); }],
  ['is unknown to git', () => rmSync(join(temp.dir, '.git/worktrees'), { recursive: true })],
];

test('a worktree is one, also through a link', async () => {
  expect(await isOwnWorktree(repo(), lane)).toBe(true);
  symlinkSync(lane, `${temp.dir}.link`);
  expect(await isOwnWorktree(repo(), `${temp.dir}.link`)).toBe(true);
  expect(valueOf(await inOwnWorktree(repo(), lane, () => git(['status', '--porcelain'], { cwd: lane }))).text).toBe('');
});

test.each(broken)('a folder that %s is none: no git runs there, and the lane is made again beside it', async (_what, does) => {
  writeFileSync(join(lane, 'left'), 'left');
  does();
  expect(await isOwnWorktree(repo(), lane)).toBe(false);
  expect(errorOf(await inOwnWorktree(repo(), lane, () => { throw new Error('it ran'); }))).toEqual({ kind: 'git/not-worktree', path: lane });
  const { made, aside } = valueOf(await restoreWorktree(repo(), { path: lane, branch: 'lane' }));
  expect(made).toBe(true);
  expect(await isOwnWorktree(repo(), lane)).toBe(true);
  if (aside !== null) expect(aside).toBe(`${lane}.aside-1`);
});

test('commits of a HEAD that only the lost folder knew stay, and its files', async () => {
  await rawGit(lane, ['checkout', '-q', '--detach']);
  await rawGit(lane, ['commit', '-q', '--allow-empty', '-m', 'free']);
  const free = await rawGit(lane, ['rev-parse', 'HEAD']);
  writeFileSync(join(lane, 'left'), 'left');
  rmSync(dotGit());
  const { aside } = valueOf(await restoreWorktree(repo(), { path: lane, branch: 'lane' }));
  expect(await temp.git('rev-parse', `refs/braid/snapshots/${free}`)).toBe(free);
  expect(readFileSync(join(aside ?? '', 'left'), 'utf8')).toBe('left');
});

test('a copy of a worktree is none of the repository', async () => {
  cpSync(lane, `${lane}-copy`, { recursive: true });
  expect(await isOwnWorktree(repo(), `${lane}-copy`)).toBe(false);
});

test('moves aside to the first free name', async () => {
  mkdirSync(`${lane}.aside-1`);
  expect(valueOf(await moveAside(lane))).toBe(`${lane}.aside-2`);
  expect(valueOf(await moveAside(lane))).toBeNull();
});
