/** What the Electron shell and the application behind it ask of each other: the only thing that both sides know. */
import type { AppError } from '../shared/errors';
import type { AppEvent, Handlers, Snapshot } from '../shared/ipc';
import type { Result } from '../shared/result';

/** What the command line of the window asks for; null where it says nothing. */
export interface LaunchRequest {
  readonly spec: string | null;
  readonly repo: string | null;
  readonly agentCommand: string | null;
  readonly sample: boolean;
}

/** Where a path is opened: in the user's editor, or with the system's file manager or default program. */
export type OpenIn = 'editor' | 'files';

export interface Dialogs {
  /** Absolute path of the chosen folder; null when the person cancelled. */
  chooseFolder(): Promise<string | null>;
  /** `editor` is the user's setting; null finds one. */
  openPath(path: string, where: OpenIn, editor?: string | null): Promise<Result<null, AppError>>;
}

/** What the desktop shows of a run. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Name of the spec. */
  readonly name: string;
  /** Nothing goes on before a person says so. */
  readonly waits: boolean;
}

/** Tells a person who looks elsewhere; nothing of it is needed for a run. */
export interface Attention {
  /** A message of the desktop, a sound, or both. */
  announce(message: { readonly title: string; readonly body: string }, how: { readonly desktop: boolean; readonly sound: boolean }): void;
  /** How far the live run is, on the taskbar and in the title of the window; null while none goes. */
  progress(progress: Progress | null): void;
  /** While true, the machine does not fall asleep by itself. */
  keepAwake(on: boolean): void;
}

export interface AppOptions {
  /** Folder of settings and remembered things. */
  readonly configDir: string;
  readonly cacheDir: string;
  readonly version: string;
  /** Runs JavaScript as plain Node: Electron's own binary with ELECTRON_RUN_AS_NODE, or node. */
  readonly execPath: string;
  /** Absolute path of the host's bundle (src/main/host.ts). */
  readonly hostScript: string;
  /** Folder of bundled resources: `sample/`, `icons/`, the demo agent. */
  readonly resources: string;
  readonly dialogs: Dialogs;
  readonly attention: Attention;
  readonly publish: (event: AppEvent) => void;
  /** Called with the theme that the window shows, at the start and whenever it may have changed. */
  readonly onTheme: (theme: Snapshot['theme']) => void;
  readonly argv: LaunchRequest;
}

/** The application as the shell sees it. */
export interface App {
  readonly handlers: Handlers;
  /** Id of the run that is going, or null. */
  liveRun(): string | null;
  /** Whether the agents of the live run can go on without this process, and for how many minutes at most. */
  outlives(): Promise<{ readonly can: boolean; readonly minutes: number }>;
  /** Lets go of the live run: its agents go on, and the next Braid that opens the repository takes them over. */
  leaveAll(): Promise<void>;
  /** Stops every process of every lane and keeps all work; resolves when all is verified gone. */
  stopAll(): Promise<void>;
  /** Opens a spec folder or file as if the person had chosen it; a failure shows in the window. */
  openPath(path: string): Promise<void>;
  /** Ends watchers and timers. */
  dispose(): Promise<void>;
}

export type CreateApp = (options: AppOptions) => Promise<App>;
