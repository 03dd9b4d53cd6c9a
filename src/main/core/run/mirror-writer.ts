/** Keeps the mirrors of a live run up to date: one write at a time, the newest state wins, each file whole. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sentence, type AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import type { Run } from '../../../shared/run';
import { openToAppend, readPlainText } from '../plain-file';
import type { Repository } from '../git/repository';
import { ioError, writeAtomic } from '../state/atomic-write';
import { mirrorExcludes, mirrorsOf } from './mirrors';

export interface MirrorWriter {
  /** The run has changed. */
  changed(run: Run): void;
  /** Resolves with what went wrong first, '' for nothing, once the newest state is written. */
  settled(): Promise<string>;
}

async function exclude(commonDir: string): Promise<Result<null, AppError>> {
  const path = join(commonDir, 'info', 'exclude');
  try {
    const text = await readPlainText(path).catch(() => '');
    const lines = new Set(text.split('\n').map((line) => line.trim()));
    const missing = mirrorExcludes.filter((line) => !lines.has(line));
    if (missing.length === 0) return ok(null);
    await mkdir(join(commonDir, 'info'), { recursive: true });
    const file = await openToAppend(path);
    await file.appendFile(`${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`).finally(() => file.close());
    return ok(null);
  } catch (cause) {
    return err(ioError(path, cause));
  }
}

/** Writes the mirrors of a run below the repository's root. A failure costs the mirrors only, and is said at the end. */
export function mirrorWriter(repo: Pick<Repository, 'root' | 'commonDir'>): MirrorWriter {
  let next: Run | null = null;
  let trouble = '';
  let excluded = false;
  let writing: Promise<void> | null = null;

  const write = async (run: Run): Promise<Result<null, AppError>> => {
    const mirrors = mirrorsOf(run);
    if (mirrors.length === 0) return ok(null);
    if (!excluded) {
      const done = await exclude(repo.commonDir);
      if (!done.ok) return done;
      excluded = true;
    }
    for (const { path, value } of mirrors) {
      const written = await writeAtomic(join(repo.root, ...path.split('/')), `${JSON.stringify(value, null, 2)}\n`);
      if (!written.ok) return written;
    }
    return ok(null);
  };
  const drain = async (): Promise<void> => {
    for (let run = next; run !== null; run = next) {
      next = null;
      const written = await write(run);
      if (!written.ok) trouble ||= sentence(written.error);
    }
    writing = null;
  };
  return {
    changed: (run) => {
      next = run;
      writing ??= drain();
    },
    settled: async () => {
      while (writing) await writing;
      return trouble;
    },
  };
}
