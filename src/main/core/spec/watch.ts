/** Notices edits of a spec folder made outside. The one owner of chokidar. */
import type { Stats } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { watch } from 'chokidar';
import { skippedFolders } from './files';

export interface SpecWatch {
  close(): Promise<void>;
  /** Resolves when changes from now on are noticed. */
  readonly ready: Promise<void>;
}

/** Several writes within this many milliseconds are one change. */
const quietTime = 120;

/**
 * Calls `onChange` after files of the folder changed, were added or removed, also when an editor saves by renaming.
 */
export function watchSpec(folder: string, onChange: () => void): SpecWatch {
  return watching(folder, onChange, {
    depth: 6,
    // Names are judged below the folder only: the folder itself may lie under `.specify` or `.kiro`.
    ignored: (path) => relative(folder, path).split(sep).some((name) => skippedFolders.has(name)) || /~$|\.swp$|\.tmp$/.test(basename(path)),
  });
}

/** Files of a git folder that move when somebody switches, commits, merges or renames a branch. */
const refFiles = /^(HEAD|index|packed-refs|MERGE_HEAD|refs(\/heads(\/.*)?)?)$/;

/**
 * Calls `onChange` when the checked-out branch, its commit, the index or a branch changes by anybody's hand. `gitDir` is the checkout's own
 * git folder. Branches of Braid's own runs do not count.
 */
export function watchRepository(gitDir: string, onChange: () => void): SpecWatch {
  return watching(gitDir, onChange, {
    depth: 8,
    ignored: (path) => {
      const name = relative(gitDir, path).split(sep).join('/');
      return name !== '' && (!refFiles.test(name) || name.startsWith('refs/heads/braid/') || name.endsWith('.lock'));
    },
  });
}

/** Folders in which the tools put specs, relative to the repository. */
const usualHomes = ['specs', '.specify/specs', 'kitty-specs', 'openspec/changes', 'conductor/tracks', 'docs/plans', 'docs/superpowers/plans', '.kiro/specs'];
/** More folders than this are not watched. */
const homesAtMost = 32;

/** The folders of a repository in which specs lie or would be looked for: those that hold the folders of known ones, and the usual ones. Sorted, without the repository itself. */
export function homesOf(root: string, folders: readonly string[]): readonly string[] {
  const holders = folders.map((folder) => (dirname(folder) === root ? folder : dirname(folder))).filter((folder) => folder !== root && folder.startsWith(root + sep));
  return [...new Set([...usualHomes.map((home) => join(root, ...home.split('/'))), ...holders])].slice(0, homesAtMost).sort();
}

/** Calls `onChange` when a task list or a folder with one appears, changes or goes in one of the folders or right below. */
export function watchHomes(root: string, homes: readonly string[], onChange: () => void): SpecWatch {
  return watching([...homes], onChange, {
    depth: 1,
    ignored: (path, stats) => relative(root, path).split(sep).some((name) => skippedFolders.has(name)) || (stats?.isFile() === true && !/\.(?:md|ya?ml)$/i.test(path)),
  });
}

function watching(folder: string | string[], onChange: () => void, how: { readonly depth: number; readonly ignored: (path: string, stats?: Stats) => boolean }): SpecWatch {
  let timer: NodeJS.Timeout | null = null;
  const watcher = watch(folder, { ignoreInitial: true, followSymlinks: false, atomic: true, ...how });
  const changed = (): void => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(onChange, quietTime);
  };
  watcher.on('all', changed);
  // A watch that broke (folder removed, limit reached) shows when the spec is read again.
  watcher.on('error', changed);
  const ready = new Promise<void>((resolve) => {
    watcher.once('ready', () => resolve());
  });
  return {
    ready,
    async close() {
      if (timer) clearTimeout(timer);
      await watcher.close();
    },
  };
}
