/* oxlint-disable no-control-regex -- control characters are what this file is about */
/** What a program leaves behind in a terminal when it ends in the middle of something, and how to undo it. */

const escape = 0x1b;
const enters = /\x1b\[\?(?:1049|1047|47)([hl])/g;
/** Longest sequence looked for, less one: what may hang over from one chunk to the next. */
const overlap = 7;

/*
 * CAN ends an unfinished sequence; then colours, cursor, wrapping, mouse reports, bracketed paste.
 * xterm control sequences: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */
const undo = '\x18\x1b[0m\x1b[?25h\x1b[?7h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l';

/** Follows one process's output as far as is needed to tidy up after it. */
export class Modes {
  #escaped = false;
  #alternate = false;
  #rest = '';

  see(bytes: Uint8Array): void {
    if (this.#rest === '' && !bytes.includes(escape)) return;
    this.#escaped = true;
    const text = this.#rest + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    for (const [, way] of text.matchAll(enters)) this.#alternate = way === 'h';
    this.#rest = text.slice(-overlap);
  }

  /** Bytes that bring the terminal back to its ordinary state; empty when the process never left it. */
  undo(): Uint8Array {
    if (!this.#escaped) return new Uint8Array();
    // Leaving an alternate screen that was never entered would move the cursor.
    return Buffer.from(this.#alternate ? `${undo}\x1b[?1049l` : undo);
  }
}
