/** The machine's processes as facts that survive the reuse of a pid: /proc on Linux, `ps` elsewhere. */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Id of its session; 0 where the system does not tell. */
  readonly session: number;
  /** When it started, as the system writes it: the same pid with another start is another process. */
  readonly start: string;
}

/*
 * man 5 proc, /proc/<pid>/stat; the name may hold spaces and brackets, so fields count from the last bracket:
 * 4242 (tmux: server) S 1 4242 4242 0 -1 ... 22nd field: start time in clock ticks since boot
 */
function parseStat(text: string): ProcessEntry | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields;
  const start = fields[19];
  // A zombie runs nothing any more; its parent just has not asked for its end.
  if (state === undefined || start === undefined || state === 'Z' || state === 'X') return null;
  return { pid: Number.parseInt(text, 10), parent: Number(parent), group: Number(group), session: Number(session), start };
}

/** A process of the list may be gone before it is read: then it is not there. */
async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    return null;
  }
}

async function fromProc(): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readOrNull(`/proc/${pid}/stat`)));
  return stats.flatMap((text) => (text === null ? [] : parseStat(text) ?? []));
}

/* ` 4242     1  4242 Ss   Sat Nov 21 03:00:36 2026`; `sess` of macOS is a kernel address, so sessions stay unknown. */
async function fromPs(): Promise<ProcessEntry[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,pgid=,stat=,lstart='], { env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, group, state, start] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
    if (state === undefined || start === undefined || state.startsWith('Z')) return [];
    return { pid: Number(pid), parent: Number(parent), group: Number(group), session: 0, start };
  });
}

/** Every process that runs now, without zombies. */
export const listProcesses = (): Promise<ProcessEntry[]> => (process.platform === 'linux' ? fromProc() : fromPs());

/** When process `pid` started; null when it is gone. */
export async function startOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return (await listProcesses()).find((entry) => entry.pid === pid)?.start ?? null;
  const text = await readOrNull(`/proc/${pid}/stat`);
  return text === null ? null : parseStat(text)?.start ?? null;
}

/** Marks that a process inherited from the one that Braid started; `cwd` narrows it to those that work inside a folder. */
export interface Marker {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Whether a process carries the marker in the environment it was started with (Linux, own processes only). */
export async function hasMarker(pid: number, marker: Marker): Promise<boolean> {
  const text = await readOrNull(`/proc/${pid}/environ`);
  if (text === null) return false;
  // The environment is raw bytes: compare as bytes, in the same latin1 clothes.
  const found = new Set(text.split('\0'));
  const wanted = Object.entries(marker.env).map(([name, value]) => Buffer.from(`${name}=${value}`).toString('latin1'));
  if (wanted.length === 0 || !wanted.every((pair) => found.has(pair))) return false;
  return marker.cwd === undefined || worksIn(pid, marker.cwd);
}

async function worksIn(pid: number, folder: string): Promise<boolean> {
  try {
    const cwd = await readlink(`/proc/${pid}/cwd`);
    return cwd === folder || cwd.startsWith(`${folder}/`);
  } catch {
    // Gone, or not ours to look into.
    return false;
  }
}
