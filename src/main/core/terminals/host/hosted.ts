/** The processes of a host, and the ends that their owner has not asked for yet. */
import type { AppError } from '../../../../shared/errors';
import { ok, type Result } from '../../../../shared/result';
import type { CommandInTerminal, ProcessInTerminal, TerminalEnd } from '../lane-process';
import { startOf } from '../process-table';
import type { TerminalStore } from '../store';
import type { HostedEntry } from './messages';

export interface Hosted {
  readonly id: number;
  readonly terminal: string;
  readonly process: ProcessInTerminal;
  readonly started: string | null;
  readonly memo: unknown;
  /** Null while it runs. */
  end: TerminalEnd | null;
  /** Resolves when `end` is set. */
  readonly ended: Promise<TerminalEnd>;
}

export class HostedProcesses {
  readonly #store: TerminalStore;
  readonly #changed: () => void;
  readonly #entries = new Map<number, Hosted>();
  #next = 1;

  /** `changed` is called when one started or ended. */
  constructor(store: TerminalStore, changed: () => void) {
    this.#store = store;
    this.#changed = changed;
  }

  get running(): number {
    return [...this.#entries.values()].filter((entry) => entry.end === null).length;
  }

  /** Running ones, and in each terminal the last one with a memo. */
  all(): readonly Hosted[] {
    return [...this.#entries.values()];
  }

  find(id: number): Hosted | undefined {
    return this.#entries.get(id);
  }

  /** Starts a process. Errors as `TerminalStore.startProcess`. */
  async start(command: CommandInTerminal): Promise<Result<Hosted, AppError>> {
    const started = await this.#store.startProcess(command);
    if (!started.ok) return started;
    const process = started.value;
    const since = await startOf(process.pid);
    this.#forgetEnded(command);
    const id = this.#next;
    this.#next += 1;
    const ended = process.ended.then((end) => {
      entry.end = end;
      this.#changed();
      return end;
    });
    const entry: Hosted = { id, terminal: command.terminal, process, started: since, memo: command.memo, end: null, ended };
    this.#entries.set(id, entry);
    this.#changed();
    return ok(entry);
  }

  /** Ends a process with its tree, or sweeps up after one that has ended; nothing happens for one that is forgotten. */
  async stop(id: number): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) return;
    await entry.process.stop();
    if (entry.end !== null && entry.memo === null) this.#entries.delete(id);
  }

  /** Whoever starts the next attempt in a terminal has journaled the end of the one before. */
  #forgetEnded(command: CommandInTerminal): void {
    for (const entry of this.#entries.values()) {
      if (entry.terminal === command.terminal && entry.end !== null && (entry.memo === null || command.memo !== null)) this.#entries.delete(entry.id);
    }
  }
}

/** A process as its owner is told of it. */
export const describeHosted = ({ id, terminal, process, started, memo, end }: Hosted): HostedEntry => ({ process: id, terminal, pid: process.pid, started, memo, end });
