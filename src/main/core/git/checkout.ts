/** Moves a person's checkout together with its branch, without losing a byte of what he has not committed. */
import { lstat, mkdir, open, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { readPlain } from '../plain-file';
import { writeBlob } from './commits';
import { git } from './git';
import { mergeTexts } from './merge-text';
import { branchTip, headBranch, headCommit, type InRepository } from './repository';
import { overlappingFiles, requireIdle } from './status';
import { fastForward } from './worktrees';

export interface CheckoutMove {
  /** Folder of the checkout. */
  readonly path: string;
  readonly branch: string;
  readonly from: string;
  readonly to: string;
  /** Forward by fast-forward, with the user's hooks; back by a two-tree merge. */
  readonly direction: 'forward' | 'back';
  /** Files that a person may have edited by hand meanwhile: merged three-way, and left uncommitted. */
  readonly taskFiles: readonly string[];
  /** Puts the ticks that the move brings into a task file, so that a hand edit beside one does not conflict with it. */
  readonly ticked?: (path: string, content: Buffer, like: Buffer) => Buffer;
  /** Folder for copies of such files, made before they are touched; null: they are not touched at all. */
  readonly backupDir: string | null;
}

/** A hand-edited file, and what it becomes. All bytes are in working-tree form. */
interface HandEdit {
  readonly path: string;
  readonly original: Buffer;
  readonly merged: Buffer;
  /** The file's entry in the index, to be put back when the move fails: `<mode> <oid> 0 TAB <path> NUL`. */
  readonly entry: string;
}

const ioFailed = (path: string, error: unknown): AppError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
  return { kind: 'io/failed', path, code, detail: error instanceof Error ? error.message : String(error) };
};

async function attempt<T>(path: string, action: () => Promise<T>): Promise<Result<T, AppError>> {
  try {
    return ok(await action());
  } catch (error) {
    return err(ioFailed(path, error));
  }
}

/** A plain file of a commit as it would be checked out; null where the commit has none. */
async function checkedOutForm(root: string, commit: string, path: string): Promise<Result<Buffer | null, AppError>> {
  const entry = await git(['ls-tree', '-z', commit, '--', path], { cwd: root });
  if (!entry.ok) return entry;
  if (!entry.value.text.startsWith('100')) return ok(null);
  const content = await git(['cat-file', '--filters', `${commit}:${path}`], { cwd: root });
  return content.ok ? ok(content.value.stdout) : content;
}

/** How a hand-edited file would be merged; null where it cannot be (deleted on one side, a link), `conflict` where both sides change the same lines. */
async function planHandEdit(move: CheckoutMove, path: string): Promise<Result<HandEdit | 'conflict' | null, AppError>> {
  const place = join(move.path, path);
  const file = await lstat(place).catch(() => null);
  if (!file?.isFile()) return ok(null);
  const staged = await git(['ls-files', '--stage', '-z', '--', path], { cwd: move.path });
  if (!staged.ok) return staged;
  // 100644 <oid> 0 TAB path NUL; three entries while it is unmerged, none when its removal is staged.
  if (!/^100\d{3} [0-9a-f]+ 0\t[^\0]*\0$/.test(staged.value.text)) return ok(null);
  const base = await checkedOutForm(move.path, move.from, path);
  if (!base.ok) return base;
  const theirs = await checkedOutForm(move.path, move.to, path);
  if (!theirs.ok) return theirs;
  if (base.value === null || theirs.value === null) return ok(null);
  const ours = await attempt(place, () => readPlain(place));
  if (!ours.ok) return ours;
  const landed = theirs.value;
  // As the commit has them: a tick by hand in another manner is one edit, not a reason to change all the others.
  const ticked = (content: Buffer): Buffer => (move.ticked ? move.ticked(path, content, landed) : content);
  const merged = await mergeTexts(move.path, { ours: ticked(ours.value), base: ticked(base.value), theirs: landed });
  if (!merged.ok || merged.value === null) return merged.ok ? ok(ours.value.includes(0) ? null : 'conflict') : merged;
  return ok({ path, original: ours.value, merged: merged.value, entry: staged.value.text });
}

/** The hand-edited files that the move has to merge. Errors: git/dirty-overlap for everything else that is in the way. */
async function planMove(move: CheckoutMove): Promise<Result<readonly HandEdit[], AppError>> {
  const overlap = await overlappingFiles(move.path, move.from, move.to);
  if (!overlap.ok) return overlap;
  const edits: HandEdit[] = [];
  const refused: string[] = [];
  const clashing: string[] = [];
  for (const path of overlap.value) {
    const mergeable = move.backupDir !== null && move.taskFiles.includes(path);
    const edit = mergeable ? await planHandEdit(move, path) : ok(null);
    if (!edit.ok) return edit;
    if (edit.value === 'conflict') clashing.push(path);
    else if (edit.value === null) refused.push(path);
    else edits.push(edit.value);
  }
  const files = [...refused, ...clashing];
  return files.length > 0 ? err({ kind: 'git/dirty-overlap', files, ...(clashing.length > 0 ? { clashing } : {}) }) : ok(edits);
}

/**
 * Says whether the move could be done now. Errors: git/operation-in-progress, git/moved (another branch or commit is checked out),
 * git/dirty-overlap.
 */
export async function checkMove(move: CheckoutMove): Promise<Result<readonly HandEdit[], AppError>> {
  const idle = await requireIdle(move.path);
  if (!idle.ok) return idle;
  const branch = await headBranch(move.path);
  if (!branch.ok) return branch;
  const head = await headCommit(move.path);
  if (!head.ok) return head;
  if (branch.value !== move.branch || head.value !== move.from) {
    return err({ kind: 'git/moved', branch: move.branch, expected: move.from, found: head.value ?? 'no commit' });
  }
  return planMove(move);
}

/** Keeps the file's content twice before it is touched: as a blob in the repository and as a file, both flushed to the disk. */
async function keepCopy(move: CheckoutMove, edit: HandEdit, folder: string): Promise<Result<null, AppError>> {
  const blob = await writeBlob({ root: move.path }, edit.original);
  if (!blob.ok) return blob;
  const place = join(folder, `${blob.value.slice(0, 12)}-${basename(edit.path)}`);
  return attempt(place, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(place, 'w', 0o600);
    try {
      await file.writeFile(edit.original);
      await file.sync();
    } finally {
      await file.close();
    }
    return null;
  });
}

async function setAside(move: CheckoutMove, edits: readonly HandEdit[]): Promise<Result<null, AppError>> {
  for (const edit of edits) {
    const kept = await keepCopy(move, edit, move.backupDir ?? '');
    if (!kept.ok) return kept;
  }
  for (const edit of edits) {
    const restored = await git(['checkout', '--quiet', 'HEAD', '--', edit.path], { cwd: move.path });
    if (!restored.ok) return restored;
  }
  return ok(null);
}

/** Puts the person's files back: merged with what has landed, or as they were. */
async function bringBack(move: CheckoutMove, edits: readonly HandEdit[], landed: boolean): Promise<Result<null, AppError>> {
  for (const edit of edits) {
    const place = join(move.path, edit.path);
    const written = await attempt(place, () => writeFile(place, landed ? edit.merged : edit.original));
    if (!written.ok) return written;
  }
  if (landed || edits.length === 0) return ok(null);
  const staged = await git(['update-index', '-z', '--index-info'], { cwd: move.path, input: edits.map((edit) => edit.entry).join('') });
  return staged.ok ? ok(null) : staged;
}

async function moveFiles(move: CheckoutMove): Promise<Result<null, AppError>> {
  if (move.direction === 'forward') return fastForward(move.path, move.to, { hooks: true });
  return moveBack(move);
}

/**
 * Takes files and index from one commit to the other and leaves everything else that is staged or changed as it is (git-read-tree(1), "two
 * tree merge"); `reset --keep` would forget what is staged. The branch moves first, by compare and swap, and returns when the files cannot.
 */
async function moveBack(move: CheckoutMove): Promise<Result<null, AppError>> {
  const ref = `refs/heads/${move.branch}`;
  const moved = await git(['update-ref', '-m', 'braid: rollback', ref, move.to, move.from], { cwd: move.path, durable: true });
  if (!moved.ok) return moved;
  const files = await git(['read-tree', '-m', '-u', move.from, move.to], { cwd: move.path, durable: true });
  if (files.ok) return ok(null);
  const returned = await git(['update-ref', '-m', 'braid: rollback taken back', ref, move.from, move.to], { cwd: move.path, durable: true });
  return returned.ok ? files : returned;
}

/**
 * Moves the checkout and its branch from one commit to another; hand-edited task files are merged and stay uncommitted. On any error the
 * checkout is as it was. Errors as `checkMove`, io/failed.
 */
export async function moveCheckout(repo: InRepository, move: CheckoutMove): Promise<Result<null, AppError>> {
  const plan = await checkMove(move);
  if (!plan.ok) return plan;
  const aside = await setAside(move, plan.value);
  const moved = aside.ok ? await moveFiles(move) : aside;
  const back = await bringBack(move, plan.value, moved.ok);
  if (!moved.ok) return moved;
  if (!back.ok) return back;
  const tip = await branchTip(repo, move.branch);
  if (!tip.ok) return tip;
  return tip.value === move.to ? ok(null) : err({ kind: 'git/moved', branch: move.branch, expected: move.to, found: tip.value ?? 'no commit' });
}
