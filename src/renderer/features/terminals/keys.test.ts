import { expect, test } from 'vitest';
import { keepsKey, shortcutOf, type KeyPress } from './keys';

const press = (change: Partial<KeyPress>): KeyPress => ({ key: '', code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...change });

test.each([
  { name: 'F6', key: press({ key: 'F6' }), mac: false, want: true },
  { name: 'Ctrl+K', key: press({ code: 'KeyK', ctrlKey: true }), mac: false, want: true },
  { name: 'Ctrl+Shift+C', key: press({ code: 'KeyC', ctrlKey: true, shiftKey: true }), mac: false, want: true },
  { name: 'Ctrl+C', key: press({ code: 'KeyC', ctrlKey: true }), mac: false, want: false },
  { name: 'Ctrl+K on macOS', key: press({ code: 'KeyK', ctrlKey: true }), mac: true, want: false },
  { name: 'Cmd+K on macOS', key: press({ code: 'KeyK', metaKey: true }), mac: true, want: true },
  { name: 'AltGr', key: press({ code: 'KeyK', ctrlKey: true, altKey: true }), mac: false, want: false },
  { name: 'a letter', key: press({ key: 'k', code: 'KeyK' }), mac: false, want: false },
])('$name stays with the window: $want', ({ key, mac, want }) => {
  expect(keepsKey(key, mac)).toBe(want);
});

test.each([
  { code: 'Digit1', want: { kind: 'lane', index: 0 } },
  { code: 'Numpad9', want: { kind: 'lane', index: 8 } },
  { code: 'Digit0', want: null },
  { code: 'KeyG', want: { kind: 'grid' } },
  { code: 'KeyC', want: { kind: 'copy' } },
  { code: 'KeyV', want: { kind: 'paste' } },
  { code: 'KeyF', want: { kind: 'find' } },
  { code: 'KeyQ', want: null },
])('Ctrl+Shift+$code', ({ code, want }) => {
  expect(shortcutOf(press({ code, ctrlKey: true, shiftKey: true }), false)).toEqual(want);
  expect(shortcutOf(press({ code, ctrlKey: true }), false)).toBeNull();
});
