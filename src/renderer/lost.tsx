import { useState } from 'react';
import { type AppError, describeError } from '../shared/errors';
import { perform } from './bridge';
import { type WindowState, useStore } from './store';
import { Button } from './ui/button';
import { icons } from './ui/icons';
import { Empty } from './ui/message';

type LostError = Extract<AppError, { kind: 'spec/lost' }>;

/** Why the open spec cannot be read any more; null while it can. */
export const lostOf = ({ snapshot }: Pick<WindowState, 'snapshot'>): LostError | null => (snapshot?.spec != null && snapshot.problem?.kind === 'spec/lost' ? snapshot.problem : null);

/** `lostOf` where nothing better is known: a run that goes on has its own copy of the tasks. */
export const useLost = (): LostError | null => useStore((state) => (state.snapshot?.liveRun == null ? lostOf(state) : null));

/** Reads the spec again; says so while it does. */
export function Retry() {
  const [busy, setBusy] = useState(false);
  const retry = async (): Promise<void> => {
    setBusy(true);
    await perform('spec.reload', {});
    setBusy(false);
  };
  return <Button size="sm" icon={icons.refresh} busy={busy} onClick={() => void retry()}>Retry</Button>;
}

/** Stands where the tasks would be while their file cannot be read. They come back with it, and the selection as well. */
export function Lost({ error }: { readonly error: LostError }) {
  const { title, detail, hint } = describeError(error);
  return <Empty icon={icons.alert} title={title} action={<Retry />}>{detail} {hint}</Empty>;
}
