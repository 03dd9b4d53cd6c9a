/** What a journal says compared with what is there, after the process that drove a run has died: the events that bring both together. */
import { basename, join } from 'node:path';
import { sentence, type AppError } from '../../../shared/errors';
import type { RunEventDraft } from '../../../shared/events';
import { err, ok, type Result } from '../../../shared/result';
import { isActiveState, type LaneRun, type Run, type TaskRun } from '../../../shared/run';
import { endOrphanGits } from '../git/orphans';
import { clearStaleLocks, gained, holdBranch, removeUnused, restoreWorktree, worktreesBelow } from '../git/recover';
import type { LogEntry } from '../git/simple';
import type { Identity, Repository } from '../git/repository';
import { dirtyFiles } from '../git/status';
import { runFolder } from '../state/run-folder';
import { endHost } from '../terminals/host/find';
import { endMarked } from '../terminals/kill';
import type { Adoption } from './adopt';
import { leaveCheckout } from './checkout-lane';
import { laneWork } from './local-lanes';
import { inRepository, laneBranch, mergedPlace, restoredWords, slug, worktreesFolder } from './names';

export interface Remains {
  readonly repo: Repository;
  readonly identity: Identity;
  readonly run: Run;
  /** Folder for worktrees of the settings, or null. */
  readonly worktrees: string | null;
  /** Attempts that go on; without them, and without a host, every process of the run is ended. */
  readonly adoption?: Adoption;
}

const lost = 'Braid ended while it was going';

/** Integrations that reached the branch but not the journal. */
async function unsaidIntegrations({ repo, run }: Remains): Promise<Result<readonly RunEventDraft[], AppError>> {
  const tip = await holdBranch(repo, run.integrationBranch, run.integrationTip);
  if (!tip.ok) return tip;
  // A journal that lost a line in its middle does not know of integrations below the tip that it knows.
  const below = await gained(repo, { from: run.baseCommit, to: run.integrationTip });
  if (!below.ok) return below;
  const above = await gained(repo, { from: run.integrationTip, to: tip.value });
  if (!above.ok) return above;
  return ok([...below.value.flatMap((entry) => unsaid(run, entry, run.integrationTip)), ...above.value.flatMap((entry) => unsaid(run, entry, null))]);
}

/** The events of an integration that the journal does not know; none for any other commit. `tip`: where the branch stands, for one below it. */
function unsaid(run: Run, { commit, parents, tasks, files }: LogEntry, tip: string | null): readonly RunEventDraft[] {
  const task = run.tasks[tasks[0] ?? ''];
  if (!task || task.state === 'done') return [];
  const lane = task.ranIn ?? task.lane;
  const evidence = task.evidence ?? { commits: parents.slice(1), files: files.filter((file) => !isTaskFile(run, file)), checks: [], exitCode: null, signal: null, seconds: 0, tail: '' };
  return [
    ...(task.evidence === null ? [{ type: 'task.finished' as const, task: task.id, lane, attempt: task.attempts, outcome: 'done' as const, reason: '', evidence }] : []),
    { type: 'task.integrated', task: task.id, lane, commit, note: '', ...(parents[1] === undefined ? {} : { laneCommit: parents[1] }), ...(tip === null ? {} : { tip }) },
  ];
}

const isTaskFile = (run: Run, file: string): boolean => run.taskFiles.some((name) => inRepository(run.specPath, name) === file);

async function workIn({ repo, identity, run }: Remains, lane: LaneRun): Promise<{ commits: readonly string[]; files: readonly string[]; any: boolean }> {
  if (lane.worktree === repo.root) return { commits: [], files: [], any: true };
  const work = await laneWork(identity, {
    path: lane.worktree, branch: lane.branch, integration: run.integrationTip, message: null,
    taskFiles: run.specIgnored ? [] : run.taskFiles.map((file) => inRepository(run.specPath, file)),
  });
  // What cannot be looked at is kept.
  return work.ok ? { commits: work.value.commits, files: work.value.files, any: work.value.commits.length > 0 || work.value.dirty.length > 0 } : { commits: [], files: [], any: true };
}

/** A task that was at work: its attempt ends as interrupted, and its lane keeps what is in it. */
async function interrupted(remains: Remains, task: TaskRun): Promise<readonly RunEventDraft[]> {
  const lane = remains.run.lanes[task.ranIn ?? ''];
  // A damaged journal may have lost the lane: then there is nothing to look at, and the task is free all the same.
  const { commits, files, any } = lane ? await workIn(remains, lane) : { commits: [], files: [], any: false };
  const evidence = { commits, files, checks: [], exitCode: null, signal: null, seconds: 0, tail: '' };
  return [
    { type: 'task.finished', task: task.id, lane: lane?.name ?? task.ranIn ?? task.lane, attempt: task.attempts, outcome: 'interrupted', reason: lost, evidence },
    ...(lane && any ? [{ type: 'lane.parked' as const, lane: lane.name, reason: `keeps the work of ${task.id}` }] : []),
  ];
}

const warning = (code: string, text: string): RunEventDraft => ({ type: 'notice', level: 'warning', code, text, task: null });

/**
 * Lanes whose folder vanished, or is no worktree any more, get it back from their branch; one whose branch is gone too is no lane any more. One that
 * cannot be had back is parked, and the others go on. Those of `adopted` attempts stay as they are until they are judged.
 */
async function missingLanes({ repo, run }: Remains, adopted: ReadonlySet<string>): Promise<readonly RunEventDraft[]> {
  const events: RunEventDraft[] = [];
  for (const lane of Object.values(run.lanes)) {
    if (lane.state === 'removed' || lane.worktree === repo.root || adopted.has(lane.worktree)) continue;
    const there = await restoreWorktree(repo, { path: lane.worktree, branch: lane.branch });
    if (there.ok) {
      if (there.value.aside !== null) events.push(warning('lane-restored', restoredWords(lane, there.value.aside)));
    } else if (there.error.kind === 'git/no-such-branch') events.push({ type: 'lane.removed', lane: lane.name });
    else {
      const reason = sentence(there.error);
      events.push(warning('lane-lost', `Lane ${lane.name} cannot be made again: ${reason}`), ...(lane.state === 'parked' ? [] : [{ type: 'lane.parked' as const, lane: lane.name, reason }]));
    }
  }
  return events;
}

/** Worktrees below the run's folder that its journal does not know: empty ones go, one that holds work becomes a lane again, so that it is seen. */
async function unknownWorktrees({ repo, run, worktrees }: Remains): Promise<Result<readonly RunEventDraft[], AppError>> {
  const folder = worktreesFolder(repo.root, { spec: run.spec, run: run.id, folder: worktrees });
  const trees = await worktreesBelow(repo, folder);
  if (!trees.ok) return trees;
  const lanes = Object.values(run.lanes);
  const branches = new Set(lanes.map((lane) => lane.branch));
  // By its place too: an agent may have detached HEAD or checked out a branch of its own.
  const places = new Set(lanes.map((lane) => lane.worktree));
  const events: RunEventDraft[] = [];
  for (const tree of trees.value.filter(({ branch, path }) => !places.has(path) && (branch === null || !branches.has(branch)))) {
    const removed = await removeUnused(repo, tree, { merged: run.integrationTip, scratch: tree.path === join(folder, mergedPlace) && tree.branch === null });
    const lane = basename(tree.path);
    if ((removed.ok && removed.value) || run.lanes[lane]) continue;
    // What cannot be looked at may hold work, and holds up nobody else's.
    const reason = removed.ok ? 'holds work that the journal does not know' : `may hold work that the journal does not know: ${sentence(removed.error)}`;
    events.push({ type: 'lane.opened', lane, branch: tree.branch ?? laneBranch(run.spec, run.id, lane), worktree: tree.path }, { type: 'lane.parked', lane, reason });
  }
  return ok(events);
}

const lastCommit = (events: readonly RunEventDraft[]): string | null => events.reduce<string | null>((last, event) => (event.type === 'task.integrated' ? event.tip ?? event.commit : last), null);

/** `--no-worktrees`: the checkout goes back to the base, its work to a branch of its own, and no lane is taken up again. */
async function checkoutLeft({ repo, identity, run, adoption }: Remains): Promise<Result<readonly RunEventDraft[], AppError>> {
  if (run.options.worktrees || (adoption?.attempts.length ?? 0) > 0) return ok([]);
  const lanes = Object.values(run.lanes).filter((lane) => lane.state !== 'removed');
  const left = await leaveCheckout({ repo, identity, integrationBranch: run.integrationBranch }, { laneBranch: lanes[0]?.branch ?? `${run.integrationBranch}-kept`, base: run.base, tip: run.integrationTip });
  if (!left.ok) return left;
  const dirty = await dirtyFiles(repo.root);
  if (!dirty.ok) return dirty;
  if (dirty.value.length > 0) return err({ kind: 'git/dirty-checkout', files: dirty.value.map((file) => file.path) });
  return ok(lanes.map((lane) => ({ type: 'lane.parked', lane: lane.name, reason: 'its work is on a branch of its own' })));
}

/** Without a host that was taken over nothing of the run may go on. Error: run/busy (a living Braid has its host). */
async function endProcesses({ repo, run, adoption, worktrees }: Remains): Promise<Result<null, AppError>> {
  await endOrphanGits([repo.root, repo.commonDir, worktreesFolder(repo.root, { spec: run.spec, run: run.id, folder: worktrees })]);
  if (adoption?.hosted === true) return ok(null);
  const owner = await endHost(runFolder(repo.commonDir, run.id).path);
  if (owner !== null) return err({ kind: 'run/busy', run: run.id, pid: owner });
  await endMarked({ env: { BRAID_RUN: run.id } });
  return ok(null);
}

/**
 * Ends what is left of the run's processes (but those of adopted attempts), clears what a killed git left, and says what else the journal does not know. Changes nothing that
 * holds work. Repeating it gives the same.
 */
export async function reconcile(remains: Remains): Promise<Result<readonly RunEventDraft[], AppError>> {
  const { repo, run, adoption } = remains;
  const quiet = await endProcesses(remains);
  if (!quiet.ok) return quiet;
  // An agent that runs on holds locks of its own.
  const live = new Set(adoption?.attempts.flatMap(({ memo, end }) => (end === null ? [memo.worktree] : [])));
  const lanes = Object.values(run.lanes);
  const cleared = await clearStaleLocks(repo, {
    branches: `braid/${slug(run.spec)}/${run.id}`, worktrees: lanes.map((lane) => lane.worktree).filter((path) => !live.has(path)),
    live: lanes.filter((lane) => live.has(lane.worktree)).map((lane) => lane.branch),
  });
  if (!cleared.ok) return cleared;
  const integrated = await unsaidIntegrations(remains);
  if (!integrated.ok) return integrated;
  const said = new Set(integrated.value.flatMap((event) => (event.type === 'task.integrated' ? [event.task] : [])));
  const unknown = await unknownWorktrees(remains);
  if (!unknown.ok) return unknown;
  const missing = await missingLanes(remains, new Set(adoption?.attempts.map(({ memo }) => memo.worktree)));
  const events: RunEventDraft[] = [...integrated.value];
  const adopted = new Set(adoption?.attempts.map(({ memo }) => memo.task));
  for (const task of Object.values(run.tasks)) {
    if (isActiveState(task.state) && !said.has(task.id) && !adopted.has(task.id)) events.push(...await interrupted(remains, task));
  }
  const checkout = await checkoutLeft({ ...remains, run: { ...run, integrationTip: lastCommit(integrated.value) ?? run.integrationTip } });
  return checkout.ok ? ok([...events, ...missing, ...unknown.value, ...checkout.value]) : checkout;
}
