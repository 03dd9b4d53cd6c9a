const isMac = /Mac/.test(navigator.platform);

/** A shortcut as this system writes it: `Ctrl+B`, or with the command key's sign on a Mac. */
export function shortcut(key: string, shift = false): string {
  const named = key === 'Enter' && isMac ? '↩' : key;
  return isMac ? `${shift ? '⇧' : ''}⌘${named}` : `Ctrl+${shift ? 'Shift+' : ''}${named}`;
}
