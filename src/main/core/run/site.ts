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

/** Seconds that agents may go on when Braid has ended: `BRAID_HOST_GRACE`, else the setting. */
export function hostGrace({ env, settings }: Pick<Site, 'settings' | 'env'>): number {
  const given = Number(env['BRAID_HOST_GRACE']);
  return given > 0 ? given : settings.get().hostGrace;
}

/** How this Braid starts hosts; the setting is read when one starts. */
export function hostLaunch(of: Pick<Site, 'settings' | 'env' | 'execPath'> & { readonly script: string }): () => HostLaunch {
  return () => ({ execPath: of.execPath, script: of.script, env: of.env, grace: hostGrace(of) });
}
