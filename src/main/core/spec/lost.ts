/** Whether the task files of a spec that was read before are still there. */
import { join } from 'node:path';
import type { Spec } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import { openPlain } from '../plain-file';
import { ioError } from './files';

/** Why a file cannot be read; null when it can. */
async function obstacle(path: string): Promise<AppError | null> {
  try {
    await (await openPlain(path)).close();
    return null;
  } catch (error) {
    return ioError(path, error);
  }
}

const wordsOf = (error: AppError): string => (error.kind !== 'io/failed' ? error.kind : error.code === 'ENOENT' || error.code === 'ENOTDIR' ? 'It was deleted or moved.' : `${error.code}: ${error.detail}`);

/**
 * The error `spec/lost`, naming the first of the files that held the tasks of `spec` and cannot be read any more; null while all can. One of several takes
 * its tasks along, so it is said like the only one. A folder that lost them may still hold other lists, which are not what the person has open.
 */
export async function lostFiles(spec: Spec): Promise<AppError | null> {
  const found = await Promise.all(spec.taskFiles.map(async (path) => ({ path, why: await obstacle(join(spec.folder, path)) })));
  for (const { path, why } of found) {
    if (why === null) continue;
    const others = found.some((other) => other.why === null) ? ' The other task files are there: to go on without it, open the spec again from the list of specs.' : '';
    return { kind: 'spec/lost', path, detail: `${wordsOf(why)}${others}` };
  }
  return null;
}
