import { expect, test } from 'vitest';
import type { Diagnostic, Severity } from '../shared/domain';
import { inOrder, noticed } from './diagnostics';

const told = (severity: Severity, line: number | null, file: string | null = 'tasks.md'): Diagnostic => ({ severity, file, line, code: 'c', message: 'm', hint: null });

test.each([
  [[], null],
  [[told('info', 1)], { worst: 'info', text: '1 note' }],
  [[told('warning', 1), told('error', 2), told('warning', 3), told('info', 4)], { worst: 'error', text: '1 error, 2 warnings, 1 note' }],
] as const)('%j is counted by severity', (diagnostics, want) => expect(noticed(diagnostics)).toEqual(want));

test('the worst come first, then files and lines', () => {
  const sorted = inOrder([told('info', 1), told('warning', 9), told('warning', 2), told('error', 5), told('warning', 3, 'a.md'), told('warning', null, null)]);
  expect(sorted.map(({ severity, file, line }) => `${severity} ${file} ${line}`)).toEqual(['error tasks.md 5', 'warning null null', 'warning a.md 3', 'warning tasks.md 2', 'warning tasks.md 9', 'info tasks.md 1']);
});
