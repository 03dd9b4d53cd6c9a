/** How one event of a run changes the snapshot; main process and window share it, so that both always hold the same one. */
import type { RunEvent } from './events';
import type { Snapshot } from './ipc';
import { reduce } from './run';

/** How a copy of the state goes on: another snapshot, or an event of a run to be folded into the one at hand. */
export type Change = { readonly type: 'snapshot'; readonly snapshot: Snapshot } | { readonly type: 'run'; readonly event: RunEvent };

/** The snapshot after an event; the same object when the event says nothing new. */
export function foldRun(snapshot: Snapshot, event: RunEvent): Snapshot {
  const before = snapshot.runs.find((run) => run.id === event.run) ?? null;
  const after = reduce(before, event);
  if (after === null || after === before) return snapshot;
  const runs = before === null ? [after, ...snapshot.runs] : snapshot.runs.map((run) => (run === before ? after : run));
  if (event.type === 'run.started') return { ...snapshot, runs, currentRun: event.run, liveRun: event.run };
  if (event.type === 'run.finished' && snapshot.liveRun === event.run) return { ...snapshot, runs, liveRun: null };
  return { ...snapshot, runs };
}
