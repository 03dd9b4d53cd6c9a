/** Merges without a checkout: the answer is an exit code and a tree, and no branch moves here. */
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { commitTree, readFileAt, writeTree, type Edit, type Trailers } from './commits';
import { git, splitNul } from './git';
import { mergeAdditions } from './merge-text';
import { mergeBase, type Identity, type InRepository } from './repository';

export type TreeMerge =
  | { readonly kind: 'clean'; readonly tree: string }
  | { readonly kind: 'conflict'; readonly files: readonly string[] };

/** Lets edits of a task file beside a tick merge: the ticks are put on every side first, so that only real edits differ. */
export interface TaskFileAid {
  /** Paths from the root. */
  readonly files: readonly string[];
  /** The content with the run's ticks and notes; ticks that are there already stay as they are. New ones look as those of `like`, else as the content's own. */
  readonly ticked: (path: string, content: Buffer, like?: Buffer) => Buffer;
}

/*
 * git-merge-tree(1) with -z and --name-only; exit code 0 is clean, 1 has conflicts, anything else is a failure:
 * <tree> NUL <conflicted path> NUL <conflicted path> NUL
 */
/** Merges two commits into a tree. Their own merge base counts. Errors as `git` (also for histories with nothing in common). */
export async function mergeTrees(repo: InRepository, ours: string, theirs: string, aid?: TaskFileAid): Promise<Result<TreeMerge, AppError>> {
  const args = ['merge-tree', '--write-tree', '--no-messages', '--name-only', '-z', ours, theirs];
  const done = await git(args, { cwd: repo.root, okCodes: [0, 1], durable: true });
  if (!done.ok) return done;
  const [tree = '', ...files] = splitNul(done.value.text);
  // An unknown commit ends with 1 as well, but prints no tree.
  if (tree === '') return err({ kind: 'git/failed', args, exitCode: done.value.exitCode, stderr: done.value.stderr });
  if (done.value.exitCode === 0) return ok({ kind: 'clean', tree });
  const conflict: TreeMerge = { kind: 'conflict', files: [...new Set(files)] };
  if (!aid || !conflict.files.every((file) => aid.files.includes(file))) return ok(conflict);
  const edits = await mergeTaskFiles(repo, { ours, theirs }, conflict.files, aid);
  if (!edits.ok || edits.value === null) return edits.ok ? ok(conflict) : edits;
  const merged = await writeTree(repo, tree, edits.value);
  return merged.ok ? ok({ kind: 'clean', tree: merged.value }) : merged;
}

/** Conflicted task files merged once more with the same ticks on all three sides; null where they still conflict. */
async function mergeTaskFiles(repo: InRepository, sides: { readonly ours: string; readonly theirs: string }, files: readonly string[], aid: TaskFileAid): Promise<Result<readonly Edit[] | null, AppError>> {
  const base = await mergeBase(repo, sides.ours, sides.theirs);
  if (!base.ok) return base;
  const edits: Edit[] = [];
  for (const path of files) {
    const versions: Buffer[] = [];
    for (const commit of [sides.ours, base.value ?? sides.ours, sides.theirs]) {
      const content = await readFileAt(repo, commit, path);
      if (!content.ok) return content;
      if (content.value === null) return ok(null);
      versions.push(content.value);
    }
    const like = versions[2];
    const [ours, origin, theirs] = versions.map((version) => aid.ticked(path, version, like));
    if (!ours || !origin || !theirs) return ok(null);
    const merged = await mergeAdditions(repo.root, { ours, base: origin, theirs });
    if (!merged.ok) return merged;
    if (merged.value === null) return ok(null);
    edits.push({ path, content: merged.value });
  }
  return ok(edits);
}

export interface IntegrationCommit {
  /** Tip of the integration branch: first parent. */
  readonly onto: string;
  /** The lane's commit: second parent. */
  readonly lane: string;
  /** Put into the lane's tree before the merge (state characters restored to the merge base); the second parent stays the lane's commit. */
  readonly laneEdits?: readonly Edit[];
  /** Put into the merged tree (tick and note), or made from it. */
  readonly edits: readonly Edit[] | ((tree: string) => Promise<Result<readonly Edit[], AppError>>);
  readonly aid?: TaskFileAid;
  readonly subject: string;
  readonly body?: string;
  readonly trailers: Trailers;
  readonly identity: Pick<Identity, 'name' | 'email'>;
}

export type IntegrationResult =
  | { readonly kind: 'clean'; readonly commit: string }
  | { readonly kind: 'conflict'; readonly files: readonly string[] };

/** The commit that stands for the lane in the merge: the lane's own, or a synthetic child of it that nothing else ever refers to. */
async function laneForMerge(repo: InRepository, request: IntegrationCommit): Promise<Result<string, AppError>> {
  if (!request.laneEdits || request.laneEdits.length === 0) return ok(request.lane);
  const tree = await writeTree(repo, request.lane, request.laneEdits);
  if (!tree.ok) return tree;
  return commitTree(repo, { tree: tree.value, parents: [request.lane], message: 'Lane with its task states restored', identity: request.identity });
}

/**
 * Builds the one merge commit that integrates a task: the lane's work and the tick together. It is always a merge, also where a
 * fast-forward would do. Moves no branch. Errors as `git`.
 */
export async function buildIntegration(repo: InRepository, request: IntegrationCommit): Promise<Result<IntegrationResult, AppError>> {
  const lane = await laneForMerge(repo, request);
  if (!lane.ok) return lane;
  const merged = await mergeTrees(repo, request.onto, lane.value, request.aid);
  if (!merged.ok) return merged;
  if (merged.value.kind === 'conflict') return ok(merged.value);
  const edits = typeof request.edits === 'function' ? await request.edits(merged.value.tree) : ok(request.edits);
  if (!edits.ok) return edits;
  const tree = await writeTree(repo, merged.value.tree, edits.value);
  if (!tree.ok) return tree;
  const { subject, body, trailers, identity } = request;
  const message = body ? `${subject.replace(/\s+/g, ' ')}\n\n${body}` : subject.replace(/\s+/g, ' ');
  const commit = await commitTree(repo, { tree: tree.value, parents: [request.onto, request.lane], message, identity, trailers });
  return commit.ok ? ok({ kind: 'clean', commit: commit.value }) : commit;
}
