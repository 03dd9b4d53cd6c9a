/** The system's own dialogs. They are called as properties of `dialog`, so that a test driver can answer them. */
import { dialog, type BrowserWindow } from 'electron';

/** Asks for a folder; null when the person cancelled. */
export async function chooseFolder(window: BrowserWindow | null): Promise<string | null> {
  const options: Electron.OpenDialogOptions = {
    title: 'Choose spec folder', buttonLabel: 'Choose', properties: ['openDirectory'],
    message: 'Choose a spec folder, or a repository with specs',
  };
  const answer = window ? await dialog.showOpenDialog(window, options) : await dialog.showOpenDialog(options);
  return answer.canceled ? null : (answer.filePaths[0] ?? null);
}

/** Asks before a run is ended by closing; true means stop it and quit. */
export async function confirmQuit(window: BrowserWindow): Promise<boolean> {
  const answer = await dialog.showMessageBox(window, {
    type: 'warning', message: 'A run is going.',
    detail: 'Quitting stops its agents. All work so far is kept: worktrees, branches and the journal stay, and what was integrated can still be merged.',
    buttons: ['Stop and quit', 'Keep running'], defaultId: 1, cancelId: 1, noLink: true,
  });
  return answer.response === 0;
}

/** Says why the app cannot start, before there is a window to say it in. */
export function showFatal(detail: string): void {
  dialog.showErrorBox('Braid cannot start', detail);
}
