/** Rule 6 of formats.md section 5: tasks that name the same path never run together. */
import type { FileConflict } from '../../../shared/domain';
import { listAt } from '../../../shared/list-at';
import type { Model, Unit } from './model';

/** Beyond this many claims on one path the tasks are put in file order instead of listing every pair. */
const pairLimit = 64;

export interface Overlap {
  readonly conflicts: readonly FileConflict[];
  /** The same pairs as unit numbers, two for each conflict. */
  readonly pairs: readonly number[];
  /** Crowded paths: their tasks, in file order. */
  readonly crowds: readonly { readonly path: string; readonly units: readonly number[] }[];
}

const isGlob = (path: string): boolean => path.includes('*');

/** The fixed folder of a glob or folder claim, with its slash; the whole repository is the empty string. */
function folderOf(path: string): string {
  const fixed = isGlob(path) ? path.slice(0, path.indexOf('*')) : path;
  return fixed.slice(0, fixed.lastIndexOf('/') + 1);
}

/** Linear: `**` crosses folders, `*` does not; a suffix after the last star must match. */
function globMatches(glob: string, path: string): boolean {
  const folder = folderOf(glob);
  if (!path.startsWith(folder)) return false;
  const rest = path.slice(folder.length);
  if (!glob.includes('**') && rest.includes('/') && !glob.slice(folder.length).includes('/')) return false;
  const suffix = glob.slice(glob.lastIndexOf('*') + 1);
  return isGlob(path) || path.endsWith('/') || rest.endsWith(suffix);
}

function claims(units: readonly Unit[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const unit of units) {
    for (const path of unit.files) {
      const known = found.get(path);
      if (known) known.push(unit.index);
      else found.set(path, [unit.index]);
    }
  }
  return found;
}

/** Claims on folders and globs that contain `path`. */
function containers(path: string, folders: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  for (let at = path.length; at >= 0; at = at === 0 ? -1 : path.lastIndexOf('/', at - 2) + 1) {
    for (const claim of folders.get(path.slice(0, at)) ?? []) {
      if (claim !== path && (!isGlob(claim) || globMatches(claim, path))) found.push(claim);
    }
  }
  return found;
}

/** Finds every overlap. Linear in the number of claims and pairs; pairs of one crowded path are bounded. */
export function overlapOf(model: Model): Overlap {
  const byPath = claims(model.units);
  const folders = new Map<string, string[]>();
  byPath.forEach((_, path) => {
    if (path.endsWith('/') || isGlob(path)) listAt(folders, folderOf(path)).push(path);
  });
  const conflicts: FileConflict[] = [];
  const pairs: number[] = [];
  const crowds: { path: string; units: number[] }[] = [];
  const seen = new Set<number>();
  const size = model.units.length;
  const ids = model.units.map((unit) => unit.task.id);
  const isSeveral = model.units.map((unit) => unit.files.length > 1);
  const pair = (one: number, two: number, path: string): void => {
    if (one === two) return;
    const a = one < two ? one : two;
    const b = one < two ? two : one;
    // Two units that meet on one path only cannot be a pair twice.
    if (folders.size > 0 || (isSeveral[a] === true && isSeveral[b] === true)) {
      const known = seen.size;
      if (seen.add(a * size + b).size === known) return;
    }
    pairs.push(a, b);
    conflicts.push({ a: ids[a] ?? '', b: ids[b] ?? '', path });
  };
  byPath.forEach((units, path) => {
    const wider = folders.size === 0 ? [] : containers(path, folders).flatMap((claim) => byPath.get(claim) ?? []);
    if (units.length + wider.length > pairLimit) {
      crowds.push({ path, units: [...new Set([...units, ...wider])].sort((a, b) => a - b) });
      return;
    }
    for (let i = 0; i < units.length && units.length + wider.length > 1; i += 1) {
      const one = units[i] ?? 0;
      for (let j = i + 1; j < units.length; j += 1) pair(one, units[j] ?? 0, path);
      for (const other of wider) pair(one, other, path);
    }
  });
  return { conflicts, pairs, crowds };
}
