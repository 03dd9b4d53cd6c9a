/** Room on a disk. */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Bytes that this user may still write in the file system of a folder, which may not exist yet; null where that cannot be told. */
export async function freeBytes(folder: string): Promise<number | null> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch (cause) {
      const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
      if (!isMissing || dirname(path) === path) return null;
    }
  }
}
