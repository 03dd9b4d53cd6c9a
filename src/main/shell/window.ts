/** The one window: isolated, sandboxed, and unable to go anywhere but its own page. */
import { BrowserWindow, dialog, nativeTheme, screen, shell, type Session, type WebContents } from 'electron';
import { readWindowState, writeWindowState } from './window-state';

export interface WindowOptions {
  readonly url: string;
  readonly preload: string;
  /** Folder that remembers the window's place. */
  readonly configDir: string;
  readonly icon: string;
}

const DEFAULT = { width: 1360, height: 860 };
/** A page that dies again and again is left as it is. */
const MAX_RELOADS = 3;

/** Page colours of the renderer's tokens, so that nothing flashes before the first paint. */
const background = (): string => (nativeTheme.shouldUseDarkColors ? '#121417' : '#f3f4f6');

/** Only writing text to the clipboard is granted, since copying needs it; every other permission is refused. */
function denyPermissions(session: Session): void {
  const granted = (permission: string): boolean => permission === 'clipboard-sanitized-write';
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(granted(permission)));
  session.setPermissionCheckHandler((_contents, permission) => granted(permission));
}

/** Links in agent output are hostile until a person has read where they lead. */
async function offerLink(window: BrowserWindow, url: string): Promise<void> {
  if (!/^https?:\/\/[^/\s]/i.test(url)) return;
  const answer = await dialog.showMessageBox(window, {
    type: 'question', message: 'Open this link in your browser?', detail: url.slice(0, 500),
    buttons: ['Open', 'Cancel'], defaultId: 1, cancelId: 1, noLink: true,
  });
  if (answer.response === 0) await shell.openExternal(url);
}

function stayHome(window: BrowserWindow, contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    void offerLink(window, url);
    return { action: 'deny' };
  });
}

/** The run lives in this process, so a page that died is simply loaded again. */
function revive(contents: WebContents): void {
  let reloads = 0;
  contents.on('render-process-gone', (_event, details) => {
    process.stderr.write(`Braid: the window's page ended (${details.reason}).\n`);
    if (details.reason === 'clean-exit' || reloads >= MAX_RELOADS) return;
    reloads += 1;
    contents.reload();
  });
}

/** Opens the window; it shows itself when its first frame is ready. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const state = readWindowState(options.configDir, screen.getAllDisplays().map((display) => display.workArea));
  const window = new BrowserWindow({
    ...(state ? { x: state.x, y: state.y, width: state.width, height: state.height } : DEFAULT),
    minWidth: 900, minHeight: 600, show: false, title: 'Braid', autoHideMenuBar: true, backgroundColor: background(), icon: options.icon,
    webPreferences: { preload: options.preload, contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false, spellcheck: false },
  });
  if (state?.maximized) window.maximize();
  denyPermissions(window.webContents.session);
  stayHome(window, window.webContents);
  revive(window.webContents);
  nativeTheme.on('updated', () => {
    if (!window.isDestroyed()) window.setBackgroundColor(background());
  });
  // The title says how far a run is; the page's own never replaces it.
  window.on('page-title-updated', (event) => event.preventDefault());
  window.once('ready-to-show', () => window.show());
  window.on('close', () => writeWindowState(options.configDir, window));
  void window.loadURL(options.url);
  return window;
}

/** Brings the window to the front. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
