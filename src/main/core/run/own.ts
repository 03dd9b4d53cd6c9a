/** What a process holds while it changes what belongs to a run. */
import type { AppError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import { holdOffGc } from '../git/gc-lock';
import { ownRun } from '../state/run-folder';

/** Makes this process the run's only owner, and keeps `git gc` away from what it writes, until the returned function is called. Errors as `ownRun`. */
export async function takeRun(commonDir: string, run: string): Promise<Result<() => Promise<void>, AppError>> {
  const owned = await ownRun(commonDir, run);
  if (!owned.ok) return owned;
  const letGc = await holdOffGc(commonDir);
  return ok(async () => {
    await letGc();
    await owned.value();
  });
}
