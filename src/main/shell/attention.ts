/** What a person sees and hears of a run who looks elsewhere: the desktop's messages, the taskbar, the window's title. */
import { Notification, powerSaveBlocker, shell, type BrowserWindow } from 'electron';
import type { Attention } from '../app-types';
import { focusWindow } from './window';

/** Longer texts are cut by desktops anyway, some of them badly. */
const mostBody = 300;

/** The window's title without a run, and how far one is. */
export const titleOf = (progress: { readonly done: number; readonly total: number; readonly name: string } | null): string =>
  (progress === null ? 'Braid' : `${progress.done}/${progress.total} · ${progress.name}`);

/** Attention by means of Electron. `own` is the window while there is one. */
export function createAttention(own: () => BrowserWindow | null): Attention {
  // A message that nothing refers to may vanish before it is clicked.
  const open = new Set<Notification>();
  let blocker: number | null = null;
  const window = (): BrowserWindow | null => {
    const current = own();
    return current === null || current.isDestroyed() ? null : current;
  };
  return {
    announce: ({ title, body }, { desktop, sound }) => {
      if (!desktop || !Notification.isSupported()) {
        if (sound) shell.beep();
        return;
      }
      const notification = new Notification({ title, body: body.slice(0, mostBody), silent: !sound });
      open.add(notification);
      notification.on('close', () => open.delete(notification));
      notification.on('click', () => {
        const current = window();
        if (current) focusWindow(current);
      });
      notification.show();
    },
    progress: (progress) => {
      const current = window();
      if (current === null) return;
      current.setTitle(titleOf(progress));
      if (progress === null) current.setProgressBar(-1);
      else current.setProgressBar(progress.total === 0 ? 0 : progress.done / progress.total, { mode: progress.waits ? 'paused' : 'normal' });
    },
    keepAwake: (on) => {
      if (on) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
      else if (blocker !== null) {
        powerSaveBlocker.stop(blocker);
        blocker = null;
      }
    },
  };
}
