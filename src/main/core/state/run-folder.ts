/** Where runs live: `<git common dir>/braid/runs/<run>/`, so that all worktrees share them and `git status` stays clean. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { endActive, replay, type Run } from '../../../shared/run';
import { journalVersion } from '../../../shared/events';
import { claim, claimant, giveBack } from './claim';
import { eventsOf, readJournal, versionOf } from './journal';

export interface RunFolder {
  readonly path: string;
  readonly journal: string;
  readonly prompts: string;
  readonly logs: string;
  readonly report: string;
}

/** The paths of one run's folder; nothing is made on disk. `run` must be an id as `newRunId` makes it. */
export function runFolder(commonDir: string, run: string): RunFolder {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(run)) throw new Error(`Internal error: not a run id: ${run}`);
  const path = join(commonDir, 'braid', 'runs', run);
  return { path, journal: join(path, 'journal.jsonl'), prompts: join(path, 'prompts'), logs: join(path, 'logs'), report: join(path, 'report.json') };
}

/** `r-` and local date and time and a random part: sorts by start, unique enough for one repository. */
export function newRunId(now: Date, random: () => number): string {
  const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
  const day = `${pad(now.getFullYear() % 100)}${pad(now.getMonth() + 1)}${pad(now.getDate())}`;
  const time = `${pad(now.getHours())}${pad(now.getMinutes())}${pad(now.getSeconds())}`;
  return `r-${day}-${time}-${Math.floor(random() * 0x10000).toString(16).padStart(4, '0')}`;
}

/** Ids of all runs of a repository, newest first. No folder yet means no runs. */
export async function listRuns(commonDir: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(join(commonDir, 'braid', 'runs'), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && entry.name.startsWith('r-')).map((entry) => entry.name).sort().reverse();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw cause;
  }
}

/** A run whose process died, as it is now: interrupted. */
export const asLeft = (run: Run): Run => ({ ...endActive(run), state: 'finished', status: 'interrupted', finishedAt: run.finishedAt ?? run.lastAt });

/** The run as people should see it: one that never ended and that no live process owns was interrupted. */
export async function seen(commonDir: string, run: Run): Promise<Run> {
  const unfinished = run.state === 'running' || run.state === 'paused' || run.state === 'stopping';
  return unfinished && await runOwner(commonDir, run.id) === null ? asLeft(run) : run;
}

/** Reads one run back from its journal. */
export async function loadRun(commonDir: string, id: string): Promise<Result<Run, AppError>> {
  const bytes = await readJournal(runFolder(commonDir, id).journal);
  if (!bytes.ok) return bytes;
  const version = versionOf(bytes.value);
  if (version > journalVersion) return err({ kind: 'run/newer', run: id, version });
  const run = replay(eventsOf(bytes.value));
  return run ? ok(run) : err({ kind: 'run/not-found', run: id, known: [] });
}

/** Readable runs of a repository, newest first, at most `limit` folders. Unreadable ones are left out: a torn first line has nothing to show. */
export async function loadRuns(commonDir: string, limit = Number.POSITIVE_INFINITY): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for (const id of (await listRuns(commonDir)).slice(0, limit)) {
    const run = await loadRun(commonDir, id);
    if (run.ok) runs.push(await seen(commonDir, run.value));
  }
  return runs;
}

/** Finds a run by full id or unique ending; without a name the newest. */
export async function findRun(commonDir: string, name: string | null): Promise<Result<Run, AppError>> {
  const ids = await listRuns(commonDir);
  const found = name === null ? ids.slice(0, 1) : ids.includes(name) ? [name] : ids.filter((id) => id.endsWith(name) || id.startsWith(name));
  const [id, ...others] = found;
  if (id === undefined || others.length > 0) return err({ kind: 'run/not-found', run: name ?? '', known: ids.slice(0, 10) });
  return loadRun(commonDir, id);
}

/** Path of a run's claim file. */
const ownerFile = (commonDir: string, run: string): string => join(runFolder(commonDir, run).path, 'owner.json');

/** The live process that owns a run, or null. */
export const runOwner = (commonDir: string, run: string): Promise<number | null> => claimant(ownerFile(commonDir, run));

/** Makes this process the run's one owner. The returned function gives it back; a dead owner's claim is taken over. */
export async function ownRun(commonDir: string, run: string): Promise<Result<() => Promise<void>, AppError>> {
  const path = ownerFile(commonDir, run);
  const claimed = await claim(path);
  if (!claimed.ok) return claimed;
  return claimed.value.takenBy === null ? ok(() => giveBack(path)) : err({ kind: 'run/busy', run, pid: claimed.value.takenBy });
}

/** How often and how long (ms) another process is waited for; a landing with checks may take minutes. */
const aloneTries = 3000;
const alonePause = 100;

/** Takes a claim that others give back soon. Error: run/busy after five minutes. */
export async function alone(path: string, run: string): Promise<Result<null, AppError>> {
  for (let count = 1; ; count += 1) {
    const claimed = await claim(path);
    if (!claimed.ok) return claimed;
    if (claimed.value.takenBy === null) return ok(null);
    if (count === aloneTries) return err({ kind: 'run/busy', run, pid: claimed.value.takenBy });
    await new Promise((resolve) => setTimeout(resolve, alonePause));
  }
}

/** Runs `work` while no other Braid moves a base of this repository; waits for one that does. Error: run/busy after five minutes. */
export async function landingAlone<T>(commonDir: string, run: string, work: () => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> {
  const path = join(commonDir, 'braid', 'landing.json');
  const mine = await alone(path, run);
  if (!mine.ok) return mine;
  try {
    return await work();
  } finally {
    await giveBack(path);
  }
}
