import type { SettingsStore } from '../state/settings';
import type { HostLaunch } from '../terminals/host/launch';
import type { Terminals } from '../terminals/terminals';

/** What is the same for all runs of one Braid process. */
export interface Site {
  readonly terminals: Terminals;
  readonly settings: SettingsStore;
  readonly env: NodeJS.ProcessEnv;
  /** Node, or Electron as Node: what the bundled demo agent and the hosts of terminals run on. */
  readonly execPath: string;
  readonly demoScript: string;
  now(): Date;
  /** At least 0, below 1. */
  random(): number;
}

/** How this Braid starts hosts; the setting is read when one starts, and `BRAID_HOST_GRACE` (seconds) comes before it. */
export function hostLaunch(of: Pick<Site, 'settings' | 'env' | 'execPath'> & { readonly script: string }): () => HostLaunch {
  const given = Number(of.env['BRAID_HOST_GRACE']);
  return () => ({ execPath: of.execPath, script: of.script, env: of.env, grace: given > 0 ? given : of.settings.get().hostGrace });
}
