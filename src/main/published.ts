/** What the window was told: the snapshot that it holds now, so that only what changed is sent. */
import type { RunEvent } from '../shared/events';
import { foldRun } from '../shared/fold';
import type { AppEvent, Snapshot, SnapshotText } from '../shared/ipc';
import { diff } from '../shared/patch';

export class Published {
  #shown: Snapshot | null = null;
  #revision = 0;

  constructor(private readonly publish: (event: AppEvent) => void) {}

  /** Tells the window the state; nothing is sent where it has not changed, or where no window has asked yet. */
  state(snapshot: Snapshot): void {
    if (this.#shown === null) return;
    const patch = diff(this.#shown, snapshot);
    if (patch === null) return;
    this.#shown = snapshot;
    this.#revision += 1;
    this.publish({ type: 'state', revision: this.#revision, patch: JSON.stringify(patch) });
  }

  /** Tells the window an event of a run, which it folds into its snapshot as it is folded here. */
  run(event: RunEvent): void {
    if (this.#shown === null) return;
    this.#shown = foldRun(this.#shown, event);
    this.#revision += 1;
    this.publish({ type: 'run', revision: this.#revision, event });
  }

  /** The whole state, for a window that begins or that missed something. */
  whole(snapshot: Snapshot): SnapshotText {
    this.state(snapshot);
    this.#shown = snapshot;
    return { revision: this.#revision, text: JSON.stringify(snapshot) };
  }
}
