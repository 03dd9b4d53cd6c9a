/** Options of the next run: shown at once, sent in order, and never overtaken by the start of a run. */
import type { Snapshot } from '../shared/ipc';
import { ask, perform } from './bridge';
import { wrongField } from './drafts';
import { setUi, setWindow, showError, useStore } from './store';

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

interface StartWish {
  readonly despiteChecklists?: boolean;
  readonly despiteChange?: boolean;
  /** Only this task and those after it. */
  readonly from?: string | null;
}

/** Starts a run after every change of its options has arrived. For a change that should not run yet or any more, and while items of the checklists are unchecked, it asks the person first. A field that is wrong is shown instead. */
export async function startRun({ despiteChecklists = false, despiteChange = false, from = null }: StartWish = {}): Promise<void> {
  const { drafts, wrongRequests } = useStore.getState();
  if (wrongField(drafts) !== null) {
    // What counts is not what stands in the form: it is shown, and nothing starts.
    setUi({ rightOpen: true });
    setWindow({ optionsOpen: true, wrongRequests: wrongRequests + 1 });
    return;
  }
  if (sending !== null) await sending;
  setWindow({ starting: true });
  const started = await ask('run.start', { despiteChecklists, despiteChange, from });
  setWindow({ starting: false, startFrom: from });
  if (started.ok) return;
  if (started.error.kind === 'spec/open-checklists') setWindow({ checklistsOpen: true, despiteChange });
  else if (started.error.kind === 'spec/archived' || started.error.kind === 'spec/unmet-changes') setWindow({ changeQuestion: started.error });
  else showError(started.error);
}
