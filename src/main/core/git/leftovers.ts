/** Which uncommitted files of a lane Braid must not commit for the agent, and why. Pure but for the markers it looks up. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

export interface Excluded {
  readonly path: string;
  /** Half a sentence for the person, e.g. `looks like a secret`. */
  readonly reason: string;
}

/** Bytes; larger files are built or downloaded far more often than written. */
export const largestFile = 10 * 1024 * 1024;

/** Templates that are meant to be committed. */
const template = /\.(example|sample|template|dist|defaults?)$/i;

const secretNames: readonly RegExp[] = [
  /^\.env(\..+)?$/i, /\.env$/i, /^\.envrc$/i,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc)$/i,
  /^id_(rsa|dsa|ecdsa|ed25519)(?!.*\.pub$)/i,
  /^(client_)?(credentials?|secrets?|service[-_]?account)[^/]*\.json$/i,
  /^\.(npmrc|netrc|pypirc|pgpass|git-credentials|htpasswd)$/i,
  /\.(tfstate|tfvars)(\.backup)?$/i,
];

/** Folders that hold nothing but installed or cached files, whatever is in them. */
const dependencyFolders = new Set([
  'node_modules', 'bower_components', 'jspm_packages', '.pnpm-store', '.npm', '.yarn',
  '.venv', 'site-packages', '__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.tox', '.nox', '.eggs',
  '.gradle', '.m2', '.cargo', '.bundle', '.terraform', '.parcel-cache', '.turbo', '.next', '.nuxt', '.svelte-kit', '.cache',
]);

/** Folders whose name is also a plain word: they count only where one of these stands (relative to the folder). */
const markedFolders: Readonly<Record<string, readonly string[]>> = {
  vendor: ['autoload.php', 'modules.txt', 'bundle'],
  target: ['CACHEDIR.TAG', '../Cargo.toml', '../pom.xml'],
  venv: ['pyvenv.cfg'],
  env: ['pyvenv.cfg'],
  virtualenv: ['pyvenv.cfg'],
  Pods: ['Manifest.lock'],
};

const exists = (path: string): Promise<boolean> => lstat(path).then(() => true, () => false);

async function isDependencyFolder(worktree: string, folder: string, name: string): Promise<boolean> {
  if (dependencyFolders.has(name)) return true;
  const markers = Object.hasOwn(markedFolders, name) ? (markedFolders[name] ?? []) : [];
  for (const marker of markers) {
    if (await exists(join(worktree, folder, marker))) return true;
  }
  return false;
}

/** The outermost dependency folder that holds a path, with `/` at its end; null when none does. `known` remembers what was looked up. */
async function dependencyFolder(worktree: string, path: string, known: Map<string, boolean>): Promise<string | null> {
  const parts = path.split('/');
  for (let length = 1; length < parts.length; length += 1) {
    const folder = parts.slice(0, length).join('/');
    const answer = known.get(folder) ?? (await isDependencyFolder(worktree, folder, parts[length - 1] ?? ''));
    known.set(folder, answer);
    if (answer) return `${folder}/`;
  }
  return null;
}

/** Whether a file's name says that it holds a secret; templates such as `.env.example` do not. */
export function looksSecret(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return !template.test(name) && secretNames.some((pattern) => pattern.test(name));
}

export interface Candidate {
  readonly path: string;
  /** Not in HEAD. */
  readonly fresh: boolean;
  /** A repository of its own: a submodule, or a clone inside the worktree (its path ends with `/`). */
  readonly repository: boolean;
}

/**
 * Divides a lane's uncommitted paths into those to commit and those to leave, each dependency folder named once. Paths are
 * relative to the worktree.
 */
export async function divideLeftovers(
  worktree: string,
  candidates: readonly Candidate[],
): Promise<{ readonly paths: readonly string[]; readonly excluded: readonly Excluded[] }> {
  const excluded = new Map<string, string>();
  const known = new Map<string, boolean>();
  const paths: string[] = [];
  for (const { path, fresh, repository } of candidates) {
    const folder = fresh ? await dependencyFolder(worktree, path, known) : null;
    const entry = folder === null ? await lstat(join(worktree, path)).catch(() => null) : null;
    if (folder !== null) excluded.set(folder, 'a folder of dependencies or caches');
    else if (entry === null && path.includes('\uFFFD')) excluded.set(path, 'its name is not UTF-8');
    else if (repository) excluded.set(path, 'a git repository of its own');
    else if (entry !== null && looksSecret(path)) excluded.set(path, 'looks like a secret');
    else if (entry?.isFile() && entry.size > largestFile) excluded.set(path, 'larger than 10 MB');
    else paths.push(path);
  }
  return { paths, excluded: [...excluded].map(([path, reason]) => ({ path, reason })) };
}
