/** Locks that a killed git left in a run's own places, or on the packed branches of all, removed while the run goes on. What stands in the person's own checkout is never touched. */
import { readdir, readFile, readlink, realpath, unlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { readPlainText } from '../plain-file';
import type { InRepository } from './repository';

export interface OwnPlaces {
  /** Below `refs/heads`: `braid/<spec>/<run>`. */
  readonly branches: string;
  /** The worktrees of the run's lanes. */
  readonly worktrees: readonly string[];
}

interface LiveGit {
  readonly parent: number;
  readonly cwd: string;
  readonly open: readonly string[];
}

const nothing = (): null => null;

/** The parent of a git that lives (man 5 proc: name in brackets, then state and parent); null for any other process. */
async function parentOfGit(pid: string): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(nothing);
  if (stat === null || !/^\d+ \(git/.test(stat)) return null;
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? null : Number(parent);
}

/** A git that lives; null for any other process. Where one cannot be looked into, `cwd` is ''. */
async function liveGit(pid: string): Promise<LiveGit | null> {
  const parent = await parentOfGit(pid);
  if (parent === null) return null;
  const line = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
  // It only reads, and lives as long as Braid.
  if (line.split('\0').includes('cat-file')) return null;
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  const open = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(open.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  // One that was just ending shows no folder any more; it is no git that cannot be looked into.
  return cwd === '' && await parentOfGit(pid) === null ? null : { parent, cwd, open: links };
}

/** The lock of all packed branches; every git of the repository may take it. */
const sharedLock = 'packed-refs.lock';

/** Whether a git may still hold the lock: it has it open, or it works where the lock is for. Of Braid's own, only the first, but for a shared lock. */
async function isHeld(lock: string, places: readonly string[]): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const gits = (await Promise.all(pids.map(liveGit))).flatMap((found) => found ?? []);
  return gits.some(({ parent, cwd, open }) => {
    if (open.includes(lock)) return true;
    if (parent === process.pid && !lock.endsWith(sep + sharedLock)) return false;
    return cwd === '' || places.some((place) => cwd === place || cwd.startsWith(place + sep));
  });
}

/** The worktree of the run that a lock below `.git/worktrees` belongs to; null for any other. */
async function laneOf(folder: string, worktrees: readonly string[]): Promise<string | null> {
  const gitFile = await readPlainText(join(folder, 'gitdir')).catch(() => '');
  return worktrees.find((worktree) => gitFile.trimEnd() === join(worktree, '.git')) ?? null;
}

/** Every folder in which a git of the repository may work. */
async function everywhere(repo: InRepository & { readonly commonDir: string }): Promise<readonly string[]> {
  const known = await readdir(join(repo.commonDir, 'worktrees')).catch(() => []);
  const gitFiles = await Promise.all(known.map((name) => readPlainText(join(repo.commonDir, 'worktrees', name, 'gitdir')).catch(() => '')));
  return [repo.root, repo.commonDir, ...gitFiles.flatMap((text) => (text === '' ? [] : [dirname(text.trimEnd())]))];
}

/** Where gits work that may hold this lock; null when it is neither one of the run's own nor that of the packed branches. */
async function holdersOf(repo: InRepository & { readonly commonDir: string }, lock: string, { branches, worktrees }: OwnPlaces): Promise<readonly string[] | null> {
  const parts = lock.startsWith(repo.commonDir + sep) ? lock.slice(repo.commonDir.length + 1).split(sep) : [];
  const path = parts.join('/');
  if (path === sharedLock) return everywhere(repo);
  if (path.startsWith(`refs/heads/${branches}/`) && path.endsWith('.lock') && !parts.includes('..')) return [repo.root, ...worktrees];
  if (parts.length !== 3 || parts[0] !== 'worktrees' || (parts[2] !== 'index.lock' && parts[2] !== 'HEAD.lock')) return null;
  const lane = await laneOf(join(repo.commonDir, 'worktrees', parts[1] ?? ''), worktrees);
  return lane === null ? null : [lane];
}

/**
 * Removes a lock that git met (`git/locked`) when it is one of the run's own, or that of the packed branches, and no git that lives can hold it; true when it is gone. Where living
 * processes cannot be listed (other systems than Linux) it stays, and the resume of the run removes it.
 */
export async function clearDeadLock(repo: InRepository & { readonly commonDir: string }, lock: string, places: OwnPlaces): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const path = await realpath(lock).catch(nothing);
  if (path === null) return true;
  const holders = await holdersOf(repo, path, places);
  if (holders === null || await isHeld(path, holders)) return false;
  return unlink(path).then(() => true, () => false);
}
