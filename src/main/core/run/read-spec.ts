/** A spec as a repository knows it: its files, and what landed of tasks that have no boxes. */
import type { Spec } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import type { Repository } from '../git/repository';
import { withRecorded } from '../spec/progress';
import { readSpec } from '../spec/read';
import { readProgress } from '../state/progress';
import { withStale } from './stale';

/** Reads a spec folder, or one task file in it; tasks marked as in progress that nothing works on are told. Errors as `readSpec`. */
export async function readSpecIn(repo: Repository | null, folder: string, file: string | null): Promise<Result<Spec, AppError>> {
  const spec = await readSpec(folder, { file, repo: repo?.root ?? null });
  if (!spec.ok) return spec;
  const isRecorded = repo !== null && spec.value.tasks.some((task) => task.boxless);
  const known = isRecorded ? withRecorded(spec.value, await readProgress(repo.commonDir, spec.value.name)) : spec.value;
  return ok(await withStale(repo, known));
}
