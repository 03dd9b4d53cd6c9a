/** Checkouts of the repository: lanes, the scratch worktree, and moving a checkout forward without overwriting anything. */
import { lstat, mkdir, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { git } from './git';
import { branchTip, headBranch, headCommit, isAncestor, type InRepository } from './repository';
import { listWorktrees, type Worktree } from './simple';
import { dirtyFiles, overlappingFiles } from './status';

/** The path as git prints it: links in the folders above resolved, also where the last folder does not exist. */
async function asGitSees(path: string): Promise<string> {
  const known = await realpath(path).catch(() => null);
  if (known !== null) return known;
  const parent = dirname(path);
  return parent === path ? path : join(await asGitSees(parent), path.slice(parent.length));
}

async function findWorktree(repo: InRepository, path: string): Promise<Result<Worktree | null, AppError>> {
  const trees = await listWorktrees(repo.root);
  if (!trees.ok) return trees;
  const wanted = await asGitSees(path);
  return ok(trees.value.find((tree) => tree.path === wanted || tree.path === path) ?? null);
}

/** Makes sure that a new worktree may use `path`: nothing there, or an empty folder. The folders above it are made. */
async function claim(path: string): Promise<Result<null, AppError>> {
  const entry = await lstat(path).catch(() => null);
  if (entry !== null && (!entry.isDirectory() || (await readdir(path)).length > 0)) return err({ kind: 'git/worktree-exists', path });
  try {
    await mkdir(dirname(path), { recursive: true });
    return ok(null);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
    return err({ kind: 'io/failed', path, code, detail: error instanceof Error ? error.message : String(error) });
  }
}

export interface LanePlace {
  readonly path: string;
  readonly branch: string;
  /** Commit that a new branch starts from. */
  readonly from: string;
}

const turns = new Map<string, Promise<unknown>>();

/**
 * One change to the worktrees of a repository after the other: git reads the entries of all worktrees while it makes one, and one that is half made by
 * another git process fails it.
 */
function inTurn<T>(repo: InRepository, change: () => Promise<T>): Promise<T> {
  const next = (turns.get(repo.root) ?? Promise.resolve()).then(change);
  // Whoever asked for `next` sees its failure; the ones behind go on.
  turns.set(repo.root, next.catch(() => undefined));
  return next;
}

/** Over the entry of a folder that is gone git wants force; otherwise force would let one branch be checked out twice. */
const force = (known: Worktree | null): string[] => (known === null ? [] : ['--force']);

async function makeWorktree(repo: InRepository, lane: LanePlace, found: { readonly known: Worktree | null; readonly tip: string | null }): Promise<Result<null, AppError>> {
  const claimed = await claim(lane.path);
  if (!claimed.ok) return claimed;
  const place = found.tip === null ? ['--no-track', '-b', lane.branch, lane.path, lane.from] : [lane.path, lane.branch];
  const args = ['worktree', 'add', ...force(found.known), ...place];
  const made = await inTurn(repo, () => git(args, { cwd: repo.root, durable: true }));
  if (made.ok) return ok(null);
  if (found.tip === null) {
    // git makes the branch before the folder. Deleted only while it stands where it began, so no work can go with it.
    const undone = await git(['update-ref', '-d', `refs/heads/${lane.branch}`, lane.from], { cwd: repo.root, okCodes: [0, 1, 128] });
    if (!undone.ok) return undone;
  }
  return made;
}

/**
 * Makes a worktree with a branch of its own, outside every checkout. Repeating it is harmless: a worktree that git knows at this path
 * is kept as it is. Errors: git/worktree-exists (something else is in the folder), git/branch-in-the-way (the branch exists, at another
 * commit, and its worktree is not here), as `git`.
 */
export async function addWorktree(repo: InRepository, lane: LanePlace): Promise<Result<null, AppError>> {
  const known = await findWorktree(repo, lane.path);
  if (!known.ok) return known;
  const tip = await branchTip(repo, lane.branch);
  if (!tip.ok) return tip;
  if (known.value !== null && !known.value.missing) {
    // An agent may have left HEAD elsewhere; the branch is what counts, and it is there.
    return tip.value !== null ? ok(null) : err({ kind: 'git/worktree-exists', path: lane.path });
  }
  if (tip.value !== null && tip.value !== lane.from && known.value === null) return err({ kind: 'git/branch-in-the-way', branch: lane.branch });
  return makeWorktree(repo, lane, { known: known.value, tip: tip.value });
}

/** Lets only a linked worktree with a detached HEAD through: nobody's own checkout is ever cleaned by force. */
async function requireScratch(path: string): Promise<Result<null, AppError>> {
  const entry = await lstat(join(path, '.git')).catch(() => null);
  const branch = await headBranch(path);
  if (!branch.ok) return branch;
  if (entry?.isFile() && branch.value === null) return ok(null);
  return err({ kind: 'git/worktree-exists', path });
}

/**
 * Puts the scratch worktree at a commit: tracked files reset, untracked files of an earlier check removed, ignored ones (installed
 * dependencies) kept. Refuses anything but a detached linked worktree with git/worktree-exists.
 */
export async function checkoutDetached(path: string, commit: string): Promise<Result<null, AppError>> {
  const scratch = await requireScratch(path);
  if (!scratch.ok) return scratch;
  const moved = await git(['checkout', '--quiet', '--force', '--detach', commit, '--'], { cwd: path });
  if (!moved.ok) return moved;
  const cleaned = await git(['clean', '-ffdq'], { cwd: path });
  return cleaned.ok ? ok(null) : cleaned;
}

/** Makes the scratch worktree at a commit, without a branch; an existing one is moved there as by `checkoutDetached`. */
export async function addDetached(repo: InRepository, place: { readonly path: string; readonly commit: string }): Promise<Result<null, AppError>> {
  const known = await findWorktree(repo, place.path);
  if (!known.ok) return known;
  if (known.value !== null && !known.value.missing) return checkoutDetached(place.path, place.commit);
  const claimed = await claim(place.path);
  if (!claimed.ok) return claimed;
  const made = await inTurn(repo, () => git(['worktree', 'add', ...force(known.value), '--detach', place.path, place.commit], { cwd: repo.root }));
  return made.ok ? ok(null) : made;
}

/** Keeps a detached HEAD that no branch or tag reaches under `refs/braid/snapshots/`, so that removing its worktree loses no commit. */
export async function keepHead(repo: InRepository, tree: Worktree): Promise<Result<null, AppError>> {
  if (tree.branch !== null || tree.head === null) return ok(null);
  const holders = await git(['for-each-ref', '--count=1', '--contains', tree.head], { cwd: repo.root });
  if (!holders.ok) return holders;
  if (holders.value.text !== '') return ok(null);
  const kept = await git(['update-ref', `refs/braid/snapshots/${tree.head}`, tree.head], { cwd: repo.root, durable: true });
  return kept.ok ? ok(null) : kept;
}

/**
 * Removes a lane's worktree; its branch stays. Nothing there any more is success. Errors: git/dirty-checkout (uncommitted or untracked
 * files), git/worktree-exists (not one of this repository's linked worktrees), as `git` (locked, submodules).
 */
export async function removeWorktree(repo: InRepository, path: string): Promise<Result<null, AppError>> {
  const known = await findWorktree(repo, path);
  if (!known.ok) return known;
  const tree = known.value;
  if (tree === null) return (await lstat(path).catch(() => null)) === null ? ok(null) : err({ kind: 'git/worktree-exists', path });
  if (tree.main) return err({ kind: 'git/worktree-exists', path });
  if (!tree.missing) {
    const dirty = await dirtyFiles(path);
    if (!dirty.ok) return dirty;
    if (dirty.value.length > 0) return err({ kind: 'git/dirty-checkout', files: dirty.value.map((file) => file.path) });
  }
  const kept = await keepHead(repo, tree);
  if (!kept.ok) return kept;
  const removed = await inTurn(repo, () => git(['worktree', 'remove', tree.path], { cwd: repo.root }));
  return removed.ok ? ok(null) : removed;
}

/**
 * Removes a lane's worktree with what is uncommitted in it, for a person who has said so in words; its snapshot is the caller's affair. Refuses
 * the main checkout and folders that are none of this repository's worktrees with git/worktree-exists.
 */
export async function discardWorktree(repo: InRepository, path: string): Promise<Result<null, AppError>> {
  const known = await findWorktree(repo, path);
  if (!known.ok) return known;
  if (known.value === null || known.value.main) return err({ kind: 'git/worktree-exists', path });
  const { path: place } = known.value;
  const removed = await inTurn(repo, () => git(['worktree', 'remove', '--force', place], { cwd: repo.root }));
  return removed.ok ? ok(null) : removed;
}

/** Removes the scratch worktree with everything that checks left in it. Refuses any other worktree with git/worktree-exists. */
export async function removeScratch(repo: InRepository, path: string): Promise<Result<null, AppError>> {
  const known = await findWorktree(repo, path);
  if (!known.ok) return known;
  if (known.value === null) return ok(null);
  if (!known.value.missing) {
    const scratch = await requireScratch(path);
    if (!scratch.ok) return scratch;
  }
  const { path: place } = known.value;
  const removed = await inTurn(repo, () => git(['worktree', 'remove', '--force', place], { cwd: repo.root }));
  return removed.ok ? ok(null) : removed;
}

/**
 * Moves a checkout's branch and files forward to a commit. Errors, with nothing changed: git/moved (it has commits of its own),
 * git/dirty-overlap (uncommitted or ignored files in the way), as `git`.
 */
export async function fastForward(path: string, commit: string, options: { readonly hooks?: boolean } = {}): Promise<Result<null, AppError>> {
  const head = await headCommit(path);
  if (!head.ok) return head;
  const branch = await headBranch(path);
  if (!branch.ok) return branch;
  if (head.value === commit) return ok(null);
  const name = branch.value ?? 'HEAD';
  if (head.value === null) return err({ kind: 'git/unborn', branch: name });
  const behind = await isAncestor({ root: path }, head.value, commit);
  if (!behind.ok) return behind;
  if (!behind.value) return err({ kind: 'git/moved', branch: name, expected: commit, found: head.value });
  const overlap = await overlappingFiles(path, head.value, commit);
  if (!overlap.ok) return overlap;
  if (overlap.value.length > 0) return err({ kind: 'git/dirty-overlap', files: overlap.value });
  const moved = await git(['merge', '--ff-only', '--quiet', '--no-stat', '--no-autostash', '--no-verify-signatures', commit], {
    cwd: path, durable: true, hooks: options.hooks ?? false,
  });
  return moved.ok ? ok(null) : moved;
}

/**
 * Bytes on disk below a folder, links not followed; a file that vanishes meanwhile counts as none. `complete` is false when the walk
 * ended at `limit` entries.
 */
export async function diskBytes(path: string, limit = 200_000): Promise<{ readonly bytes: number; readonly complete: boolean }> {
  let bytes = 0, seen = 0;
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if ((seen += 1) > limit) return { bytes, complete: false };
      const place = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(place);
      else bytes += await lstat(place).then((file) => (file.blocks ? file.blocks * 512 : file.size), () => 0);
    }
  }
  return { bytes, complete: true };
}
