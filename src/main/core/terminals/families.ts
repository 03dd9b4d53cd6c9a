/**
 * Who descends from the processes that were started here, seen while they run: a child that empties its environment and leaves its session is
 * found by nobody once its parent has ended.
 */
import { keyOf, listProcesses, type ProcessEntry } from './process-table';

/** Milliseconds between two looks; `ps`, elsewhere than on Linux, costs a process each. */
const interval = process.platform === 'linux' ? 500 : 2000;
/** A look that took so long is followed by a pause of so many times as long. */
const pause = 20;

/** Everyone in `all` who descends from one of these pids, they included. */
export function withDescendants(all: readonly ProcessEntry[], roots: ReadonlySet<number>): ProcessEntry[] {
  const found = new Set(roots);
  for (let grown = true; grown;) {
    grown = false;
    for (const entry of all) {
      if (found.has(entry.parent) && !found.has(entry.pid)) {
        found.add(entry.pid);
        grown = true;
      }
    }
  }
  return all.filter((entry) => found.has(entry.pid));
}

/** A process with those that descend from it, as far as they were seen. Sessions are only inherited, so who is in one that they began is one of them. */
class Family {
  #alive = new Map<string, ProcessEntry>();
  /** Its first process as it was first seen; the session may be that of whoever started it. */
  #first: ProcessEntry | null = null;
  #over = false;

  constructor(private readonly pid: number) {}

  /** Nobody of it can come back: it has ended, and nobody is left. */
  get isOver(): boolean {
    return this.#over && this.#alive.size === 0;
  }

  get alive(): ReadonlySet<string> {
    return new Set(this.#alive.keys());
  }

  see(all: readonly ProcessEntry[]): void {
    const first = this.#first ??= this.#over ? null : all.find((entry) => entry.pid === this.pid) ?? null;
    const foreign = first === null || first.session === first.pid ? 0 : first.session;
    const sessions = new Set([...this.#alive.values()].flatMap(({ session }) => (session === 0 || session === foreign ? [] : [session])));
    const roots = all.filter((entry) => (!this.#over && first !== null && keyOf(entry) === keyOf(first)) || this.#alive.has(keyOf(entry)) || sessions.has(entry.session));
    this.#alive = new Map(withDescendants(all, new Set(roots.map(({ pid }) => pid))).map((entry) => [keyOf(entry), entry]));
  }

  /** Its first process has ended: the pid may be another's from now on. */
  end(): void {
    this.#over = true;
  }
}

/** A family that is looked at from time to time. */
export interface Followed {
  /** Those that are alive now, by `keyOf`, as far as they were ever seen. */
  look(): Promise<ReadonlySet<string>>;
  /** The first process has ended; those that it left are followed on. */
  end(): void;
}

export class Families {
  readonly #followed = new Set<Family>();
  #timer: NodeJS.Timeout | null = null;

  /** Follows a process of ours that has just started and has not been waited for. */
  follow(pid: number): Followed {
    const family = new Family(pid);
    this.#followed.add(family);
    this.#wait(interval);
    return {
      look: async () => {
        await this.#look();
        return family.alive;
      },
      end: () => family.end(),
    };
  }

  /** Looks no more. */
  close(): void {
    this.#followed.clear();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wait(milliseconds: number): void {
    if (this.#timer !== null || this.#followed.size === 0) return;
    this.#timer = setTimeout(() => void this.#turn(), milliseconds);
    this.#timer.unref();
  }

  async #turn(): Promise<void> {
    const began = performance.now();
    await this.#look();
    this.#timer = null;
    this.#wait(Math.max(interval, (performance.now() - began) * pause));
  }

  async #look(): Promise<void> {
    const all = await listProcesses();
    for (const family of this.#followed) {
      family.see(all);
      if (family.isOver) this.#followed.delete(family);
    }
  }
}
