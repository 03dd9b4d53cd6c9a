/** Gits whose Braid was killed: what they hold up (a lock, a wait for a named pipe) would stand in the way of whoever goes on. Linux only, where /proc tells. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isAlive, signal } from '../signals';
import { ownerVariable } from './environment';

/** Milliseconds between two looks, and how many looks until KILL and until they are given up. */
const pause = 40, looksUntilKill = 50, mostLooks = 100;

/**
 * What a signal is sent to where a process is a git that lives, was started by a Braid that does not, and works in one of these folders: the group that it
 * leads (with its filters), or itself; null for any other process.
 */
async function orphan(pid: string, folders: readonly string[]): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // man 5 proc: pid, name in brackets, state, parent, group
  const [, state, group] = /^\d+ \(git.*\) (\S) \d+ (\d+)/s.exec(stat) ?? [];
  if (state === undefined || state === 'Z' || state === 'X') return null;
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  const owner = Number(environment.split('\0').find((pair) => pair.startsWith(`${ownerVariable}=`))?.slice(ownerVariable.length + 1));
  if (!Number.isInteger(owner) || owner <= 0 || isAlive(owner)) return null;
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  if (!folders.some((folder) => cwd === folder || cwd.startsWith(folder + sep))) return null;
  return group === pid ? -Number(pid) : Number(pid);
}

async function orphans(folders: readonly string[]): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return (await Promise.all(pids.map((pid) => orphan(pid, folders)))).filter((target) => target !== null);
}

/** Ends the gits in these folders whose Braid is dead, and resolves when they have ended; one that the system does not let go is left after four seconds. */
export async function endOrphanGits(folders: readonly string[]): Promise<void> {
  if (process.platform !== 'linux') return;
  const told = new Set<number>();
  for (let look = 0; look < mostLooks; look += 1) {
    const left = await orphans(folders);
    if (left.length === 0) return;
    for (const target of left) {
      if (look >= looksUntilKill) signal(target, 'SIGKILL');
      else if (!told.has(target)) signal(target, 'SIGTERM');
      told.add(target);
    }
    await wait(pause);
  }
}
