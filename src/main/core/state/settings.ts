/** What Braid remembers of a person between starts: one validated JSON file, written atomically. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { AppError } from '../../../shared/errors';
import { notifySchema, uiStateSchema } from '../../../shared/ipc';
import { runOptionsSchema } from '../../../shared/options';
import type { Result } from '../../../shared/result';
import { readPlainText } from '../plain-file';
import { writeAtomic } from './atomic-write';

const recentSchema = z.object({
  folder: z.string(), file: z.string().nullable().default(null), repo: z.string(), name: z.string(),
  dialect: z.enum(['speckit', 'openspec', 'track', 'tasks-yaml', 'checklist']), openedAt: z.string(),
});

export const settingsSchema = z.object({
  version: z.literal(1).default(1),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  ui: uiStateSchema.default(() => uiStateSchema.parse({})),
  recent: z.array(recentSchema).max(50).default([]),
  /** Options chosen last, by repository root. */
  options: z.record(z.string(), runOptionsSchema).default({}),
  /** Repositories in which the person was told that agents run with full permissions. */
  permissionsSaid: z.array(z.string()).default([]),
  /** Folder for worktrees; null: `<repo>.worktrees` beside the repository. */
  worktreesFolder: z.string().nullable().default(null),
  /** Seconds that agents may go on when Braid has ended (its host then ends them and commits their work). */
  hostGrace: z.number().int().min(10).max(604_800).default(1800),
  /** Megabytes that must be free where worktrees and repository are before a task starts; 0: not looked at, null: 500, or a tenth of a small disk. */
  leastFreeMb: z.number().min(0).nullable().default(null),
  /** What tells a person who looks elsewhere that a run ended or needs them. */
  notify: notifySchema.default(() => notifySchema.parse({})),
  /** Command line of the editor that lanes open in; null: found by itself. */
  editor: z.string().nullable().default(null),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Folder of the settings: `BRAID_CONFIG_DIR`, else the platform's own place. */
export function configFolder(env: NodeJS.ProcessEnv): string {
  if (env['BRAID_CONFIG_DIR']) return env['BRAID_CONFIG_DIR'];
  if (process.platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'braid');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'braid');
  return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'braid');
}

/** The settings file as an object with a life: read once, changed in memory, each change written whole and in order. */
export class SettingsStore {
  #writing: Promise<Result<null, AppError>> | null = null;

  private constructor(readonly path: string, private value: Settings, readonly problem: string | null) {}

  /** Reads the settings. An unreadable file is kept aside as `settings.broken.json` and defaults are used. */
  static async open(folder: string): Promise<SettingsStore> {
    const path = join(folder, 'settings.json');
    const text = await readPlainText(path).catch(() => null);
    if (text === null) return new SettingsStore(path, settingsSchema.parse({}), null);
    const parsed = settingsSchema.safeParse(parseJson(text));
    if (parsed.success) return new SettingsStore(path, parsed.data, null);
    await writeAtomic(join(folder, 'settings.broken.json'), text);
    return new SettingsStore(path, settingsSchema.parse({}), 'The settings file could not be read; it was kept as settings.broken.json and defaults are used.');
  }

  get(): Settings {
    return this.value;
  }

  /** Applies a change and writes the file; resolves when the newest value is on disk. */
  async update(change: (settings: Settings) => Settings): Promise<Result<null, AppError>> {
    this.value = settingsSchema.parse(change(this.value));
    const previous = this.#writing;
    const next = (async (): Promise<Result<null, AppError>> => {
      if (previous) await previous;
      return writeAtomic(this.path, `${JSON.stringify(this.value, null, 2)}\n`);
    })();
    this.#writing = next;
    return next;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
