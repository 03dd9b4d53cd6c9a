/**
 * Claim files: one process at a time owns what a file stands for. A claim appears whole or not at all, names a process together with its start
 * time, and one of a dead process is taken over by exactly one of those who find it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { readPlainText } from '../plain-file';
import { isAlive } from '../signals';
import { ioError, makeFolder } from './atomic-write';

const claimSchema = z.object({ pid: z.number().int().positive(), started: z.string() });

const hasCode = (cause: unknown, code: string): boolean => cause instanceof Error && 'code' in cause && cause.code === code;

/**
 * Start time of a process in clock ticks since boot (fields 3 and 22 of /proc/<pid>/stat, man 5 proc), so that a reused pid is told apart; '' elsewhere.
 * Null: it is dead, and its parent just has not asked for its end.
 */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : fields[19] ?? '';
  } catch {
    return '';
  }
}

function lives(owner: { pid: number; started: string }): boolean {
  if (!isAlive(owner.pid)) return false;
  const started = processStart(owner.pid);
  return started !== null && (owner.started === '' || started === owner.started);
}

/** The live process that the text of a claim names, or null: it is dead, or the text is none (an earlier version, a full disk). */
function aliveIn(text: string): number | null {
  try {
    const parsed = claimSchema.safeParse(JSON.parse(text));
    return parsed.success && lives(parsed.data) ? parsed.data.pid : null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

/** The live process that a claim file names, or null. */
export async function claimant(path: string): Promise<number | null> {
  const text = await readPlainText(path).catch(() => null);
  return text === null ? null : aliveIn(text);
}

/** Makes the file with its whole content, by a link: false when it is there already. */
async function make(path: string, content: string): Promise<Result<boolean, AppError>> {
  const own = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await makeFolder(dirname(path));
  } catch (cause) {
    return err(ioError(path, cause));
  }
  try {
    await writeFile(own, content, { flag: 'wx', mode: 0o600 });
    await link(own, path).catch(async (cause: unknown) => {
      // File systems without links (FAT, some shares) get the second best: made in one step, filled in the next.
      if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].some((code) => hasCode(cause, code))) throw cause;
      await writeFile(path, content, { flag: 'wx', mode: 0o600 });
    });
    return ok(true);
  } catch (cause) {
    return hasCode(cause, 'EEXIST') ? ok(false) : err(ioError(path, cause));
  } finally {
    // The temporary name may or may not exist; the claim is the link.
    await unlink(own).catch((ignored: unknown) => ignored);
  }
}

export interface Claimed {
  /** Null: this process has the claim now; else the process that has it. */
  readonly takenBy: number | null;
}

/** Gives a claim of this process back. The repository may have been removed meanwhile, and the claim with it. */
export async function giveBack(path: string): Promise<void> {
  await unlink(path).catch((cause: unknown) => {
    if (!hasCode(cause, 'ENOENT')) throw cause;
  });
}

/**
 * Removes the claim of a dead process. Whoever does holds the claim to just that, so nobody removes what another has put in its place meanwhile.
 * Resolves with a living process that is about to.
 */
async function removeDead(path: string, text: string): Promise<Result<Claimed, AppError>> {
  const turn = `${path}.${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
  const taken = await claim(turn);
  if (!taken.ok || taken.value.takenBy !== null) return taken;
  try {
    if (await readPlainText(path).catch(() => null) === text) await giveBack(path);
    return ok({ takenBy: null });
  } finally {
    await giveBack(turn);
  }
}

/** How often it is looked again after others came in between. */
const tries = 10;

/** Makes the claim file, or takes it over from a dead process. Errors: `io/failed`. */
export async function claim(path: string): Promise<Result<Claimed, AppError>> {
  const own = JSON.stringify({ pid: process.pid, started: processStart(process.pid) ?? '' });
  let other = 0;
  for (let count = 0; count < tries; count += 1) {
    const made = await make(path, own);
    if (!made.ok) return made;
    if (made.value) return ok({ takenBy: null });
    const text = await readPlainText(path).catch(() => null);
    if (text === null) continue;
    const owner = aliveIn(text);
    if (owner !== null) return ok({ takenBy: owner });
    const removed = await removeDead(path, text);
    if (!removed.ok) return removed;
    other = removed.value.takenBy ?? other;
  }
  return ok({ takenBy: other });
}
