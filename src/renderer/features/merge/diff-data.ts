/** Turns a file's diff as main sends it into what the diff component takes, or says why it is not shown. Pure. */
import type { ChangedFile } from '../../../shared/domain';
import type { FileDiff } from '../../../shared/ipc';
import { splitPath } from './summary';

/** Characters of both sides above which syntax is not coloured: colouring is done in one go and would freeze the window. */
const MAX_COLOURED = 300_000;
/** Characters of a patch above which it is shown only when asked for. */
const MAX_PATCH = 400_000;
/** Characters of a patch that are never shown. */
const MAX_EVER = 6_000_000;
/** Characters of one line above which a file counts as machine-made. */
const MAX_LINE = 20_000;

export type Shown =
  | { readonly kind: 'binary' }
  /** Nothing but name or mode changed. */
  | { readonly kind: 'same' }
  | { readonly kind: 'large'; readonly characters: number; readonly never: boolean }
  | { readonly kind: 'text'; readonly before: string; readonly after: string; readonly oldPath: string; readonly patch: string; readonly coloured: boolean };

const hasLongLine = (text: string): boolean => text.split('\n').some((line) => line.length > MAX_LINE);

/** `insist` shows a large diff all the same, without colours. */
export function shownDiff(diff: FileDiff, insist: boolean): Shown {
  if (diff.binary) return { kind: 'binary' };
  if (!/^@@ /m.test(diff.patch)) return { kind: 'same' };
  const characters = diff.patch.length;
  const large = characters > MAX_PATCH || hasLongLine(diff.patch);
  if (characters > MAX_EVER || (large && !insist)) return { kind: 'large', characters, never: characters > MAX_EVER };
  const before = diff.before ?? '', after = diff.after ?? '';
  return { kind: 'text', before, after, oldPath: diff.oldPath ?? diff.path, patch: diff.patch, coloured: !large && before.length + after.length <= MAX_COLOURED };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Files with those of one folder together, folders and names in the order of their characters. */
export function byFolder(files: readonly ChangedFile[]): readonly ChangedFile[] {
  return files
    .map((file) => ({ file, ...splitPath(file.path) }))
    .sort((a, b) => compare(a.folder, b.folder) || compare(a.name, b.name))
    .map((entry) => entry.file);
}

/** The neighbour of `path` in `paths`, `step` places on; the ends are walls. */
export function neighbour(paths: readonly string[], path: string | null, step: 1 | -1): string | null {
  const at = path === null ? -1 : paths.indexOf(path);
  return paths[Math.min(Math.max(at + step, 0), paths.length - 1)] ?? null;
}
