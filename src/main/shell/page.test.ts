import { join } from 'node:path';
import { expect, test, vi } from 'vitest';

// Electron's npm package exports the path of its binary; outside Electron the module has no protocol to register with.
vi.mock('electron', () => ({ protocol: {} }));
const { fileOf, pageUrl } = await import('./page');
const root = join('/app', 'out', 'renderer');

test.each([
  ['the page', 'braid-app://window/index.html', join(root, 'index.html')],
  ['an asset with a query', 'braid-app://window/assets/a.js?x=1', join(root, 'assets', 'a.js')],
  ['a way out', 'braid-app://window/../../secret.json', join(root, 'secret.json')],
  ['an encoded way out', 'braid-app://window/..%2f..%2fsecret.json', null],
  ['another host', 'braid-app://other/index.html', null],
  ['a type that is never served', 'braid-app://window/index.html.map', null],
  ['the folder itself', 'braid-app://window/', null],
])('%s', (_name, url, expected) => {
  expect(fileOf(root, url)).toBe(expected);
});

test('the development server keeps its own address', () => {
  expect(pageUrl('http://localhost:5173')).toBe('http://localhost:5173/');
  expect(pageUrl(undefined)).toBe('braid-app://window/index.html');
});
