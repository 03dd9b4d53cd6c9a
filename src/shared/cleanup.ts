/** What may be cleaned up, as the core finds it and as window and command line show it. */
import type { AppError } from './errors';
import type { Run } from './run';

interface Place {
  readonly run: string;
  /** When the run last did anything, or when the log was last written (ISO). */
  readonly at: string;
  readonly reason: string;
}

export type CleanupStep =
  /** `unsafe`: it holds work that is in no branch of the person's. */
  | (Place & { readonly kind: 'worktree'; readonly lane: string; readonly path: string; readonly branch: string; readonly bytes: number; readonly unsafe: boolean })
  /** Only after a person said so: such a run can be neither resumed nor landed any more. Its branches and unmerged work stay. */
  | (Place & { readonly kind: 'set-aside'; readonly spec: string; readonly unsafe: false })
  | (Place & { readonly kind: 'branch'; readonly branch: string; readonly commit: string; readonly unsafe: false })
  | (Place & { readonly kind: 'compress-log' | 'delete-log'; readonly path: string; readonly bytes: number; readonly unsafe: false });

/** Something that stays, and why. */
export interface Kept extends Place {
  readonly lane: string;
  readonly path: string;
  readonly bytes: number;
  /** It holds work that is in no branch of the person's. */
  readonly unsafe: boolean;
}

export interface CleanupPlan {
  readonly steps: readonly CleanupStep[];
  readonly kept: readonly Kept[];
}

/** What was done of a plan; what could not be done with the reason. */
export interface CleanupOutcome {
  readonly done: readonly CleanupStep[];
  readonly failed: readonly { readonly step: CleanupStep; readonly error: AppError }[];
}

/** The word that a person types before unmerged or uncommitted work is removed. */
export const discardWord = 'discard';

/** What a step would change: the same in two plans of one repository, whatever else changed between them. */
export const stepKey = (step: CleanupStep): string => `${step.kind} ${step.kind === 'branch' ? step.branch : step.kind === 'set-aside' ? step.run : step.path}`;

const day = 24 * 3_600_000;
/** Days without any event after which a person is asked whether a run is given up (C18). */
const idleAfter = 7;

/** Whole days since a run last did anything that is neither landed nor set aside; null for others and within a week. `now`: milliseconds since 1970. */
export function idleDays(run: Pick<Run, 'state' | 'lastAt'>, now: number): number | null {
  if (run.state === 'landed' || run.state === 'abandoned') return null;
  const days = Math.floor((now - Date.parse(run.lastAt)) / day);
  return days >= idleAfter ? days : null;
}
