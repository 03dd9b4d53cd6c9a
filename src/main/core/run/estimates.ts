/** How long tasks take, learned from past runs of the same repository and agent. */
import type { AgentName } from '../../../shared/domain';
import type { Run } from '../../../shared/run';
import { loadRuns } from '../state/run-folder';

/** Newest runs that are asked; older ones say little about today's agent. */
const runsAsked = 20;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 1;
}

/**
 * Weights of tasks in units of the median task: what the same task of the same spec took before (median of its integrated attempts); tasks
 * that were never run are absent and count as 1. `runs` newest first.
 */
export function taskWeights(runs: readonly Run[], of: { readonly spec: string; readonly agent: AgentName }): Readonly<Record<string, number>> {
  const all: number[] = [];
  const own = new Map<string, number[]>();
  for (const run of runs) {
    if (run.options.agent !== of.agent) continue;
    for (const id of run.order) {
      const task = run.tasks[id];
      const seconds = task?.state === 'done' ? task.evidence?.seconds ?? 0 : 0;
      if (seconds <= 0) continue;
      all.push(seconds);
      if (run.spec === of.spec) own.set(id, [...(own.get(id) ?? []), seconds]);
    }
  }
  const unit = median(all);
  return Object.fromEntries([...own].map(([id, seconds]) => [id, median(seconds) / unit]));
}

/** `taskWeights` from the journals of a repository. */
export async function learnedWeights(commonDir: string, of: { readonly spec: string; readonly agent: AgentName }): Promise<Readonly<Record<string, number>>> {
  return taskWeights(await loadRuns(commonDir, runsAsked), of);
}
