/**
 * What the engine needs from the world, as one argument. `LanePort` is the small port behind which a lane's worktree and
 * process start: hosts over SSH, containers or a cluster replace it without the engine noticing.
 */
import type { CheckResult, Usage } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import type { RunEvent, RunEventDraft } from '../../../shared/events';
import type { Result } from '../../../shared/result';
import type { LaneRun, ManualItem, PhaseGate, Run, TaskRun } from '../../../shared/run';
import type { Verdict } from '../agents/adapter';
import type { SpecEdits } from './edits';
import type { AttemptMemo } from './memo';

/** How a process ended: exit code and signal are two facts, and a signal is never a success. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: number | string | null;
}

/** How a lane's process ended, with what its output says. */
export interface LaneEnd extends ProcessEnd {
  /** End of the output without control sequences, at most 4,000 characters. */
  readonly tail: string;
  /** What the reader of its output concluded, unchecked; null without a reader. */
  readonly conclusion: unknown;
  /** What held its terminal died first: how it ended is not known. */
  readonly lost: boolean;
}

export interface LaneProcess {
  readonly pid: number;
  /** Resolves once, after the last byte of output was read. */
  readonly ended: Promise<LaneEnd>;
  /** Milliseconds (monotonic clock) since its last raw byte, and the end of its output so far. */
  look(): Promise<{ readonly tail: string; readonly silence: number }>;
  /** Ends the process and its whole tree (INT, then TERM, then KILL) and resolves when all of it is verified gone. */
  stop(): Promise<void>;
}

export interface LaneCommand {
  /** Name of the terminal that shows it, `<run>/<lane>`. */
  readonly terminal: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Raw bytes are appended here. */
  readonly logFile: string;
  /** Agent whose reader makes the output readable and judges it; null: shown as it is. */
  readonly reader: string | null;
  /** Kept with the process, so that another Braid can take it over; null for commands that are simply run again. */
  readonly memo: AttemptMemo | null;
}

/** What a lane holds beyond `since`. `files` is the net difference of the trees, so work undone again counts as none; ticks do not count. */
export interface LaneWork {
  readonly since: string;
  readonly head: string;
  /** Oldest first. */
  readonly commits: readonly string[];
  readonly files: readonly string[];
  /** Left uncommitted on purpose (likely secrets, dependency folders, files over 10 MB). */
  readonly excluded: readonly { readonly path: string; readonly reason: string }[];
  /** Uncommitted paths that remain. */
  readonly dirty: readonly string[];
}

/** The place of a lane. Every method is idempotent, so that resume can repeat it. */
export interface LanePort {
  /** Makes a worktree with a new branch at `from`, outside the repository folder. */
  open(lane: { readonly path: string; readonly branch: string; readonly from: string }): Promise<Result<null, AppError>>;
  /** Starts a process in a pseudo-terminal, in the lane. */
  start(command: LaneCommand): Promise<Result<LaneProcess, AppError>>;
  /** Writes a line of the app's own into the lane's terminal and log. */
  say(command: { readonly terminal: string; readonly logFile: string; readonly text: string }): Promise<void>;
  /** Moves the lane's branch and files forward to `commit`; fails rather than overwrite anything. */
  forward(lane: { readonly path: string; readonly commit: string }): Promise<Result<null, AppError>>;
  /** The lane's work since it last met `integration`; with a `message` its leftovers are committed first, by the app. */
  work(lane: {
    readonly path: string;
    readonly branch: string;
    readonly integration: string;
    /** Relative to the repository. */
    readonly taskFiles: readonly string[];
    readonly message: string | null;
  }): Promise<Result<LaneWork, AppError>>;
  /** Paths that an agent may have left uncommitted: those that were not disowned, or have changed since. */
  uncommitted(lane: { readonly path: string }): Promise<Result<readonly string[], AppError>>;
  /** What stands uncommitted now, `but` those paths, was not made by an agent (setup or a check did): it is no evidence and is not committed. */
  disown(lane: { readonly path: string; readonly but: readonly string[] }): Promise<Result<null, AppError>>;
  /**
   * Makes the folder of a lane again, from its branch, where it has vanished or is the lane's no more; `aside`: where what stood there was moved to.
   * Error: git/no-such-branch (that is gone as well).
   */
  restore(lane: { readonly path: string; readonly branch: string }): Promise<Result<{ readonly made: boolean; readonly aside: string | null }, AppError>>;
  /** Names the lane's content, with what an agent left uncommitted: equal for equal content. */
  content(lane: { readonly path: string }): Promise<Result<string, AppError>>;
  /** Adds a commit without a change to the lane and resolves with it: what a verification leaves behind. */
  commitNothing(lane: { readonly path: string; readonly message: string }): Promise<Result<string, AppError>>;
  /** Removes a worktree; refuses while it is dirty. The branch stays. */
  remove(lane: { readonly path: string }): Promise<Result<null, AppError>>;
}

/** What the agent said about its own work; never proof, but part of the note. */
export interface AgentReport {
  readonly status: 'done' | 'blocked' | 'needs-input' | null;
  readonly summary: string;
}

export interface AgentRequest {
  readonly task: TaskRun;
  readonly attempt: number;
  readonly lane: LaneRun;
  /** Why the attempt before failed, and whether its work is in this lane; null for the first. */
  readonly previous: { readonly reason: string; readonly tail: string; readonly kept: boolean } | null;
  /** A person's answer to what the attempt before asked; '' for none. */
  readonly answer: string;
}

/** What the agent's own output and report say about the attempt. */
export interface AgentVerdict {
  /** A failure that is stated although the exit code may be 0; null when there is none. */
  readonly failure: string | null;
  /** What its own events say; null for an agent that prints none. */
  readonly said: Verdict | null;
  readonly report: AgentReport;
  /** Tokens and cost as its events or its report tell; null where neither does. */
  readonly usage: Usage | null;
  /** What was wrong with the report file; null when nothing was. */
  readonly notice: string | null;
}

/** One attempt's command line with its environment, and which reader its output goes through. */
export interface PreparedAgent {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly reader: string | null;
}

/** Everything of the world that a run touches. */
export interface RunWorld {
  readonly lanes: LanePort;
  now(): Date;
  append(event: RunEvent): Promise<Result<null, AppError>>;
  /** Called with each event after it is on disk, and the run with it. */
  publish(event: RunEvent, run: Run): void;
  /** Folder of a lane's worktree; null for the name of the scratch worktree's folder. */
  laneFolder(lane: string): { readonly path: string; readonly branch: string; readonly log: string };
  prepareAgent(run: Run, request: AgentRequest): Promise<Result<PreparedAgent, AppError>>;
  /** What output and report of an attempt that has ended say about it. */
  verdict(attempt: { readonly task: string; readonly number: number }, conclusion: unknown): Promise<AgentVerdict>;
  /** How the work in a lane is kept when no Braid is there. */
  keeping(lane: LaneRun): Pick<AttemptMemo, 'worktree' | 'branch' | 'author' | 'disowned'>;
  /** Splits a command line like a shell would, without one. */
  splitCommand(command: string): Result<readonly string[], AppError>;
  /** Environment of setup and check commands. */
  commandEnv(run: Run, lane: { readonly name: string; readonly path: string }): Readonly<Record<string, string>>;
  /** Removes a lock of the run's own places that a killed git left behind; true when it is gone. */
  unlock(run: Run, file: string): Promise<boolean>;
  integrate(request: IntegrationRequest): Promise<Result<Integration, AppError>>;
  readonly gates: GatePort;
  /** Copies what git ignores but lanes need (an ignored spec). */
  furnish(path: string): Promise<Result<null, AppError>>;
  /** Calls once after so many milliseconds; the returned function takes it back. */
  after(milliseconds: number, call: () => void): () => void;
  /** Bytes free where worktrees and repository are, whichever is tighter, and how many it takes to start a task; `free` null where it cannot be told. */
  disk(): Promise<{ readonly free: number | null; readonly needed: number }>;
  /** Edits of the task files since the last look; null when there are none. `takeAdded`: a person asked now that tasks that appeared become part of the run. */
  edits(run: Run, takeAdded: boolean): Promise<SpecEdits | null>;
  /** Resolves when everything that is written beside the journal is on disk. */
  settled(): Promise<void>;
  /** Last steps before `run.finished`: the landing report, the scratch worktree. */
  beforeFinish(context: { run(): Run; emit(event: RunEventDraft): Promise<void> }): Promise<void>;
}

/** What a gate between phases does to the repository. Every method can be repeated. */
export interface GatePort {
  /** What only a person can verify of these phases. */
  manual(phases: readonly string[]): Promise<readonly ManualItem[]>;
  /** The scratch worktree, on the tip of the integration branch. */
  scratch(run: Run): Promise<Result<{ readonly commit: string; readonly path: string; readonly log: string }, AppError>>;
  /** Writes the checkpoint into a plan that keeps checkpoints; resolves with where the integration branch stands then. `keeps`: the gate was not failed. */
  mark(run: Run, request: { readonly gate: PhaseGate; readonly commit: string; readonly keeps: boolean }): Promise<Result<string, AppError>>;
  /** Why nothing can be taken back here, in words; '' when it can. */
  refusal(run: Run): Promise<string>;
  /** Keeps what the integration branch holds as the gate's snapshot and moves it back to where the gate's phases began. Error: git/moved. */
  takeBack(run: Run, gate: PhaseGate): Promise<Result<null, AppError>>;
}

export interface IntegrationRequest {
  readonly run: Run;
  readonly task: TaskRun;
  readonly lane: LaneRun;
  readonly head: string;
  readonly since: string;
  readonly note: string;
  /** Runs the checks on the candidate in the scratch worktree; all must pass before it counts. */
  readonly verify: (scratch: { readonly path: string; readonly log: string }) => Promise<readonly CheckResult[]>;
  /** Called once the candidate passed and the branch stands on it. */
  readonly accepted: (checks: readonly CheckResult[]) => Promise<void>;
}

export type Integration =
  | { readonly kind: 'integrated'; readonly commit: string; readonly notices: readonly string[]; readonly track: 'active' | 'done' | null }
  | { readonly kind: 'conflict'; readonly files: readonly string[]; readonly with: string }
  | { readonly kind: 'check-failed'; readonly checks: readonly CheckResult[] };
