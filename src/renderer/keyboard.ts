/** What menu items and shortcuts do in the window. */
import { useEffect } from 'react';
import type { MenuAction } from '../shared/ipc';
import { perform } from './bridge';
import { startRun } from './options';
import { travel } from './overrides';
import { currentRun, drivenRun, requestFind, setUi, setWindow, useStore } from './store';

/** The parts of a KeyboardEvent that decide. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const plain: Readonly<Record<string, MenuAction>> = {
  KeyO: 'choose', Enter: 'run', NumpadEnter: 'run', Period: 'stop', KeyB: 'toggle-right', KeyF: 'find', KeyZ: 'undo', KeyY: 'redo',
  Digit1: 'view-terminals', Digit2: 'view-plan', Digit3: 'view-spec', Digit4: 'view-changes', Digit5: 'view-activity',
};
const shifted: Readonly<Record<string, MenuAction>> = { KeyB: 'toggle-left', KeyT: 'layout-tabs', KeyM: 'merge', KeyZ: 'redo' };

/** The action of a key press; null when it has none. Inside a terminal only F6 and the Ctrl/Cmd+Shift family are ours (with Cmd, all are). */
export function actionOf(press: KeyPress, inTerminal: boolean, mac: boolean): MenuAction | null {
  if (press.key === 'F6') return 'next-pane';
  const command = mac ? press.metaKey && !press.ctrlKey : press.ctrlKey && !press.metaKey;
  if (!command || press.altKey) return null;
  if (press.shiftKey) return shifted[press.code] ?? null;
  return inTerminal && !mac ? null : plain[press.code] ?? null;
}

/** Moves the focus to the next pane in order, and inside it to where the arrows last were. */
function focusNextPane(): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')];
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const pane = panes[(at + 1) % panes.length];
  const inside = pane?.querySelector<HTMLElement>('.xterm-helper-textarea, [data-roving][tabindex="0"], [role="tab"][tabindex="0"]');
  (inside ?? pane)?.focus();
}

/** Below this width, in px, the left pane lies over the others. */
export const narrowBelow = 1100;

function toggleLeft(): void {
  const { ui, leftOverlay } = useStore.getState();
  if (window.innerWidth < narrowBelow) setWindow({ leftOverlay: !leftOverlay });
  else setUi({ leftOpen: !ui.leftOpen });
}

function stop(): void {
  const live = drivenRun(useStore.getState());
  if (live !== null) void perform('run.stop', { run: live });
}

/** Carries out one action of the menu. A run that cannot start says why as a notice, from main. */
export function runAction(action: MenuAction): void {
  const state = useStore.getState();
  switch (action) {
    case 'choose': void perform('spec.choose', {}); return;
    case 'run': if (state.snapshot?.spec && !state.snapshot.liveRun && !state.starting) void startRun(); return;
    case 'stop': stop(); return;
    case 'toggle-left': toggleLeft(); return;
    case 'toggle-right': setUi({ rightOpen: !state.ui.rightOpen }); return;
    case 'layout-tabs': setUi({ view: 'terminals', layout: 'tabs' }); return;
    case 'layout-grid': setUi({ view: 'terminals', layout: 'grid' }); return;
    case 'merge': if (currentRun(state)?.report) setWindow({ mergeOpen: true }); return;
    case 'view-terminals': setUi({ view: 'terminals' }); return;
    case 'view-plan': setUi({ view: 'plan' }); return;
    case 'view-spec': setUi({ view: 'spec' }); return;
    case 'view-changes': setUi({ view: 'changes' }); return;
    case 'view-activity': setUi({ view: 'activity' }); return;
    case 'next-pane': focusNextPane(); return;
    case 'undo': case 'redo': void travel(action); return;
    case 'find': setUi({ view: 'terminals' }); requestFind(); return;
  }
}

const isMac = /^Mac/.test(globalThis.navigator?.platform ?? '');

/** Text that is being written has a history of its own. */
const isWriting = (target: EventTarget | null): boolean => (target instanceof HTMLInputElement && target.value !== '') || target instanceof HTMLTextAreaElement;

/** What keeps the keyboard to itself while it is open: a dialog, a menu, a drop-down list. */
const topLayers = '.dialog[data-state="open"], .menu[data-state="open"], .select-list[data-state="open"]';

/**
 * Listens for the shortcuts of the whole window, before any control does: a row, a radio or a button has its own use for
 * Enter and must not see the one that belongs to a shortcut.
 */
export function useKeyboard(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const inTerminal = event.target instanceof Element && event.target.closest('.xterm') !== null;
      const action = actionOf(event, inTerminal, isMac);
      if (action === null || document.querySelector(topLayers) !== null) return;
      if ((action === 'undo' || action === 'redo') && (inTerminal || isWriting(event.target))) return;
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) runAction(action);
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}
