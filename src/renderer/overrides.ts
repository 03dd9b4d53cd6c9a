/** A person's own word on dependencies: what was said, whether it can be said now, and saying it. */
import type { EdgeOverride } from '../shared/domain';
import type { Snapshot } from '../shared/ipc';
import { perform } from './bridge';
import { useStore } from './store';

/** Why edges cannot be changed now; null when they can. A run keeps the plan that it began with. */
export function whyNotOverride(snapshot: Snapshot | null): string | null {
  const live = snapshot?.runs.find((run) => run.id === snapshot.liveRun);
  if (snapshot === null || live === undefined || live.spec !== snapshot.spec?.name) return null;
  return 'A run of this spec is going on. Dependencies can be changed when it has ended.';
}

export interface Overrides {
  /** What the person said about this pair; null when nothing. */
  readonly of: (task: string, dependsOn: string) => EdgeOverride['kind'] | null;
  /** All that was said about a task. */
  readonly ofTask: (task: string) => readonly EdgeOverride[];
  /** Why nothing can be changed now; null when it can. */
  readonly unavailable: string | null;
}

const none: readonly EdgeOverride[] = [];

/** The person's word on the edges of the open spec. */
export function useOverrides(): Overrides {
  const list = useStore((state) => state.snapshot?.overrides ?? none);
  const unavailable = useStore((state) => whyNotOverride(state.snapshot));
  return {
    of: (task, dependsOn) => list.find((one) => one.task === task && one.dependsOn === dependsOn)?.kind ?? null,
    ofTask: (task) => list.filter((one) => one.task === task),
    unavailable,
  };
}

/** Adds or removes an edge, or takes the person's word on it back. A failure shows as a notice. */
export const override = (task: string, dependsOn: string, kind: 'add' | 'remove' | 'reset'): void => void perform('plan.override', { task, dependsOn, kind });
