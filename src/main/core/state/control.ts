/**
 * How another process reaches the one that drives a run: a file per command in `<run>/control/`, answered by a file beside it. Works wherever the
 * repository is, needs no port, and whoever may write there may also write the repository.
 */
import { randomUUID } from 'node:crypto';
import { watch } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runControlSchema, type RunControl } from '../../../shared/control';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { readPlain, readPlainText } from '../plain-file';
import { ioError, makeFolder, writeAtomic } from './atomic-write';

const ending = '.command.json';
const answerSchema = z.object({ done: z.boolean(), error: z.string() }).strict();

const answerOf = (command: string): string => command.replace(ending, '.answer.json');

/** Reads a file that may hold anything; null when it is no JSON or is gone. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readPlainText(path));
  } catch {
    return null;
  }
}

/**
 * Obeys commands as they come, and those that came before. `obey` resolves with what went wrong, '' for nothing. Returns the end of it. Errors:
 * `io/failed` (no room for the folder, or the system watches too much already).
 */
export async function obeyCommands(folder: string, obey: (command: RunControl) => Promise<string>): Promise<Result<() => void, AppError>> {
  const seen = new Set<string>();
  const look = async (): Promise<void> => {
    for (const name of await readdir(folder).catch(() => [])) {
      if (!name.endsWith(ending) || seen.has(name)) continue;
      seen.add(name);
      const command = runControlSchema.safeParse(await readJson(join(folder, name)));
      const error = command.success ? await obey(command.data) : 'this command cannot be read';
      await unlink(join(folder, name)).catch((gone: unknown) => gone);
      await writeAtomic(join(folder, answerOf(name)), JSON.stringify({ done: error === '', error }));
    }
  };
  try {
    await makeFolder(folder);
    const watcher = watch(folder, () => void look());
    watcher.on('error', () => watcher.close());
    void look();
    return ok(() => watcher.close());
  } catch (cause) {
    return err(ioError(folder, cause));
  }
}

/** Tells the process that drives the run. Errors: run/not-obeyed (with its words, or after `limit` milliseconds without an answer), `io/failed`. */
export async function sendCommand(folder: string, run: string, command: RunControl, limit = 30_000): Promise<Result<null, AppError>> {
  const name = `${randomUUID()}${ending}`;
  const answerFile = join(folder, answerOf(name));
  try {
    await makeFolder(folder);
  } catch (cause) {
    return err(ioError(folder, cause));
  }
  let settle: (answered: boolean) => void = () => undefined;
  const answered = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  const isThere = (): Promise<void> => readPlain(answerFile).then(() => settle(true), () => undefined);
  const watcher = watch(folder, () => void isThere());
  const timer = setTimeout(() => settle(false), limit);
  try {
    const written = await writeAtomic(join(folder, name), JSON.stringify(command));
    if (!written.ok) return written;
    await isThere();
    if (!await answered) {
      await unlink(join(folder, name)).catch((gone: unknown) => gone);
      return err({ kind: 'run/not-obeyed', run, detail: 'it did not answer' });
    }
    const answer = answerSchema.safeParse(await readJson(answerFile));
    await unlink(answerFile);
    if (!answer.success) return err({ kind: 'run/not-obeyed', run, detail: 'its answer cannot be read' });
    return answer.data.done ? ok(null) : err({ kind: 'run/not-obeyed', run, detail: answer.data.error });
  } finally {
    clearTimeout(timer);
    watcher.close();
  }
}
