import { expect, test } from 'vitest';
import type { FileDiff } from '../../../shared/ipc';
import { byFolder, neighbour, shownDiff } from './diff-data';

const diff = (change: Partial<FileDiff>): FileDiff => ({ path: 'a.ts', oldPath: null, before: 'a\n', after: 'b\n', binary: false, patch: '--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-a\n+b\n', ...change });
const long = `@@ -1 +1 @@\n-a\n+${'x'.repeat(30_000)}\n`;
const big = `@@ -1 +1 @@\n${'+line\n'.repeat(100_000)}`;

test.each([
  { name: 'text', change: {}, insist: false, want: { kind: 'text', before: 'a\n', after: 'b\n', oldPath: 'a.ts', coloured: true } },
  { name: 'a new file', change: { before: null }, insist: false, want: { kind: 'text', before: '', after: 'b\n' } },
  { name: 'a renamed file', change: { oldPath: 'old.ts' }, insist: false, want: { kind: 'text', oldPath: 'old.ts' } },
  { name: 'a mere rename', change: { patch: 'similarity index 100%\n' }, insist: false, want: { kind: 'same' } },
  { name: 'binary', change: { binary: true, before: null, after: null }, insist: false, want: { kind: 'binary' } },
  { name: 'a line too long', change: { patch: long }, insist: false, want: { kind: 'large', never: false } },
  { name: 'a line too long, asked for', change: { patch: long }, insist: true, want: { kind: 'text', coloured: false } },
  { name: 'large', change: { patch: big }, insist: false, want: { kind: 'large', never: false } },
  { name: 'huge, asked for', change: { patch: big.repeat(12) }, insist: true, want: { kind: 'large', never: true } },
  { name: 'sides too large to colour', change: { after: 'x\n'.repeat(200_000) }, insist: false, want: { kind: 'text', coloured: false } },
])('$name', ({ change, insist, want }) => {
  expect(shownDiff(diff(change), insist)).toMatchObject(want);
});

test('files of one folder come together', () => {
  const file = (path: string) => ({ path, oldPath: null, status: 'M' as const, added: 1, removed: 1, tasks: [] });
  expect(byFolder(['src/a/x.ts', 'src/b.ts', 'src/c/y.ts', 'a.ts', 'src/a.ts'].map(file)).map((entry) => entry.path))
    .toEqual(['a.ts', 'src/a.ts', 'src/b.ts', 'src/a/x.ts', 'src/c/y.ts']);
});

test.each([
  { path: null, step: 1, want: 'a' }, { path: 'a', step: 1, want: 'b' }, { path: 'c', step: 1, want: 'c' }, { path: 'a', step: -1, want: 'a' }, { path: 'gone', step: 1, want: 'a' },
] as const)('from $path by $step to $want', ({ path, step, want }) => {
  expect(neighbour(['a', 'b', 'c'], path, step)).toBe(want);
  expect(neighbour([], path, step)).toBeNull();
});
