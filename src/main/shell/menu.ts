/** The application menu. Items whose effect lives in the window send a `menu` event; the rest are the system's own roles. */
import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuAction } from '../../shared/ipc';

export type MenuSender = (action: MenuAction) => void;

/** The menu as data; `mac` adds the application menu that macOS expects. */
export function menuTemplate(send: MenuSender, mac: boolean): MenuItemConstructorOptions[] {
  const item = (label: string, action: MenuAction, accelerator?: string): MenuItemConstructorOptions => ({
    label, click: () => send(action), ...(accelerator === undefined ? {} : { accelerator }),
  });
  const line: MenuItemConstructorOptions = { type: 'separator' };
  return [
    ...(mac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    { label: '&File', submenu: [item('Choose Spec Folder…', 'choose', 'CmdOrCtrl+O'), line, mac ? { role: 'close' } : { role: 'quit' }] },
    { role: 'editMenu' },
    {
      label: '&Run',
      submenu: [
        item('Run', 'run', 'CmdOrCtrl+Enter'), item('Stop', 'stop', 'CmdOrCtrl+.'), line,
        item('Merge…', 'merge', 'CmdOrCtrl+Shift+M'),
      ],
    },
    {
      label: '&View',
      submenu: [
        item('Terminals', 'view-terminals', 'CmdOrCtrl+1'), item('Plan', 'view-plan', 'CmdOrCtrl+2'),
        item('Spec', 'view-spec', 'CmdOrCtrl+3'), item('Changes', 'view-changes', 'CmdOrCtrl+4'),
        item('Activity', 'view-activity', 'CmdOrCtrl+5'), line,
        item('Tabs', 'layout-tabs', 'CmdOrCtrl+Shift+T'), item('Grid', 'layout-grid', 'CmdOrCtrl+Shift+G'), line,
        item('Specs and Runs', 'toggle-left', 'CmdOrCtrl+Shift+B'), item('Auto Run', 'toggle-right', 'CmdOrCtrl+B'), line,
        item('Next Pane', 'next-pane', 'F6'), item('Find…', 'find', 'CmdOrCtrl+F'), line,
        { role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'togglefullscreen' }, { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
  ];
}

/** Installs the menu for the whole application. */
export function installMenu(send: MenuSender): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(send, process.platform === 'darwin')));
}
