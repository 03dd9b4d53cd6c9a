/** The approved move of the base branch, and taking it back. Whatever fails, fails before anything has changed. */
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { checkMove, moveCheckout, type CheckoutMove } from './checkout';
import { commitTree, moveBranch, moveRef } from './commits';
import { beforeLanding, buildRevert, prepareLanding } from './landing-commit';
import type { TaskFileAid } from './integrate';
import { branchTip, checkedOutAt, isAncestor, refCommit, type Identity, type InRepository } from './repository';
import { requireNoRebase } from './status';

type Author = Pick<Identity, 'name' | 'email'>;

export interface LandingRequest {
  /** Branch that moves. */
  readonly base: string;
  /** Branch that lands on it. */
  readonly integration: string;
  readonly run: string;
  readonly spec: string;
  /** Name of the backup tag; a number is added when it is taken. */
  readonly tag: string;
  readonly identity: Author;
  /** Paths of the spec's task files from the root. */
  readonly taskFiles: readonly string[];
  readonly aid?: TaskFileAid;
  /** Folder (of the run) for copies of task files that a person has edited; needed only for those. */
  readonly backupDir?: string | null;
  /** Looks at the finished commit before the base moves; its error ends the landing. */
  readonly verify?: (commit: string) => Promise<Result<null, AppError>>;
  /** Commit of this run's rollback, if it was rolled back. */
  readonly rolledBack?: string | null;
}

export interface Landing {
  readonly commit: string;
  readonly tag: string;
  /** Where the base stood, which is what the tag names. */
  readonly baseCommit: string;
}

interface Move {
  readonly branch: string;
  readonly from: string;
  readonly to: string;
  readonly direction: CheckoutMove['direction'];
  readonly taskFiles: readonly string[];
  readonly ticked?: TaskFileAid['ticked'];
  readonly backupDir: string | null;
}

async function tipOf(repo: InRepository, branch: string): Promise<Result<string, AppError>> {
  const tip = await branchTip(repo, branch);
  if (!tip.ok) return tip;
  return tip.value === null ? err({ kind: 'git/no-such-branch', branch }) : ok(tip.value);
}

/** Says whether the branch could move now, wherever it is checked out. */
async function checkBase(repo: InRepository, move: Move): Promise<Result<null, AppError>> {
  const rebase = await requireNoRebase(repo.root, move.branch);
  if (!rebase.ok) return rebase;
  const tip = await tipOf(repo, move.branch);
  if (!tip.ok) return tip;
  if (tip.value !== move.from) return err({ kind: 'git/moved', branch: move.branch, expected: move.from, found: tip.value });
  const place = await checkedOutAt(repo, move.branch);
  if (!place.ok) return place;
  if (place.value === null) return ok(null);
  const possible = await checkMove({ ...move, path: place.value });
  return possible.ok ? ok(null) : possible;
}

/** Moves a branch with its checkout, if it has one, else by compare and swap. */
async function moveBase(repo: InRepository, move: Move): Promise<Result<null, AppError>> {
  const place = await checkedOutAt(repo, move.branch);
  if (!place.ok) return place;
  return place.value === null ? moveBranch(repo, move) : moveCheckout(repo, { ...move, path: place.value });
}

/** Writes the lightweight backup tag; resolves with the name it got. */
async function writeTag(repo: InRepository, wanted: string, commit: string): Promise<Result<string, AppError>> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    const made = await moveRef(repo, { ref: `refs/tags/${name}`, to: commit, from: null });
    if (made.ok) return ok(name);
    if (made.error.kind !== 'git/moved') return made;
  }
}

/** Builds the landing commit, always a merge. Errors: git/conflict, run/nothing-to-land, as `git`. */
async function buildLanding(repo: InRepository, request: LandingRequest, tips: { readonly base: string; readonly integration: string }): Promise<Result<string, AppError>> {
  const { run, spec, identity } = request;
  const prepared = await prepareLanding(repo, { ...tips, rolledBack: request.rolledBack ?? null, run, identity, ...(request.aid ? { aid: request.aid } : {}) });
  if (!prepared.ok) return prepared;
  const { merge, nothingNew, onto } = prepared.value;
  if (nothingNew) return err({ kind: 'run/nothing-to-land', run });
  if (merge.kind === 'conflict') return err({ kind: 'git/conflict', files: merge.files, with: request.base });
  return commitTree(repo, {
    tree: merge.tree, parents: [onto, tips.integration], identity,
    message: `Land ${spec}`, trailers: { 'Braid-Run': run, 'Braid-Landing': request.integration },
  });
}

async function moveWithTag(repo: InRepository, move: Move, wanted: string): Promise<Result<Landing, AppError>> {
  const tag = await writeTag(repo, wanted, move.from);
  if (!tag.ok) return tag;
  const moved = await moveBase(repo, move);
  if (moved.ok) return ok({ commit: move.to, tag: tag.value, baseCommit: move.from });
  const tip = await tipOf(repo, move.branch);
  // Only a base that did not move lets its backup go.
  if (tip.ok && tip.value !== move.to) {
    const removed = await moveRef(repo, { ref: `refs/tags/${tag.value}`, to: null, from: move.from });
    if (!removed.ok) return removed;
  }
  return moved;
}

/**
 * Lands the integration branch on the base by one `--no-ff` merge commit: backup tag first, then the base moves by compare and swap, together
 * with its checkout where it has one. Nothing has changed after an error. Errors: run/nothing-to-land, git/conflict, git/dirty-overlap,
 * git/operation-in-progress, git/moved, git/no-such-branch, what `verify` gives, as `git`.
 */
export async function land(repo: InRepository, request: LandingRequest): Promise<Result<Landing, AppError>> {
  const base = await tipOf(repo, request.base);
  if (!base.ok) return base;
  const integration = await tipOf(repo, request.integration);
  if (!integration.ok) return integration;
  const commit = await buildLanding(repo, request, { base: base.value, integration: integration.value });
  if (!commit.ok) return commit;
  const move: Move = {
    branch: request.base, from: base.value, to: commit.value, direction: 'forward', taskFiles: request.taskFiles, backupDir: request.backupDir ?? null,
    ...(request.aid ? { ticked: request.aid.ticked } : {}),
  };
  const possible = await checkBase(repo, move);
  if (!possible.ok) return possible;
  const verified = request.verify ? await request.verify(commit.value) : ok(null);
  if (!verified.ok) return verified;
  // Checks take minutes, in which a person may have gone on working.
  const still = await checkBase(repo, move);
  if (!still.ok) return still;
  return moveWithTag(repo, move, request.tag);
}

export interface RollbackRequest {
  readonly base: string;
  /** Commit of the landing. */
  readonly landing: string;
  /** Its backup tag. */
  readonly tag: string;
  readonly run: string;
  readonly identity: Author;
  readonly taskFiles?: readonly string[];
  readonly backupDir?: string | null;
}

export interface Rollback {
  /** The base's commit afterwards. */
  readonly commit: string;
  readonly how: 'reset' | 'revert';
}

/** Where the base stood before the landing: what the tag names, or what the history tells where the tag is gone or names something else. */
async function readBefore(repo: InRepository, request: RollbackRequest): Promise<Result<string, AppError>> {
  const tagged = await refCommit(repo, `refs/tags/${request.tag}`);
  if (!tagged.ok) return tagged;
  const before = await beforeLanding(repo, request.landing);
  if (!before.ok || tagged.value === null) return before;
  const contained = await isAncestor(repo, tagged.value, request.landing);
  if (!contained.ok) return contained;
  return contained.value ? ok(tagged.value) : before;
}

/**
 * Takes a landing back: while nothing came after it the base goes back to the tagged commit, otherwise a commit on top undoes the
 * landing and keeps the rest. Nothing has changed after an error. Errors: run/not-landed, git/conflict, git/dirty-overlap,
 * git/operation-in-progress, git/moved, git/no-such-branch, as `git`.
 */
export async function rollback(repo: InRepository, request: RollbackRequest): Promise<Result<Rollback, AppError>> {
  const { base, landing, run, identity } = request;
  const tip = await tipOf(repo, base);
  if (!tip.ok) return tip;
  const contained = await isAncestor(repo, landing, tip.value);
  if (!contained.ok) return contained;
  if (!contained.value) return err({ kind: 'run/not-landed', run });
  const before = await readBefore(repo, request);
  if (!before.ok) return before;
  const unchanged = tip.value === landing;
  const target = unchanged ? before : await buildRevert(repo, { base, tip: tip.value, landing, before: before.value, run, identity });
  if (!target.ok) return target;
  const move: Move = {
    branch: base, from: tip.value, to: target.value, direction: unchanged ? 'back' : 'forward',
    taskFiles: request.taskFiles ?? [], backupDir: request.backupDir ?? null,
  };
  const possible = await checkBase(repo, move);
  if (!possible.ok) return possible;
  const moved = await moveBase(repo, move);
  return moved.ok ? ok({ commit: target.value, how: unchanged ? 'reset' : 'revert' }) : moved;
}
