/** What the reader and the planner noticed, as every view counts and orders it. */
import type { Diagnostic, Severity } from '../shared/domain';
import { setUi, setWindow } from './store';
import { counted } from './ui/format';

const severities: readonly { readonly severity: Severity; readonly word: string }[] = [{ severity: 'error', word: 'error' }, { severity: 'warning', word: 'warning' }, { severity: 'info', word: 'note' }];

/** Accessible word for each severity. */
export const severityWord: Readonly<Record<Severity, string>> = { error: 'Error', warning: 'Warning', info: 'Note' };

export interface Noticed {
  readonly worst: Severity;
  /** `2 errors, 1 warning, 3 notes`. */
  readonly text: string;
}

/** Counts by severity, the worst first; null when nothing was noticed. */
export function noticed(diagnostics: readonly Diagnostic[]): Noticed | null {
  const found = severities.flatMap(({ severity, word }) => {
    const count = diagnostics.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [{ severity, text: counted(count, word) }];
  });
  const [worst] = found;
  return worst === undefined ? null : { worst: worst.severity, text: found.map(({ text }) => text).join(', ') };
}

const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** The worst first, then by file and line. */
export const inOrder = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  [...diagnostics].sort((a, b) => rank[a.severity] - rank[b.severity] || (a.file ?? '').localeCompare(b.file ?? '') || (a.line ?? 0) - (b.line ?? 0));

/** Opens the list of diagnostics in the Spec view. */
export function showDiagnostics(): void {
  setWindow({ diagnosticsOpen: true });
  setUi({ view: 'spec' });
}
