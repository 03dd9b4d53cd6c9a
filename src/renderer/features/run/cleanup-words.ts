/** The clean-up plan in words and sums. Pure. */
import type { CleanupStep } from '../../../shared/cleanup';
import type { Run } from '../../../shared/run';
import { baseName } from '../../ui/format';

/** What a step does with what, and the whole path or branch. */
export function stepWords(step: CleanupStep): { readonly verb: string; readonly what: string; readonly whole: string } {
  switch (step.kind) {
    case 'set-aside': return { verb: 'Set aside run', what: step.run, whole: `${step.spec}, ${step.run}` };
    case 'worktree': return { verb: 'Remove worktree', what: step.lane, whole: step.path };
    case 'branch': return { verb: 'Delete branch', what: step.branch.split('/').slice(-2).join('/'), whole: step.branch };
    case 'compress-log': return { verb: 'Compress log', what: baseName(step.path), whole: step.path };
    case 'delete-log': return { verb: 'Delete log', what: baseName(step.path), whole: step.path };
  }
}

/** Bytes on disk of a step; a branch has none worth naming. */
export const bytesOf = (step: CleanupStep): number => ('bytes' in step ? step.bytes : 0);

/** Bytes of all steps that are removed; what is only compressed does not count, as nobody knows yet. */
export const freed = (steps: readonly CleanupStep[]): number => steps.reduce((sum, step) => sum + (step.kind === 'compress-log' ? 0 : bytesOf(step)), 0);

/** The spec of a run where the window knows it, else the run's id. */
export const runName = (runs: readonly Run[], id: string): string => runs.find((run) => run.id === id)?.spec ?? id;
