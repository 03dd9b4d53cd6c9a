/** Options of the next run: shown at once, sent in order, and never overtaken by the start of a run. */
import type { Snapshot } from '../shared/ipc';
import { perform } from './bridge';
import { setWindow, useStore } from './store';

type Options = Snapshot['options'];

let unsent: Partial<Options> = {};
let sending: Promise<void> | null = null;

async function sendAll(): Promise<void> {
  while (Object.keys(unsent).length > 0) {
    const change = unsent;
    unsent = {};
    await perform('options.set', change);
    setWindow({ pendingOptions: unsent });
  }
  sending = null;
}

/** Changes options. Changes made while others are on their way go together with the next message. */
export function setOptions(change: Partial<Options>): void {
  unsent = { ...unsent, ...change };
  setWindow({ pendingOptions: { ...useStore.getState().pendingOptions, ...change } });
  sending ??= sendAll();
}

/** The options with what main has not confirmed yet; null before the first snapshot. */
export function useOptions(): Options | null {
  const confirmed = useStore((state) => state.snapshot?.options ?? null);
  const pending = useStore((state) => state.pendingOptions);
  return confirmed === null ? null : { ...confirmed, ...pending };
}

/** Starts a run after every change of its options has arrived. */
export async function startRun(): Promise<void> {
  if (sending !== null) await sending;
  setWindow({ starting: true });
  await perform('run.start', {});
  setWindow({ starting: false });
}
