/** Whether the task files of a spec that was read before are still there. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Spec } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import { ioError } from './files';

/** Why a file cannot be read; null when it can. */
async function obstacle(path: string): Promise<AppError | null> {
  let handle: FileHandle | null = null;
  try {
    // Without waiting: a named pipe would hold it until somebody writes.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return (await handle.stat()).isFile() ? null : { kind: 'io/failed', path, code: 'EISDIR', detail: 'A folder is in its place.' };
  } catch (error) {
    return ioError(path, error);
  } finally {
    await handle?.close();
  }
}

const wordsOf = (error: AppError): string => (error.kind !== 'io/failed' ? error.kind : error.code === 'ENOENT' || error.code === 'ENOTDIR' ? 'It was deleted or moved.' : `${error.code}: ${error.detail}`);

/**
 * The error `spec/lost`, naming the first task file, when none of the files that held the tasks of `spec` can be read any more; null while one can.
 * A folder that lost them may still hold other lists, which are not what the person has open.
 */
export async function lostFiles(spec: Spec): Promise<AppError | null> {
  const [first] = spec.taskFiles;
  if (first === undefined) return null;
  const obstacles = await Promise.all(spec.taskFiles.map((file) => obstacle(join(spec.folder, file))));
  const [why] = obstacles;
  return why == null || obstacles.includes(null) ? null : { kind: 'spec/lost', path: first, detail: wordsOf(why) };
}
