/**
 * What runs left behind and may go: worktrees of landed and set-aside runs, their lane branches, old logs. Looking and removing are two steps,
 * so that a dry run shows exactly what would happen. Ages follow s3 (C16, C18, C19); nothing dirty or unmerged goes by age alone (N25).
 */
import { lstat } from 'node:fs/promises';
import { idleDays, type CleanupPlan, type CleanupStep, type Kept } from '../../../shared/cleanup';
import { sentence, type AppError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import type { LaneRun, Run } from '../../../shared/run';
import { holdingsOf, type Holdings } from '../git/holdings';
import { branchTip, isAncestor, type Repository } from '../git/repository';
import { diskBytes } from '../git/worktrees';
import { loadRuns, runFolder, runOwner } from '../state/run-folder';
import { logFiles, type LogFile } from '../state/logs';
import { hasHost } from '../terminals/host/find';

const hour = 3_600_000;
const day = 24 * hour;

/** Milliseconds after which something may go. */
export const ages = { landed: 24 * hour, abandoned: 3 * day, compress: 7 * day, goodLogs: 30 * day, badLogs: 90 * day } as const;

/** How a run has ended, as far as what it left may go; null while it may still be needed. */
function overSince(run: Run): { readonly at: number; readonly wait: number; readonly what: string } | null {
  const at = Date.parse(run.lastAt);
  if (run.state === 'landed') return { at, wait: ages.landed, what: 'landed' };
  if (run.state === 'abandoned') return { at, wait: ages.abandoned, what: 'was set aside' };
  return null;
}

const few = (names: readonly string[]): string => names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');

/** What speaks against the removal of a worktree: '' for nothing. */
function against({ dirty, merged, operation }: Holdings): string {
  if (operation !== null) return `a ${operation} that is not ended`;
  if (dirty > 0) return `${dirty} uncommitted ${dirty === 1 ? 'file' : 'files'}`;
  return merged ? '' : 'work that is not merged';
}

type LanePlace = Omit<Kept, 'unsafe' | 'reason'>;

/** Whether a lane's worktree goes or stays, and why. */
function laneStep(run: Run, lane: LaneRun, { place, holdings, now, force }: { place: LanePlace; holdings: Holdings; now: number; force: boolean }): CleanupStep | Kept {
  const over = overSince(run);
  const why = against(holdings);
  const unsafe = why !== '';
  if (over === null) return { ...place, unsafe, reason: unsafe ? `the run has not landed; ${why}` : 'the run has not landed' };
  if (holdings.repositories.length > 0) return { ...place, unsafe: true, reason: `a repository of its own is inside (${few(holdings.repositories)}), of which no snapshot can be kept: look at it, then remove the worktree by hand` };
  if (unsafe && !force) return { ...place, unsafe, reason: why };
  if (!force && now - over.at < over.wait) return { ...place, unsafe, reason: `the run ${over.what} less than ${over.wait / hour} hours ago` };
  const also = holdings.ignored.length > 0 ? `; what git ignores in it goes too (${few(holdings.ignored)})` : '';
  return { kind: 'worktree', ...place, branch: lane.branch, reason: `${unsafe ? why : `the run ${over.what}, nothing is uncommitted and all is merged`}${also}`, unsafe };
}

async function laneSteps(repo: Repository, run: Run, context: { now: number; force: boolean }): Promise<CleanupPlan> {
  const steps: CleanupStep[] = [];
  const kept: Kept[] = [];
  for (const lane of Object.values(run.lanes)) {
    if (lane.state === 'removed' || lane.worktree === repo.root || !(await lstat(lane.worktree).catch(() => null))?.isDirectory()) continue;
    const place: LanePlace = { run: run.id, at: run.lastAt, lane: lane.name, path: lane.worktree, bytes: (await diskBytes(lane.worktree)).bytes };
    // A run that was set aside has its work in its own integration branch, for good.
    const holdings = await holdingsOf(repo, { path: lane.worktree, branch: lane.branch }, run.state === 'landed' ? run.base : run.integrationBranch);
    const found = holdings.ok ? laneStep(run, lane, { place, holdings: holdings.value, ...context }) : { ...place, unsafe: true, reason: `it cannot be looked at: ${sentence(holdings.error)}` };
    if ('kind' in found) steps.push(found);
    else kept.push(found);
  }
  return { steps, kept };
}

/** Branches of lanes whose commits are all in the base; a branch that is checked out goes with its worktree's step before it. */
async function branchSteps(repo: Repository, run: Run, worktrees: readonly CleanupStep[], kept: readonly Kept[]): Promise<Result<readonly CleanupStep[], AppError>> {
  if (run.state !== 'landed') return ok([]);
  const steps: CleanupStep[] = [];
  for (const lane of Object.values(run.lanes)) {
    if (kept.some((one) => one.lane === lane.name) || worktrees.some((step) => step.kind === 'worktree' && step.lane === lane.name && step.unsafe)) continue;
    const tip = await branchTip(repo, lane.branch);
    if (!tip.ok) return tip;
    if (tip.value === null) continue;
    const merged = await isAncestor(repo, tip.value, `refs/heads/${run.base}`);
    if (!merged.ok) return merged;
    if (merged.value) steps.push({ kind: 'branch', run: run.id, at: run.lastAt, branch: lane.branch, commit: tip.value, reason: `merged into ${run.base}`, unsafe: false });
  }
  return ok(steps);
}

/** A run that nothing happened in for a week: whether it is given up is a person's decision, whatever `force` says, and its agents must not be at work. */
async function idleStep(repo: Repository, run: Run, now: number): Promise<readonly CleanupStep[]> {
  const days = idleDays(run, now);
  if (days === null || await hasHost(runFolder(repo.commonDir, run.id).path)) return [];
  return [{ kind: 'set-aside', run: run.id, spec: run.spec, at: run.lastAt, reason: `nothing happened for ${days} days and it has not landed`, unsafe: false }];
}

function logStep(run: Run, log: LogFile, now: number): CleanupStep | null {
  const age = now - log.at;
  const limit = run.status === 'done' ? ages.goodLogs : ages.badLogs;
  const place = { run: run.id, at: new Date(log.at).toISOString(), path: log.path, bytes: log.bytes, unsafe: false as const };
  if (age > limit) return { kind: 'delete-log', ...place, reason: `older than ${limit / day} days` };
  return age > ages.compress && !log.path.endsWith('.gz') ? { kind: 'compress-log', ...place, reason: `older than ${ages.compress / day} days` } : null;
}

/** What may go now. Runs that a process owns are left out. `force`: ages do not count, and what is dirty or unmerged is offered too (`unsafe`). */
export async function planCleanup(repo: Repository, context: { readonly now: Date; readonly force: boolean }): Promise<Result<CleanupPlan, AppError>> {
  const steps: CleanupStep[] = [];
  const kept: Kept[] = [];
  const now = context.now.getTime();
  for (const run of await loadRuns(repo.commonDir)) {
    if (await runOwner(repo.commonDir, run.id) !== null) continue;
    const lanes = await laneSteps(repo, run, { now, force: context.force });
    const branches = await branchSteps(repo, run, lanes.steps, lanes.kept);
    if (!branches.ok) return branches;
    const logs = (await logFiles(repo.commonDir, run.id)).flatMap((log) => logStep(run, log, now) ?? []);
    steps.push(...await idleStep(repo, run, now), ...lanes.steps, ...branches.value, ...logs);
    kept.push(...lanes.kept);
  }
  return ok({ steps, kept });
}
