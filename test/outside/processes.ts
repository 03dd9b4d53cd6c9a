/** What of a run is alive, as a person would find it in /proc. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

async function carries(pid: number, mark: string): Promise<boolean> {
  try {
    const entries = (await readFile(`/proc/${pid}/environ`, 'latin1')).split('\0');
    return entries.some((entry) => entry.startsWith('BRAID_RUN=') && entry.endsWith(mark)) && !/^\d+ \(.*\) Z/s.test(await readFile(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    // Gone, or not ours.
    return false;
  }
}

/** Live processes that carry the mark of a run in their environment: its agents, their children, and its host. */
export async function marked(mark: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map((pid) => carries(pid, mark)));
  return pids.filter((_, index) => found[index]);
}

/** Pid of a run's host. */
export async function hostOf(runFolder: string): Promise<number> {
  return Number(JSON.parse(await readFile(join(runFolder, 'host.json'), 'utf8')).pid);
}

/** Kills; what has ended by itself in the meantime is fine. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ESRCH')) throw cause;
  }
}
