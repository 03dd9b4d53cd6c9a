import type { SettingsStore } from '../state/settings';
import type { TerminalStore } from '../terminals/store';

/** What is the same for all runs of one Braid process. */
export interface Site {
  readonly terminals: TerminalStore;
  readonly settings: SettingsStore;
  readonly env: NodeJS.ProcessEnv;
  /** Node, or Electron as Node: what the bundled demo agent runs on. */
  readonly execPath: string;
  readonly demoScript: string;
  now(): Date;
  /** At least 0, below 1. */
  random(): number;
}
