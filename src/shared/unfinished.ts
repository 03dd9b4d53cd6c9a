/** Runs that did not come to an end of their own, and what a person may choose for them. Shared by command line, window and core. */
import type { Run } from './run';

export const resumeChoices = ['retry', 'skip-wave', 'fresh', 'abort'] as const;
export type ResumeChoice = (typeof resumeChoices)[number];

/** True for a run that has not ended, whether a process drives it or not. */
export const isGoing = (run: Run): boolean => run.state === 'running' || run.state === 'paused' || run.state === 'stopping';

/** True for a run that did not come to an end of its own: its process died, it was stopped, or a checkpoint waits for an answer. */
export const isUnfinished = (run: Run): boolean => isGoing(run) || (run.state === 'finished' && (run.status === 'interrupted' || run.stoppedWaiting || run.stopCause !== null));

/** Why a run cannot be resumed, whatever is chosen; null when it can. */
export function unresumable(run: Run): string | null {
  if (run.state === 'landed') return 'it has landed';
  if (run.state === 'abandoned') return 'it was set aside';
  return null;
}

/** Index of the first wave with a task that is not done; -1 when all are. */
export const openWave = (run: Run): number => run.waves.findIndex((wave) => wave.some((id) => run.tasks[id] !== undefined && run.tasks[id]?.state !== 'done'));

/**
 * True for a run that a person is asked about: unfinished, at least one task was started, something is left to do, and nobody drives it.
 * One that still counts as running, but is not this process's own, belongs to another Braid.
 */
export const waitsToResume = (run: Run): boolean =>
  run.state === 'finished' && isUnfinished(run) && openWave(run) >= 0 && Object.values(run.tasks).some((task) => task.attempts > 0);

/** The newest run of a spec, if it waits to be resumed. `runs`: newest first. */
export function resumableOf(runs: readonly Run[], specFolder: string | null): Run | null {
  const newest = runs.find((run) => run.specFolder === specFolder);
  return newest !== undefined && waitsToResume(newest) ? newest : null;
}

/** What a task that ended without success left behind in its lane. */
export interface Salvage {
  readonly task: string;
  readonly lane: string;
  readonly branch: string;
  /** Commits that are not integrated, and the files that differ by them. */
  readonly commits: number;
  readonly files: number;
  /** Files changed and not committed. */
  readonly uncommitted: number;
  /** Its folder; null where it is gone or was the checkout itself: what is left is on the branch. */
  readonly worktree: string | null;
  /** Why it cannot be told what it holds; '' where it can. */
  readonly problem: string;
}
