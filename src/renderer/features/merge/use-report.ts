import { useCallback, useEffect, useState } from 'react';
import type { MergeReport } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import type { FileDiff } from '../../../shared/ipc';
import type { Result } from '../../../shared/result';
import { ask } from '../../bridge';

export type Fetched<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly error: AppError }
  | { readonly kind: 'ready'; readonly value: T };

/** Fetches while mounted, again on demand; an answer that came too late is dropped. */
function useFetched<T>(fetch: () => Promise<Result<T, AppError>>): { readonly state: Fetched<T>; readonly again: () => void } {
  const [state, setState] = useState<Fetched<T>>({ kind: 'loading' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    void fetch().then((result) => {
      if (wanted) setState(result.ok ? { kind: 'ready', value: result.value } : { kind: 'failed', error: result.error });
    });
    return () => { wanted = false; };
  }, [fetch, turn]);
  return { state, again: useCallback(() => setTurn((count) => count + 1), []) };
}

/** The difference of one file of a run's result. */
export function useFileDiff(run: string, path: string): { readonly state: Fetched<FileDiff>; readonly again: () => void } {
  return useFetched<FileDiff>(useCallback(() => ask('merge.diff', { run, path }), [run, path]));
}

/** The report of a run against its base as it is now. */
export function useReport(run: string): { readonly state: Fetched<MergeReport>; readonly again: () => void } {
  return useFetched<MergeReport>(useCallback(() => ask('merge.report', { run }), [run]));
}
