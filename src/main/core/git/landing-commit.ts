/** Builds the commits of a landing and of its undoing as objects only; no branch and no checkout moves here. */
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { commitTree } from './commits';
import { gitLine } from './git';
import { mergeTrees, type TreeMerge, type TaskFileAid } from './integrate';
import { isAncestor, type Identity, type InRepository, treeOf } from './repository';

/** On the commit of a rollback by revert: the landing that it takes back. */
const rollbackTrailer = 'Braid-Rollback';
/** On the commit that takes such a rollback back: the rollback's commit. */
const reapplyTrailer = 'Braid-Reapply';

type Author = Pick<Identity, 'name' | 'email'>;

const parentOf = (repo: InRepository, commit: string): Promise<Result<string, AppError>> =>
  gitLine(['rev-parse', '--verify', `${commit}^1`], { cwd: repo.root });

async function readTrailer(repo: InRepository, commit: string, name: string): Promise<Result<string | null, AppError>> {
  const line = await gitLine(['log', '-1', '--no-show-signature', `--format=%(trailers:key=${name},valueonly)`, commit, '--'], { cwd: repo.root });
  return line.ok ? ok(line.value.trim() || null) : line;
}

/** The base's commit before a landing: its first parent, or the one before that where the landing first took a rollback back. */
export async function beforeLanding(repo: InRepository, landing: string): Promise<Result<string, AppError>> {
  const parent = await parentOf(repo, landing);
  if (!parent.ok) return parent;
  const reapplied = await readTrailer(repo, parent.value, reapplyTrailer);
  if (!reapplied.ok) return reapplied;
  return reapplied.value === null ? parent : parentOf(repo, parent.value);
}

/**
 * What `tip` looks like when everything from commit `from` back to `to` (an older one) is undone, later commits kept: the merge of `tip` with
 * a synthetic child of `from` that has the tree of `to`. What `git revert -m 1` does, without a checkout. Errors as `git`.
 */
async function undo(repo: InRepository, request: { readonly tip: string; readonly from: string; readonly to: string; readonly identity: Author }): Promise<Result<TreeMerge, AppError>> {
  const tree = await treeOf(repo, request.to);
  if (!tree.ok) return tree;
  const undone = await commitTree(repo, { tree: tree.value, parents: [request.from], message: 'Undone', identity: request.identity });
  return undone.ok ? mergeTrees(repo, request.tip, undone.value) : undone;
}

/** The rollback that a landing has to take back first. */
export interface Reapplied {
  /** The landing that was rolled back. */
  readonly of: string;
  /** The base's commit before that landing. */
  readonly before: string;
}

export interface PreparedLanding {
  /** First parent of the landing: the base's tip, or the commit on top of it that takes the rollback back. */
  readonly onto: string;
  readonly reapplied: Reapplied | null;
  readonly merge: TreeMerge;
  /** The base has everything already. */
  readonly nothingNew: boolean;
}

export interface LandingCommits {
  /** Commits, not branches. */
  readonly base: string;
  readonly integration: string;
  /** Commit of the run's rollback, of either kind; null when it was never rolled back. */
  readonly rolledBack: string | null;
  readonly run: string;
  readonly identity: Author;
  readonly aid?: TaskFileAid;
}

/** Whether `rolledBack` is a revert that the base contains; a rollback by reset leaves nothing to take back. */
async function findReverted(repo: InRepository, request: LandingCommits): Promise<Result<Reapplied | null, AppError>> {
  if (request.rolledBack === null) return ok(null);
  const of = await readTrailer(repo, request.rolledBack, rollbackTrailer);
  if (!of.ok || of.value === null) return of.ok ? ok(null) : of;
  const contained = await isAncestor(repo, request.rolledBack, request.base);
  if (!contained.ok || !contained.value) return contained.ok ? ok(null) : contained;
  const before = await beforeLanding(repo, of.value);
  return before.ok ? ok({ of: of.value, before: before.value }) : before;
}

/** The commit on top of the base that takes the revert back; the base itself where somebody has done so by hand. */
async function reapply(repo: InRepository, request: LandingCommits, revert: string): Promise<Result<{ readonly kind: 'clean'; readonly commit: string } | Extract<TreeMerge, { kind: 'conflict' }>, AppError>> {
  const parent = await parentOf(repo, revert);
  if (!parent.ok) return parent;
  const merged = await undo(repo, { tip: request.base, from: revert, to: parent.value, identity: request.identity });
  if (!merged.ok) return merged;
  if (merged.value.kind === 'conflict') return ok(merged.value);
  const current = await treeOf(repo, request.base);
  if (!current.ok) return current;
  if (current.value === merged.value.tree) return ok({ kind: 'clean', commit: request.base });
  const commit = await commitTree(repo, {
    tree: merged.value.tree, parents: [request.base], identity: request.identity,
    message: `Take back the rollback of run ${request.run}\n\nThis reverts commit ${revert}.`,
    trailers: { [reapplyTrailer]: revert },
  });
  return commit.ok ? ok({ kind: 'clean', commit: commit.value }) : commit;
}

/**
 * Finds out how the integration commit lands on the base: cleanly (with the tree) or with conflicts, and after taking which rollback back.
 * Errors as `git`.
 */
export async function prepareLanding(repo: InRepository, request: LandingCommits): Promise<Result<PreparedLanding, AppError>> {
  const contained = await isAncestor(repo, request.integration, request.base);
  if (!contained.ok) return contained;
  const reverted = await findReverted(repo, request);
  if (!reverted.ok) return reverted;
  const reapplied = reverted.value;
  let onto = request.base;
  if (reapplied !== null && request.rolledBack !== null) {
    const again = await reapply(repo, request, request.rolledBack);
    if (!again.ok) return again;
    if (again.value.kind === 'conflict') return ok({ onto, reapplied, merge: again.value, nothingNew: false });
    onto = again.value.commit;
  }
  const merge = await mergeTrees(repo, onto, request.integration, request.aid);
  return merge.ok ? ok({ onto, reapplied, merge: merge.value, nothingNew: contained.value && onto === request.base }) : merge;
}

/**
 * Builds the commit that takes a landing back while later commits stay. Errors: git/conflict, run/not-landed (the tip does not have
 * the landing's changes any more), as `git`.
 */
export async function buildRevert(
  repo: InRepository,
  request: { readonly base: string; readonly tip: string; readonly landing: string; readonly before: string; readonly run: string; readonly identity: Author },
): Promise<Result<string, AppError>> {
  const { tip, landing, before, run, identity } = request;
  const merged = await undo(repo, { tip, from: landing, to: before, identity });
  if (!merged.ok) return merged;
  if (merged.value.kind === 'conflict') return err({ kind: 'git/conflict', files: merged.value.files, with: request.base });
  const current = await treeOf(repo, tip);
  if (!current.ok) return current;
  if (current.value === merged.value.tree) return err({ kind: 'run/not-landed', run });
  return commitTree(repo, {
    tree: merged.value.tree, parents: [tip], identity,
    message: `Roll back the landing of run ${run}\n\nThis reverts commit ${landing}, later commits stay.`,
    trailers: { [rollbackTrailer]: landing },
  });
}
