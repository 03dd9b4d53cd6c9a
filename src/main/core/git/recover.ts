/** Puts right what a killed git leaves behind in the places of one run. Only for a run that nobody drives and whose processes have ended. */
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { readPlainText } from '../plain-file';
import { moveBranch } from './commits';
import { git } from './git';
import { isOwnWorktree, moveAside } from './own-worktree';
import { branchTip, isAncestor, type InRepository, type Repository } from './repository';
import { listWorktrees, readLog, type LogEntry, type Worktree } from './simple';
import { dirtyFiles } from './status';
import { keepHead } from './worktrees';

const isGone = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');

async function remove(path: string): Promise<Result<null, AppError>> {
  try {
    await unlink(path);
    return ok(null);
  } catch (cause) {
    if (isGone(cause)) return ok(null);
    return err({ kind: 'io/failed', path, code: cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO', detail: String(cause) });
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    if (isGone(cause)) return [];
    throw cause;
  });
  const below = await Promise.all(entries.map((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)])));
  return below.flat();
}

/** The git folder of a linked worktree, from its `.git` file; null when the folder is gone. */
async function gitDirOf(worktree: string): Promise<string | null> {
  const text = await readPlainText(join(worktree, '.git')).catch(() => '');
  return /^gitdir: (.+)\n?$/.exec(text)?.[1] ?? null;
}

/** Removes lock files of the run's own branches and worktrees: their writers are dead, but for those of `live` branches. The person's own checkout is never touched. */
export async function clearStaleLocks(repo: Repository, places: { readonly branches: string; readonly worktrees: readonly string[]; readonly live: readonly string[] }): Promise<Result<null, AppError>> {
  const heads = join(repo.commonDir, 'refs', 'heads');
  const live = new Set(places.live.map((branch) => `${join(heads, ...branch.split('/'))}.lock`));
  const locks = (await filesBelow(join(heads, ...places.branches.split('/')))).filter((path) => path.endsWith('.lock') && !live.has(path));
  for (const worktree of places.worktrees) {
    const folder = await gitDirOf(worktree);
    if (folder !== null && folder.startsWith(join(repo.commonDir, 'worktrees'))) locks.push(join(folder, 'index.lock'), join(folder, 'HEAD.lock'));
  }
  for (const lock of locks) {
    const removed = await remove(lock);
    if (!removed.ok) return removed;
  }
  return ok(null);
}

/** Makes sure that a branch of the run exists and holds `tip`: made again when it was deleted. Errors: git/moved (it no longer holds the tip), as `git`. */
export async function holdBranch(repo: InRepository, branch: string, tip: string): Promise<Result<string, AppError>> {
  const now = await branchTip(repo, branch);
  if (!now.ok) return now;
  if (now.value === null) {
    const made = await moveBranch(repo, { branch, to: tip, from: null });
    return made.ok ? ok(tip) : made;
  }
  const holds = await isAncestor(repo, tip, now.value);
  if (!holds.ok) return holds;
  return holds.value ? ok(now.value) : err({ kind: 'git/moved', branch, expected: tip, found: now.value });
}

/** Commits that the branch gained, oldest first, each with its tasks and files. */
export async function gained(repo: InRepository, range: { readonly from: string; readonly to: string }): Promise<Result<readonly LogEntry[], AppError>> {
  const log = range.from === range.to ? ok([]) : await readLog(repo.root, { ...range, firstParent: true });
  return log.ok ? ok([...log.value].reverse()) : log;
}

/** Worktrees of the repository below a folder. */
export async function worktreesBelow(repo: InRepository, folder: string): Promise<Result<readonly Worktree[], AppError>> {
  const trees = await listWorktrees(repo.root);
  return trees.ok ? ok(trees.value.filter((tree) => !tree.main && tree.path.startsWith(`${folder}/`))) : trees;
}

/** Whether a worktree holds something that `merged` has not got: commits, or files that are not committed. */
async function holdsWork(repo: InRepository, tree: Worktree, merged: string): Promise<Result<boolean, AppError>> {
  const inHead = tree.head === null ? ok(true) : await isAncestor(repo, tree.head, merged);
  if (!inHead.ok || !inHead.value) return inHead.ok ? ok(true) : inHead;
  if (tree.halfMade || tree.missing) return ok(false);
  const dirty = await dirtyFiles(tree.path);
  return dirty.ok ? ok(dirty.value.length > 0) : dirty;
}

/**
 * Removes a worktree that was made in the moment of a crash, with its branch; false where it holds work and so is left alone: commits beyond
 * `merged`, or uncommitted files (but for `scratch`, in which only checks write).
 */
export async function removeUnused(repo: InRepository, tree: Worktree, context: { readonly merged: string; readonly scratch: boolean }): Promise<Result<boolean, AppError>> {
  const holds = context.scratch ? ok(false) : await holdsWork(repo, tree, context.merged);
  if (!holds.ok || holds.value) return holds.ok ? ok(false) : holds;
  // Twice: a crash leaves `git worktree add` with its lock.
  const removed = await git(['worktree', 'remove', '--force', '--force', tree.path], { cwd: repo.root });
  if (!removed.ok) return removed;
  if (tree.branch === null || tree.head === null) return ok(true);
  const deleted = await git(['update-ref', '-d', `refs/heads/${tree.branch}`, tree.head], { cwd: repo.root, okCodes: [0, 1, 128] });
  return deleted.ok ? ok(true) : deleted;
}

export interface Restored {
  /** The folder was made again. */
  readonly made: boolean;
  /** Where what stood in its place was moved to; null when nothing did. */
  readonly aside: string | null;
}

/**
 * Checks a lane's branch out again where its folder has vanished or is no worktree any more: then it is moved beside as it stands, as it may hold
 * work. Errors: git/no-such-branch (that is gone as well), as `git`.
 */
export async function restoreWorktree(repo: Pick<Repository, 'root' | 'commonDir'>, lane: { readonly path: string; readonly branch: string }): Promise<Result<Restored, AppError>> {
  // An agent may have left HEAD elsewhere: the folder is the lane's all the same.
  if (await isOwnWorktree(repo, lane.path)) return ok({ made: false, aside: null });
  const tip = await branchTip(repo, lane.branch);
  if (!tip.ok) return tip;
  if (tip.value === null) return err({ kind: 'git/no-such-branch', branch: lane.branch });
  const trees = await listWorktrees(repo.root);
  if (!trees.ok) return trees;
  if (trees.value.some((tree) => !tree.missing && tree.branch === lane.branch && tree.path !== lane.path)) return ok({ made: false, aside: null });
  // What git still knows of it goes with the folder's name: commits of a detached HEAD must not.
  const entry = trees.value.find((tree) => tree.path === lane.path);
  const kept = entry ? await keepHead(repo, entry) : ok(null);
  if (!kept.ok) return kept;
  const aside = await moveAside(lane.path);
  if (!aside.ok) return aside;
  const made = await git(['worktree', 'add', '--force', '--force', lane.path, lane.branch], { cwd: repo.root, durable: true });
  return made.ok ? ok({ made: true, aside: aside.value }) : made;
}
