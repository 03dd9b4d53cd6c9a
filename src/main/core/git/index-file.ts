/** A throw-away index, so that trees can be read and written without touching the index of any checkout. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import type { Result } from '../../../shared/result';
import { git } from './git';

/**
 * Fills a temporary index with a commit or tree, hands its path to `use` and removes it afterwards. Errors as `git`, and whatever
 * `use` gives.
 */
export async function withTemporaryIndex<T>(
  repo: { readonly root: string },
  tree: string,
  use: (indexFile: string) => Promise<Result<T, AppError>>,
): Promise<Result<T, AppError>> {
  const folder = await mkdtemp(join(tmpdir(), 'braid-index-'));
  try {
    const indexFile = join(folder, 'index');
    const filled = await git(['read-tree', tree], { cwd: repo.root, indexFile });
    return filled.ok ? await use(indexFile) : filled;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
