/** What stands uncommitted in a checkout, and what of it a move of its branch would overwrite. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { readPlainText } from '../plain-file';
import { git, gitLine, gitList, splitNul } from './git';
import { gitFolders } from './objects';
import { listWorktrees } from './simple';

/** An uncommitted path, relative to the checkout; an untracked folder ends with `/`. */
export interface DirtyFile {
  readonly path: string;
  readonly state: 'changed' | 'untracked' | 'unmerged';
  /** A submodule whose commit changed; its path holds a repository of its own. */
  readonly submodule: boolean;
  /** Whether HEAD has the path. */
  readonly inHead: boolean;
}

/*
 * Format: git-status(1), porcelain v2 with -z and without renames.
 * 1 .M N... 100644 100644 100644 <oid> <oid> path
 * u UU N... 100644 100644 100644 100644 <oid> <oid> <oid> path
 * ? path
 */
function parseStatus(item: string): DirtyFile | null {
  if (item.startsWith('? ')) return { path: item.slice(2), state: 'untracked', submodule: false, inHead: false };
  const kind = item.slice(0, 2);
  if (kind !== '1 ' && kind !== 'u ') return null;
  const fields = item.split(' ');
  const path = fields.slice(kind === '1 ' ? 8 : 10).join(' ');
  const state = kind === '1 ' ? 'changed' : 'unmerged';
  return { path, state, submodule: fields[2]?.startsWith('S') ?? false, inHead: state === 'unmerged' || fields[3] !== '000000' };
}

/**
 * Uncommitted paths of a checkout: staged, unstaged, unmerged and untracked, never ignored ones. Changes inside a submodule do not
 * count, a submodule at another commit does. Errors as `git`.
 */
export async function dirtyFiles(worktree: string): Promise<Result<readonly DirtyFile[], AppError>> {
  const args = ['status', '--porcelain=v2', '-z', '--untracked-files=normal', '--ignore-submodules=dirty', '--no-renames'];
  const items = await gitList(args, { cwd: worktree });
  if (!items.ok) return items;
  return ok(items.value.map(parseStatus).filter((file): file is DirtyFile => file !== null));
}

const operations: readonly (readonly [file: string, name: string])[] = [
  ['rebase-merge', 'rebase'], ['rebase-apply', 'rebase'], ['MERGE_HEAD', 'merge'], ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'], ['sequencer', 'cherry-pick or revert'], ['BISECT_LOG', 'bisect'],
];

/** Only what says so itself is not there: what cannot be looked at (no permission, a disk that fails) may be somebody's work. */
const isAbsent = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
const exists = (path: string): Promise<boolean> => lstat(path).then(() => true, (cause: unknown) => !isAbsent(cause));

/** The operation that somebody has begun in this checkout and not ended (`rebase`, `merge`, ...), or null. Errors as `git`. */
export async function operationInProgress(worktree: string): Promise<Result<string | null, AppError>> {
  const known = await gitFolders(worktree);
  const folder = known ? ok(known.gitDir) : await gitLine(['rev-parse', '--absolute-git-dir'], { cwd: worktree });
  if (!folder.ok) return folder;
  for (const [file, name] of operations) {
    if (await exists(join(folder.value, file))) return ok(name);
  }
  return ok(null);
}

export interface ChangedPath {
  readonly path: string;
  /** `A` added, `D` deleted, `M` content or mode, `T` kind of file. */
  readonly status: string;
}

/** Paths that differ between two commits or trees; a rename counts as a deletion and an addition. Errors as `git`. */
export async function changedPaths(root: string, from: string, to: string): Promise<Result<readonly ChangedPath[], AppError>> {
  const done = await git(['diff-tree', '-r', '-z', '--name-status', '--no-renames', from, to, '--'], { cwd: root });
  if (!done.ok) return done;
  const items = splitNul(done.value.text);
  const changed: ChangedPath[] = [];
  for (let index = 0; index + 1 < items.length; index += 2) changed.push({ status: items[index] ?? '', path: items[index + 1] ?? '' });
  return ok(changed);
}

/** The folders above a path, nearest last: `a/b/c` -> `a`, `a/b`. */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** What stands where `path` would be written: the path itself or a file in place of one of its folders; null when it is free. */
async function obstacle(worktree: string, path: string): Promise<string | null> {
  for (const folder of foldersOf(path)) {
    const place = join(worktree, folder);
    if (!(await exists(place))) return null;
    if (!(await lstat(place).then((entry) => entry.isDirectory(), () => false))) return folder;
  }
  return (await exists(join(worktree, path))) ? path : null;
}

/**
 * Paths with uncommitted content that moving this checkout from commit `from` (its HEAD) to `to` would overwrite. Ignored files
 * count too: git itself would replace them without a word. Errors as `git`.
 */
export async function overlappingFiles(worktree: string, from: string, to: string): Promise<Result<readonly string[], AppError>> {
  const changed = await changedPaths(worktree, from, to);
  if (!changed.ok) return changed;
  const dirty = await dirtyFiles(worktree);
  if (!dirty.ok) return dirty;
  const uncommitted = new Set(dirty.value.filter((file) => file.state !== 'untracked').map((file) => file.path));
  const deleted = new Set(changed.value.filter((file) => file.status === 'D').map((file) => file.path));
  const found = new Set<string>();
  for (const { path, status } of changed.value) {
    if (uncommitted.has(path)) found.add(path);
    if (status !== 'A') continue;
    const inTheWay = await obstacle(worktree, path);
    // A tracked file that the move itself deletes makes room for a folder of its name.
    if (inTheWay !== null && !(inTheWay !== path && deleted.has(inTheWay))) found.add(inTheWay);
  }
  return ok([...found].sort());
}

/** Fails with git/operation-in-progress where somebody has begun a merge, rebase or the like in this checkout. */
export async function requireIdle(worktree: string): Promise<Result<null, AppError>> {
  const operation = await operationInProgress(worktree);
  if (!operation.ok) return operation;
  return operation.value === null ? ok(null) : err({ kind: 'git/operation-in-progress', operation: operation.value });
}

/** `refs/heads/main` in the file that a rebase keeps while HEAD is detached. */
async function isRebasing(worktree: string, branch: string): Promise<Result<boolean, AppError>> {
  const folder = await gitLine(['rev-parse', '--absolute-git-dir'], { cwd: worktree });
  if (!folder.ok) return folder;
  for (const place of ['rebase-merge', 'rebase-apply']) {
    const name = await readPlainText(join(folder.value, place, 'head-name')).catch(() => '');
    if (name.trim() === `refs/heads/${branch}`) return ok(true);
  }
  return ok(false);
}

/** Fails with git/operation-in-progress while a rebase of the branch goes on in any worktree: at its end it would move the branch back. */
export async function requireNoRebase(root: string, branch: string): Promise<Result<null, AppError>> {
  const trees = await listWorktrees(root);
  if (!trees.ok) return trees;
  for (const tree of trees.value.filter((each) => each.branch === null && !each.missing)) {
    const rebasing = await isRebasing(tree.path, branch);
    if (!rebasing.ok) return rebasing;
    if (rebasing.value) return err({ kind: 'git/operation-in-progress', operation: 'rebase' });
  }
  return ok(null);
}
