/** What an agent left behind in its lane: leftovers become a commit, commits and files become evidence. */
import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { commitTree, moveRef } from './commits';
import { git, gitLine, gitList } from './git';
import { withTemporaryIndex } from './index-file';
import { divideLeftovers, type Candidate, type Excluded } from './leftovers';
import { branchTip, headBranch, headCommit, isAncestor, treeOf, type Identity } from './repository';
import { dirtyFiles, requireIdle, type DirtyFile } from './status';

export interface Leftovers {
  /** The commit that Braid made; null when there was nothing to commit. */
  readonly commit: string | null;
  readonly files: readonly string[];
  /** Left uncommitted on purpose. */
  readonly excluded: readonly Excluded[];
}

/** Single files of the untracked folders and files that `status` named; a nested repository stays one entry that ends with `/`. */
async function expandUntracked(worktree: string, untracked: readonly DirtyFile[]): Promise<Result<readonly Candidate[], AppError>> {
  if (untracked.length === 0) return ok([]);
  const files = await gitList(['ls-files', '-z', '--others', '--exclude-standard'], { cwd: worktree });
  if (!files.ok) return files;
  return ok(files.value.map((path) => ({ path, fresh: true, repository: path.endsWith('/') })));
}

async function candidates(worktree: string): Promise<Result<readonly Candidate[], AppError>> {
  const dirty = await dirtyFiles(worktree);
  if (!dirty.ok) return dirty;
  if (dirty.value.some((file) => file.state === 'unmerged')) return err({ kind: 'git/operation-in-progress', operation: 'merge' });
  const changed = dirty.value.filter((file) => file.state === 'changed');
  const tracked = changed.map((file) => ({ path: file.path, fresh: !file.inHead, repository: file.submodule }));
  const untracked = await expandUntracked(worktree, dirty.value.filter((file) => file.state === 'untracked'));
  return untracked.ok ? ok([...tracked, ...untracked.value]) : untracked;
}

/** Uncommitted paths with what tells whether a file was written since: size, inode and time of the last change in nanoseconds. */
export type Uncommitted = ReadonlyMap<string, string>;

async function fingerprint(path: string): Promise<string> {
  const entry = await lstat(path, { bigint: true }).catch(() => null);
  return entry === null ? 'gone' : `${entry.size} ${entry.ino} ${entry.mtimeNs}`;
}

/** What stands uncommitted now, so that it can be told from what an agent adds later. Errors as `git`. */
export async function uncommitted(worktree: string): Promise<Result<Uncommitted, AppError>> {
  const found = await candidates(worktree);
  if (!found.ok) return found;
  const entries = await Promise.all(found.value.map(async ({ path }) => [path, await fingerprint(join(worktree, path))] as const));
  return ok(new Map(entries));
}

/** Candidates that are not as `known` has them. */
async function changedSince(worktree: string, found: readonly Candidate[], known: Uncommitted | undefined): Promise<readonly Candidate[]> {
  if (!known || known.size === 0) return found;
  const kept: Candidate[] = [];
  for (const candidate of found) {
    if (known.get(candidate.path) !== await fingerprint(join(worktree, candidate.path))) kept.push(candidate);
  }
  return kept;
}

const addPaths = (worktree: string, paths: readonly string[], indexFile?: string): Promise<Result<unknown, AppError>> =>
  git(['update-index', '--add', '--remove', '--replace', '-z', '--stdin'], {
    cwd: worktree, input: paths.map((path) => `${path}\0`).join(''), durable: true, ...(indexFile === undefined ? {} : { indexFile }),
  });

/** The tree of `head` with the named paths as they stand in the worktree. */
const treeWith = (worktree: string, head: string, paths: readonly string[]): Promise<Result<string, AppError>> =>
  withTemporaryIndex({ root: worktree }, head, async (indexFile) => {
    const added = await addPaths(worktree, paths, indexFile);
    return added.ok ? gitLine(['write-tree'], { cwd: worktree, indexFile, durable: true }) : added;
  });

/**
 * Commits what the agent left uncommitted, wherever HEAD stands: tracked changes and untracked files, but never likely secrets,
 * dependency folders, files over 10 MB, or repositories inside the lane. No hook runs and nothing is signed. `since` is the parent where
 * the agent left an unborn branch; what is as `known` has it is not the agent's and stays. Errors: git/operation-in-progress (the agent left a merge or rebase half done), as `git`.
 */
export async function commitLeftovers(
  worktree: string,
  request: { readonly message: string; readonly identity: Pick<Identity, 'name' | 'email'>; readonly since: string; readonly known?: Uncommitted },
): Promise<Result<Leftovers, AppError>> {
  const idle = await requireIdle(worktree);
  if (!idle.ok) return idle;
  const head = await headCommit(worktree);
  if (!head.ok) return head;
  const parent = head.value ?? request.since;
  const found = await candidates(worktree);
  if (!found.ok) return found;
  const { paths, excluded } = await divideLeftovers(worktree, await changedSince(worktree, found.value, request.known));
  if (paths.length === 0) return ok({ commit: null, files: [], excluded });
  const tree = await treeWith(worktree, parent, paths);
  if (!tree.ok) return tree;
  const before = await treeOf({ root: worktree }, parent);
  if (!before.ok) return before;
  if (before.value === tree.value) return ok({ commit: null, files: [], excluded });
  const repo = { root: worktree };
  const commit = await commitTree(repo, { tree: tree.value, parents: [parent], message: request.message, identity: request.identity });
  if (!commit.ok) return commit;
  const staged = await addPaths(worktree, paths);
  if (!staged.ok) return staged;
  const moved = await git(['update-ref', '-m', 'braid: leftovers', 'HEAD', commit.value, head.value ?? ''], { cwd: worktree, durable: true });
  return moved.ok ? ok({ commit: commit.value, files: [...paths].sort(), excluded }) : moved;
}

const committedTree = (worktree: string): Promise<Result<string, AppError>> => gitLine(['rev-parse', '--verify', 'HEAD^{tree}'], { cwd: worktree });

/** Uncommitted files whose content counts; of more than these, the size. */
const mostHashed = 1000;

/** What tells the content of an uncommitted path apart from another: git's own hash for plain files, which is not stored, else its size. */
async function contentsOf(worktree: string, paths: readonly string[]): Promise<Result<readonly string[], AppError>> {
  const entries = await Promise.all(paths.map((path) => lstat(join(worktree, path)).catch(() => null)));
  const isHashed = (index: number): boolean => index < mostHashed && entries[index]?.isFile() === true && !/[\r\n]/.test(paths[index] ?? '');
  const named = paths.filter((_, index) => isHashed(index));
  const hashes = await git(['hash-object', '--no-filters', '--stdin-paths'], { cwd: worktree, input: named.map((path) => `${path}\n`).join('') });
  if (!hashes.ok) return hashes;
  const found = new Map(hashes.value.text.split('\n').filter(Boolean).map((hash, index) => [named[index], hash]));
  return ok(paths.map((path, index) => `${path}\0${found.get(path) ?? entries[index]?.size ?? 'gone'}`));
}

/**
 * Names the content of a checkout, its uncommitted files included, but for those that are as `known` has them: equal for equal content. The name of its
 * tree where nothing is uncommitted. Errors as `git`.
 */
export async function contentOf(worktree: string, known?: Uncommitted): Promise<Result<string, AppError>> {
  const tree = await committedTree(worktree);
  if (!tree.ok) return tree;
  const found = await candidates(worktree);
  if (!found.ok) return found;
  const paths = (await changedSince(worktree, found.value, known)).map(({ path }) => path).sort();
  if (paths.length === 0) return tree;
  const contents = await contentsOf(worktree, paths);
  return contents.ok ? ok(`${tree.value}+${createHash('sha256').update(contents.value.join('\0')).digest('hex').slice(0, 16)}`) : contents;
}

/** A commit that changes nothing, on the branch that is checked out; resolves with it. Errors: git/unborn, as `git`. */
export async function commitNothing(worktree: string, request: { readonly message: string; readonly identity: Pick<Identity, 'name' | 'email'> }): Promise<Result<string, AppError>> {
  const head = await headCommit(worktree);
  if (!head.ok) return head;
  if (head.value === null) return err({ kind: 'git/unborn', branch: 'HEAD' });
  const tree = await committedTree(worktree);
  if (!tree.ok) return tree;
  const commit = await commitTree({ root: worktree }, { tree: tree.value, parents: [head.value], message: request.message, identity: request.identity });
  if (!commit.ok) return commit;
  const moved = await git(['update-ref', '-m', 'braid: verification', 'HEAD', commit.value, head.value], { cwd: worktree, durable: true });
  return moved.ok ? commit : moved;
}

export interface LaneEvidence {
  readonly head: string;
  /** `since..HEAD`, oldest first. */
  readonly commits: readonly string[];
  /** Net difference between the trees of `since` and HEAD, so work that was undone again counts as none. */
  readonly files: readonly string[];
  /** Whether HEAD is still on the lane's branch. */
  readonly branchOk: boolean;
}

/** What a lane holds beyond `since`, committed work only. Errors: git/unborn, as `git`. */
export async function collectEvidence(
  worktree: string,
  expected: { readonly since: string; readonly branch: string },
): Promise<Result<LaneEvidence, AppError>> {
  const branch = await headBranch(worktree);
  if (!branch.ok) return branch;
  const head = await headCommit(worktree);
  if (!head.ok) return head;
  if (head.value === null) return err({ kind: 'git/unborn', branch: branch.value ?? 'HEAD' });
  const commits = await git(['rev-list', '--reverse', '--topo-order', `${expected.since}..${head.value}`], { cwd: worktree });
  if (!commits.ok) return commits;
  const files = await gitList(['diff-tree', '-r', '-z', '--name-only', '--no-renames', expected.since, head.value, '--'], { cwd: worktree });
  if (!files.ok) return files;
  return ok({
    head: head.value, commits: commits.value.text.split('\n').filter(Boolean), files: files.value, branchOk: branch.value === expected.branch,
  });
}

/**
 * Brings HEAD back to the lane's branch where an agent detached it or switched branches: the branch takes the commits that HEAD
 * has gained on it, files and index stay as they are. Errors: git/left-branch (HEAD does not descend from the branch: a person must choose, and its
 * commits are kept as `refs/braid/snapshots/<commit>`), git/no-such-branch, as `git`.
 */
export async function returnToBranch(worktree: string, branch: string): Promise<Result<{ readonly adopted: boolean }, AppError>> {
  const repo = { root: worktree };
  const current = await headBranch(worktree);
  if (!current.ok) return current;
  if (current.value === branch) return ok({ adopted: false });
  const tip = await branchTip(repo, branch);
  if (!tip.ok) return tip;
  const head = await headCommit(worktree);
  if (!head.ok) return head;
  if (tip.value === null) return err({ kind: 'git/no-such-branch', branch });
  if (head.value === null) return err({ kind: 'git/unborn', branch: current.value ?? 'HEAD' });
  const gained = await isAncestor(repo, tip.value, head.value);
  if (!gained.ok) return gained;
  if (!gained.value) {
    // Whatever becomes of the lane, its commits stay.
    const kept = await git(['update-ref', `refs/braid/snapshots/${head.value}`, head.value], { cwd: worktree, durable: true });
    return kept.ok ? err({ kind: 'git/left-branch', branch, tip: tip.value, on: current.value, head: head.value }) : kept;
  }
  if (tip.value !== head.value) {
    const moved = await moveRef(repo, { ref: `refs/heads/${branch}`, to: head.value, from: tip.value });
    if (!moved.ok) return moved;
  }
  const switched = await git(['symbolic-ref', '-m', 'braid: back to the lane', 'HEAD', `refs/heads/${branch}`], { cwd: worktree });
  return switched.ok ? ok({ adopted: true }) : switched;
}
