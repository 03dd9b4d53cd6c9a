/** What a host says of itself in `host.json`: where it is, and while no Braid owns it until when its agents go on. */
import { writeAddress, type HostAddress } from './address';

export class NoticeBoard {
  #written: HostAddress | null = null;
  #since: Date | null = null;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  /** `grace`: seconds that processes may run on with nobody there. `trouble` is told what cannot be written. */
  constructor(private readonly folder: string, private readonly grace: number, private readonly trouble: (text: string) => void) {}

  /** Writes the address for the first time; rejects when that fails. */
  async open(address: HostAddress): Promise<void> {
    await writeAddress(this.folder, address);
    this.#written = address;
  }

  /** Call at every change; nothing is written when nothing changed for a reader. */
  see({ owned, running }: { readonly owned: boolean; readonly running: number }): void {
    const written = this.#written;
    if (written === null || this.#closed) return;
    this.#since = owned ? null : this.#since ?? new Date();
    const alone = this.#since && { until: new Date(this.#since.getTime() + this.grace * 1000).toISOString(), running };
    if (alone?.until === written.alone?.until && alone?.running === written.alone?.running) return;
    const now = { ...written, alone };
    this.#written = now;
    this.#writing = this.#writing.then(() => writeAddress(this.folder, now)).catch((cause: unknown) => this.trouble(String(cause)));
  }

  /** Writes nothing more; resolves when what was under way is written. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }
}
