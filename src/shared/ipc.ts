/**
 * The whole contract between window and main process: commands (zod in, typed out) and app events.
 * `Handlers` and `Bridge` are derived from the one map, so a command without a handler does not compile.
 */
import { z } from 'zod';
import type { AgentInfo, Diagnostic, EdgeOverride, Gate, MergeReport, Plan, Spec } from './domain';
import type { CleanupOutcome, CleanupPlan } from './cleanup';
import type { AppError } from './errors';
import type { RunEvent } from './events';
import { runControlSchema } from './control';
import { runOptionsChangeSchema, withoutDefaults, type runOptionsSchema } from './options';
import type { Result } from './result';
import type { Run } from './run';
import { resumeChoices, type Salvage } from './unfinished';

const text = z.string().max(4096);
const none = z.object({}).strict();
const runOnly = z.object({ run: text }).strict();

/** A spec of the open repository, as the left pane lists it. `name` is unique there. */
export interface SpecEntry {
  readonly name: string;
  readonly title: string;
  readonly dialect: Spec['dialect'];
  readonly folder: string;
  /** The task file where its folder holds several specs; null where the folder stands for it. */
  readonly file: string | null;
  readonly done: number;
  readonly total: number;
}

/** A spec folder that was opened before. */
export interface RecentEntry {
  readonly folder: string;
  /** As in `SpecEntry`. */
  readonly file: string | null;
  readonly repo: string;
  readonly name: string;
  readonly dialect: Spec['dialect'];
  readonly openedAt: string;
}

/** What stands between the person and Run; `run` is true when nothing does. */
export interface Readiness {
  readonly error: AppError | null;
  /** Spec files that agents would not see because the base has not got them. */
  readonly uncommitted: readonly string[];
  /** Whether the person was told for this repository that agents run with full permissions. */
  readonly permissionsSaid: boolean;
}

/** Everything the window shows besides terminals. */
export interface Snapshot {
  readonly version: string;
  readonly platform: string;
  readonly gitVersion: string | null;
  readonly theme: 'system' | 'light' | 'dark';
  readonly repo: { readonly root: string; readonly name: string; readonly branch: string | null; readonly commit: string | null } | null;
  readonly specs: readonly SpecEntry[];
  readonly spec: Spec | null;
  readonly plan: Plan | null;
  readonly overrides: readonly EdgeOverride[];
  readonly gates: readonly Gate[];
  readonly diagnostics: readonly Diagnostic[];
  readonly readiness: Readiness;
  readonly options: z.infer<typeof runOptionsSchema>;
  readonly agents: readonly AgentInfo[];
  /** Newest first; full state for each. */
  readonly runs: readonly Run[];
  /** The run the window looks at: the live one, else the one chosen on the left. */
  readonly currentRun: string | null;
  readonly liveRun: string | null;
  /** The run of the open spec that another Braid drives (its process), which is only looked at and told from here. */
  readonly elsewhere: { readonly run: string; readonly process: number } | null;
  /** The run that a person is asked about because its spec was opened and it waits to be resumed. */
  readonly resumeOffer: string | null;
  readonly recent: readonly RecentEntry[];
  readonly notify: NotifyWishes;
  readonly ui: UiState;
  readonly problem: AppError | null;
}

export const uiStateSchema = z.object({
  leftOpen: z.boolean().default(true),
  rightOpen: z.boolean().default(true),
  leftWidth: z.number().min(0).max(2000).default(216),
  rightWidth: z.number().min(0).max(2000).default(352),
  layout: z.enum(['tabs', 'grid']).default('tabs'),
  view: z.enum(['terminals', 'plan', 'spec', 'changes', 'activity']).default('terminals'),
  collapsed: z.array(z.string()).default([]),
  document: z.string().nullable().default(null),
  fontSize: z.number().min(8).max(32).default(12),
  /** What the plan looks like. */
  plan: z.enum(['graph', 'timeline', 'list']).default('graph'),
  /** Under which headings the checklist stands. */
  groupBy: z.enum(['phase', 'story']).default('phase'),
});
export type UiState = z.infer<typeof uiStateSchema>;

/** How a person is told of a run while they look elsewhere, and of what. Off until they want it. */
export const notifySchema = z.object({
  desktop: z.boolean().default(false),
  sound: z.boolean().default(false),
  /** Ends of runs: all, those of runs that took `longRun` seconds or more, or none. */
  ends: z.enum(['all', 'long', 'none']).default('all'),
  /** A task that asks or is in conflict, a checkpoint. */
  questions: z.boolean().default(true),
  /** A task that failed and is not tried again. */
  errors: z.boolean().default(true),
});
export type NotifyWishes = z.infer<typeof notifySchema>;

/** Seconds from which a run counts as long (D22). */
export const longRun = 30;

/** A piece of a terminal's byte stream: `seq` is the stream offset of the first byte, so loss and repeats show. */
export interface TerminalChunk {
  readonly terminal: string;
  readonly seq: number;
  readonly data: Uint8Array;
}

/** What a viewer gets when it attaches: the newest part of the stream that is still in memory. */
export interface TerminalAttachment {
  readonly terminal: string;
  readonly seq: number;
  readonly data: Uint8Array;
  readonly cols: number;
  readonly rows: number;
  readonly running: boolean;
}

/** One file of a diff, both sides whole; null where the side does not exist or is binary. */
export interface FileDiff {
  readonly path: string;
  readonly oldPath: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly binary: boolean;
  /** Unified hunks as git prints them. */
  readonly patch: string;
}

/** A document of the spec, to be rendered as sanitised Markdown. */
export interface DocumentText {
  readonly path: string;
  readonly text: string;
}

/** The whole state as JSON: text crosses the bridge in a moment, where thousands of objects would take half a second. */
export interface SnapshotText {
  /** Number of the last event that is part of it. */
  readonly revision: number;
  /** JSON of a `Snapshot`. */
  readonly text: string;
}

const output = <T>(): { readonly __output?: T } => ({});

/** Command name -> input schema and output type. */
export const commands = {
  'app.snapshot': { input: none, ...output<SnapshotText>() },
  'app.theme': { input: z.object({ theme: z.enum(['system', 'light', 'dark']) }).strict(), ...output<null>() },
  'app.ui': { input: withoutDefaults(uiStateSchema).strict(), ...output<null>() },
  'app.notify': { input: withoutDefaults(notifySchema).strict(), ...output<null>() },
  'app.openSample': { input: none, ...output<null>() },
  'app.forgetRecent': { input: z.object({ folder: text }).strict(), ...output<null>() },
  /** Asks with the system's dialog; false when the person cancelled. */
  'spec.choose': { input: none, ...output<boolean>() },
  'spec.open': { input: z.object({ path: text, file: text.nullable().default(null) }).strict(), ...output<null>() },
  /** Reads the open spec again, as after an edit. */
  'spec.reload': { input: none, ...output<null>() },
  'spec.document': { input: z.object({ path: text }).strict(), ...output<DocumentText>() },
  /** Opens a file of the spec in the user's editor. */
  'spec.edit': { input: z.object({ path: text }).strict(), ...output<null>() },
  /** One commit of just the spec's paths on the base. */
  'spec.commit': { input: none, ...output<null>() },
  /** Sets marks of work in progress back to open in the person's own files; of tasks that something works on they stay. */
  'spec.reset': { input: z.object({ tasks: z.array(text).min(1).max(20_000) }).strict(), ...output<null>() },
  /** Adds or removes one edge of the plan, on top of what the spec says; `reset` takes the person's word on this pair back. */
  'plan.override': { input: z.object({ task: text, dependsOn: text, kind: z.enum(['add', 'remove', 'reset']) }).strict(), ...output<null>() },
  'agents.detect': { input: none, ...output<readonly AgentInfo[]>() },
  'options.set': { input: runOptionsChangeSchema, ...output<null>() },
  /**
   * Refused with `spec/open-checklists` while items of the checklists are unchecked, and with `spec/archived` or `spec/unmet-changes` for a
   * change that should not run yet or any more, unless the person said that it may start all the same. `from`: this once, only this task and
   * those after it in the file.
   */
  'run.start': {
    input: z.object({ despiteChecklists: z.boolean().default(false), despiteChange: z.boolean().default(false), from: text.nullable().default(null) }).strict(),
    ...output<{ readonly run: string }>(),
  },
  'run.pause': { input: runOnly, ...output<null>() },
  'run.resume': { input: runOnly, ...output<null>() },
  /** Tasks that appeared in the task files while the run went on become part of it. */
  'run.takeIn': { input: runOnly, ...output<null>() },
  'run.stop': { input: runOnly, ...output<null>() },
  /** Steers the live run: one task held, skipped, tried again or answered, or an end after what is at work. */
  'run.control': { input: z.object({ run: text, control: runControlSchema }).strict(), ...output<null>() },
  /** What to do with a run that was interrupted: drive it on, or set it aside (`fresh` starts the spec anew afterwards). */
  'run.recover': { input: z.object({ run: text, choice: z.enum(resumeChoices) }).strict(), ...output<{ readonly run: string | null }>() },
  /** What tasks that ended without success left in their lanes. */
  'run.salvage': { input: runOnly, ...output<readonly Salvage[]>() },
  'run.select': { input: z.object({ run: text.nullable() }).strict(), ...output<null>() },
  'lane.open': { input: z.object({ run: text, lane: text, in: z.enum(['editor', 'files', 'log']) }).strict(), ...output<null>() },
  'terminal.attach': { input: z.object({ terminal: text }).strict(), ...output<TerminalAttachment | null>() },
  'terminal.detach': { input: z.object({ terminal: text }).strict(), ...output<null>() },
  'terminal.ack': { input: z.object({ terminal: text, seq: z.number().int().min(0) }).strict(), ...output<null>() },
  'terminal.write': { input: z.object({ terminal: text, data: z.string().max(1_000_000) }).strict(), ...output<null>() },
  'terminal.resize': { input: z.object({ terminal: text, cols: z.number().int().min(2).max(1000), rows: z.number().int().min(1).max(1000) }).strict(), ...output<null>() },
  'merge.report': { input: runOnly, ...output<MergeReport>() },
  'merge.diff': { input: z.object({ run: text, path: text }).strict(), ...output<FileDiff>() },
  'merge.land': { input: runOnly, ...output<{ readonly commit: string; readonly tag: string }>() },
  'merge.rollback': { input: runOnly, ...output<{ readonly commit: string; readonly tag: string }>() },
  /** Sets the result aside; worktrees that hold nothing unmerged are removed, branches stay. */
  'merge.abort': { input: runOnly, ...output<null>() },
  /** What runs left behind and may go. `force`: ages do not count, and what is dirty or unmerged is offered too, as unsafe. */
  'cleanup.plan': { input: z.object({ force: z.boolean() }).strict(), ...output<CleanupPlan>() },
  /** Does the steps of that plan with these keys (`stepKey`); unsafe ones only where `word` is `discard`. */
  'cleanup.perform': { input: z.object({ force: z.boolean(), steps: z.array(z.string().max(8192)).max(100_000), word: text.default('') }).strict(), ...output<CleanupOutcome>() },
} as const;

export type Commands = typeof commands;
export type CommandName = keyof Commands;
export type CommandInput<K extends CommandName> = z.input<Commands[K]['input']>;
export type CommandArgs<K extends CommandName> = z.output<Commands[K]['input']>;
export type CommandOutput<K extends CommandName> = Commands[K] extends { readonly __output?: infer T } ? Exclude<T, undefined> : never;
export type Handlers = { readonly [K in CommandName]: (input: CommandArgs<K>) => Promise<Result<CommandOutput<K>, AppError>> };

/**
 * What main tells the window. Both keep the same snapshot: `state` turns it into the next one by a patch, `run` folds one event. Their
 * revisions follow each other without a gap; a window that misses one asks for the whole state again.
 */
export type AppEvent =
  /** `patch` is the JSON of a `Patch` of the snapshot. */
  | { readonly type: 'state'; readonly revision: number; readonly patch: string }
  | { readonly type: 'run'; readonly revision: number; readonly event: RunEvent }
  | { readonly type: 'terminal.data'; readonly chunks: readonly TerminalChunk[] }
  | { readonly type: 'terminal.exit'; readonly terminal: string }
  /** A menu item or shortcut whose effect lives in the window. */
  | { readonly type: 'menu'; readonly action: MenuAction }

export type MenuAction = 'choose' | 'run' | 'stop' | 'toggle-left' | 'toggle-right' | 'layout-tabs' | 'layout-grid' | 'merge' | 'view-terminals' | 'view-plan' | 'view-spec' | 'view-changes' | 'view-activity' | 'next-pane' | 'find' | 'undo' | 'redo';

/** What the preload script puts on `window.braid`; it never grows. */
export interface Bridge {
  invoke<K extends CommandName>(command: K, input: CommandInput<K>): Promise<Result<CommandOutput<K>, AppError>>;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: AppEvent) => void): () => void;
  /** Absolute path of a dropped file. */
  pathOf(file: object): string;
}

/** `<run>/<lane>`: the name of a lane's terminal. */
export const terminalName = (run: string, lane: string): string => `${run}/${lane}`;
