/** Carries out what `planCleanup` found, one step at a time. */
import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CleanupStep } from '../../../shared/cleanup';
import type { AppError } from '../../../shared/errors';
import type { RunEvent } from '../../../shared/events';
import { ok, type Result } from '../../../shared/result';
import { moveRef } from '../git/commits';
import type { Identity, Repository } from '../git/repository';
import { keepSnapshot } from '../git/snapshots';
import { clearDeadLock } from '../git/stale-locks';
import { discardWorktree, removeWorktree } from '../git/worktrees';
import { Journal } from '../state/journal';
import { compressLog, deleteLog } from '../state/logs';
import { runFolder } from '../state/run-folder';
import { abandonRun } from './landing';
import { takeRun } from './own';

type WorktreeStep = Extract<CleanupStep, { kind: 'worktree' }>;

/** Says in the run's journal that the lane is gone, so that status does not list it any more. */
async function sayRemoved(repo: Repository, step: WorktreeStep, now: Date): Promise<Result<null, AppError>> {
  const journal = await Journal.open(runFolder(repo.commonDir, step.run).journal);
  if (!journal.ok) return journal;
  const event: RunEvent = { type: 'lane.removed', at: now.toISOString(), run: step.run, lane: step.lane };
  const written = await journal.value.append(event);
  await journal.value.close();
  return written;
}

async function dropWorktree(repo: Repository, step: WorktreeStep, context: { identity: Identity; now: Date }): Promise<Result<null, AppError>> {
  const owned = await takeRun(repo.commonDir, step.run);
  if (!owned.ok) return owned;
  try {
    const kept = await keepSnapshot(step.path, `${step.run}/${step.lane}`, context.identity);
    if (!kept.ok) return kept;
    const removed = step.unsafe ? await discardWorktree(repo, step.path) : await removeWorktree(repo, step.path);
    if (!removed.ok) return removed;
    const said = await sayRemoved(repo, step, context.now);
    // The run's own folder goes with its last worktree; with anything in it, it stays.
    await rmdir(dirname(step.path)).catch((stays: unknown) => stays);
    return said;
  } finally {
    await owned.value();
  }
}

/** A lock that a killed git left is cleared, once, where no git lives that could hold it. */
async function deleteBranch(repo: Repository, { branch, commit }: Extract<CleanupStep, { kind: 'branch' }>): Promise<Result<null, AppError>> {
  const change = { ref: `refs/heads/${branch}`, to: null, from: commit };
  const first = await moveRef(repo, change);
  const again = !first.ok && first.error.kind === 'git/locked' && await clearDeadLock(repo, first.error.file, { branches: dirname(branch), worktrees: [] });
  const deleted = again ? await moveRef(repo, change) : first;
  return deleted.ok ? ok(null) : deleted;
}

/** Does one step. What it removes from a worktree is kept under `refs/braid/snapshots/<run>/<lane>` first. Errors: run/busy, as git and disk. */
export async function performStep(repo: Repository, step: CleanupStep, context: { readonly identity: Identity; readonly now: Date; readonly env: NodeJS.ProcessEnv }): Promise<Result<null, AppError>> {
  switch (step.kind) {
    case 'worktree':
      return dropWorktree(repo, step, context);
    case 'set-aside':
      // Whoever shows runs reads them again after a clean-up.
      return abandonRun(repo, step.run, { now: context.now, env: context.env, publish: () => undefined });
    case 'branch':
      return deleteBranch(repo, step);
    case 'compress-log':
      return compressLog(step.path);
    case 'delete-log':
      return deleteLog(step.path);
  }
}
