/** File access of the spec room: reading and listing inside one folder, with every failure as a fact. */
import { readdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { openPlain } from '../plain-file';

/** Folders that never hold specs or their documents. */
export const skippedFolders = new Set(['node_modules', '.git', 'dist', 'out', 'build', 'target', 'vendor', 'coverage', '__pycache__', '.venv', 'venv', '.next', '.cache', 'worktrees', '.worktrees', '.trees']);

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';

/** Turns what a file operation threw into an error with its path. */
export function ioError(path: string, error: unknown): AppError {
  return { kind: 'io/failed', path, code: codeOf(error), detail: error instanceof Error ? error.message : String(error) };
}

/** Whether `path` is `root` or lies below it; both absolute. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Path with forward slashes, as specs name it. */
export const toSlashes = (path: string): string => (sep === '/' ? path : path.split(sep).join('/'));

/** The real path of `name` inside `folder`, or an error when it leads out of it, also through symbolic links. */
export async function resolveInside(folder: string, name: string): Promise<Result<string, AppError>> {
  const path = resolve(folder, name);
  if (name.includes('\0') || isAbsolute(name) || !isInside(resolve(folder), path)) return err({ kind: 'spec/invalid', path: name, detail: 'The path leads out of the spec folder.' });
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(path)]);
    return isInside(root, real) ? ok(real) : err({ kind: 'spec/invalid', path: name, detail: 'The path leads out of the spec folder.' });
  } catch (error) {
    return err(ioError(path, error));
  }
}

/** Reads a file of at most `limit` bytes; larger ones, folders and devices are refused. */
export async function readBounded(path: string, limit: number): Promise<Result<Buffer, AppError>> {
  try {
    const handle = await openPlain(path);
    try {
      const { size } = await handle.stat();
      if (size > limit) return err({ kind: 'spec/invalid', path, detail: `It is larger than ${Math.round(limit / 1_000_000)} MB.` });
      return ok(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (['EISDIR', 'EFTYPE'].includes(codeOf(error))) return err({ kind: 'spec/invalid', path, detail: 'It is not a file.' });
    return err(ioError(path, error));
  }
}

/** Relative paths (forward slashes, sorted) of the files below `folder` that `wanted` accepts. Links are left out. */
export async function listFiles(folder: string, options: { readonly depth: number; readonly limit: number; readonly wanted: (name: string) => boolean }): Promise<string[]> {
  const found: string[] = [];
  const visit = async (way: string, depth: number): Promise<void> => {
    // A folder that cannot be read (vanished, no permission) has nothing to offer.
    const entries = await readdir(join(folder, way), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length >= options.limit) return;
      const path = way === '' ? entry.name : `${way}/${entry.name}`;
      if (entry.isFile() && options.wanted(entry.name)) found.push(path);
      else if (entry.isDirectory() && depth > 0 && !skippedFolders.has(entry.name) && entry.name !== '.braid') await visit(path, depth - 1);
    }
  };
  await visit('', options.depth);
  return found;
}

/** Relative paths (forward slashes, sorted) of folders, and of links in their place, whose parent folder `wanted` accepts. */
export async function listFolders(folder: string, options: { readonly depth: number; readonly limit: number; readonly wanted: (parent: string) => boolean }): Promise<string[]> {
  const found: string[] = [];
  const visit = async (way: string, depth: number): Promise<void> => {
    const isHome = options.wanted(way);
    // As above: what cannot be read has nothing to offer.
    const entries = await readdir(join(folder, way), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length >= options.limit) return;
      const path = way === '' ? entry.name : `${way}/${entry.name}`;
      if (isHome && (entry.isDirectory() || entry.isSymbolicLink())) found.push(path);
      if (entry.isDirectory() && depth > 0 && !skippedFolders.has(entry.name)) await visit(path, depth - 1);
    }
  };
  await visit('', options.depth);
  return found;
}
