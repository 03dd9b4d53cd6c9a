import type { MenuItemConstructorOptions } from 'electron';
import { expect, test, vi } from 'vitest';
import type { MenuAction } from '../../shared/ipc';

// Outside Electron the module is the path of a binary; the template is plain data.
vi.mock('electron', () => ({ Menu: {} }));
const { menuTemplate } = await import('./menu');

const flat = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);

test.each([false, true])('every item does something and no two share a shortcut (mac: %s)', (mac) => {
  const sent: MenuAction[] = [];
  const items = flat(menuTemplate((action) => sent.push(action), mac)).filter((item) => item.type !== 'separator');
  for (const item of items) {
    expect(item.submenu !== undefined || item.role !== undefined || item.click !== undefined, item.label).toBe(true);
    // Electron passes the item, the window and the event; these items use none of them.
    if (item.click) (item.click as () => void)();
  }
  expect(new Set(sent).size).toBe(sent.length);
  const keys = items.flatMap((item) => (item.accelerator ? [item.accelerator] : []));
  expect(new Set(keys).size).toBe(keys.length);
});
