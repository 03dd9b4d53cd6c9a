/** What became of the runs of a repository by other processes' hands. It is looked for from time to time: that a process died is told by no file. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listRuns, runFolder, runOwner } from './core/state/run-folder';

/** Milliseconds between two looks, and how many times as long as a look took the pause after it is at least. */
const interval = 1000;
const pause = 10;

interface Sight {
  /** Differs as soon as the journal or the owner does. */
  readonly print: string;
  readonly owner: number | null;
}

async function sightOf(commonDir: string, run: string): Promise<Sight> {
  const journal = await stat(runFolder(commonDir, run).journal).catch(() => null);
  const owner = await runOwner(commonDir, run);
  return { print: `${journal?.size ?? 0} ${journal?.mtimeMs ?? 0} ${owner ?? ''}`, owner };
}

/** The size of everything that a run's agents have printed, in bytes. */
export async function loggedBytes(commonDir: string, run: string, files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map((file) => stat(join(runFolder(commonDir, run).logs, file)).then(({ size }) => size, () => 0)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

export class RunWatch {
  #sights = new Map<string, Sight>();

  /** Living processes that own a run, by its id, as of the last look. */
  get owners(): ReadonlyMap<string, number> {
    return new Map([...this.#sights].flatMap(([run, { owner }]) => (owner === null ? [] : [[run, owner]])));
  }

  /** Looks at the newest runs; resolves with those that are new or changed since the last look. */
  async look(commonDir: string, limit: number): Promise<readonly string[]> {
    const runs = (await listRuns(commonDir)).slice(0, limit);
    const sights = new Map(await Promise.all(runs.map(async (run) => [run, await sightOf(commonDir, run)] as const)));
    const changed = runs.filter((run) => this.#sights.get(run)?.print !== sights.get(run)?.print);
    this.#sights = sights;
    return changed;
  }

  /** Another repository is looked at. */
  forget(): void {
    this.#sights = new Map();
  }
}

/** Calls `look` from time to time, one call at a time; returns the end of it. */
export function fromTimeToTime(look: () => Promise<void>): () => void {
  let over = false;
  let timer: NodeJS.Timeout | null = null;
  const wait = (milliseconds: number): void => {
    timer = setTimeout(() => void turn(), milliseconds);
    timer.unref();
  };
  const turn = async (): Promise<void> => {
    const began = performance.now();
    await look();
    if (!over) wait(Math.max(interval, (performance.now() - began) * pause));
  };
  wait(interval);
  return () => {
    over = true;
    if (timer) clearTimeout(timer);
  };
}
