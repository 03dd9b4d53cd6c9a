/**
 * The vocabulary of docs/architecture.md as types. Everything is plain readonly data, so that it can be
 * journaled, sent over IPC and printed by `--json` without conversion.
 */

/** Where a spec comes from; decides grammar, tick style and phase rules. */
export type Dialect = 'speckit' | 'openspec' | 'track' | 'tasks-yaml' | 'checklist';

/** State of a task as its file tells it. */
export type TaskFileState = 'open' | 'done' | 'skipped' | 'blocked' | 'active' | 'unknown';

export type PhaseKind = 'setup' | 'foundational' | 'story' | 'polish' | 'other';

/** `index` is the 0-based position of the phase's heading among the phases of all files: its identity, since numbers repeat. */
export interface Phase {
  readonly index: number;
  readonly number: number | null;
  readonly title: string;
  readonly kind: PhaseKind;
  /** Letters and number that its heading gives it in place of a plain number: `M3`. */
  readonly label?: string;
}

/** One line of a file; `line` is 1-based. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** A box inside a task that has no id of its own: done by the same agent in the same attempt. */
export interface Step {
  readonly id: string | null;
  readonly title: string;
  readonly line: number;
  readonly done: boolean;
}

/** One unit of work of a spec. `file` is relative to the spec folder, lines are 1-based. */
export interface Task {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  readonly line: number;
  /** Last line of the task's text, continuation and steps included. */
  readonly endLine: number;
  /** Every line that carries this id's box (duplicate ids); the first is `line`. */
  readonly lines: readonly number[];
  /** Hash of the task's own line without its state, to find the line again after edits. */
  readonly textHash: string;
  readonly state: TaskFileState;
  readonly done: boolean;
  readonly parallel: boolean;
  readonly parent: string | null;
  readonly steps: readonly Step[];
  /** First story label, e.g. `US1`. */
  readonly story: string | null;
  readonly stories: readonly string[];
  readonly phase: Phase | null;
  /** Nearest heading below the phase's, e.g. `Tests for User Story 1`; absent when there is none. */
  readonly section?: string;
  /** Normalised paths or globs that the task says it touches, relative to the repository. */
  readonly files: readonly string[];
  /** Continuation lines below the task's own line. */
  readonly details: readonly SourceLine[];
  /** Raw text of the task's own line after the box. */
  readonly text: string;
  /** Nothing in the file could be ticked (a row of a table, a heading without boxes): its progress is kept beside the repository's data. */
  readonly boxless?: true;
  /** What a person is needed for before it may start, and the line that says so; absent where nobody is. */
  readonly person?: string;
}

/** A box that a person ticks (checkpoint, manual verification, acceptance): counted, never dispatched. */
export interface Gate {
  readonly title: string;
  readonly file: string;
  readonly line: number;
  readonly done: boolean;
  /** Title of the heading that it stands below, where no task does: it belongs to no phase. */
  readonly heading?: string;
}

export type Severity = 'error' | 'warning' | 'info';

/** Something the reader or the planner noticed, with what to do about it. */
export interface Diagnostic {
  readonly severity: Severity;
  readonly file: string | null;
  readonly line: number | null;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** A Markdown document of a spec folder, listed for reading and for choosing the task file. */
export interface SpecDocument {
  /** Relative to the spec folder. */
  readonly path: string;
  readonly title: string;
  /** Boxes that parse as tasks; 0 for plain prose. */
  readonly tasks: number;
  readonly bytes: number;
}

/** How an OpenSpec change stands to others, by their ids. */
export interface ChangeRelations {
  readonly dependsOn: readonly string[];
  readonly blocks: readonly string[];
  readonly conflictsWith: readonly string[];
  /** Those of `dependsOn` that are there and not complete. */
  readonly unmet: readonly string[];
  /** Open changes that wait for this one, by their own word or by this one's. */
  readonly waiting: readonly string[];
  /** Date (YYYY-MM-DD) on which it was archived; null for an open change. */
  readonly archived: string | null;
}

/** A spec folder as read: tasks, gates and the prose that states dependencies. */
export interface Spec {
  readonly dialect: Dialect;
  readonly name: string;
  readonly title: string;
  /** Absolute path of the folder. */
  readonly folder: string;
  /** Relative to `folder`. */
  readonly taskFiles: readonly string[];
  readonly documents: readonly SpecDocument[];
  readonly phases: readonly Phase[];
  readonly tasks: readonly Task[];
  readonly gates: readonly Gate[];
  /** Lines under a dependency heading, or a quote or bold key directly below a phase heading (`phase` is that phase's index). */
  readonly prose: readonly (SourceLine & { readonly phase: number | null })[];
  /** Ids of other changes, as their proposals and this one's say (OpenSpec only). */
  readonly change?: ChangeRelations;
  readonly diagnostics: readonly Diagnostic[];
}

/** Why one task waits for another, in falling order of authority (formats.md section 5). */
export type EdgeReason = 'user' | 'explicit' | 'section' | 'phase' | 'order' | 'mention';

/** `task` waits for `dependsOn`. `line` and `text` are the evidence; confidence is 0 to 1. */
export interface Edge {
  readonly task: string;
  readonly dependsOn: string;
  readonly reason: EdgeReason;
  readonly file: string | null;
  readonly line: number | null;
  readonly text: string;
  readonly confidence: number;
  /** Tasks between the two, where the wait leads over others that were done before their turn or that a person let start earlier: `line` is then theirs. */
  readonly through?: readonly string[];
}

/** A person's own word on one edge, stored outside the spec: the highest authority. */
export interface EdgeOverride {
  readonly task: string;
  readonly dependsOn: string;
  readonly kind: 'add' | 'remove';
}

/** Two tasks that name the same path and so never run at the same time. */
export interface FileConflict {
  readonly a: string;
  readonly b: string;
  readonly path: string;
}

/** Stated edges that run in a circle. */
export interface Cycle {
  /** Each waits for the next; the first, and again the last, is the first of the file in the circle. Of a very long circle only the beginning. */
  readonly path: readonly string[];
  /** The edge that was left out so that the plan has no circle: from one of the path to the next. */
  readonly closing: Edge;
}

export type RunMode = 'single' | 'parallel' | 'team';

/** A group of tasks that is meant to share one lane. `name` is a slug. */
export interface PlannedLane {
  readonly name: string;
  readonly tasks: readonly string[];
}

/** Tasks as a graph. Waves and critical path hold open tasks only. */
export interface Plan {
  readonly edges: readonly Edge[];
  readonly conflicts: readonly FileConflict[];
  readonly waves: readonly (readonly string[])[];
  readonly criticalPath: readonly string[];
  readonly lanes: readonly PlannedLane[];
  readonly mode: { readonly recommended: RunMode; readonly reason: string };
  /** Longest remaining path in task weights, the task itself included; the higher the earlier. */
  readonly remaining: Readonly<Record<string, number>>;
  /** What each open task really waits for: an order or barrier that leads to a task done before its turn goes on to what that one waited for. */
  readonly waits: Readonly<Record<string, readonly string[]>>;
  /** Circles that open tasks are in: they stop a run. Absent where there are none. */
  readonly cycles?: readonly Cycle[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Tokens and US dollars as an agent reports them; null where it does not. */
export interface Usage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
}

/** What proves a task done. `commits` are the lane's since its last integration. */
export interface Evidence {
  readonly commits: readonly string[];
  readonly files: readonly string[];
  readonly checks: readonly CheckResult[];
  readonly exitCode: number | null;
  readonly signal: number | string | null;
  readonly seconds: number;
  /** End of the agent's output when the attempt failed, without control sequences; at most 4,000 characters. */
  readonly tail: string;
  /** Files that the task declares and its work did not touch. */
  readonly untouched?: readonly string[] | undefined;
  /** Names what a failed attempt left in its lane, committed or not: equal for equal content. */
  readonly tree?: string | undefined;
  readonly usage?: Usage | undefined;
}

/** One `--check` command. `where` says on which tree it ran. */
export interface CheckResult {
  readonly command: string;
  readonly where: 'lane' | 'merged';
  readonly exitCode: number | null;
  readonly signal: number | string | null;
  readonly seconds: number;
  /** Ended by the time limit and not by itself. */
  readonly timedOut: boolean;
  /** Last lines of the output, without control sequences; at most 4,000 characters. */
  readonly tail: string;
}

export type Outcome = 'done' | 'failed' | 'blocked' | 'no-change' | 'timed-out' | 'interrupted';

export type FileStatus = 'A' | 'M' | 'D' | 'R' | 'T';

/** `added` and `removed` as `git diff --numstat` counts them; null for binary files. */
export interface ChangedFile {
  readonly path: string;
  readonly oldPath: string | null;
  readonly status: FileStatus;
  readonly added: number | null;
  readonly removed: number | null;
  /** Ids of the tasks whose integration commits touch the file. */
  readonly tasks: readonly string[];
}

export interface CommitSummary {
  readonly commit: string;
  readonly subject: string;
  readonly author: string;
  readonly at: string;
  readonly task: string | null;
}

/** What a person approves: the difference between merge base and integration branch, and whether it merges. */
export interface MergeReport {
  readonly run: string;
  readonly spec: string;
  readonly base: string;
  readonly baseCommit: string;
  readonly integrationBranch: string;
  readonly integrationCommit: string;
  readonly mergeBase: string;
  readonly files: readonly ChangedFile[];
  readonly added: number;
  readonly removed: number;
  readonly commits: readonly CommitSummary[];
  /** Paths that conflict with the base, by the exit code of `git merge-tree`; empty when it merges cleanly. */
  readonly conflicts: readonly string[];
  /** Commits that the base gained since the run began. */
  readonly baseMoved: number;
  readonly tag: string;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly total: number;
  readonly checks: readonly CheckResult[];
  readonly seconds: number;
}

export type AgentName = 'demo' | 'claude' | 'codex' | 'gemini' | 'opencode' | 'copilot' | 'qwen' | 'custom';

/** What detection found. `ready` false comes with a `reason` that says what to do. */
export interface AgentInfo {
  readonly name: AgentName;
  readonly title: string;
  readonly path: string | null;
  readonly version: string | null;
  readonly ready: boolean;
  readonly reason: string | null;
  /** Whether the agent can run with less than full permissions. */
  readonly restrictable: boolean;
}
