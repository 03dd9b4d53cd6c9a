/**
 * Keeps Braid's own gits from waiting for ever. git opens what lies in a checkout and in its git folder like any file, so a named pipe that an agent left
 * there holds it until somebody writes to it; disks that hang and locks of the system do the same. Each git has a limit, a git that stands still is looked
 * after, and in the lanes of a run that is ending there is little time left.
 */
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { readPlainText } from '../plain-file';
import { gitFolders } from './objects';

/** Why a git was ended. */
export interface Hung {
  /** How long it had run. */
  readonly seconds: number;
  /** The pipe that it waited for; null where none was found. */
  readonly pipe: string | null;
}

export interface GuardedGit {
  readonly cwd: string;
  readonly pid: number | undefined;
  /** The user's hooks run in it, and take their own time. */
  readonly hooks: boolean;
  /** Ends it, with all that it started. */
  readonly end: () => void;
}

export interface Guard {
  /** Null while it was not ended here. */
  readonly hung: () => Hung | null;
  /** It has come to its end. */
  readonly over: () => void;
}

/** Milliseconds between the first looks at a git; doubled up to the last. */
const firstLook = 1000, lastLook = 60_000;
/** Seconds that a git has left in a run that is ending. */
const hurrySeconds = 20;
/** So many times longer may one take in which hooks run. */
const hooksFactor = 6;
/** Folders and files that are looked at for pipes. */
const mostEntries = 200_000;
/** What git reads of a checkout, whatever it is asked. */
const readByGit: ReadonlySet<string> = new Set(['.gitignore', '.gitattributes', '.gitmodules', '.mailmap']);

/** Seconds that a git of Braid's own may take: `BRAID_GIT_TIMEOUT`, else ten minutes. */
function limitSeconds(): number {
  const told = Number(process.env['BRAID_GIT_TIMEOUT']);
  return Number.isFinite(told) && told > 0 ? told : 600;
}

async function firstPipe(top: string, isRead: (name: string, way: string) => boolean, left: { entries: number }): Promise<string | null> {
  const folders = [''];
  for (let way = folders.pop(); way !== undefined && left.entries > 0; way = folders.pop()) {
    const entries = await readdir(join(top, way), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      left.entries -= 1;
      const place = way === '' ? entry.name : join(way, entry.name);
      if (entry.isFIFO() && isRead(entry.name, place)) return join(top, place);
      if (entry.isDirectory() && place !== '.git') folders.push(place);
    }
  }
  return null;
}

/** A named pipe that git reads in this checkout or in its git folder; null when there is none. */
export async function pipeInTheWay(cwd: string): Promise<string | null> {
  const left = { entries: mostEntries };
  const found = await firstPipe(cwd, (name) => readByGit.has(name), left);
  if (found !== null) return found;
  const place = await gitFolders(cwd);
  // The runs of Braid lie there too, and are no business of git's.
  return place === null ? null : firstPipe(place.commonDir, (_, way) => !way.startsWith(`braid${sep}`), left);
}

/** What a process has done so far: its state and the time it was at work (man 5 proc, fields 3, 14 and 15); null where that is not told. */
async function doing(pid: number | undefined): Promise<string | null> {
  const stat = pid === undefined ? '' : await readPlainText(`/proc/${pid}/stat`).catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat === '' ? null : [fields[0], fields[11], fields[12]].join(' ');
}

interface Watched {
  readonly cwd: string;
  readonly limit: (seconds: number) => void;
}

const watched = new Set<Watched>();
const hurried = new Set<string>();
const isBelow = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}${sep}`);

/** Gits below this folder have little time from now on, those under way and those to come, until the returned function is called. */
export function hurryGits(folder: string): () => void {
  hurried.add(folder);
  for (const entry of watched) if (isBelow(folder, entry.cwd)) entry.limit(Math.min(hurrySeconds, limitSeconds()));
  return () => void hurried.delete(folder);
}

/** Watches a git that has just been started, until `over`. */
export function guardGit(git: GuardedGit): Guard {
  const began = performance.now();
  let hung: Hung | null = null;
  let deadline: NodeJS.Timeout | undefined, next: NodeJS.Timeout | undefined;
  const stop = (pipe: string | null): void => {
    if (hung !== null || !watched.has(entry)) return;
    hung = { seconds: Math.round((performance.now() - began) / 1000), pipe };
    git.end();
  };
  const limit = (seconds: number): void => {
    clearTimeout(deadline);
    deadline = setTimeout(() => stop(null), seconds * 1000);
  };
  const look = async (before: string | null | undefined, pause: number): Promise<void> => {
    const now = await doing(git.pid);
    const pipe = now === before ? await pipeInTheWay(git.cwd) : null;
    if (pipe !== null) stop(pipe);
    if (hung === null && watched.has(entry)) next = setTimeout(() => void look(now, Math.min(pause * 2, lastLook)), pause);
  };
  const entry: Watched = { cwd: git.cwd, limit };
  watched.add(entry);
  const most = limitSeconds() * (git.hooks ? hooksFactor : 1);
  limit([...hurried].some((folder) => isBelow(folder, git.cwd)) ? Math.min(hurrySeconds, most) : most);
  next = setTimeout(() => void look(undefined, firstLook), firstLook);
  return {
    hung: () => hung,
    over: () => {
      watched.delete(entry);
      clearTimeout(deadline);
      clearTimeout(next);
    },
  };
}
