/** Where agents are installed: the PATH first, then the folders that an app started from a desktop does not have on it. */
import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Environment } from './adapter';

/** Whether there is a file that this user may execute. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) return false;
    await access(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours: either way nothing to run.
    return false;
  }
}

const onPath = (env: Environment): string[] => (env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));

/** Version folders, newest first by number (v22 before v9). */
async function versions(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  return names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true })).map((name) => join(parent, name));
}

async function knownFolders(env: Environment): Promise<string[]> {
  const home = env['HOME'] ?? homedir();
  const data = env['XDG_DATA_HOME'] ?? join(home, '.local/share');
  const nvm = await versions(join(env['NVM_DIR'] ?? join(home, '.nvm'), 'versions/node'));
  const fnm = (await Promise.all([join(data, 'fnm'), join(home, '.fnm'), join(home, 'Library/Application Support/fnm')].map((root) => versions(join(root, 'node-versions'))))).flat();
  return [
    ...['.local/bin', '.claude/local', '.opencode/bin', '.npm-global/bin', '.volta/bin', '.bun/bin', '.asdf/shims', 'Library/pnpm', 'bin'].map((folder) => join(home, folder)),
    join(data, 'pnpm'), join(data, 'mise/shims'),
    ...(env['NPM_CONFIG_PREFIX'] ? [join(env['NPM_CONFIG_PREFIX'], 'bin')] : []),
    ...nvm.map((version) => join(version, 'bin')),
    ...fnm.map((version) => join(version, 'installation/bin')),
    '/opt/homebrew/bin', '/usr/local/bin', '/home/linuxbrew/.linuxbrew/bin', '/usr/bin',
  ];
}

/** Absolute path of a program, or null. The PATH of `env` comes before the known install folders. */
export async function findBinary(name: string, env: Environment): Promise<string | null> {
  for (const folder of [...onPath(env), ...(await knownFolders(env))]) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return null;
}

/** A PATH with the program's own folder on it: scripts that npm installs need the `node` that lies beside them. */
export function pathWith(binary: string, env: Environment): Record<string, string> {
  const folder = dirname(binary);
  const folders = onPath(env);
  return folders.includes(folder) ? {} : { PATH: [...folders, folder].join(delimiter) };
}
