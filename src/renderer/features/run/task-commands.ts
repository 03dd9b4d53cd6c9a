/** Does what a person chose for one task. */
import { perform } from '../../bridge';
import { wrongField } from '../../drafts';
import { startRun } from '../../options';
import { currentRun, drivenRun, selectTask, setWindow, useStore } from '../../store';
import { taskRows, runIsOf, type TaskRow } from '../../tasks';
import type { MenuEntry } from '../../ui/menu';
import { icons } from '../../ui/icons';
import { whyNotRun } from './sentences';
import { type TaskAction, type TaskActionId, taskActions } from './task-actions';

const drawn = { answer: icons.answer, retry: icons.refresh, afresh: icons.branch, skip: icons.skip, hold: icons.hold, release: icons.play, from: icons.play } as const;

/** The actions of a task as things are now. */
export function actionsOf(row: TaskRow): readonly TaskAction[] {
  const state = useStore.getState();
  const { snapshot } = state;
  const run = currentRun(state);
  return taskActions({
    row, run: runIsOf(run, snapshot?.spec ?? null) ? run : null, live: drivenRun(state),
    obstacle: snapshot === null ? 'Loading.' : whyNotRun(snapshot, wrongField(state.drafts)),
  });
}

/** Carries one action out. `answer` only opens the question: its text comes from the task's details. */
export function actOn(task: string, action: TaskActionId): void {
  if (action === 'from') {
    void startRun({ from: task });
    return;
  }
  if (action === 'answer') {
    selectTask(task);
    setWindow({ answering: task });
    return;
  }
  const run = useStore.getState().snapshot?.currentRun;
  if (run) void perform('run.control', { run, control: action === 'afresh' ? { action: 'retry', task, fresh: true } : { action, task } });
}

/** The entries of a task's menu. */
export const entriesOf = (row: TaskRow): readonly MenuEntry[] =>
  actionsOf(row).map(({ id, label, key, unavailable }) => ({ label, icon: drawn[id], unavailable, keys: key ?? undefined, onSelect: () => actOn(row.id, id) }));

/** The row of a task by its id, as it is shown now. */
export function rowOf(id: string): TaskRow | null {
  const state = useStore.getState();
  return taskRows(state.snapshot?.spec ?? null, currentRun(state)).find((row) => row.id === id) ?? null;
}

/** A key pressed on a row of the list: R, S and H do what the menu offers, where it can be done. True when it was meant. */
export function actByKey(row: TaskRow, key: string): boolean {
  const action = actionsOf(row).find((known) => known.key === key.toUpperCase());
  if (action === undefined) return false;
  if (action.unavailable === null) actOn(row.id, action.id);
  return true;
}
