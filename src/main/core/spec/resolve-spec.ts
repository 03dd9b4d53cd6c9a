/** Which spec a name or path on the command line means. */
import { lstat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { isInside, listFolders, readBounded, toSlashes } from './files';
import { surveySpecs, type Refused } from './locate';
import { isArchived, isSpecFolder, isUsualName } from './places';
import { parseTracks } from './tracks';

type Place = { readonly folder: string; readonly file: string | null };

const isChange = (folder: string): boolean => /(?:^|\/)changes\/(?:archive\/)?[^/]+$/.test(toSlashes(folder));

/** Where a located spec is read from; a file is named only where its folder does not stand for it. */
export function placeOf({ folder, taskFiles }: Refused): Place {
  const file = taskFiles[0] ?? null;
  return { folder, file: file === null || isUsualName(file) || isChange(folder) ? null : file };
}

/** Rules in order; the first that fits exactly one spec decides. Words are compared whole before parts of words. */
function matching<T extends Refused>(refs: readonly T[], name: string, root: string): readonly T[] {
  const wanted = name.toLowerCase();
  const words = (text: string): string => `-${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}-`;
  const rules: readonly ((ref: T) => boolean)[] = [
    (ref) => ref.name === name || toSlashes(relative(root, ref.folder)) === name,
    (ref) => ref.name.toLowerCase() === wanted || basename(ref.folder).toLowerCase() === wanted,
    (ref) => words(ref.name).startsWith(words(name)),
    (ref) => words(ref.name).includes(words(name)),
    (ref) => ref.name.toLowerCase().startsWith(wanted),
    (ref) => ref.name.toLowerCase().includes(wanted) || ref.title.toLowerCase() === wanted,
    (ref) => ref.title.toLowerCase().includes(wanted),
  ];
  for (const rule of rules) {
    const found = refs.filter(rule);
    const open = found.filter((ref) => !ref.archived);
    if (open.length === 1) return open;
    if (found.length > 0) return found;
  }
  return [];
}

/** Folders whose children are specs by convention. */
const homes = /(?:^|\/)(?:specs|[\w-]+-specs|openspec\/changes|openspec\/changes\/archive|\.?(?:conductor|maestro)\/tracks|\.kiro\/specs)$/;

/** What stands where specs stand and is none, such as a folder without tasks or a link out of the repository: opening it says why. */
async function others(root: string): Promise<readonly Refused[]> {
  const paths = await listFolders(root, { depth: 6, limit: 5000, wanted: (parent) => homes.test(parent) });
  return paths.filter((path) => basename(path) !== 'archive' && isSpecFolder(path)).map((path) => {
    const name = basename(path);
    return { name, title: name, folder: join(root, path), taskFiles: [], archived: isArchived(path) };
  });
}

const registryLimit = 500_000;

/** A registry of tracks (`tracks.md`, or the folder that holds it) means its only open track; several are for the person to choose from. Null for anything else. */
async function registered(path: string): Promise<Result<Place, AppError> | null> {
  const registry = basename(path) === 'tracks.md' ? path : join(path, 'tracks.md');
  const text = await readBounded(registry, registryLimit);
  const tracks = text.ok ? parseTracks(text.value.toString('utf8')) : [];
  if (tracks.length === 0) return null;
  const home = dirname(registry);
  const open: string[] = [];
  for (const { id, state } of tracks) {
    if (id !== null && state !== 'done' && (await lstat(join(home, 'tracks', id, 'plan.md')).catch(() => null))?.isFile()) open.push(id);
  }
  const [only] = open;
  if (only === undefined) return err({ kind: 'spec/invalid', path: registry, detail: 'It is a registry of tracks, and none of its open tracks has a plan.md.' });
  return open.length === 1 ? ok({ folder: join(home, 'tracks', only), file: null }) : err({ kind: 'spec/choose-file', path: registry, files: open.map((id) => `tracks/${id}/plan.md`) });
}

/** A path that is there: a task file, a folder, a registry of tracks; null when it is not. */
async function existing(path: string): Promise<Result<Place, AppError> | null> {
  const stat = await lstat(path).catch(() => null);
  if (stat === null) return null;
  if (stat.isFile()) return (basename(path) === 'tracks.md' ? await registered(path) : null) ?? ok({ folder: dirname(path), file: basename(path) });
  if (!stat.isDirectory() && !stat.isSymbolicLink()) return null;
  return (/^\.?(?:conductor|maestro)$/.test(basename(path)) ? await registered(path) : null) ?? ok({ folder: path, file: null });
}

/**
 * Folder (and file) of a spec given as a path or as a name that is unique in the repository: exact, then by whole words,
 * then by part. What cannot be read as a spec is found too, so that reading it says why. Errors: `spec/not-found` with the names that are
 * known, or that fit when several do; `spec/choose-file` and `spec/invalid` for a registry of tracks.
 */
export async function resolveSpec(ref: string, options: { readonly cwd: string; readonly repo: string | null }): Promise<Result<Place, AppError>> {
  const root = resolve(options.repo ?? options.cwd);
  if (ref !== '') {
    const path = await existing(resolve(options.cwd, ref)) ?? (isInside(root, resolve(root, ref)) ? await existing(resolve(root, ref)) : null);
    if (path) return path;
  }
  const { specs, refused } = await surveySpecs(root);
  const found = ref === '' ? [] : matching(specs, ref, root);
  const meant = found.length > 0 || ref === '' ? found : matching(oncePerFolder([...refused, ...await others(root)]), ref, root);
  const only = meant.length === 1 ? meant[0] : undefined;
  return only ? ok(placeOf(only)) : err({ kind: 'spec/not-found', path: ref, known: (meant.length > 1 ? meant : specs).map((one) => one.name), ...(meant.length > 1 ? { ambiguous: true as const } : {}) });
}

const oncePerFolder = (refs: readonly Refused[]): readonly Refused[] => [...new Map([...refs].reverse().map((ref) => [ref.folder, ref])).values()].reverse();
