/** What Braid knows about one kind of agent: how to find it, how to call it, how to read what it prints. */
import type { AgentInfo, AgentName } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import type { Result } from '../../../shared/result';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface DetectInput {
  readonly env: Environment;
  /** Absolute path of the bundled demo agent. */
  readonly demoScript: string;
  /** Command line of the custom agent; null when none is set. */
  readonly custom: string | null;
}

export interface CommandInput {
  readonly prompt: string;
  /** Absolute path of a file that holds the prompt. */
  readonly promptFile: string;
  /** Absolute path. */
  readonly worktree: string;
  /** Less than full permissions. */
  readonly restricted: boolean;
  readonly custom: string | null;
  /** Runs JavaScript as plain Node. */
  readonly execPath: string;
  readonly demoScript: string;
  /** `AgentInfo.path` as detection found it; absent or null: the PATH decides. */
  readonly path?: string | null;
  /** The environment that the agent will run in. */
  readonly env?: Environment;
}

/** `env` is laid over the agent's environment. */
export interface AgentCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface AgentEnd {
  readonly exitCode: number | null;
  readonly signal: number | string | null;
}

/** What kind of trouble it was, as far as the agent's own events tell (never its prose or its tools' output). */
export const troubles = ['auth', 'rate-limited', 'context-full', 'overloaded', 'other'] as const;
export type Trouble = (typeof troubles)[number];

/** What the end says. `ok` is no proof of work: that is for git to say. */
export type Verdict =
  | { readonly kind: 'ok' }
  | { readonly kind: 'blocked'; readonly reason: string }
  /** `resetsAt`: when the account may be used again, where an event says so. */
  | { readonly kind: 'failed'; readonly reason: string; readonly trouble: Trouble; readonly resetsAt?: Date | null };

/** What an agent told about itself on the way; null where it did not. */
export interface AgentFacts {
  readonly sessionId: string | null;
  readonly model: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  /** Its last words, without control sequences. */
  readonly finalText: string;
}

/** Reads one attempt's output. */
export interface Interpreter {
  /** Raw output in, terminal text out. Event lines become readable; all else passes unchanged. Empty input gives what was held back. */
  render(bytes: Uint8Array): Uint8Array;
  verdict(end: AgentEnd): Verdict;
  facts(): AgentFacts;
}

export interface AgentAdapter {
  readonly name: AgentName;
  readonly title: string;
  readonly restrictable: boolean;
  /** Seconds without a byte of output after which an attempt counts as stuck; 0: it may be silent for as long as it likes. */
  readonly silence: number;
  /** Never throws; what is wrong is the `reason`. */
  detect(input: DetectInput): Promise<AgentInfo>;
  /** Errors: `agent/bad-command`, `agent/missing`, `not-available`. */
  command(input: CommandInput): Result<AgentCommand, AppError>;
  /** Absent: output is shown as it is, and exit code and signal are all there is to judge by. */
  interpreter?(): Interpreter;
}
