/** One terminal: what it shows, what its log keeps, who watches it, and the process that runs in it now. */
import type { TerminalAttachment, TerminalChunk } from '../../../shared/ipc';
import { stripControl } from '../../../shared/plain-text';
import { LogFile } from './log-file';
import type { PtyProcess } from './pty';
import { Ring } from './ring';

/** Bytes a viewer may be behind, and bytes on their way to it without its word that they arrived. */
export const behindLimit = 1024 * 1024;
/** Bytes that a viewer which was too slow is given after the gap. */
const resumeBytes = 64 * 1024;
/** Most bytes in one chunk. */
const chunkBytes = 256 * 1024;
/** How far to look for the start of a line, so that a cut stream does not begin inside a sequence or a character. */
const lineSearch = 8 * 1024;

const newline = 0x0a;

export interface SessionListener {
  /** There may be something to send. */
  onShown(session: Session): void;
  /** Trouble that the person should know of. */
  onNotice(session: Session, text: string): void;
}

/** The newest part of a stream that began elsewhere; `seq` is the offset of its first byte. */
export interface Past {
  readonly seq: number;
  readonly data: Uint8Array;
}

/** A viewer's place in the stream: sent to it, and acknowledged by it. */
interface Viewer {
  sent: number;
  acked: number;
}

/** The stream of one terminal. Several processes write into it, one after another, with the app's own lines between. */
export class Session {
  readonly name: string;
  cols = 120;
  rows = 30;
  readonly #ring: Ring;
  readonly #listener: SessionListener;
  #log: LogFile | null = null;
  #viewer: Viewer | null = null;
  #process: PtyProcess | null = null;
  #atLineStart = true;

  /** `past`: a stream that goes on here; its bytes keep their offsets. */
  constructor(name: string, ringBytes: number, listener: SessionListener, past: Past | null = null) {
    this.name = name;
    this.#ring = new Ring(ringBytes, past?.seq ?? 0);
    this.#listener = listener;
    if (past) this.show(past.data);
  }

  /** Length of the shown stream so far. */
  get end(): number {
    return this.#ring.end;
  }

  get process(): PtyProcess | null {
    return this.#process;
  }

  get watched(): boolean {
    return this.#viewer !== null;
  }

  /** Bytes that wait to be sent to the viewer. */
  get backlog(): number {
    return this.#viewer ? this.#ring.end - this.#viewer.sent : 0;
  }

  /** Appends raw bytes to this file from now on. */
  logTo(path: string): void {
    if (this.#log?.path === path) return;
    this.#log = new LogFile(path, {
      onPressure: (pressed) => (pressed ? this.#process?.pause() : this.#process?.resume()),
      onError: (cause) => this.#listener.onNotice(this, `The log ${path} cannot be written: ${cause.message}. The terminal goes on without it.`),
    });
  }

  /** The process that reads what the viewer types; null after its end. */
  runs(process: PtyProcess | null): void {
    this.#process = process;
  }

  /** Keeps raw bytes in the log. */
  record(raw: Uint8Array): void {
    this.#log?.append(raw);
  }

  /** Adds to what the terminal shows. */
  show(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#ring.push(bytes);
    this.#atLineStart = bytes[bytes.length - 1] === newline;
    if (this.#viewer) this.#listener.onShown(this);
  }

  /** A line of the app's own, set apart by a mark. The text is shown as text: control sequences in it are dropped. */
  say(text: string): void {
    const lines = stripControl(text).trimEnd().split('\n').map((line) => `\x1b[2m──\x1b[0m \x1b[1m${line}\x1b[0m\r\n`);
    const bytes = Buffer.from((this.#atLineStart ? '' : '\r\n') + lines.join(''));
    this.record(bytes);
    this.show(bytes);
  }

  /** Newest part of the stream, from the start of a line where it was cut. The one viewer is served from here on. */
  attach(): TerminalAttachment {
    const { seq, data } = this.past();
    this.#viewer = { sent: seq + data.length, acked: seq + data.length };
    return { terminal: this.name, seq, data, cols: this.cols, rows: this.rows, running: this.#process !== null };
  }

  /** Newest part of the stream, as `attach` gives it, for a terminal that goes on elsewhere. */
  past(): Past {
    const { start, end } = this.#ring;
    const all = this.#ring.slice(start, end);
    const cut = start === 0 ? 0 : all.subarray(0, lineSearch).indexOf(newline) + 1;
    return { seq: start + cut, data: all.subarray(cut) };
  }

  detach(): void {
    this.#viewer = null;
  }

  /** The viewer has shown everything up to `seq`. */
  ack(seq: number): void {
    const viewer = this.#viewer;
    if (!viewer) return;
    viewer.acked = Math.max(viewer.acked, Math.min(seq, viewer.sent));
    if (this.backlog > 0) this.#listener.onShown(this);
  }

  /** The next chunk for the viewer. One that fell too far behind gets a chunk whose `seq` jumps; it then attaches again. */
  take(): TerminalChunk | null {
    const viewer = this.#viewer;
    if (!viewer || this.backlog === 0 || viewer.sent - viewer.acked >= behindLimit) return null;
    if (this.backlog > behindLimit) viewer.sent = this.#ring.end - resumeBytes;
    const data = this.#ring.slice(viewer.sent, viewer.sent + chunkBytes);
    const chunk = { terminal: this.name, seq: viewer.sent, data };
    viewer.sent += data.length;
    return chunk;
  }

  /** Shown bytes from a position on, as far as they are still in memory, at most the newest `limit`. */
  since(position: number, limit: number): Uint8Array {
    return this.#ring.slice(Math.max(position, this.#ring.end - limit), this.#ring.end);
  }

  /** Resolves when the log has everything. */
  async settle(): Promise<void> {
    await this.#log?.settle();
  }
}
