/** One file of a difference, both sides whole and the hunks as git prints them. */
import type { AppError } from '../../../shared/errors';
import type { FileDiff } from '../../../shared/ipc';
import { ok, type Result } from '../../../shared/result';
import { git, gitLine, gitList } from './git';
import type { InRepository } from './repository';

/** Bytes of each side and of the hunks; what is longer is not sent to the window. */
const sideLimit = 2 * 1024 * 1024;

interface Side {
  readonly mode: string;
  readonly blob: string;
}

interface Change {
  readonly before: Side;
  readonly after: Side;
  readonly path: string;
  readonly oldPath: string | null;
}

/** `:100644 100755 <oid> <oid> R090 NUL old NUL new NUL` -> the change that has `path` on either side. */
function findChange(items: readonly string[], path: string): Change | null {
  let at = 0;
  for (; at < items.length; ) {
    const [before = '', afterMode = '', beforeBlob = '', afterBlob = '', status = ''] = (items[at] ?? '').split(' ');
    const renamed = status.startsWith('R');
    const first = items[at + 1] ?? '';
    const last = renamed ? (items[at + 2] ?? '') : first;
    if (last === path || first === path) {
      return { before: { mode: before.slice(1), blob: beforeBlob }, after: { mode: afterMode, blob: afterBlob }, path: last, oldPath: renamed ? first : null };
    }
    at += renamed ? 3 : 2;
  }
  return null;
}

/** Text of one side; null where it does not exist or is longer than the limit. A submodule reads as git prints it. */
async function readSide(repo: InRepository, side: Side): Promise<Result<string | null, AppError>> {
  if (side.mode === '000000') return ok(null);
  if (side.mode === '160000') return ok(`Subproject commit ${side.blob}\n`);
  const size = await gitLine(['cat-file', '-s', side.blob], { cwd: repo.root });
  if (!size.ok) return size;
  if (Number(size.value) > sideLimit) return ok(null);
  const content = await git(['cat-file', 'blob', side.blob], { cwd: repo.root });
  return content.ok ? ok(content.value.text) : content;
}

function bounded(patch: Buffer): string {
  if (patch.length <= sideLimit) return patch.toString('utf8');
  return patch.subarray(0, patch.lastIndexOf(0x0a, sideLimit - 1) + 1).toString('utf8');
}

/**
 * How one file differs between two commits. `path` is its name on either side. A file that does not differ has an empty patch.
 * A side longer than 2 MB is null and the patch is cut at a line's end. Errors as `git`.
 */
export async function fileDiff(
  repo: InRepository,
  request: { readonly from: string; readonly to: string; readonly path: string },
): Promise<Result<FileDiff, AppError>> {
  const { from, to, path } = request;
  const raw = await gitList(['diff', '--raw', '-z', '-M', '--no-abbrev', '--no-relative', from, to, '--'], { cwd: repo.root });
  if (!raw.ok) return raw;
  const change = findChange(raw.value, path);
  if (change === null) return ok({ path, oldPath: null, before: null, after: null, binary: false, patch: '' });
  const names = change.oldPath === null ? [change.path] : [change.oldPath, change.path];
  const common = ['-M', '--no-ext-diff', '--no-textconv', '--no-color', '--no-relative'];
  const counts = await git(['diff', '--numstat', '-z', ...common, from, to, '--', ...names], { cwd: repo.root });
  if (!counts.ok) return counts;
  const binary = counts.value.text.startsWith('-\t-\t');
  const patch = await git(['diff', '-p', '--src-prefix=a/', '--dst-prefix=b/', ...common, from, to, '--', ...names], { cwd: repo.root });
  if (!patch.ok) return patch;
  const before = binary ? ok(null) : await readSide(repo, change.before);
  if (!before.ok) return before;
  const after = binary ? ok(null) : await readSide(repo, change.after);
  if (!after.ok) return after;
  return ok({ path: change.path, oldPath: change.oldPath, before: before.value, after: after.value, binary, patch: bounded(patch.value.stdout) });
}
