/** Stale marks in the specs of runs, as `status` and `resume` tell them. */
import type { Run } from '../../shared/run';
import type { Repository } from '../core/git/repository';
import { readSpecIn } from '../core/run/read-spec';
import { staleDiagnostics, staleTasks } from '../core/run/stale';

/** One task that its file marks as in progress although nothing works on it. */
export interface StaleDocument {
  readonly spec: string;
  readonly task: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/** Stale tasks of these runs' specs, each spec once. A spec that is gone or broken has none. */
export async function staleOf(repo: Repository, runs: readonly Run[]): Promise<readonly StaleDocument[]> {
  const found: StaleDocument[] = [];
  for (const folder of new Set(runs.map((run) => run.specFolder))) {
    const run = runs.find((one) => one.specFolder === folder);
    const spec = await readSpecIn(repo, folder, run?.taskFiles.length === 1 ? run.taskFiles[0] ?? null : null);
    if (!spec.ok) continue;
    for (const task of await staleTasks(repo, spec.value)) {
      const [told] = staleDiagnostics([task]);
      if (told) found.push({ spec: spec.value.name, task: task.id, file: task.file, line: task.line, message: told.message });
    }
  }
  return found;
}
