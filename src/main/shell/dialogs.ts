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

const answers = ['stop', 'cancel', 'keep'] as const;

/** Asks before a window is closed over a run that goes on. `minutes`: how long its agents may go on without Braid; null where they cannot. */
export async function askQuit(window: BrowserWindow, minutes: number | null): Promise<(typeof answers)[number]> {
  const kept = 'All work so far is kept: worktrees, branches and the journal stay, and what was integrated can still be merged.';
  const keep = `Keep running: agents that are at work go on for up to ${minutes} minutes. Nothing new is started and nothing is integrated until Braid is opened again; it then goes on by itself.\n\n`;
  const answer = await dialog.showMessageBox(window, {
    type: 'warning', message: 'A run is going.', detail: `${minutes === null ? '' : keep}Stop and quit: its agents are ended. ${kept}`,
    buttons: ['Stop and quit', 'Cancel', ...(minutes === null ? [] : ['Keep running'])], defaultId: 1, cancelId: 1, noLink: true,
  });
  return answers[answer.response] ?? 'cancel';
}

/** Says why the app cannot start, before there is a window to say it in. */
export function showFatal(detail: string): void {
  dialog.showErrorBox('Braid cannot start', detail);
}
