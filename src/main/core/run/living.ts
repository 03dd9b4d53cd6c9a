/** Runs that lost their Braid and whose agents are still at work. */
import type { Run } from '../../../shared/run';
import { isUnfinished } from '../../../shared/unfinished';
import { runFolder, runOwner } from '../state/run-folder';
import { hasHost } from '../terminals/host/find';

/** The first of these runs that has a living host and no Braid; null when none has. */
export async function livingRun(commonDir: string, runs: readonly Run[]): Promise<string | null> {
  for (const run of runs.filter(isUnfinished)) {
    if (await hasHost(runFolder(commonDir, run.id).path) && await runOwner(commonDir, run.id) === null) return run.id;
  }
  return null;
}
