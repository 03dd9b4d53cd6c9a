/** How long a host waits without an owner. */

export interface VigilOptions {
  /** Milliseconds that processes may run on with nobody there. */
  readonly grace: number;
  /** Milliseconds that a host stays when nothing runs in it. */
  readonly idle: number;
  /** Called once, when nobody came in time. */
  readonly over: (why: 'grace' | 'idle') => void;
}

/*
 *  owned ──owner gone──► alone, processes run ──grace──► over
 *    ▲                        │ all ended
 *    └──────owner comes──── alone, nothing runs ──idle──► over
 */
/** Watches over a host that may have lost its owner. */
export class Vigil {
  readonly #options: VigilOptions;
  #grace: NodeJS.Timeout | null = null;
  #idle: NodeJS.Timeout | null = null;
  #done = false;

  constructor(options: VigilOptions) {
    this.#options = options;
  }

  /** Call at every change; `owned`: an owner is connected, `running`: number of processes. */
  see({ owned, running }: { readonly owned: boolean; readonly running: number }): void {
    if (this.#done) return;
    if (owned) this.#clear();
    else {
      this.#grace ??= setTimeout(() => this.#end('grace'), this.#options.grace);
      if (running > 0) this.#clearIdle();
      else this.#idle ??= setTimeout(() => this.#end('idle'), this.#options.idle);
    }
  }

  /** Ends the watch: the host ends for another reason. */
  stop(): void {
    this.#done = true;
    this.#clear();
  }

  #end(why: 'grace' | 'idle'): void {
    this.stop();
    this.#options.over(why);
  }

  #clearIdle(): void {
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = null;
  }

  #clear(): void {
    this.#clearIdle();
    if (this.#grace) clearTimeout(this.#grace);
    this.#grace = null;
  }
}
