import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';

/** What an exception of node:fs says, as facts. */
export function ioError(path: string, cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'EUNKNOWN';
  return { kind: 'io/failed', path, code, detail: cause instanceof Error ? cause.message : String(cause) };
}

const codeOf = (cause: unknown): unknown => (cause instanceof Error && 'code' in cause ? cause.code : null);

/** Makes a folder and those above it (0700). Node says ENOENT where a full disk keeps it from that: one folder at a time, it says what is true. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT' || dirname(path) === path) throw cause;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 }).catch((second: unknown) => {
      if (codeOf(second) !== 'EEXIST') throw second;
    });
  }
}

/** Makes a directory entry durable; file systems that cannot open a directory (Windows) do it by themselves. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Replaces a file so that a reader, or a crash at any moment, sees either the old or the new content, whole.
 * Mode 0600 unless told; missing folders are made with 0700.
 */
export async function writeAtomic(path: string, content: string | Uint8Array, mode = 0o600): Promise<Result<null, AppError>> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}`);
  try {
    await makeFolder(folder);
    const handle = await open(temporary, 'wx', 0o600);
    try {
      // The umask would take bits away from a mode given to open.
      if (mode !== 0o600) await handle.chmod(mode);
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncFolder(folder);
    return ok(null);
  } catch (cause) {
    // The temporary file may or may not exist; the first error is the one that matters.
    await unlink(temporary).catch((ignored: unknown) => ignored);
    return err(ioError(path, cause));
  }
}
