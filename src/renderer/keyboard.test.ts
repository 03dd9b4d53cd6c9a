import { expect, test } from 'vitest';
import { type KeyPress, actionOf } from './keyboard';

const press = (code: string, held: Partial<KeyPress> = {}): KeyPress => ({ key: code, code, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held });
const ctrl = { ctrlKey: true };
const cmd = { metaKey: true };

test.each([
  ['Ctrl+Enter', press('Enter', ctrl), false, false, 'run'],
  ['Cmd+Enter on a Mac', press('Enter', cmd), false, true, 'run'],
  ['Ctrl+B', press('KeyB', ctrl), false, false, 'toggle-right'],
  ['Ctrl+B in a terminal', press('KeyB', ctrl), true, false, null],
  ['Cmd+B in a terminal', press('KeyB', cmd), true, true, 'toggle-right'],
  ['Ctrl+Shift+M in a terminal', press('KeyM', { ...ctrl, shiftKey: true }), true, false, 'merge'],
  ['F6 in a terminal', press('F6'), true, false, 'next-pane'],
  ['Ctrl+Z', press('KeyZ', ctrl), false, false, 'undo'],
  ['Ctrl+Shift+Z', press('KeyZ', { ...ctrl, shiftKey: true }), false, false, 'redo'],
  ['Ctrl+Z in a terminal', press('KeyZ', ctrl), true, false, null],
  ['AltGr, which reports Ctrl+Alt', press('KeyB', { ...ctrl, altKey: true }), false, false, null],
  ['a plain letter', press('KeyB'), false, false, null],
])('%s', (_name, key, inTerminal, mac, action) => {
  expect(actionOf(key, inTerminal, mac)).toBe(action);
});
