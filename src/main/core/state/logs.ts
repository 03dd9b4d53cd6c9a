/** The raw terminal logs of a run on disk: listed, compressed, deleted. */
import { createWriteStream } from 'node:fs';
import { open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { openPlain } from '../plain-file';
import { ioError } from './atomic-write';
import { runFolder } from './run-folder';

export interface LogFile {
  readonly path: string;
  readonly bytes: number;
  /** When it was last written, in milliseconds since 1970. */
  readonly at: number;
}

/** The logs of a run, compressed ones included. */
export async function logFiles(commonDir: string, run: string): Promise<readonly LogFile[]> {
  const { logs } = runFolder(commonDir, run);
  const names = (await readdir(logs).catch(() => [])).filter((name) => name.endsWith('.log') || name.endsWith('.log.gz'));
  const files = await Promise.all(names.map(async (name) => {
    const path = join(logs, name);
    return stat(path).then(({ size, mtimeMs }) => ({ path, bytes: size, at: mtimeMs }), () => null);
  }));
  return files.filter((file) => file !== null);
}

/** Replaces a log by `<path>.gz`; the original goes only when the copy is whole and on disk. */
export async function compressLog(path: string): Promise<Result<null, AppError>> {
  const part = `${path}.gz.part`;
  try {
    const { atime, mtime } = await stat(path);
    const log = await openPlain(path);
    await pipeline(log.createReadStream(), createGzip(), createWriteStream(part, { mode: 0o600 }));
    const copy = await open(part, 'r+');
    await copy.sync();
    await copy.utimes(atime, mtime);
    await copy.close();
    await rename(part, `${path}.gz`);
    await unlink(path);
    return ok(null);
  } catch (cause) {
    return err(ioError(path, cause));
  }
}

/** Deletes a log. */
export async function deleteLog(path: string): Promise<Result<null, AppError>> {
  try {
    await unlink(path);
    return ok(null);
  } catch (cause) {
    return err(ioError(path, cause));
  }
}
