/** What a person decides about a finished run: land it, roll the landing back, or set it aside. */
import { existsSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Task } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import type { RunEvent, RunEventDraft } from '../../../shared/events';
import { err, ok, type Result } from '../../../shared/result';
import { countTasks, hasIntegrated, isByHand, reduce, type LaneRun, type Run } from '../../../shared/run';
import { readPlain } from '../plain-file';
import { readFileAt } from '../git/commits';
import { holdingsOf } from '../git/holdings';
import { land, rollback } from '../git/landing';
import { isAncestor, resolveIdentity, type Identity, type Repository } from '../git/repository';
import { changedPaths } from '../git/status';
import { addDetached, removeScratch, removeWorktree } from '../git/worktrees';
import { splitCommand } from '../agents/split-command';
import { ioError, writeAtomic } from '../state/atomic-write';
import { relatedChanges } from '../spec/change-folder';
import { parseTaskFile } from '../spec/parse';
import { Journal } from '../state/journal';
import { writeProgress, type DoneTask } from '../state/progress';
import { asLeft, landingAlone, loadRun, runFolder } from '../state/run-folder';
import { laneVariables, userEnvironment } from './agent-env';
import { keepBeside } from './beside';
import { passed, runChecks, type CommandContext } from './checks';
import { localLanes } from './local-lanes';
import { inRepository, mergedPlace } from './names';
import { reconcile } from './reconcile';
import { takeRun } from './own';
import { plannedTag } from './report';
import type { Site } from './site';
import { tickAid, tickedContent } from './ticks';
import { trackFilesOf } from './track-files';
import { scratchPlace } from './world';

export interface Landed {
  readonly commit: string;
  readonly tag: string;
}

interface Decision {
  readonly run: Run;
  emit(event: RunEventDraft): Promise<Result<null, AppError>>;
}

interface Witness {
  readonly now: Date;
  /** In which programs that are told of it are found. */
  readonly env: NodeJS.ProcessEnv;
  readonly publish: (event: RunEvent) => void;
}

/** Opens a finished run for one decision: nobody else may drive it meanwhile, and what was decided is journaled. */
async function deciding<T>(repo: Repository, id: string, witness: Witness, decide: (decision: Decision) => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> {
  const owned = await takeRun(repo.commonDir, id);
  if (!owned.ok) return owned;
  try {
    const run = await loadRun(repo.commonDir, id);
    if (!run.ok) return run;
    const journal = await Journal.open(runFolder(repo.commonDir, id).journal);
    if (!journal.ok) return journal;
    try {
      const beside = keepBeside(repo, witness.env, run.value);
      let now = run.value;
      const emit = async (draft: RunEventDraft): Promise<Result<null, AppError>> => {
        // A draft is an event without its two stamps, which are added here.
        const event = { ...draft, at: witness.now.toISOString(), run: id } as RunEvent;
        const written = await journal.value.append(event);
        if (!written.ok) return written;
        witness.publish(event);
        now = reduce(now, event) ?? now;
        beside.changed(now);
        return written;
      };
      // Nobody drives it (we own it now) and yet it never ended: its process died. Said in the journal before anything else is.
      const left = await endLost(repo, run.value, emit);
      const decided = left.ok ? await decide({ run: left.value, emit }) : left;
      for (const notice of await beside.settled()) await emit(notice);
      return decided;
    } finally {
      await journal.value.close();
    }
  } finally {
    await owned.value();
  }
}

const isUnfinished = (run: Run): boolean => run.state === 'running' || run.state === 'paused' || run.state === 'stopping';

/** What such a run left is looked at first: its processes end, and what reached its branch is said. */
async function endLost(repo: Repository, run: Run, emit: Decision['emit']): Promise<Result<Run, AppError>> {
  if (!isUnfinished(run)) return ok(run);
  const identity = await resolveIdentity(repo);
  if (!identity.ok) return identity;
  const found = await reconcile({ repo, identity: identity.value, run, worktrees: null });
  if (!found.ok) return found;
  for (const draft of found.value) {
    const said = await emit(draft);
    if (!said.ok) return said;
  }
  const known = await loadRun(repo.commonDir, run.id);
  if (!known.ok) return known;
  const left = asLeft(known.value);
  const { done, failed, skipped } = countTasks(left);
  const said = await emit({ type: 'run.finished', status: 'interrupted', done, failed, skipped });
  return said.ok ? ok(left) : said;
}

/** Runs the checks on the landing candidate, in the scratch worktree, unless it is the very tree that the last task was checked on. */
async function verifyCandidate(site: Site, repo: Repository, run: Run, commit: string): Promise<Result<null, AppError>> {
  if (run.options.checks.length === 0) return ok(null);
  const unchecked = await changedPaths(repo.root, run.integrationTip, commit);
  if (!unchecked.ok) return unchecked;
  if (unchecked.value.length === 0) return ok(null);
  const identity = await resolveIdentity(repo);
  if (!identity.ok) return identity;
  const scratch = scratchPlace(repo, { spec: run.spec, id: run.id }, { folder: runFolder(repo.commonDir, run.id), parent: site.settings.get().worktreesFolder });
  const placed = await addDetached(repo, { path: scratch.path, commit });
  if (!placed.ok) return placed;
  const environment = userEnvironment(site.env, identity.value);
  const context: CommandContext = {
    world: {
      lanes: localLanes(repo, identity.value, site.terminals, () => null), now: () => site.now(),
      splitCommand: (command) => splitCommand(command),
      commandEnv: (of, lane) => ({ ...environment, ...laneVariables(of, lane) }),
    },
    run: () => run, isStopping: () => false, track: () => () => undefined,
  };
  const checks = await runChecks(context, 'merged', { name: mergedPlace, ...scratch });
  await removeScratch(repo, scratch.path);
  const bad = checks.find((check) => !passed(check));
  return bad ? err({ kind: 'run/checks-failed', command: bad.command, tail: bad.tail }) : ok(null);
}

/** Ticks of a spec that git ignores, and of lines that are only in the checkout: written in place once the work has landed. */
async function tickInPlace(run: Run): Promise<Result<null, AppError>> {
  const here: Run = { ...run, order: run.order.filter((id) => run.specIgnored || run.tasks[id]?.fromEdit === true) };
  for (const file of run.taskFiles.filter((name) => here.order.some((id) => run.tasks[id]?.file === name))) {
    const path = join(run.specFolder, file);
    const content = await readPlain(path).catch((cause: unknown) => ioError(path, cause));
    if (!Buffer.isBuffer(content)) return err(content);
    const ticked = tickedContent(here, file, content);
    const written = ticked.equals(content) ? ok(null) : await writeAtomic(path, ticked);
    if (!written.ok) return written;
  }
  return ok(null);
}

/** Tasks of the run that their file has no box for: landed, they count as done in the repository's data. */
function boxlessDone(run: Run, at: Date): readonly DoneTask[] {
  return run.order.flatMap((id): DoneTask[] => {
    const task = run.tasks[id];
    if (task?.state !== 'done' || task.boxless !== true || isByHand(task)) return [];
    return [{ file: task.file, id, textHash: task.textHash, run: run.id, commit: task.commit ?? '', at: at.toISOString() }];
  });
}

/** Task files that a person may be editing in the checkout, and where copies of them are kept. */
function taskFilePlaces(repo: Repository, run: Run): { taskFiles: readonly string[]; backupDir: string } {
  const track = trackFilesOf(run);
  return {
    taskFiles: run.specIgnored ? [] : [...run.taskFiles.map((file) => inRepository(run.specPath, file)), ...(track ? [track.registry, track.metadata] : [])],
    backupDir: join(runFolder(repo.commonDir, run.id).path, 'kept'),
  };
}

/** Why a run cannot land, whatever a person says; null when it may. */
export function landable(run: Run): AppError | null {
  if (run.state === 'landed' && run.landing) return { kind: 'run/already-landed', run: run.id, commit: run.landing.commit };
  return !hasIntegrated(run) ? { kind: 'run/nothing-to-land', run: run.id } : null;
}

/** How often a base that moves while a landing is prepared is tried again. */
const tries = 3;

/** Tries again while somebody else moves the base (another run that lands): each try looks at the base anew. */
async function untilStill<T>(attempt: () => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> {
  for (let count = 1; ; count += 1) {
    const result = await attempt();
    if (result.ok || result.error.kind !== 'git/moved' || count === tries) return result;
  }
}

function landingOf(site: Site, repo: Repository, run: Run, context: { readonly identity: Identity; readonly now: Date }): Parameters<typeof land>[1] {
  return {
    base: run.base, integration: run.integrationBranch, run: run.id, spec: run.spec, tag: plannedTag(run, context.now), identity: context.identity,
    ...taskFilePlaces(repo, run), verify: (commit) => verifyCandidate(site, repo, run, commit),
    rolledBack: run.state === 'rolled-back' ? run.rollback?.commit ?? null : null, aid: tickAid(run),
  };
}

/** A change that is complete now tells which others wait for it; null when it is not, or nothing waits. */
async function sayComplete(repo: Repository, run: Run, commit: string): Promise<string | null> {
  if (run.dialect !== 'openspec' || run.specIgnored) return null;
  for (const file of run.taskFiles) {
    const content = await readFileAt(repo, commit, inRepository(run.specPath, file));
    if (!content.ok || content.value === null) return null;
    const { tasks } = parseTaskFile(content.value.toString('utf8'), { file, dialect: 'openspec' });
    if (!tasks.every((task) => task.done || task.state === 'skipped' || isByRun(run, task))) return null;
  }
  const related = await relatedChanges(run.specFolder);
  const waiting = related?.change.waiting ?? [];
  return waiting.length === 0 ? null : `${run.spec} is complete. Waiting for it: ${waiting.join(', ')}.`;
}

const isByRun = (run: Run, task: Task): boolean => task.boxless === true && run.tasks[task.id]?.state === 'done';

/** Lands a finished run on its base: backup tag, one merge, compare and swap. Nothing is changed when it fails. */
export async function landRun(site: Site, repo: Repository, id: string, publish: (event: RunEvent) => void): Promise<Result<Landed, AppError>> {
  const now = site.now();
  return deciding(repo, id, { now, publish, env: site.env }, async ({ run, emit }) => {
    const refused = landable(run);
    if (refused) return err(refused);
    const identity = await resolveIdentity(repo);
    if (!identity.ok) return identity;
    let recorded: Result<null, AppError> = ok(null);
    const landed = await landingAlone(repo.commonDir, id, async () => {
      const moved = await untilStill(() => land(repo, landingOf(site, repo, run, { identity: identity.value, now })));
      if (moved.ok) recorded = await writeProgress(repo.commonDir, run.spec, { run: id, tasks: boxlessDone(run, now) });
      return moved;
    });
    if (!landed.ok) return landed;
    const { commit, tag } = landed.value;
    const said = await emit({ type: 'run.landed', commit, tag });
    if (!said.ok) return said;
    const ticked = await tickInPlace(run);
    if (!ticked.ok) return ticked;
    const told = await sayComplete(repo, run, commit);
    if (told !== null) await emit({ type: 'notice', level: 'info', code: 'change-complete', text: told, task: null });
    return recorded.ok ? ok({ commit, tag }) : recorded;
  });
}

/** Takes a landing back: the base returns to the backup tag, or gets a revert where it has moved on. */
export async function rollbackRun(repo: Repository, id: string, witness: Witness): Promise<Result<Landed, AppError>> {
  return deciding(repo, id, witness, async ({ run, emit }) => {
    if (run.state !== 'landed' || !run.landing) return err({ kind: 'run/not-landed', run: id });
    const identity = await resolveIdentity(repo);
    if (!identity.ok) return identity;
    const { commit: landing, tag } = run.landing;
    let forgotten: Result<null, AppError> = ok(null);
    const back = await landingAlone(repo.commonDir, id, async () => {
      const moved = await rollback(repo, { base: run.base, landing, tag, identity: identity.value, run: id, ...taskFilePlaces(repo, run) });
      if (moved.ok) forgotten = await writeProgress(repo.commonDir, run.spec, { run: id, tasks: [] });
      return moved;
    });
    if (!back.ok) return back;
    const said = await emit({ type: 'run.rolled-back', tag, commit: back.value.commit });
    if (!said.ok) return said;
    return forgotten.ok ? ok({ commit: back.value.commit, tag }) : forgotten;
  });
}

/** True when everything in the lane's worktree is in the integration branch, and nothing is begun or hidden in it. */
async function isMerged(repo: Repository, run: Run, lane: LaneRun): Promise<boolean> {
  if (!existsSync(lane.worktree)) {
    const merged = await isAncestor(repo, `refs/heads/${lane.branch}`, `refs/heads/${run.integrationBranch}`);
    return merged.ok && merged.value;
  }
  const holds = await holdingsOf(repo, { path: lane.worktree, branch: lane.branch }, run.integrationBranch);
  return holds.ok && holds.value.merged && holds.value.dirty === 0 && holds.value.operation === null && holds.value.repositories.length === 0;
}

/** Sets a run aside: branches stay, worktrees that are clean and merged are removed, all others are kept. */
export async function abandonRun(repo: Repository, id: string, witness: Witness): Promise<Result<null, AppError>> {
  return deciding(repo, id, witness, async ({ run, emit }) => {
    for (const lane of Object.values(run.lanes)) {
      if (lane.state === 'removed' || lane.worktree === repo.root || !await isMerged(repo, run, lane)) continue;
      const removed = await removeWorktree(repo, lane.worktree);
      const said = removed.ok ? await emit({ type: 'lane.removed', lane: lane.name }) : ok(null);
      if (!said.ok) return said;
      // The run's own folder goes with its last worktree; with anything in it, it stays.
      await rmdir(dirname(lane.worktree)).catch((kept: unknown) => kept);
    }
    return emit({ type: 'run.abandoned' });
  });
}
