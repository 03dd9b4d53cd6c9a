/** Door 1: the Electron application. This file only says what is put together with what. */
import { join } from 'node:path';
import { app, nativeTheme, session, type BrowserWindow } from 'electron';
import type { LaunchRequest } from './app-types';
import { createApp } from './handlers';
import { createAttention } from './shell/attention';
import { chooseFolder, showFatal } from './shell/dialogs';
import { createPublisher, serveCommands } from './shell/ipc';
import { guardClose, guardSignals, isFirstStart, onLaterStart, readLaunch } from './shell/lifecycle';
import { installMenu } from './shell/menu';
import { openPath } from './shell/open';
import { pageUrl, registerScheme, servePage } from './shell/page';
import { focusWindow, openWindow } from './shell/window';

const bundle = join(__dirname, '..');
const resources = join(bundle, '..', 'resources');
const url = pageUrl(process.env['ELECTRON_RENDERER_URL']);

async function start(argv: LaunchRequest): Promise<void> {
  await app.whenReady();
  let window: BrowserWindow | null = null;
  const contents = (): Electron.WebContents | null => (window === null || window.isDestroyed() ? null : window.webContents);
  const configDir = process.env['BRAID_CONFIG_DIR'] || app.getPath('userData');
  const publish = createPublisher(contents);

  const braid = await createApp({
    configDir, cacheDir: join(app.getPath('userData'), 'braid-cache'), version: app.getVersion(), execPath: process.execPath, hostScript: join(__dirname, 'host.js'), resources, argv, publish,
    // Native parts (menus, scroll bars, the title bar) follow the theme that the window shows.
    onTheme: (theme) => { nativeTheme.themeSource = theme; },
    dialogs: { chooseFolder: () => chooseFolder(window), openPath }, attention: createAttention(() => window),
  });
  serveCommands(braid.handlers, contents, url);
  servePage(session.defaultSession, join(bundle, 'renderer'));
  installMenu((action) => publish({ type: 'menu', action }));

  window = openWindow({ url, preload: join(bundle, 'preload', 'index.js'), configDir, icon: join(resources, 'icons', 'icon.png') });
  guardClose(window, braid);
  guardSignals(braid);
  const shown = window;
  onLaterStart((path) => {
    focusWindow(shown);
    if (path !== null) void braid.openPath(path);
  });
}

/** A bug that nothing else caught: said once on stderr, and it never ends a run that goes on. */
process.on('uncaughtException', (error) => process.stderr.write(`${error.stack ?? error.message}\n`));
process.on('unhandledRejection', (reason) => process.stderr.write(`${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}\n`));

registerScheme();
const request = readLaunch(process.argv);
if (isFirstStart(request)) {
  start(request).catch((error: unknown) => {
    showFatal(error instanceof Error ? error.message : String(error));
    app.exit(1);
  });
} else {
  app.quit();
}
