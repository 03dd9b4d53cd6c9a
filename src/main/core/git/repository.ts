/** Facts about a repository: where it is, which branch is checked out where, who commits, what of a spec is committed. */
import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { git, gitLine, gitList } from './git';
import { withTemporaryIndex } from './index-file';
import { headId, headRef, objectId, treeId } from './objects';
import { listWorktrees } from './simple';

export interface Repository {
  /** Absolute path of the checkout that was opened (a linked worktree's own folder). */
  readonly root: string;
  /** That checkout's own git folder. */
  readonly gitDir: string;
  /** The git folder that all worktrees share. */
  readonly commonDir: string;
  /** Checked-out branch without `refs/heads/`; null when HEAD is detached. */
  readonly branch: string | null;
  /** Commit of HEAD; null on an unborn branch. */
  readonly head: string | null;
  /** Name of the root folder. */
  readonly name: string;
}

/** What most functions need of a repository: a checkout to run git in. */
export type InRepository = Pick<Repository, 'root'>;

const oldest = [2, 38] as const;

/** The installed git's version, e.g. `2.39.5`. Errors: git/missing, git/too-old (2.38 brought merges without a checkout). */
export async function gitVersion(): Promise<Result<string, AppError>> {
  const line = await gitLine(['version'], { cwd: process.cwd() });
  if (!line.ok) return line;
  // git version 2.39.5 (Apple Git-154)
  const version = /\d+(\.\d+)+/.exec(line.value)?.[0] ?? line.value;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fits = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  return fits ? ok(version) : err({ kind: 'git/too-old', version, needed: oldest.join('.') });
}

/** The branch that HEAD names, also an unborn one; null when HEAD is detached. Errors as `git`. */
export async function headBranch(worktree: string): Promise<Result<string | null, AppError>> {
  const known = await headRef(worktree);
  if (known !== undefined) return ok(known?.replace(/^refs\/heads\//, '') ?? null);
  const ref = await git(['symbolic-ref', '-q', 'HEAD'], { cwd: worktree, okCodes: [0, 1] });
  if (!ref.ok) return ref;
  const name = ref.value.text.replace(/\n$/, '');
  return ok(name === '' ? null : name.replace(/^refs\/heads\//, ''));
}

/** Commit of HEAD in a checkout; null on an unborn branch. Errors as `git`. */
export async function headCommit(worktree: string): Promise<Result<string | null, AppError>> {
  const known = await headId(worktree);
  if (known !== undefined) return ok(known);
  const done = await git(['rev-parse', '-q', '--verify', 'HEAD^{commit}'], { cwd: worktree, okCodes: [0, 1] });
  return done.ok ? ok(done.value.text.trim() || null) : done;
}

const namesNoRepository = (error: AppError): boolean =>
  error.kind === 'git/failed' && /not a git repository|must be run in a work tree/.test(error.stderr);

async function checkKind(cwd: string, path: string): Promise<Result<null, AppError>> {
  const answers = await gitLine(['rev-parse', '--is-bare-repository', '--is-inside-work-tree'], { cwd, search: true });
  if (!answers.ok) return namesNoRepository(answers.error) ? err({ kind: 'git/not-a-repository', path }) : answers;
  const [bare, inside] = answers.value.split('\n');
  if (inside === 'true') return ok(null);
  return err(bare === 'true' ? { kind: 'git/bare', path } : { kind: 'git/not-a-repository', path });
}

async function folderOf(path: string): Promise<string | null> {
  const entry = await stat(path).catch(() => null);
  if (entry === null) return null;
  return entry.isDirectory() ? path : dirname(path);
}

/**
 * Opens the repository that holds `path`, a folder or a file. Errors: git/not-a-repository (also for a path that does not exist),
 * git/bare, and as `git` (a repository of another user is refused by git, with its own words).
 */
export async function openRepository(path: string): Promise<Result<Repository, AppError>> {
  const cwd = await folderOf(path);
  if (cwd === null) return err({ kind: 'git/not-a-repository', path });
  const kind = await checkKind(cwd, path);
  if (!kind.ok) return kind;
  const places = await placesOf(cwd);
  if (!places.ok) return places;
  const [root, gitDir, commonDir] = places.value;
  const [branch, head] = await Promise.all([headBranch(root), headCommit(root)]);
  if (!branch.ok) return branch;
  if (!head.ok) return head;
  return ok({ root, gitDir, commonDir, branch: branch.value, head: head.value, name: basename(root) });
}

/** Checkout, git folder and common folder. One call where each is one line, else one call each, since paths may hold line breaks. */
async function placesOf(cwd: string): Promise<Result<readonly [string, string, string], AppError>> {
  const asked = ['--show-toplevel', '--absolute-git-dir', '--git-common-dir'] as const;
  const together = await gitLine(['rev-parse', '--path-format=absolute', ...asked], { cwd, search: true });
  if (!together.ok) return together;
  const [root, gitDir, commonDir, ...more] = together.value.split('\n');
  if (root !== undefined && gitDir !== undefined && commonDir !== undefined && more.length === 0) return ok([root, gitDir, commonDir]);
  const [one, two, three] = await Promise.all(asked.map((name) => gitLine(['rev-parse', '--path-format=absolute', name], { cwd, search: true })));
  if (!one?.ok || !two?.ok || !three?.ok) return one?.ok === false ? one : two?.ok === false ? two : three?.ok === false ? three : err({ kind: 'git/not-a-repository', path: cwd });
  return ok([one.value, two.value, three.value]);
}

/**
 * The repository that holds `path`, without asking git again where `known` holds it: no folder between the two is a repository of its own
 * (a submodule, a worktree, a nested clone). Errors as `openRepository`.
 */
export async function repositoryAround(path: string, known: Repository | null): Promise<Result<Repository, AppError>> {
  if (known === null) return openRepository(path);
  const real = await realpath(path).catch(() => null);
  if (real === null || (real !== known.root && !real.startsWith(`${known.root}${sep}`)) || real.split(sep).includes('.git')) return openRepository(path);
  for (let folder = real; folder !== known.root; folder = dirname(folder)) {
    if (await lstat(join(folder, '.git')).then(() => true, () => false)) return openRepository(path);
  }
  return ok(known);
}

/** Commit of a ref by its full name; null when it does not exist. Errors as `git`. */
export async function refCommit(repo: InRepository, ref: string): Promise<Result<string | null, AppError>> {
  const known = await objectId(repo.root, ref);
  if (known !== undefined) return ok(known);
  // show-ref takes the name literally; rev-parse would also read `branch@{1}` and the like.
  const done = await git(['show-ref', '--verify', '--hash', '--', ref], { cwd: repo.root, okCodes: [0, 1, 128] });
  if (!done.ok) return done;
  const value = done.value.text.trim();
  if (done.value.exitCode === 0) return ok(value);
  const unknown = done.value.exitCode === 1 || /not a valid ref/.test(done.value.stderr);
  return unknown ? ok(null) : err({ kind: 'git/failed', args: ['show-ref', ref], exitCode: done.value.exitCode, stderr: done.value.stderr });
}

/** Commit of a local branch; null when there is no such branch. Errors as `git`. */
export const branchTip = (repo: InRepository, branch: string): Promise<Result<string | null, AppError>> =>
  refCommit(repo, `refs/heads/${branch}`);

/** Tree of a commit. Errors as `git`. */
export async function treeOf(repo: InRepository, commit: string): Promise<Result<string, AppError>> {
  const known = await treeId(repo.root, commit);
  return known === undefined ? gitLine(['rev-parse', '--verify', `${commit}^{tree}`], { cwd: repo.root }) : ok(known);
}

/** Whether `ancestor` is reachable from `commit` (or is it). Errors as `git`. */
export async function isAncestor(repo: InRepository, ancestor: string, commit: string): Promise<Result<boolean, AppError>> {
  const done = await git(['merge-base', '--is-ancestor', ancestor, commit], { cwd: repo.root, okCodes: [0, 1] });
  return done.ok ? ok(done.value.exitCode === 0) : done;
}

/** Best common ancestor of two commits; null when their histories have nothing in common. Errors as `git`. */
export async function mergeBase(repo: InRepository, a: string, b: string): Promise<Result<string | null, AppError>> {
  const done = await git(['merge-base', a, b], { cwd: repo.root, okCodes: [0, 1] });
  return done.ok ? ok(done.value.text.split('\n')[0] || null) : done;
}

/** Path of the worktree (any of the repository's) in which a branch is checked out; null when in none. Errors as `git`. */
export async function checkedOutAt(repo: InRepository, branch: string): Promise<Result<string | null, AppError>> {
  const trees = await listWorktrees(repo.root);
  if (!trees.ok) return trees;
  return ok(trees.value.find((tree) => tree.branch === branch && !tree.missing)?.path ?? null);
}

export interface Base {
  readonly branch: string;
  readonly commit: string;
  readonly checkedOutAt: string | null;
}

/**
 * The base of a run: the named local branch, else the one checked out. Errors: git/detached (nothing named, no branch checked
 * out), git/unborn, git/no-such-branch.
 */
export async function resolveBase(repo: InRepository, base: string | null): Promise<Result<Base, AppError>> {
  const current = await headBranch(repo.root);
  if (!current.ok) return current;
  const branch = base?.replace(/^refs\/heads\//, '') ?? current.value;
  if (branch === null) return err({ kind: 'git/detached' });
  const commit = await branchTip(repo, branch);
  if (!commit.ok) return commit;
  if (commit.value === null) return err({ kind: branch === current.value ? 'git/unborn' : 'git/no-such-branch', branch });
  const place = await checkedOutAt(repo, branch);
  return place.ok ? ok({ branch, commit: commit.value, checkedOutAt: place.value }) : place;
}

/**
 * Makes sure that branches below `prefix` (`braid`, or a longer one such as `braid/<spec>`) can exist: a branch named like one of its
 * parts would block them all. Error: git/branch-in-the-way.
 */
export async function checkNamespace(repo: InRepository, prefix = 'braid'): Promise<Result<null, AppError>> {
  const parts = prefix.split('/');
  for (let length = 1; length <= parts.length; length += 1) {
    const branch = parts.slice(0, length).join('/');
    const tip = await branchTip(repo, branch);
    if (!tip.ok) return tip;
    if (tip.value !== null) return err({ kind: 'git/branch-in-the-way', branch });
  }
  return ok(null);
}

export interface Identity {
  readonly name: string;
  readonly email: string;
  /** Whether the user has set both; else Braid's own stand in, for its commits only. */
  readonly configured: boolean;
}

async function configured(repo: InRepository, keys: readonly string[]): Promise<Result<string | null, AppError>> {
  for (const key of keys) {
    const done = await git(['config', '--get', key], { cwd: repo.root, okCodes: [0, 1] });
    if (!done.ok) return done;
    const value = done.value.text.trim();
    if (value !== '') return ok(value);
  }
  return ok(null);
}

/** Who Braid commits as: the user as git knows him (environment, configuration), else Braid itself. Writes no configuration. */
export async function resolveIdentity(repo: InRepository): Promise<Result<Identity, AppError>> {
  const name = await configured(repo, ['author.name', 'user.name']);
  if (!name.ok) return name;
  const email = await configured(repo, ['author.email', 'user.email']);
  if (!email.ok) return email;
  const who = process.env['GIT_AUTHOR_NAME'] || name.value;
  const where = process.env['GIT_AUTHOR_EMAIL'] || email.value;
  return ok({ name: who ?? 'Braid', email: where ?? 'braid@localhost', configured: who !== null && where !== null });
}

export interface SpecFilesState {
  /** Paths relative to the root that differ from the commit or are missing in it, and that git does not ignore. */
  readonly uncommitted: readonly string[];
  /** Files that git ignores and the commit has not got. */
  readonly ignored: readonly string[];
}

/** Path of a folder inside the repository with `/`, `.` for the root; null when it lies outside. */
async function insideRoot(repo: InRepository, folder: string): Promise<string | null> {
  const place = await realpath(folder).catch(() => resolve(folder));
  const inside = relative(await realpath(repo.root), place);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return null;
  return inside === '' ? '.' : inside.split(sep).join('/');
}

/**
 * How the files of a spec folder (absolute path) stand against a commit: what agents, who work from that commit, would not see.
 * Error: spec/outside-repository, and as `git`.
 */
export async function specFilesState(repo: InRepository, commit: string, folder: string): Promise<Result<SpecFilesState, AppError>> {
  const path = await insideRoot(repo, folder);
  if (path === null) return err({ kind: 'spec/outside-repository', path: folder, repo: repo.root });
  return withTemporaryIndex(repo, commit, async (indexFile) => {
    const list = (...flags: string[]): Promise<Result<string[], AppError>> =>
      gitList(['ls-files', '-z', ...flags, '--exclude-standard', '--', path], { cwd: repo.root, indexFile });
    const uncommitted = await list('--modified', '--deleted', '--others');
    if (!uncommitted.ok) return uncommitted;
    const ignored = await list('--others', '--ignored');
    if (!ignored.ok) return ignored;
    return ok({ uncommitted: [...new Set(uncommitted.value)].sort(), ignored: ignored.value });
  });
}
