/* oxlint-disable no-control-regex -- control characters are what this file is about */
/** Finds JSON event lines in a terminal's byte stream and replaces each by readable lines; everything else passes unchanged. */
import { paint } from './ansi';

/** An event as an agent prints it; fields are checked where they are read. */
export type JsonEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** Lines for the terminal (without line ends), or null when the event is unknown and its line passes unchanged. */
export type OnEvent = (event: JsonEvent) => readonly string[] | null;

const openBrace = 0x7b;
const newline = 0x0a;
const escape = 0x1b;
/** Bytes of one event line; tool output in it may be of any size. */
const lineLimit = 1024 * 1024;
/** Some agents write a control sequence before the first brace (agents.md section 3: claude appends `ESC[?25h`). */
const sequence = /^(?:\x1b\[[0-?]*[ -/]*[@-~])+/;
const sequenceLimit = 64;

/*
 *            first byte                    newline
 *  start ──┬── '{' ────► held (an event) ────────► start
 *          ├── ESC ────► sequence held until it is whole, passed on, then start again
 *          └── other ──► passing ────────────────► start
 *  held, over 1 MB ────► skipping ───────────────► start
 */
type Mode = 'start' | 'held' | 'passing' | 'skipping';

/** The object of an event line, or null when the line is none. */
export function parseEvent(line: string): JsonEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string') return null;
    // An object whose `type` was just found to be a string.
    return value as JsonEvent;
  } catch {
    // A line that merely begins with a brace: not ours to change.
    return null;
  }
}

/** Reads one stream from its beginning. Holds back at most one line of 1 MB. */
export class JsonLines {
  readonly #onEvent: OnEvent;
  #mode: Mode = 'start';
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(onEvent: OnEvent) {
    this.#onEvent = onEvent;
  }

  /** Terminal bytes for the next piece of output; an empty piece means the end and gives what was held back. */
  render(bytes: Uint8Array): Uint8Array {
    const out: Uint8Array[] = [];
    if (bytes.length === 0) this.#finish(out);
    for (let at = 0; at < bytes.length;) at = this.#step(bytes, at, out);
    return Buffer.concat(out);
  }

  #step(bytes: Uint8Array, at: number, out: Uint8Array[]): number {
    if (this.#mode === 'start') return this.#begin(bytes, at, out);
    const end = bytes.indexOf(newline, at);
    const next = end === -1 ? bytes.length : end + 1;
    const part = bytes.subarray(at, next);
    if (this.#mode === 'passing') out.push(part);
    if (this.#mode === 'held') this.#hold(part, out);
    if (end !== -1) this.#endLine(out);
    return next;
  }

  #begin(bytes: Uint8Array, at: number, out: Uint8Array[]): number {
    const first = bytes[at];
    if (first === escape || this.#heldBytes > 0) return this.#sequence(bytes, at, out);
    if (first === openBrace) this.#mode = 'held';
    else this.#mode = 'passing';
    return at;
  }

  /** Takes a control sequence at the start of a line byte by byte, so that it may be cut anywhere. */
  #sequence(bytes: Uint8Array, at: number, out: Uint8Array[]): number {
    this.#held.push(Uint8Array.from(bytes.subarray(at, at + 1)));
    this.#heldBytes += 1;
    const text = Buffer.concat(this.#held).toString('latin1');
    const whole = sequence.exec(text)?.[0].length === text.length;
    const unfinished = /^\x1b(?:\[[0-?]*[ -/]*)?$/.test(text) && text.length < sequenceLimit;
    if (!unfinished) {
      this.#release(out);
      if (!whole) this.#mode = 'passing';
      if (!whole && bytes[at] === newline) this.#mode = 'start';
    }
    return at + 1;
  }

  #hold(part: Uint8Array, out: Uint8Array[]): void {
    // The piece belongs to the caller, who may use its memory again; slice() of a Buffer would share it.
    this.#held.push(Uint8Array.from(part));
    this.#heldBytes += part.length;
    if (this.#heldBytes <= lineLimit) return;
    this.#held = [];
    this.#heldBytes = 0;
    this.#mode = 'skipping';
    out.push(Buffer.from(`${paint('dim', '[an event line over 1 MB is not shown]')}\r\n`));
  }

  #endLine(out: Uint8Array[]): void {
    if (this.#mode === 'held') this.#event(out);
    this.#mode = 'start';
  }

  #event(out: Uint8Array[]): void {
    const event = parseEvent(Buffer.concat(this.#held).toString('utf8'));
    const lines = event && this.#onEvent(event);
    if (!lines) {
      this.#release(out);
      return;
    }
    this.#held = [];
    this.#heldBytes = 0;
    if (lines.length > 0) out.push(Buffer.from(`${lines.join('\r\n')}\r\n`));
  }

  #release(out: Uint8Array[]): void {
    out.push(...this.#held);
    this.#held = [];
    this.#heldBytes = 0;
  }

  #finish(out: Uint8Array[]): void {
    if (this.#mode === 'held') this.#event(out);
    else this.#release(out);
    this.#mode = 'start';
  }
}
