/** Commits, trees and branches by plumbing: no checkout is touched, no hook runs, nothing is signed, no agent is waited for. */
import type { AppError } from '../../../shared/errors';
import { stripControl } from '../../../shared/plain-text';
import { err, ok, type Result } from '../../../shared/result';
import { git, gitLine } from './git';
import { withTemporaryIndex } from './index-file';
import { objectAt } from './objects';
import { branchTip, checkedOutAt, treeOf, type Identity, type InRepository } from './repository';
import { fastForward } from './worktrees';

/** New content of one file, by its path from the root; null deletes it. */
export interface Edit {
  readonly path: string;
  readonly content: Uint8Array | null;
}

/** Trailers by name, in order; values are one line each. */
export type Trailers = Readonly<Record<string, string>>;

const zeros = '0'.repeat(40);

/** Stores bytes as they are (no line-end conversion) and resolves with the blob's id. Errors as `git`. */
export const writeBlob = (repo: InRepository, content: Uint8Array): Promise<Result<string, AppError>> =>
  gitLine(['hash-object', '-w', '--stdin'], { cwd: repo.root, input: content, durable: true });

/** Mode of a path in a tree, e.g. `100644`; null when the tree has not got it. */
async function modeAt(repo: InRepository, tree: string, path: string): Promise<Result<string | null, AppError>> {
  const done = await git(['ls-tree', '-z', tree, '--', path], { cwd: repo.root });
  return done.ok ? ok(/^(\d{6}) /.exec(done.value.text)?.[1] ?? null) : done;
}

/** One line of `update-index --index-info`: `<mode> <oid> <stage> TAB <path> NUL`. */
async function indexLine(repo: InRepository, tree: string, edit: Edit): Promise<Result<string, AppError>> {
  if (edit.content === null) return ok(`0 ${zeros} 0\t${edit.path}\0`);
  const mode = await modeAt(repo, tree, edit.path);
  if (!mode.ok) return mode;
  if (mode.value !== null && !mode.value.startsWith('100')) {
    return err({ kind: 'git/failed', args: ['update-index', edit.path], exitCode: null, stderr: `${edit.path} is not a plain file, so Braid does not write to it.` });
  }
  const blob = await writeBlob(repo, edit.content);
  return blob.ok ? ok(`${mode.value ?? '100644'} ${blob.value} 0\t${edit.path}\0`) : blob;
}

/** The tree of a commit or tree with some files replaced, modes kept; resolves with its id. Links and submodules are refused with git/failed. */
export async function writeTree(repo: InRepository, tree: string, edits: readonly Edit[]): Promise<Result<string, AppError>> {
  if (edits.length === 0) return treeOf(repo, tree);
  const lines: string[] = [];
  for (const edit of edits) {
    const line = await indexLine(repo, tree, edit);
    if (!line.ok) return line;
    lines.push(line.value);
  }
  return withTemporaryIndex(repo, tree, async (indexFile) => {
    const changed = await git(['update-index', '-z', '--index-info'], { cwd: repo.root, indexFile, input: lines.join('') });
    if (!changed.ok) return changed;
    // A path that no index takes (.git, ..) is passed over with exit code 0.
    const refused = changed.value.stderr.includes('Ignoring path');
    if (refused) return err({ kind: 'git/failed', args: ['update-index', '--index-info'], exitCode: 0, stderr: changed.value.stderr });
    return gitLine(['write-tree'], { cwd: repo.root, indexFile, durable: true });
  });
}

/** Task titles are foreign text: no control sequence of theirs may reach a terminal by way of `git log`. */
const oneLine = (text: string): string => stripControl(text).replace(/\s+/g, ' ').trim();

/** Subject, body and trailers as git expects them; hostile text cannot add a trailer of its own, since those are the last paragraph. */
export function composeMessage(message: string, trailers: Trailers = {}): string {
  const [subject = '', ...rest] = stripControl(message).split('\n');
  const lines = Object.entries(trailers).map(([name, value]) => `${name}: ${oneLine(value)}`);
  const parts = [oneLine(subject) || 'Untitled', rest.join('\n').trim(), lines.join('\n')];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/**
 * Makes a commit object of a tree; moves no branch. The first line of `message` is the subject. The text can be anything: it is never an
 * argument. Resolves with the commit's id. Errors as `git`.
 */
export async function commitTree(
  repo: InRepository,
  commit: { readonly tree: string; readonly parents: readonly string[]; readonly message: string; readonly identity: Pick<Identity, 'name' | 'email'>; readonly trailers?: Trailers },
): Promise<Result<string, AppError>> {
  const { name, email } = commit.identity;
  const env = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  return gitLine(['commit-tree', commit.tree, ...parents, '-F', '-'], {
    cwd: repo.root, env, durable: true, input: composeMessage(commit.message, commit.trailers),
  });
}

/** Compare and swap of any ref; `from` null means that it must not exist yet, `to` null deletes it. Error: git/moved. */
export async function moveRef(
  repo: InRepository,
  move: { readonly ref: string; readonly to: string | null; readonly from: string | null },
): Promise<Result<null, AppError>> {
  const change = move.to === null ? ['-d', move.ref, move.from ?? ''] : [move.ref, move.to, move.from ?? ''];
  const done = await git(['update-ref', '--no-deref', '-m', 'braid', ...change], { cwd: repo.root, durable: true });
  if (done.ok) return ok(null);
  const found = await git(['show-ref', '--verify', '--hash', '--', move.ref], { cwd: repo.root, okCodes: [0, 1, 128] });
  const tip = found.ok ? found.value.text.trim() || zeros : zeros;
  if (tip === (move.from ?? zeros)) return done;
  // Killed after it had moved the ref, git was run again, and found it moved.
  if (done.error.kind === 'git/failed' && done.error.signal !== undefined && tip === (move.to ?? zeros)) return ok(null);
  return err({ kind: 'git/moved', branch: move.ref.replace(/^refs\/(heads|tags)\//, ''), expected: move.from ?? zeros, found: tip });
}

/**
 * Moves a branch from one commit to another, or makes it (`from` null), only if it still stands at `from`. Not for a branch that is
 * checked out: its files would stay behind. Error: git/moved.
 */
export const moveBranch = (
  repo: InRepository,
  move: { readonly branch: string; readonly to: string; readonly from: string | null },
): Promise<Result<null, AppError>> => moveRef(repo, { ref: `refs/heads/${move.branch}`, to: move.to, from: move.from });

/** Content of a file in a commit, byte for byte; null when the commit has no file there. Errors as `git`. */
export async function readFileAt(repo: InRepository, commit: string, path: string): Promise<Result<Buffer | null, AppError>> {
  const known = await objectAt(repo.root, commit, path);
  if (known !== undefined) return ok(known?.type === 'blob' ? known.content : null);
  const entry = await git(['ls-tree', '-z', commit, '--', path], { cwd: repo.root });
  if (!entry.ok) return entry;
  // 100644 blob <oid> TAB path
  const blob = /^\d{6} blob ([0-9a-f]+)\t/.exec(entry.value.text)?.[1];
  if (blob === undefined) return ok(null);
  const content = await git(['cat-file', 'blob', blob], { cwd: repo.root });
  return content.ok ? ok(content.value.stdout) : content;
}

/** Puts the named working-tree paths into an index, deletions included. */
const addPaths = (repo: InRepository, paths: readonly string[], indexFile?: string): Promise<Result<unknown, AppError>> =>
  git(['update-index', '--add', '--remove', '-z', '--stdin'], {
    cwd: repo.root, input: paths.map((path) => `${path}\0`).join(''), durable: true, ...(indexFile === undefined ? {} : { indexFile }),
  });

async function advance(repo: InRepository, move: { readonly branch: string; readonly from: string; readonly to: string; readonly paths: readonly string[] }): Promise<Result<null, AppError>> {
  const place = await checkedOutAt(repo, move.branch);
  if (!place.ok) return place;
  if (place.value !== null && place.value !== repo.root) return fastForward(place.value, move.to);
  // The index first: if Braid dies in between, the files are merely staged. The other way round the index would hold their removal.
  if (place.value !== null) {
    const refreshed = await addPaths(repo, move.paths);
    if (!refreshed.ok) return refreshed;
  }
  return moveBranch(repo, move);
}

/**
 * Commits exactly the named paths (relative to the root) as they stand in the working tree, on a branch; whatever else is staged stays
 * staged. Resolves with the commit, or with the branch's tip when they hold nothing new. Errors: git/no-such-branch, git/moved, as `git`.
 */
export async function commitPaths(
  repo: InRepository,
  request: { readonly branch: string; readonly paths: readonly string[]; readonly message: string; readonly identity: Pick<Identity, 'name' | 'email'> },
): Promise<Result<string, AppError>> {
  const { branch, paths, message, identity } = request;
  const tip = await branchTip(repo, branch);
  if (!tip.ok) return tip;
  const from = tip.value;
  if (from === null) return err({ kind: 'git/no-such-branch', branch });
  const tree = await withTemporaryIndex(repo, from, async (indexFile) => {
    const added = await addPaths(repo, paths, indexFile);
    return added.ok ? gitLine(['write-tree'], { cwd: repo.root, indexFile, durable: true }) : added;
  });
  if (!tree.ok) return tree;
  const before = await writeTree(repo, from, []);
  if (!before.ok || before.value === tree.value) return before.ok ? ok(from) : before;
  const commit = await commitTree(repo, { tree: tree.value, parents: [from], message, identity });
  if (!commit.ok) return commit;
  const moved = await advance(repo, { branch, from, to: commit.value, paths });
  return moved.ok ? ok(commit.value) : moved;
}
