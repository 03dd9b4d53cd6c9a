/** Room on a disk. */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Space {
  /** Bytes that this user may still write. */
  readonly free: number;
  /** Bytes of the whole file system. */
  readonly size: number;
}

/** The file system of a folder, which may not exist yet; null where that cannot be told. */
export async function spaceOf(folder: string): Promise<Space | null> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bavail, blocks, bsize } = await statfs(path);
      return { free: bavail * bsize, size: blocks * bsize };
    } catch (cause) {
      const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
      if (!isMissing || dirname(path) === path) return null;
    }
  }
}

/** What must be free where nobody has said how much: this, or the same part of a small file system, which may never have as much. */
const usual = { bytes: 500_000_000, part: 0.1 };

/**
 * The tightest of the file systems of some folders: bytes free, and bytes that are needed there. `least`: what a person asks for, null for the usual.
 * `free` is null where none of them tells, or nothing is asked for.
 */
export async function roomIn(folders: readonly string[], least: number | null): Promise<{ readonly free: number | null; readonly needed: number }> {
  let tightest: { free: number | null; needed: number } = { free: null, needed: least ?? usual.bytes };
  for (const folder of least === 0 ? [] : folders) {
    const space = await spaceOf(folder);
    if (space === null) continue;
    const needed = least ?? Math.min(usual.bytes, space.size * usual.part);
    if (tightest.free === null || space.free - needed < tightest.free - tightest.needed) tightest = { free: space.free, needed };
  }
  return tightest;
}
