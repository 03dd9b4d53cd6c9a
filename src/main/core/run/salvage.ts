/** What tasks that ended without success left in their lanes. Only looks: nothing is committed, moved or removed. */
import { lstat } from 'node:fs/promises';
import { sentence, type AppError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import { isActiveState, type Run, type TaskRun } from '../../../shared/run';
import type { Salvage } from '../../../shared/unfinished';
import { inOwnWorktree } from '../git/own-worktree';
import { resolveIdentity, type Identity, type Repository } from '../git/repository';
import { laneWork } from './local-lanes';
import { inRepository } from './names';

const isLost = (task: TaskRun): boolean => task.ranIn !== null && !isActiveState(task.state) && task.state !== 'done' && task.state !== 'pending' && task.state !== 'skipped';

async function inLane(run: Run, task: TaskRun, context: { repo: Repository; identity: Identity }): Promise<Salvage | null> {
  const lane = run.lanes[task.ranIn ?? ''];
  if (!lane || lane.state === 'removed') return null;
  const place = { task: task.id, lane: lane.name, branch: lane.branch, commits: 0, files: 0, uncommitted: 0, problem: '' };
  // Without worktrees the work is on a branch, and what lies in the checkout is the person's own.
  if (lane.worktree === context.repo.root || !(await lstat(lane.worktree).catch(() => null))?.isDirectory()) return { ...place, worktree: null };
  const work = await inOwnWorktree(context.repo, lane.worktree, () => laneWork(context.identity, {
    path: lane.worktree, branch: lane.branch, integration: run.integrationTip, message: null,
    taskFiles: run.specIgnored ? [] : run.taskFiles.map((file) => inRepository(run.specPath, file)),
  }));
  // One lane that git cannot look into says nothing about the others.
  if (!work.ok) return { ...place, worktree: lane.worktree, problem: sentence(work.error) };
  const { commits, files, dirty } = work.value;
  return { ...place, commits: commits.length, files: files.length, uncommitted: dirty.length, worktree: lane.worktree };
}

/** One entry for each task whose lane may keep something, in file order. Errors as git's. */
export async function salvageOf(repo: Repository, run: Run): Promise<Result<readonly Salvage[], AppError>> {
  const identity = await resolveIdentity(repo);
  if (!identity.ok) return identity;
  const found: Salvage[] = [];
  for (const id of run.order) {
    const task = run.tasks[id];
    if (!task || !isLost(task)) continue;
    const kept = await inLane(run, task, { repo, identity: identity.value });
    if (kept !== null) found.push(kept);
  }
  return ok(found);
}
