/** Keeps the window's copy of the state equal to main's: whole at first, then change by change, whole again after a gap. */
import type { AppError } from '../shared/errors';
import type { Change } from '../shared/fold';
import type { AppEvent, Snapshot, SnapshotText } from '../shared/ipc';
import { applyPatch, type Patch } from '../shared/patch';
import type { Result } from '../shared/result';

/** The events that carry state; the others are other listeners' business. */
export type StateEvent = Extract<AppEvent, { readonly revision: number }>;

/** What a replica needs: asking for the whole state, the copy, its next change, and where a failure is shown. */
export interface ReplicaPorts {
  readonly ask: () => Promise<Result<SnapshotText, AppError>>;
  readonly current: () => Snapshot | null;
  readonly apply: (change: Change) => void;
  readonly fail: (error: AppError) => void;
}

export class Replica {
  /** Revision of the copy; null while the whole state is awaited. */
  #revision: number | null = null;
  #early: StateEvent[] = [];

  constructor(private readonly ports: ReplicaPorts) {}

  /** Asks for the whole state; what arrives before the answer is kept and applied after it. */
  async load(): Promise<void> {
    this.#revision = null;
    const result = await this.ports.ask();
    if (!result.ok) return this.ports.fail(result.error);
    // Main writes the text from a Snapshot.
    this.ports.apply({ type: 'snapshot', snapshot: JSON.parse(result.value.text) as Snapshot });
    this.#revision = result.value.revision;
    const early = this.#early;
    this.#early = [];
    for (const event of early) this.receive(event);
  }

  /** Applies an event that follows the copy, keeps one that is too early, and forgets one that is part of the copy already. */
  receive(event: StateEvent): void {
    if (this.#revision === null) {
      this.#early.push(event);
      return;
    }
    if (event.revision <= this.#revision) return;
    if (event.revision !== this.#revision + 1) {
      this.#early = [event];
      void this.load();
      return;
    }
    this.#revision = event.revision;
    this.ports.apply(event.type === 'run' ? { type: 'run', event: event.event } : { type: 'snapshot', snapshot: this.#patched(event.patch) });
  }

  #patched(text: string): Snapshot {
    // Main makes the text from a Patch between two Snapshots, of which this window holds the first.
    return applyPatch(this.ports.current(), JSON.parse(text) as Patch) as Snapshot;
  }
}
