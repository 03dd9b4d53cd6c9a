/**
 * Keeps `git gc` away while a run writes. Braid makes objects before a ref refers to them, and a `git gc --prune=now` (an agent's, or the person's)
 * deletes whatever nothing refers to at that moment: the tree of a commit that is just being made. git itself lets one gc run at a time by the file
 * `gc.pid`, whose holder must be alive; Braid holds that file, so a kill of Braid frees it. `git gc --auto` passes over in silence, as it does beside
 * any other gc. Format and rules: lock_repo_for_gc in builtin/gc.c of git, `<pid> <host>`, counted for 12 hours from its last change.
 */
import { stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readPlainText } from '../plain-file';
import { isAlive } from '../signals';

/** Milliseconds that git believes in the file of a live holder. */
const believed = 12 * 60 * 60 * 1000;
/** Milliseconds between two looks: the file is kept young, and taken once another holder has gone. */
const interval = 60_000;

const mine = (): string => `${process.pid} ${hostname()}`;

/** Whether git would wait for the holder that the file names. */
async function isHeld(path: string): Promise<boolean> {
  const text = await readPlainText(path).catch(() => null);
  const entry = await stat(path).catch(() => null);
  const [, pid, host] = /^(\d{1,9}) (\S+)/.exec(text ?? '') ?? [];
  if (entry === null || pid === undefined || Date.now() - entry.mtimeMs > believed) return false;
  return host !== hostname() || isAlive(Number(pid));
}

/** Takes the file, or keeps it young; what stands against it (a gc that is at work, a full disk) is tried again later. */
async function hold(path: string): Promise<void> {
  const text = await readPlainText(path).catch(() => null);
  if (text === mine()) {
    const now = new Date();
    return utimes(path, now, now).catch(() => undefined);
  }
  if (text !== null) {
    if (await isHeld(path)) return;
    await unlink(path).catch(() => undefined);
  }
  await writeFile(path, mine(), { flag: 'wx' }).catch(() => undefined);
}

interface Holding {
  count: number;
  readonly timer: NodeJS.Timeout;
}

/** By git folder: several runs of one repository share one file. */
const holdings = new Map<string, Holding>();

/**
 * Keeps `git gc` from this repository until the returned function is called. It is a precaution and never stands in the way of a run: where the file
 * cannot be made, or another gc is at work, the run goes on and it is tried again every minute. `git prune` and `git gc --force` do not ask.
 */
export async function holdOffGc(commonDir: string): Promise<() => Promise<void>> {
  const path = join(commonDir, 'gc.pid');
  const known = holdings.get(commonDir);
  const holding = known ?? { count: 0, timer: setInterval(() => void hold(path), interval).unref() };
  holding.count += 1;
  holdings.set(commonDir, holding);
  await hold(path);
  return async () => {
    holding.count -= 1;
    if (holding.count > 0) return;
    clearInterval(holding.timer);
    holdings.delete(commonDir);
    if ((await readPlainText(path).catch(() => null)) === mine()) await unlink(path).catch(() => undefined);
  };
}
