/** Whether a folder still is what it was made as: a worktree of this repository. An agent may have removed or replaced its `.git`, or the whole folder. */
import { lstat, realpath, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { readPlainText } from '../plain-file';
import type { Repository } from './repository';

/**
 * True where the folder's `.git` file leads to an entry of this repository that leads back to the folder (gitrepository-layout(5), "worktrees"). Two files
 * are read and no git is run: in a folder that is none, git would take the next repository above it.
 */
export async function isOwnWorktree(repo: Pick<Repository, 'commonDir'>, path: string): Promise<boolean> {
  try {
    const gitDir = /^gitdir: (.+)\n?$/.exec(await readPlainText(join(path, '.git')))?.[1];
    if (gitDir === undefined) return false;
    const entry = await realpath(resolve(path, gitDir));
    if (dirname(entry) !== await realpath(join(repo.commonDir, 'worktrees'))) return false;
    const back = (await readPlainText(join(entry, 'gitdir'))).trimEnd();
    return await realpath(dirname(resolve(entry, back))) === await realpath(path);
  } catch {
    // Missing, unreadable or no plain file: it leads nowhere.
    return false;
  }
}

/** Does what is to be done in a worktree of the repository (or in `repo.root` itself). Error: git/not-worktree, with no git run. */
export async function inOwnWorktree<T>(repo: Pick<Repository, 'root' | 'commonDir'>, path: string, work: () => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> {
  return path === repo.root || await isOwnWorktree(repo, path) ? work() : err({ kind: 'git/not-worktree', path });
}

/** Moves whatever is at `path` beside it, to a name that is free (`<path>.aside-1`); resolves with that, or with null where nothing was there. */
export async function moveAside(path: string): Promise<Result<string | null, AppError>> {
  const isThere = (place: string): Promise<boolean> => lstat(place).then(() => true, () => false);
  if (!await isThere(path)) return ok(null);
  for (let count = 1; ; count += 1) {
    const aside = `${path}.aside-${count}`;
    if (await isThere(aside)) continue;
    try {
      await rename(path, aside);
      return ok(aside);
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
      return err({ kind: 'io/failed', path, code, detail: cause instanceof Error ? cause.message : String(cause) });
    }
  }
}
