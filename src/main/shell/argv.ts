import type { LaunchRequest } from '../app-types';

export interface LaunchArguments extends LaunchRequest {
  readonly userDataDir: string | null;
}

const VALUES = { '--spec': 'spec', '--repo': 'repo', '--agent-command': 'agentCommand', '--user-data-dir': 'userDataDir' } as const;

const isOurs = (name: string): name is keyof typeof VALUES => Object.hasOwn(VALUES, name);

/**
 * Reads the window's command line. Both `--spec DIR` and `--spec=DIR` count, the last one wins; every other switch belongs to
 * Electron, Chromium or a test driver and is passed over, like the app's own path. An option without a value is ignored.
 */
export function readArguments(argv: readonly string[]): LaunchArguments {
  const found: { spec: string | null; repo: string | null; agentCommand: string | null; userDataDir: string | null } = {
    spec: null, repo: null, agentCommand: null, userDataDir: null,
  };
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    const equals = argument.indexOf('=');
    const name = equals === -1 ? argument : argument.slice(0, equals);
    if (!isOurs(name)) continue;
    const value = equals === -1 ? argv[index + 1] : argument.slice(equals + 1);
    if (value === undefined || value === '' || (equals === -1 && value.startsWith('--'))) continue;
    found[VALUES[name]] = value;
    if (equals === -1) index += 1;
  }
  return { ...found, sample: argv.includes('--sample') };
}
