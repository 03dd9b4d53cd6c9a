/** The raw bytes of a terminal on disk: appended in order, asynchronously, with bounded memory. */
import { mkdir, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openToAppend } from '../plain-file';

/** Bytes in memory at which the producer is asked to wait, and at which it may go on. */
const highWater = 8 * 1024 * 1024;
const lowWater = 1024 * 1024;

export interface LogListener {
  /** The disk cannot keep up, or can again. */
  onPressure(pressed: boolean): void;
  /** Writing failed; said once, after which bytes are dropped and never held. */
  onError(cause: Error): void;
}

/** Appends to one file. Writing never throws and never waits: trouble goes to the listener. */
export class LogFile {
  readonly #path: string;
  readonly #listener: LogListener;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #pressed = false;
  #failed = false;
  #handle: FileHandle | null = null;
  #work: Promise<void> | null = null;

  constructor(path: string, listener: LogListener) {
    this.#path = path;
    this.#listener = listener;
  }

  get path(): string {
    return this.#path;
  }

  /** Queues bytes; the array must not change afterwards. */
  append(bytes: Uint8Array): void {
    if (this.#failed || bytes.length === 0) return;
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    if (this.#queued > highWater) this.#press(true);
    this.#work ??= this.#drain();
  }

  /** Resolves when everything appended so far is in the file or the file has failed; closes it until the next append. */
  async settle(): Promise<void> {
    while (this.#work !== null) await this.#work;
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  async #drain(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const batch = this.#queue;
        this.#queue = [];
        await this.#write(batch.length === 1 && batch[0] ? batch[0] : Buffer.concat(batch));
        this.#queued -= batch.reduce((sum, bytes) => sum + bytes.length, 0);
        if (this.#queued < lowWater) this.#press(false);
      }
    } catch (cause) {
      this.#fail(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      this.#work = null;
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#handle === null) {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      this.#handle = await openToAppend(this.#path);
    }
    await this.#handle.appendFile(bytes);
  }

  #fail(cause: Error): void {
    this.#failed = true;
    this.#queue = [];
    this.#queued = 0;
    this.#press(false);
    this.#listener.onError(cause);
  }

  #press(pressed: boolean): void {
    if (this.#pressed === pressed) return;
    this.#pressed = pressed;
    this.#listener.onPressure(pressed);
  }
}
