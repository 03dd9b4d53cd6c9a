/**
 * What the engine needs from the world, as one argument. `LanePort` is the small port behind which a lane's worktree and
 * process start: hosts over SSH, containers or a cluster replace it without the engine noticing.
 */
import type { AppError } from '../../../shared/errors';
import type { Result } from '../../../shared/result';

/** How a process ended: exit code and signal are two facts, and a signal is never a success. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: number | string | null;
}

export interface LaneProcess {
  readonly pid: number;
  /** Resolves once, after the last byte of output was read. */
  readonly ended: Promise<ProcessEnd>;
  /** Output so far without control sequences, newest part only (at most 4,000 characters). */
  tail(): string;
  /** Milliseconds (monotonic clock) since the last raw byte. */
  silence(): number;
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
  /** Turns raw output into what the terminal shows; absent: shown as it is. */
  readonly render?: (bytes: Uint8Array) => Uint8Array;
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
  /** Removes a worktree; refuses while it is dirty. The branch stays. */
  remove(lane: { readonly path: string }): Promise<Result<null, AppError>>;
}
