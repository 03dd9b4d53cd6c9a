import { expect, test, vi } from 'vitest';

// Outside Electron the module is the path of a binary.
vi.mock('electron', () => ({}));
const { titleOf } = await import('./attention');

test.each([[null, 'Braid'], [{ done: 3, total: 12, name: '001-demo' }, '3/12 · 001-demo']])('the title of the window', (progress, title) => {
  expect(titleOf(progress)).toBe(title);
});
