/** One finished lane into the integration branch, without touching a checkout: merge, tick, check, compare and swap. */
import type { CheckResult, Task } from '../../../shared/domain';
import { sentence, type AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import type { Run } from '../../../shared/run';
import { moveRef, readFileAt, type Edit } from '../git/commits';
import { buildIntegration, type IntegrationResult } from '../git/integrate';
import { holdBranch } from '../git/recover';
import { branchTip, isAncestor, type Identity, type Repository } from '../git/repository';
import { addDetached } from '../git/worktrees';
import { parseTaskFile } from '../spec/parse';
import type { TrackState } from '../spec/track-state';
import { restoreStates, tick } from '../spec/write-back';
import { passed } from './checks';
import { inRepository } from './names';
import type { Integration, IntegrationRequest } from './ports';
import { dialectOf, recordOf, tickAid } from './ticks';
import { trackEdits, trackFilesOf, trackState, withBaseState, withMarks } from './track-files';

export interface IntegrationPlace {
  readonly repo: Repository;
  readonly identity: Identity;
  readonly scratch: { readonly path: string; readonly log: string };
  readonly now: () => Date;
  /** Moves the integration branch from `onto` to `to`; in the checkout its files follow. */
  readonly move: (to: string, onto: string) => Promise<Result<null, AppError>>;
}

/** How often a branch that moved under us is tried again before that is said. */
const tries = 3;

/** Tasks that the agent wrote into a task file: kept in the file, and never started by this run, as nobody asked for them. */
function addedByAgent({ run, task }: IntegrationRequest, { file, before, after }: { file: string; before: Buffer; after: Buffer }): string[] {
  const parse = (content: Buffer): readonly Task[] => parseTaskFile(content.toString('utf8'), { file, dialect: dialectOf(run) }).tasks;
  const known = new Set(parse(before).map((one) => one.id));
  const added = parse(after).filter((one) => one.parent === null && !known.has(one.id)).map((one) => one.id);
  return added.length === 0 ? [] : [`The agent of ${task.id} added ${added.join(', ')} to ${file}: in the file, but not part of this run.`];
}

/**
 * Task files of the lane with the states of their tasks as they were where the lane began: agents do not tick, and two lanes that ticked
 * adjacent lines would conflict. A file that the lane deleted comes back.
 */
async function untickedFiles(place: IntegrationPlace, request: IntegrationRequest, notices: string[]): Promise<Result<readonly Edit[], AppError>> {
  const { run, since, head } = request;
  const edits: Edit[] = [];
  for (const file of run.specIgnored ? [] : run.taskFiles) {
    const path = inRepository(run.specPath, file);
    const before = await readFileAt(place.repo, since, path);
    if (!before.ok) return before;
    const after = await readFileAt(place.repo, head, path);
    if (!after.ok) return after;
    if (before.value === null) continue;
    const restored = after.value === null ? before.value : restoreStates(before.value, after.value);
    if (!restored.equals(before.value)) notices.push(...addedByAgent(request, { file, before: before.value, after: restored }));
    if (after.value === null || !restored.equals(after.value)) edits.push({ path, content: restored });
  }
  const track = await untickedTrack(place, request);
  return track.ok ? ok([...edits, ...track.value]) : track;
}

/** The same for what a track keeps beside its plan. */
async function untickedTrack({ repo }: IntegrationPlace, { run, since, head }: IntegrationRequest): Promise<Result<readonly Edit[], AppError>> {
  const files = trackFilesOf(run);
  const edits: Edit[] = [];
  for (const path of files ? [files.registry, files.metadata] : []) {
    const base = await readFileAt(repo, since, path);
    const lane = await readFileAt(repo, head, path);
    if (!base.ok) return base;
    if (!lane.ok) return lane;
    if (!files || base.value === null || lane.value === null) continue;
    const restored = withBaseState(files, path, { base: base.value, lane: lane.value });
    if (!restored.equals(lane.value)) edits.push({ path, content: restored });
  }
  return ok(edits);
}

/** What is told of an integration besides its commit; filled while it is built. */
interface Candidate {
  readonly notices: string[];
  /** Set where the spec is a track. */
  track: TrackState | null;
}

/** The ticked plan, for a track with the marks of tasks at work, its line in the registry and its metadata. */
async function withTrack({ repo, now }: IntegrationPlace, { run, task }: IntegrationRequest, context: { readonly tree: string; readonly candidate: Candidate; readonly path: string; readonly plan: Buffer }): Promise<Result<readonly Edit[], AppError>> {
  const { path, tree, candidate } = context;
  const files = trackFilesOf(run);
  if (!files) return ok([{ path, content: context.plan }]);
  const plan = withMarks(run, task.file, context.plan, task.id);
  candidate.track = trackState(plan);
  const edits = await trackEdits(repo, tree, { files, state: candidate.track, at: now().toISOString() });
  return edits.ok ? ok([{ path, content: plan }, ...edits.value]) : edits;
}

/** The tick with its note, made in the merged tree. A spec that git ignores is ticked after the landing instead. */
async function tickedFile(place: IntegrationPlace, request: IntegrationRequest, context: { readonly tree: string; readonly candidate: Candidate }): Promise<Result<readonly Edit[], AppError>> {
  const { run, task, note, head } = request;
  if (run.specIgnored) return ok([]);
  const path = inRepository(run.specPath, task.file);
  const content = await readFileAt(place.repo, context.tree, path);
  if (!content.ok) return content;
  const ticked: Result<Buffer, AppError> = content.value === null
    ? err({ kind: 'io/failed', path, code: 'ENOENT', detail: 'the file is not in the merged tree' })
    : tick(content.value, { id: task.id, textHash: task.textHash, line: task.line }, { state: 'done', note, ...recordOf(run, head) });
  if (ticked.ok) return withTrack(place, request, { ...context, path, plan: ticked.value });
  if (task.fromEdit || task.boxless) return ok([]);
  context.candidate.notices.push(`${task.id} could not be ticked in ${path}: ${sentence(ticked.error)}`);
  return ok([]);
}

async function build(place: IntegrationPlace, request: IntegrationRequest, onto: string, candidate: Candidate): Promise<Result<IntegrationResult, AppError>> {
  const { run, task, head, note } = request;
  const laneEdits = await untickedFiles(place, request, candidate.notices);
  if (!laneEdits.ok) return laneEdits;
  return buildIntegration(place.repo, {
    onto, lane: head, laneEdits: laneEdits.value, aid: tickAid(run),
    edits: (tree) => tickedFile(place, request, { tree, candidate }),
    subject: `${task.id}: ${task.title}`, body: note,
    trailers: { 'Braid-Run': run.id, 'Braid-Task': task.id }, identity: place.identity,
  });
}

/** Tasks of this run whose integrated work touches one of the files: what a conflict is with. */
function conflictsWith(run: Run, files: readonly string[]): string {
  const names = run.order.filter((id) => run.tasks[id]?.state === 'done' && run.tasks[id]?.evidence?.files.some((file) => files.includes(file)));
  return names.length > 0 ? names.join(', ') : run.integrationBranch;
}

async function verify(place: IntegrationPlace, request: IntegrationRequest, commit: string): Promise<Result<readonly CheckResult[], AppError>> {
  if (request.run.options.checks.length === 0) return ok([]);
  const scratch = await addDetached(place.repo, { path: place.scratch.path, commit });
  return scratch.ok ? ok(await request.verify(place.scratch)) : scratch;
}

/** The branch no longer holds what this run integrated. That is kept under a ref of its own, and a person has to choose. */
async function movedAway(repo: Repository, run: Run, found: string): Promise<Result<never, AppError>> {
  const ref = `refs/braid/snapshots/${run.id}-integration`;
  const kept = await moveRef(repo, { ref, to: run.integrationTip, from: null });
  if (!kept.ok && kept.error.kind !== 'git/moved') return kept;
  return err({ kind: 'git/moved', branch: run.integrationBranch, expected: run.integrationTip, found });
}

/** Merges the lane's head, proves the result, and only then moves the branch. */
export async function integrate(place: IntegrationPlace, request: IntegrationRequest): Promise<Result<Integration, AppError>> {
  const { run } = request;
  const restored: string[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const candidate: Candidate = { notices: [...restored], track: null };
    const tip = run.options.worktrees ? await branchTip(place.repo, run.integrationBranch) : ok(run.integrationTip);
    if (!tip.ok) return tip;
    if (tip.value === null) {
      // Somebody deleted it: its commits are still there, and the branch comes back where the journal knows it.
      const again = await holdBranch(place.repo, run.integrationBranch, run.integrationTip);
      if (!again.ok || attempt >= tries) return again.ok ? err({ kind: 'git/no-such-branch', branch: run.integrationBranch }) : again;
      restored.push(`Branch ${run.integrationBranch} had been deleted and was made again at ${run.integrationTip.slice(0, 9)}.`);
      continue;
    }
    const holds = tip.value === run.integrationTip ? ok(true) : await isAncestor(place.repo, run.integrationTip, tip.value);
    if (!holds.ok) return holds;
    if (!holds.value) return movedAway(place.repo, run, tip.value);
    const built = await build(place, request, tip.value, candidate);
    // An object that nothing refers to yet may fall to a `git gc --prune=now` of an agent: made again, it is there.
    if (!built.ok && built.error.kind === 'git/failed' && attempt < tries) continue;
    if (!built.ok) return built;
    if (built.value.kind === 'conflict') return ok({ kind: 'conflict', files: built.value.files, with: conflictsWith(run, built.value.files) });
    const checks = await verify(place, request, built.value.commit);
    if (!checks.ok) return checks;
    if (!checks.value.every(passed)) return ok({ kind: 'check-failed', checks: checks.value });
    const moved = await place.move(built.value.commit, tip.value);
    if (!moved.ok && moved.error.kind === 'git/moved' && attempt < tries) continue;
    if (!moved.ok) return moved;
    await request.accepted(checks.value);
    return ok({ kind: 'integrated', commit: built.value.commit, ...candidate });
  }
}
