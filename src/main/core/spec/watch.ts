/** Notices edits of a spec folder made outside. The one owner of chokidar. */
import { basename, relative, sep } from 'node:path';
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
  let timer: NodeJS.Timeout | null = null;
  const watcher = watch(folder, {
    ignoreInitial: true, depth: 6, followSymlinks: false, atomic: true,
    // Names are judged below the folder only: the folder itself may lie under `.specify` or `.kiro`.
    ignored: (path) => relative(folder, path).split(sep).some((name) => skippedFolders.has(name)) || /~$|\.swp$|\.tmp$/.test(basename(path)),
  });
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
