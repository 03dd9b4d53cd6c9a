/** Which keys stay with the window while a terminal has the focus; every other key goes to the agent. */

/** The parts of a KeyboardEvent that decide. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const isMac = (): boolean => navigator.platform.startsWith('Mac');

/** Whether the platform's command modifier (Cmd on macOS, Ctrl elsewhere) is the one held. */
export function hasCommand(press: KeyPress, mac = isMac()): boolean {
  return (mac ? press.metaKey && !press.ctrlKey : press.ctrlKey && !press.metaKey) && !press.altKey;
}

/** True for F6, Ctrl/Cmd+K and the Ctrl/Cmd+Shift family: the keys a terminal must not swallow. */
export function keepsKey(press: KeyPress, mac = isMac()): boolean {
  if (press.key === 'F6') return true;
  if (!hasCommand(press, mac)) return false;
  return press.shiftKey || press.code === 'KeyK';
}

export type TerminalShortcut =
  | { readonly kind: 'lane'; readonly index: number }
  | { readonly kind: 'grid' | 'copy' | 'paste' | 'find' };

/** What a key press means to the terminals view; null when it is none of its shortcuts. Reads `code`, since Shift changes `key`. */
export function shortcutOf(press: KeyPress, mac = isMac()): TerminalShortcut | null {
  if (!hasCommand(press, mac) || !press.shiftKey) return null;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(press.code)?.[1];
  if (digit) return { kind: 'lane', index: Number(digit) - 1 };
  switch (press.code) {
    case 'KeyG': return { kind: 'grid' };
    case 'KeyC': return { kind: 'copy' };
    case 'KeyV': return { kind: 'paste' };
    case 'KeyF': return { kind: 'find' };
    default: return null;
  }
}
