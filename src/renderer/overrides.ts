/** A person's own word on dependencies: what was said, whether it can be said now, and saying it. */
import type { EdgeOverride } from '../shared/domain';
import type { Snapshot } from '../shared/ipc';
import { perform } from './bridge';
import { type History, type Said, type Word, noHistory, redone, say, undone, wordsOf } from './override-history';
import { tell, useStore } from './store';

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

let history: History = noHistory;

const wordOn = (task: string, dependsOn: string): Word => useStore.getState().snapshot?.overrides.find((one) => one.task === task && one.dependsOn === dependsOn)?.kind ?? null;

/** Adds or removes an edge, or takes the person's word on it back. A failure shows as a notice; what was said can be taken back (Ctrl/Cmd+Z). */
export async function override(task: string, dependsOn: string, kind: 'add' | 'remove' | 'reset'): Promise<void> {
  const said: Said = { spec: useStore.getState().snapshot?.spec?.folder ?? '', task, dependsOn, before: wordOn(task, dependsOn), after: kind === 'reset' ? null : kind };
  const result = await perform('plan.override', { task, dependsOn, kind });
  if (!result.ok || said.before === said.after) return;
  history = say(history, said);
  tell(`${wordsOf(said, said.before, said.after)}.`, 'undo');
}

/** Takes the last word on an edge back, or says again what was taken back last; a sentence says what holds now, or why it cannot be. */
export async function travel(way: 'undo' | 'redo'): Promise<void> {
  const { snapshot } = useStore.getState();
  const step = (way === 'undo' ? undone : redone)(history, snapshot?.spec?.folder ?? '');
  if (step === null) return tell(way === 'undo' ? 'No dependency was changed here.' : 'Nothing was taken back.', null);
  const unavailable = whyNotOverride(snapshot);
  if (unavailable !== null) return tell(unavailable, null);
  const { said } = step;
  const [from, to] = way === 'undo' ? [said.after, said.before] : [said.before, said.after];
  const result = await perform('plan.override', { task: said.task, dependsOn: said.dependsOn, kind: to ?? 'reset' });
  if (!result.ok) return;
  history = step.history;
  tell(`${wordsOf(said, from, to)}.`, way === 'undo' ? 'redo' : 'undo');
}
