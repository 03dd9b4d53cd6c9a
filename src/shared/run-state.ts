/** What a run is at any moment: its tasks, lanes and gates. How events change it is in run.ts, which hands these types on. */
import type { CheckResult, MergeReport, Evidence, Usage } from './domain';
import type { RunStatus, RunTask, TaskFailure } from './events';
import type { Limits } from './limits';
import type { RunOptions } from './options';

/*
 *  pending ──► running ──► checking ──► integrating ──► done
 *     │           │            │             │
 *     │           ├────────────┴──► failed / blocked / no-change / timed-out / interrupted
 *     └► skipped  └── (retry) ──► running    └──► conflict
 */
export type TaskRunState =
  | 'pending' | 'running' | 'checking' | 'integrating' | 'done'
  | 'failed' | 'blocked' | 'no-change' | 'timed-out' | 'interrupted' | 'conflict' | 'skipped';

export interface TaskRun extends RunTask {
  readonly state: TaskRunState;
  /** One sentence: why the task is in this state; empty when the state says it all. */
  readonly reason: string;
  readonly attempts: number;
  /** The lane that works or last worked on it. */
  readonly ranIn: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly commit: string | null;
  /** The line below the ticked task; '' until it is integrated. */
  readonly note: string;
  /** The lane's commit that was merged; '' until then. */
  readonly laneCommit: string;
  readonly evidence: Evidence | null;
  /** A person holds it back. */
  readonly held: boolean;
  /** A person's answer to the question that its last attempt ended with. */
  readonly answer: string;
  /** Attempts that failed since a person last had a word on it; those that a limit of the agent's account cut off do not count. */
  readonly spent: number;
  /** Its failures since then, oldest first. */
  readonly trail: readonly TaskFailure[];
  /** What its last attempt failed by; null when it did not fail. */
  readonly failure: TaskFailure | null;
}

export type LaneState = 'idle' | 'working' | 'parked' | 'removed';

export interface LaneRun {
  readonly name: string;
  readonly branch: string;
  readonly worktree: string;
  readonly state: LaneState;
  readonly task: string | null;
  readonly reason: string;
}

export interface RunNotice {
  readonly at: string;
  readonly level: 'info' | 'warning';
  readonly code: string;
  readonly text: string;
  readonly task: string | null;
}

export interface RunConflict {
  readonly task: string;
  readonly lane: string;
  readonly with: string;
  readonly files: readonly string[];
}

/** A box of the spec that only a person ticks. `file` is relative to the spec folder. */
export interface ManualItem {
  readonly title: string;
  readonly file: string;
  readonly line: number;
}

/**
 * What stands between phases that have ended and the rest of a guided run: checks of everything merged so far, attempts to mend what they
 * refuse, and a person's word. `open` until it is closed as passed, unchecked (no checks are configured) or failed (a person went on all the
 * same); `reverting` and `reverted` when a person took the phases back.
 */
export interface PhaseGate {
  /** 1 for the first of a run. */
  readonly number: number;
  readonly phases: readonly string[];
  readonly state: 'open' | 'passed' | 'unchecked' | 'failed' | 'reverting' | 'reverted';
  /** Commit to which taking the phases back returns. */
  readonly from: string;
  /** Tasks that were merged since then. */
  readonly tasks: readonly string[];
  readonly manual: readonly ManualItem[];
  /** How the checks ended last; null while they have not run on what is merged now. Empty where the run has none. */
  readonly checks: readonly CheckResult[] | null;
  /** When they ended; '' before. */
  readonly checkedAt: string;
  /** Commit that was checked, and the checkpoint once the gate is closed; null before. */
  readonly commit: string | null;
  /** Where the integration branch stood when the gate was closed: the checkpoint, or the commit that writes it into the plan; null before. */
  readonly tip: string | null;
  /** File with the whole output of the checks; '' before they ran. */
  readonly log: string;
  /** Fix attempts since a person last had the checks run again, as ids in `tasks` of the run that are in no phase and no order. */
  readonly fixes: readonly string[];
  /** Fix attempts before that. */
  readonly fixedBefore: number;
  /** Ref that keeps what was taken back; '' where nothing was. */
  readonly snapshot: string;
}

export interface Run {
  readonly id: string;
  readonly spec: string;
  readonly specTitle: string;
  readonly specFolder: string;
  readonly specPath: string;
  readonly taskFiles: readonly string[];
  readonly specIgnored: boolean;
  readonly dialect: string;
  readonly repo: string;
  readonly base: string;
  readonly baseCommit: string;
  readonly integrationBranch: string;
  readonly integrationTip: string;
  /** How far a whole track is in the integration branch; absent for other specs and before its first integration. */
  readonly track?: 'active' | 'done';
  readonly journal: string;
  readonly options: RunOptions;
  readonly slots: number;
  /** Other changes that this one names as needed (OpenSpec). */
  readonly dependencies: readonly string[];
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** When anything last happened. */
  readonly lastAt: string;
  /** `finished` carries `status`; landed, rolled-back and abandoned come after it. */
  readonly state: 'running' | 'paused' | 'stopping' | 'finished' | 'landed' | 'rolled-back' | 'abandoned';
  readonly status: RunStatus | null;
  /** Why the run is paused, in words; '' when a person paused it. */
  readonly pauseReason: string;
  /** Paused to wait for a person's word (guided runs); `pauseReason` says where. */
  readonly atCheckpoint: boolean;
  /** How a run that is `stopping` ends: its agents are ended now, or come to their end first. Null while it is not stopping. */
  readonly ending: 'now' | 'current' | null;
  /** Guided runs: tasks done and phases ended when a person was last asked. */
  readonly checkpoint: { readonly done: number; readonly phases: readonly string[] };
  /** Why it asks; null for a planned checkpoint and for a pause by a person. Stays until it goes on. */
  readonly pauseCause: 'failure' | 'common-cause' | 'budget' | 'person' | 'gate' | null;
  /** In the order in which phases ended (guided runs). */
  readonly gates: readonly PhaseGate[];
  /** Failed tasks that a person was asked about; one that is tried again may be asked about again. */
  readonly askedAbout: readonly string[];
  /** Tasks before which the file wants a person's word: those that the pause asks about, and those that a person let go on. */
  readonly barred: readonly string[];
  readonly cleared: readonly string[];
  /** How often a person let the run go on beyond its budget: each word is another budget. */
  readonly budgets: number;
  /** Stopped at a checkpoint because nobody was there to answer. */
  readonly stoppedWaiting: boolean;
  /** Stopped by a bound and not by a person. */
  readonly stopCause: 'failure' | 'run-timeout' | null;
  readonly stopReason: string;
  /** By name of the agent. */
  readonly limits: Limits;
  /** Bytes that are free and bytes that are needed where the worktrees are; null where there is room. */
  readonly lowDisk: { readonly free: number; readonly needed: number } | null;
  /** What all attempts cost so far, as far as agents report it. */
  readonly usage: Usage;
  /** In file order. */
  readonly order: readonly string[];
  readonly waves: readonly (readonly string[])[];
  readonly tasks: Readonly<Record<string, TaskRun>>;
  readonly lanes: Readonly<Record<string, LaneRun>>;
  readonly conflicts: readonly RunConflict[];
  readonly notices: readonly RunNotice[];
  /** Open tasks that appeared in the task files while the run went on and that it does not do. */
  readonly offered: readonly { readonly id: string; readonly title: string }[];
  readonly report: MergeReport | null;
  readonly landing: { readonly commit: string; readonly tag: string } | null;
  readonly rollback: { readonly commit: string; readonly tag: string } | null;
}
