/** The whole bridge between the sandboxed window and the main process. It never grows: commands are added in src/shared/ipc.ts. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { AppEvent, Bridge } from '../shared/ipc';

/** Electron before 29 has no `webUtils` and puts the path on the file itself. */
function pathOf(file: object): string {
  // A dropped File is all the window may pass; anything else yields no path.
  if (!(file instanceof File)) return '';
  if (typeof webUtils === 'object') return webUtils.getPathForFile(file);
  return 'path' in file && typeof file.path === 'string' ? file.path : '';
}

const bridge: Bridge = {
  // Main answers each command with the result type that the contract gives it.
  invoke: (command, input) => ipcRenderer.invoke('command', command, input),
  subscribe: (listener) => {
    const forward = (_event: object, events: readonly AppEvent[]): void => events.forEach(listener);
    ipcRenderer.on('event', forward);
    return () => ipcRenderer.removeListener('event', forward);
  },
  pathOf,
};

contextBridge.exposeInMainWorld('braid', bridge);
