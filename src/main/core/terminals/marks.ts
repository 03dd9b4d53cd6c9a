/** What a process of this user shows of where it came from: its environment, its folder, its open files (Linux; elsewhere nothing shows). */
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import type { ProcessEntry } from './process-table';

/** Names and values that a process inherited from the one that Braid started. */
export interface Marker {
  readonly env: Readonly<Record<string, string>>;
}

/** A process may be gone before it is read, or not be ours to look into: then nothing shows. */
const orNull = <T>(reading: Promise<T>): Promise<T | null> => reading.catch(() => null);

async function environment(pid: number): Promise<readonly string[] | null> {
  const text = await orNull(readFile(`/proc/${pid}/environ`, 'latin1'));
  return text === null ? null : text.split('\0');
}

/** Whether a process carries the marker in the environment it was started with. */
export async function hasMarker(pid: number, marker: Marker): Promise<boolean> {
  const found = new Set(await environment(pid));
  // The environment is raw bytes: compare as bytes, in the same latin1 clothes.
  const wanted = Object.entries(marker.env).map(([name, value]) => Buffer.from(`${name}=${value}`).toString('latin1'));
  return wanted.length > 0 && wanted.every((pair) => found.has(pair));
}

const isIn = (path: string | null, folder: string): boolean => path !== null && (path === folder || path.startsWith(`${folder}/`));

/** Access mode of `flags` in /proc/<pid>/fdinfo/<fd> (octal, man 5 proc; open(2)): 0 is O_RDONLY. */
const writes = (info: string | null): boolean => (Number.parseInt(/^flags:\s*(\d+)/m.exec(info ?? '')?.[1] ?? '0', 8) & 3) !== 0;

/** Whether a process stands inside a folder, or has a file there open for writing. */
export async function worksIn(pid: number, folder: string): Promise<boolean> {
  if (isIn(await orNull(readlink(`/proc/${pid}/cwd`)), folder)) return true;
  for (const fd of await orNull(readdir(`/proc/${pid}/fd`)) ?? []) {
    if (isIn(await orNull(readlink(`/proc/${pid}/fd/${fd}`)), folder) && writes(await orNull(readFile(`/proc/${pid}/fdinfo/${fd}`, 'latin1')))) return true;
  }
  return false;
}

/** The pseudo-terminal and the folder that a process was started in, and when (its start time, as process-table.ts has it). */
export interface Place {
  readonly terminal: string | null;
  readonly folder: string;
  readonly since: string | null;
}

/** The number of a terminal is not used again while anybody holds it, so who does was started in it. */
async function holds(pid: number, terminal: string): Promise<boolean> {
  for (const fd of await orNull(readdir(`/proc/${pid}/fd`)) ?? []) {
    if (await orNull(readlink(`/proc/${pid}/fd/${fd}`)) === terminal) return true;
  }
  return false;
}

/**
 * Whether a process was started in a place although its environment was emptied: it has the terminal open; or it began since, stands in the
 * folder, and has neither a terminal nor the HOME that every program of a person has.
 */
export async function isStray({ pid, start, terminal }: ProcessEntry, place: Place): Promise<boolean> {
  if (place.since === null || Number(start) < Number(place.since)) return false;
  const owner = await orNull(stat(`/proc/${pid}`));
  if (owner === null || owner.uid !== process.getuid?.()) return false;
  if (place.terminal !== null && await holds(pid, place.terminal)) return true;
  if (terminal || process.env['HOME'] === undefined || !isIn(await orNull(readlink(`/proc/${pid}/cwd`)), place.folder)) return false;
  const names = await environment(pid);
  return names !== null && !names.some((entry) => entry.startsWith('HOME='));
}
