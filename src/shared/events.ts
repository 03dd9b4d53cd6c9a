/**
 * Every event of a run: the lines of journal.jsonl, the output of `run --json`, and what the renderer folds.
 * Unknown extra fields are kept, so that a newer journal stays readable.
 */
import { z } from 'zod';
import { failureClasses, nextSteps } from './failure';
import { runOptionsSchema } from './options';

const stamp = { at: z.string(), run: z.string() };
/** Events of a gate between phases; `gate` counts from 1. */
const gate = { ...stamp, gate: z.number().int() };

const checkResult = z.object({
  command: z.string(),
  where: z.enum(['lane', 'merged']),
  exitCode: z.number().nullable(),
  signal: z.union([z.number(), z.string()]).nullable(),
  seconds: z.number(),
  /** Ended by the time limit and not by itself. */
  timedOut: z.boolean().default(false),
  tail: z.string(),
});

const usageSchema = z.object({ inputTokens: z.number().nullable(), outputTokens: z.number().nullable(), costUsd: z.number().nullable() });

export const evidenceSchema = z.object({
  commits: z.array(z.string()).readonly(),
  files: z.array(z.string()).readonly(),
  checks: z.array(checkResult).readonly(),
  exitCode: z.number().nullable(),
  signal: z.union([z.number(), z.string()]).nullable(),
  seconds: z.number(),
  /** End of the agent's output when the attempt failed, without control sequences; at most 4,000 characters. */
  tail: z.string().default(''),
  /** Files that the task declares and its work did not touch; absent when there are none. */
  untouched: z.array(z.string()).readonly().optional(),
  /** Names what a failed attempt left in its lane, committed or not: equal for equal content. Absent where it could not be looked at. */
  tree: z.string().optional(),
  /** What the attempt cost, as far as the agent reports it. */
  usage: usageSchema.optional(),
});

/** Why an attempt came to nothing and what follows; `tree` names the content of its lane where a check refused it. */
const failureSchema = z.object({ class: z.enum(failureClasses), signature: z.string(), tree: z.string().nullable(), next: z.enum(nextSteps) });

/** A task as the run knows it: enough to schedule without reading the spec again. */
const runTask = z.object({
  id: z.string(),
  title: z.string(),
  file: z.string(),
  line: z.number(),
  /** Finds the task's line again after edits. */
  textHash: z.string(),
  dependsOn: z.array(z.string()),
  /** Open tasks that its text or the person makes it wait for and that the run does not do: since an edit, as before a run such a task is skipped. */
  outside: z.array(z.string()).optional(),
  conflictsWith: z.array(z.string()),
  /** Longest remaining path, the task included. */
  remaining: z.number(),
  /** Expected duration in units of the median task; absent in journals of earlier versions. */
  weight: z.number().positive().default(1),
  /** Name of the planned lane. */
  lane: z.string(),
  story: z.string().nullable(),
  phase: z.string().nullable(),
  /** Named no path and is not [P]: shares no time with any other task (formats.md section 5, rule 6). */
  exclusive: z.boolean(),
  /** Paths that the task declares; absent in journals of earlier versions. */
  files: z.array(z.string()).optional(),
  /** What a person is needed for before it may start, as its file says; absent where nobody is. */
  person: z.string().optional(),
  /** Its text asks for a verification, which may end well without a change. */
  verification: z.boolean().optional(),
  /** The file has no box for it: that it is done is kept in the repository's data once it has landed. */
  boxless: z.boolean().optional(),
  /** The file marked it as in progress before the run began. */
  inProgress: z.boolean().optional(),
  /** Its line, or its present text, is only in the person's checkout: ticked there when the run lands. */
  fromEdit: z.boolean().optional(),
});

const mergeReport = z.object({
  run: z.string(), spec: z.string(), base: z.string(), baseCommit: z.string(),
  integrationBranch: z.string(), integrationCommit: z.string(), mergeBase: z.string(),
  files: z.array(z.object({
    path: z.string(), oldPath: z.string().nullable(), status: z.enum(['A', 'M', 'D', 'R', 'T']),
    added: z.number().nullable(), removed: z.number().nullable(), tasks: z.array(z.string()).readonly(),
  })).readonly(),
  added: z.number(), removed: z.number(),
  commits: z.array(z.object({ commit: z.string(), subject: z.string(), author: z.string(), at: z.string(), task: z.string().nullable() })).readonly(),
  conflicts: z.array(z.string()).readonly(), baseMoved: z.number(), tag: z.string(),
  done: z.number(), failed: z.number(), skipped: z.number(), total: z.number(),
  checks: z.array(checkResult).readonly(), seconds: z.number(),
});

/** Version of the journal's format. A higher one is refused: what cannot be read cannot be driven on. */
export const journalVersion = 1;

export const runStatuses = ['done', 'failed', 'waiting', 'timed-out', 'interrupted'] as const;

export const runEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run.started'), ...stamp,
    /** Of the journal's format; absent in the first journals, which have version 1. */
    version: z.number().int().optional(),
    spec: z.string(), specTitle: z.string(), specFolder: z.string(), dialect: z.string(), repo: z.string(),
    /** The spec's folder relative to the repository, with forward slashes; task files relative to it. */
    specPath: z.string(), taskFiles: z.array(z.string()),
    /** git ignores the spec: ticks wait for the landing and are then written in place. */
    specIgnored: z.boolean(),
    base: z.string(), baseCommit: z.string(), integrationBranch: z.string(), journal: z.string(),
    options: runOptionsSchema, tasks: z.array(runTask), waves: z.array(z.array(z.string())),
    /** Lanes that may be open at once. */
    slots: z.number(),
    /** Other changes that this one names as needed (OpenSpec). */
    dependencies: z.array(z.string()).optional(),
  }),
  /**
   * `checkpoint`: the run waits for a person's word. `cause`: why it asks where that is no planned checkpoint (failure: one of `tasks` failed;
   * common-cause: all of `tasks` failed in the same way; budget: `maxCost` or `maxTokens` is spent;
   * person: the file wants a person's word before `tasks`; gate: checks still refuse a phase after its fix attempts).
   */
  z.object({
    type: z.literal('run.paused'), ...stamp, reason: z.string().optional(), checkpoint: z.boolean().optional(),
    cause: z.enum(['failure', 'common-cause', 'budget', 'person', 'gate']).optional(), tasks: z.array(z.string()).readonly().optional(),
    /** Where the integration branch stands at a planned checkpoint: what a person looks at, and may come back to. */
    commit: z.string().optional(),
  }),
  /** Goes on after a pause, or after its process ended. */
  /** `unasked`: nobody said so, the run only got another Braid; what it had asked stays open. */
  z.object({ type: z.literal('run.resumed'), ...stamp, unasked: z.literal(true).optional() }),
  /**
   * `now` ends the agents, `current` lets them come to their end; `waiting`: a checkpoint that nobody was there to answer; `because`: no person
   * stopped it, but `onFailure: abort` or the limit of the run's time.
   */
  z.object({
    type: z.literal('run.stopping'), ...stamp, after: z.enum(['now', 'current']).optional(), waiting: z.boolean().optional(),
    because: z.enum(['failure', 'run-timeout']).optional(), reason: z.string().optional(),
  }),
  /** The agent's account (or its way to the service) refuses work: nothing starts until `next`. `until`: the time that the agent named, null where it named none. */
  z.object({ type: z.literal('agent.limited'), ...stamp, agent: z.string(), cause: z.enum(['rate-limit', 'infrastructure']), until: z.string().nullable(), next: z.string(), text: z.string() }),
  z.object({ type: z.literal('agent.released'), ...stamp, agent: z.string() }),
  /** Bytes free where the worktrees are: nothing starts until there are `needed`. */
  z.object({ type: z.literal('disk.low'), ...stamp, free: z.number(), needed: z.number() }),
  z.object({ type: z.literal('disk.enough'), ...stamp, free: z.number() }),
  z.object({ type: z.literal('lane.opened'), ...stamp, lane: z.string(), branch: z.string(), worktree: z.string() }),
  /** The lane's work is kept but nothing more is dispatched to it. */
  z.object({ type: z.literal('lane.parked'), ...stamp, lane: z.string(), reason: z.string() }),
  z.object({ type: z.literal('lane.removed'), ...stamp, lane: z.string() }),
  z.object({ type: z.literal('task.started'), ...stamp, task: z.string(), lane: z.string(), attempt: z.number(), pid: z.number() }),
  z.object({ type: z.literal('task.checking'), ...stamp, task: z.string(), lane: z.string() }),
  z.object({
    type: z.literal('task.finished'), ...stamp, task: z.string(), lane: z.string(), attempt: z.number(),
    outcome: z.enum(['done', 'failed', 'blocked', 'no-change', 'timed-out', 'interrupted']),
    reason: z.string(), evidence: evidenceSchema,
    /** Absent where the attempt was stopped, for outcome `done`, and in journals of earlier versions. With `next: wait` the task waits again and no attempt is spent. */
    failure: failureSchema.optional(),
  }),
  z.object({ type: z.literal('task.skipped'), ...stamp, task: z.string(), reason: z.string() }),
  /** The task waits again; `fresh`: in a new lane, not in the one that keeps its work; `answer`: a person's words to the agent that asked. */
  z.object({ type: z.literal('task.reopened'), ...stamp, task: z.string(), reason: z.string(), fresh: z.boolean(), answer: z.string().optional() }),
  /** A person holds the task back, or lets it go. */
  z.object({ type: z.literal('task.held'), ...stamp, task: z.string(), held: z.boolean() }),
  z.object({ type: z.literal('task.integrating'), ...stamp, task: z.string(), lane: z.string() }),
  z.object({
    type: z.literal('task.integrated'), ...stamp, task: z.string(), lane: z.string(), commit: z.string(),
    /** The line that was written below the task. */
    note: z.string().default(''),
    /** The lane's commit that was merged. */
    laneCommit: z.string().optional(),
    /** Where the integration branch stands, when that is not `commit`: said late, of a journal that lost a line. */
    tip: z.string().optional(),
    /** How far the whole track is by now (conductor and maestro plans). */
    track: z.enum(['active', 'done']).optional(),
  }),
  z.object({
    type: z.literal('conflict.found'), ...stamp, task: z.string(), lane: z.string(), with: z.string(),
    files: z.array(z.string()).readonly(), symbols: z.array(z.string()).readonly(),
  }),
  z.object({ type: z.literal('notice'), ...stamp, level: z.enum(['info', 'warning']), code: z.string(), text: z.string(), task: z.string().nullable() }),
  /** Task files were edited while the run went on: tasks that appeared and are not part of it (all of them, each time). */
  z.object({ type: z.literal('spec.edited'), ...stamp, text: z.string(), offered: z.array(z.object({ id: z.string(), title: z.string() })).readonly() }),
  /** Edits of the task files became part of the run: new and changed tasks, ticks by hand, tasks that the files now mark as blocked, and the order and waves with them. */
  z.object({
    type: z.literal('tasks.changed'), ...stamp, tasks: z.array(runTask), ticked: z.array(z.string()), reopened: z.array(z.string()),
    blocked: z.array(z.string()).optional(), order: z.array(z.string()), waves: z.array(z.array(z.string())),
  }),
  /** Phases have ended (guided runs). `from`: where taking them back returns to; `tasks`: merged since then; `manual`: boxes of theirs that only a person ticks. */
  z.object({
    type: z.literal('gate.opened'), ...gate, phases: z.array(z.string()).readonly(), from: z.string(), tasks: z.array(z.string()).readonly(),
    manual: z.array(z.object({ title: z.string(), file: z.string(), line: z.number() })).readonly(),
  }),
  /** The checks on everything merged so far, up to the first that failed; none where the run has none. `log`: file with their whole output. */
  z.object({ type: z.literal('gate.checked'), ...gate, commit: z.string(), checks: z.array(checkResult).readonly(), log: z.string() }),
  /** An agent is asked to mend what the checks refused, as a task of its own. */
  z.object({ type: z.literal('gate.fixing'), ...gate, fix: runTask }),
  /** A person wants the checks to run again, with new fix attempts. */
  z.object({ type: z.literal('gate.again'), ...gate }),
  /** `failed`: a person went on although the checks refuse. `commit`: the checkpoint; `tip`: where the integration branch stands, where that is not `commit`. */
  z.object({ type: z.literal('gate.closed'), ...gate, result: z.enum(['passed', 'unchecked', 'failed']), commit: z.string(), tip: z.string().optional() }),
  /** The integration branch goes back to `to`; `snapshot` is the ref that keeps what it held. */
  z.object({ type: z.literal('gate.reverting'), ...gate, to: z.string(), snapshot: z.string() }),
  z.object({ type: z.literal('gate.reverted'), ...gate, commit: z.string() }),
  z.object({ type: z.literal('landing.ready'), ...stamp, report: mergeReport }),
  z.object({ type: z.literal('run.landed'), ...stamp, commit: z.string(), tag: z.string() }),
  z.object({ type: z.literal('run.rolled-back'), ...stamp, tag: z.string(), commit: z.string() }),
  /** The person set the result aside; branches are kept. */
  z.object({ type: z.literal('run.abandoned'), ...stamp }),
  z.object({ type: z.literal('run.finished'), ...stamp, status: z.enum(runStatuses), done: z.number(), failed: z.number(), skipped: z.number() }),
]);

export type RunEvent = z.infer<typeof runEventSchema>;
export type RunEventType = RunEvent['type'];
export type RunTask = z.infer<typeof runTask>;
export type TaskFailure = z.infer<typeof failureSchema>;
export type RunStatus = (typeof runStatuses)[number];

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** An event before the engine stamps it with time and run. */
export type RunEventDraft = DistributiveOmit<RunEvent, 'at' | 'run'>;
