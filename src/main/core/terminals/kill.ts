/**
 * Ends a process with everything that it started. Agents run their tools in sessions and groups of their own, so a signal to
 * the child, or to its group, leaves them alive: the tree is noted before the first signal, and each pid is signalled
 * only while it still has the start time that was noted.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { signal } from '../signals';
import { withDescendants } from './families';
import { hasMarker, isStray, worksIn, type Marker, type Place } from './marks';
import { keyOf, listProcesses, type ProcessEntry } from './process-table';

export interface StopOptions {
  /** Milliseconds after INT to the process group; 0 leaves INT out. */
  readonly interruptGrace?: number;
  /** Milliseconds after TERM to every process. */
  readonly termGrace?: number;
  /** Start time of the process that `pid` means (null: it ended before it was read); with another one there, the pid was reused and is left alone. */
  readonly start?: string | null;
  /** Also ends processes that lost their parents but carry this marker. */
  readonly marker?: Marker;
  /** Those that were seen among its descendants while it ran (by `keyOf`), whatever they carry by now. */
  readonly known?: ReadonlySet<string>;
  /** Where it was started: those that emptied their environment are known by it (Linux). */
  readonly place?: Place;
  /** Of those that are known by marker, sight or place only who works inside this folder. */
  readonly within?: string;
}

/** Milliseconds that the system gets to bury what was killed; a process in an uninterruptible wait may take longer. */
const killGrace = 5000;

const pollInterval = 40;

/** The processes of Braid itself: never a target, whatever markers they carry. */
function ownLine(all: readonly ProcessEntry[]): Set<number> {
  const byPid = new Map(all.map((entry) => [entry.pid, entry]));
  const line = new Set<number>();
  for (let pid: number | undefined = process.pid; pid !== undefined && pid > 0 && !line.has(pid); pid = byPid.get(pid)?.parent) line.add(pid);
  return line;
}

/** A pid's session and group keep the pid from reuse, so once its leader is gone they still name the same family. */
function belongs(entry: ProcessEntry, pid: number, reused: boolean): boolean {
  return !reused && (entry.pid === pid || entry.session === pid || entry.group === pid);
}

type IsMarked = (entry: ProcessEntry) => Promise<boolean>;

/** An environment is fixed for a process's life, so each is read once. A folder is not: processes move. */
function markedBy({ marker, known, place, within }: StopOptions): IsMarked {
  if (marker === undefined && known === undefined && place === undefined) return async () => false;
  const strangers = new Set<string>();
  const isOurs = async (entry: ProcessEntry): Promise<boolean> => known?.has(keyOf(entry)) === true
    || (marker !== undefined && await hasMarker(entry.pid, marker)) || (place !== undefined && await isStray(entry, place));
  return async (entry) => {
    const key = keyOf(entry);
    if (strangers.has(key)) return false;
    const ours = await isOurs(entry);
    if (!ours) strangers.add(key);
    return ours && (within === undefined || worksIn(entry.pid, within));
  };
}

async function treeOf(all: readonly ProcessEntry[], pid: number, options: { readonly start?: string | null; readonly isMarked: IsMarked }): Promise<ProcessEntry[]> {
  const own = ownLine(all);
  const others = all.filter((entry) => !own.has(entry.pid));
  const there = all.find((entry) => entry.pid === pid);
  const reused = there !== undefined && options.start !== undefined && there.start !== options.start;
  const marked = await Promise.all(others.map(options.isMarked));
  const roots = others.filter((entry, index) => belongs(entry, pid, reused) || marked[index] === true);
  return withDescendants(others, new Set(roots.map((entry) => entry.pid)));
}

/** A process, its descendants, the rest of its session and group, and what carries the marker. `pid` leads its session. */
export async function processTree(pid: number, options: Pick<StopOptions, 'start' | 'marker'> = {}): Promise<readonly ProcessEntry[]> {
  return treeOf(await listProcesses(), pid, { ...options, isMarked: markedBy(options) });
}

/** Watches a growing family until it is gone or the time (ms) is up; returns who is left, newcomers included. */
async function awaitEnd(look: () => Promise<readonly ProcessEntry[]>, limit: number, onNewcomer: (entry: ProcessEntry) => void): Promise<readonly ProcessEntry[]> {
  const deadline = performance.now() + limit;
  const seen = new Set<string>();
  for (;;) {
    const left = await look();
    for (const entry of left) {
      if (!seen.has(keyOf(entry))) onNewcomer(entry);
      seen.add(keyOf(entry));
    }
    if (left.length === 0 || performance.now() >= deadline) return left;
    await wait(pollInterval);
  }
}

/** Remembers everyone ever seen in the family, so that a child whose parent died first is not forgotten. */
function family(pid: number, options: StopOptions): () => Promise<readonly ProcessEntry[]> {
  const known = new Set<string>();
  const isMarked = markedBy(options);
  return async () => {
    const all = await listProcesses();
    for (const entry of await treeOf(all, pid, { ...options, isMarked })) known.add(keyOf(entry));
    return withDescendants(all, new Set(all.filter((entry) => known.has(keyOf(entry))).map((entry) => entry.pid)));
  };
}

/**
 * Ends process `pid`, which leads its session, with its whole tree: INT to its group (as Ctrl-C does), TERM to all, KILL to all.
 * Resolves when all of it is verified gone, with the pids that could not be ended (another user's, or stuck in the kernel).
 */
export async function stopTree(pid: number, options: StopOptions = {}): Promise<readonly number[]> {
  const { interruptGrace = 3000, termGrace = 2000 } = options;
  const look = family(pid, options);
  let left = await look();
  if (left.length > 0 && interruptGrace > 0) {
    if (left.some((entry) => entry.group === pid)) signal(-pid, 'SIGINT');
    left = await awaitEnd(look, interruptGrace, () => {});
  }
  if (left.length > 0) left = await awaitEnd(look, termGrace, (entry) => signal(entry.pid, 'SIGTERM'));
  if (left.length > 0) left = await awaitEnd(look, killGrace, (entry) => signal(entry.pid, 'SIGKILL'));
  return left.map((entry) => entry.pid);
}

/** No process: only the marker chooses. */
const nobody = -1;

/** Ends every process that carries the marker, with its descendants. Resolves when they are gone, with the pids that could not be ended. */
export const endMarked = (marker: Marker): Promise<readonly number[]> => stopTree(nobody, { interruptGrace: 0, marker });
