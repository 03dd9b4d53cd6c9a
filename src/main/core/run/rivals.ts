/** Two Braids never do the same task at once: a run whose tasks another one is about to do is refused. */
import { join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, type Result } from '../../../shared/result';
import { isActiveState } from '../../../shared/run';
import { giveBack } from '../state/claim';
import { alone, listRuns, loadRun, runOwner } from '../state/run-folder';

/** The error of a run by a living Braid, of the same spec, that still does one of these tasks; null when there is none. */
async function rival(commonDir: string, specFolder: string, tasks: ReadonlySet<string>): Promise<AppError | null> {
  for (const id of await listRuns(commonDir)) {
    const pid = await runOwner(commonDir, id);
    const run = pid === null ? null : await loadRun(commonDir, id);
    if (pid === null || !run?.ok || run.value.specFolder !== specFolder || run.value.state === 'finished') continue;
    const shared = run.value.order.filter((task) => {
      const state = run.value.tasks[task]?.state ?? 'done';
      return tasks.has(task) && (state === 'pending' || isActiveState(state));
    });
    if (shared.length > 0) return { kind: 'run/same-tasks', run: id, pid, tasks: shared };
  }
  return null;
}

/** Calls `begin` unless another Braid does one of these tasks. Two that begin in the same moment do so one after the other. Errors: run/same-tasks, run/busy, as `begin`. */
export async function withoutRival<T>(commonDir: string, wanted: { readonly specFolder: string; readonly tasks: readonly string[] }, begin: () => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> {
  const path = join(commonDir, 'braid', 'starting.json');
  const mine = await alone(path, '');
  if (!mine.ok) return mine;
  try {
    const other = await rival(commonDir, wanted.specFolder, new Set(wanted.tasks));
    return other === null ? await begin() : err(other);
  } finally {
    await giveBack(path);
  }
}
