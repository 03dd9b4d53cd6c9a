/** Two Braids never do the same task at once: a run whose tasks another one is about to do, or whose agents are still at work on them, is refused. */
import { join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, type Result } from '../../../shared/result';
import { isActiveState, type Run } from '../../../shared/run';
import { isGoing, resumableOf } from '../../../shared/unfinished';
import { giveBack } from '../state/claim';
import { alone, listRuns, loadRun, loadRuns, runFolder, runOwner } from '../state/run-folder';
import { livingHost } from '../terminals/host/find';

/** What a run is about to do. */
export interface Wanted {
  readonly specFolder: string;
  readonly tasks: readonly string[];
}

/** Tasks of a run that are at work, or that it has still to do. */
const left = (run: Run): readonly string[] => run.order.filter((task) => {
  const state = run.tasks[task]?.state ?? 'done';
  return state === 'pending' || isActiveState(state);
});

/** The error of a run, of the same spec, that still does one of these tasks: for a living Braid, or in a host that lost its own; null when there is none. */
async function rival(commonDir: string, specFolder: string, tasks: ReadonlySet<string>): Promise<AppError | null> {
  for (const id of await listRuns(commonDir)) {
    const pid = await runOwner(commonDir, id);
    const host = pid === null ? await livingHost(runFolder(commonDir, id).path) : null;
    const run = pid === null && host === null ? null : await loadRun(commonDir, id);
    if (!run?.ok || run.value.specFolder !== specFolder || !isGoing(run.value)) continue;
    const shared = left(run.value).filter((task) => tasks.has(task));
    if (shared.length === 0) continue;
    if (pid !== null) return { kind: 'run/same-tasks', run: id, pid, tasks: shared };
    if (host !== null) return { kind: 'run/left-at-work', run: id, pid: host.pid, tasks: shared };
  }
  return null;
}

/** How many of the newest runs are looked through for one that was left. */
const lookedThrough = 10;

/** The newest run of this spec that was left before its end, can be resumed, and has one of these tasks still to do; null when there is none. */
export async function leftRun(commonDir: string, wanted: Wanted): Promise<Run | null> {
  const run = resumableOf(await loadRuns(commonDir, lookedThrough), wanted.specFolder);
  return run !== null && run.order.some((task) => wanted.tasks.includes(task) && run.tasks[task]?.state !== 'done') ? run : null;
}

/** Calls `begin` unless another Braid does one of these tasks, or agents that outlived theirs do. Two that begin in the same moment do so one after the other. Errors: run/same-tasks, run/left-at-work, run/busy, as `begin`. */
export async function withoutRival<T>(commonDir: string, wanted: Wanted, begin: () => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> {
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
