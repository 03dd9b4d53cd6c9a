/** Everything that a worktree holds and that would be lost with it. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import { gitList } from './git';
import { branchTip, headCommit, isAncestor, type InRepository } from './repository';
import { dirtyFiles, operationInProgress } from './status';

export interface Holdings {
  /** Uncommitted paths, untracked ones included and ignored ones not. */
  readonly dirty: number;
  /** Whether its branch, and its HEAD where an agent left that elsewhere, are in the holder. A branch that is gone, or was never born, is not. */
  readonly merged: boolean;
  /** A rebase, merge or the like that somebody has begun. */
  readonly operation: string | null;
  /** Repositories inside it (submodules too): git keeps nothing of what is in them. */
  readonly repositories: readonly string[];
  /** Paths that git ignores, whole folders as one. */
  readonly ignored: readonly string[];
}

async function isMerged(repo: InRepository, lane: { readonly path: string; readonly branch: string }, holder: string): Promise<Result<boolean, AppError>> {
  const target = await branchTip(repo, holder);
  if (!target.ok || target.value === null) return target.ok ? ok(false) : target;
  const tip = await branchTip(repo, lane.branch);
  if (!tip.ok) return tip;
  const head = await headCommit(lane.path);
  if (!head.ok) return head;
  if (tip.value === null || head.value === null) return ok(false);
  for (const commit of new Set([tip.value, head.value])) {
    const holds = await isAncestor(repo, commit, target.value);
    if (!holds.ok || !holds.value) return holds;
  }
  return ok(true);
}

async function repositoriesIn(path: string): Promise<Result<readonly string[], AppError>> {
  const staged = await gitList(['ls-files', '-z', '--stage'], { cwd: path });
  if (!staged.ok) return staged;
  // 160000 <oid> <stage> TAB <path>
  const links = staged.value.flatMap((line) => /^160000 [^\t]*\t(.+)$/s.exec(line)?.[1] ?? []);
  const filled = await Promise.all(links.map((link) => lstat(join(path, link, '.git')).then(() => [link], () => [])));
  const others = await gitList(['ls-files', '-z', '--others', '--exclude-standard'], { cwd: path });
  return others.ok ? ok([...filled.flat(), ...others.value.filter((other) => other.endsWith('/'))]) : others;
}

/** What a lane's worktree (its folder exists) holds beyond the branch `holder`. Errors as `git`. */
export async function holdingsOf(repo: InRepository, lane: { readonly path: string; readonly branch: string }, holder: string): Promise<Result<Holdings, AppError>> {
  const dirty = await dirtyFiles(lane.path);
  if (!dirty.ok) return dirty;
  const merged = await isMerged(repo, lane, holder);
  if (!merged.ok) return merged;
  const operation = await operationInProgress(lane.path);
  if (!operation.ok) return operation;
  const repositories = await repositoriesIn(lane.path);
  if (!repositories.ok) return repositories;
  const ignored = await gitList(['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'], { cwd: lane.path });
  return ignored.ok ? ok({ dirty: dirty.value.length, merged: merged.value, operation: operation.value, repositories: repositories.value, ignored: ignored.value }) : ignored;
}
