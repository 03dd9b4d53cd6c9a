/**
 * Messages on a byte stream between Braid and a host: two lengths, a JSON header, and raw bytes (terminal output stays as it is).
 *
 *   u32 length of the rest | u32 length of the header | header, JSON | payload
 */

export interface Frame {
  /** Parsed JSON, not checked yet. */
  readonly header: unknown;
  readonly payload: Uint8Array;
}

/** Bytes of one frame: a terminal's whole memory and the largest environment that a system takes fit well. */
export const frameLimit = 16 * 1024 * 1024;

const word = 4;

/** One message as bytes. `header` must be JSON. */
export function encodeFrame(header: object, payload: Uint8Array = new Uint8Array()): Uint8Array {
  const text = Buffer.from(JSON.stringify(header));
  const lengths = Buffer.alloc(2 * word);
  lengths.writeUInt32BE(word + text.length + payload.length, 0);
  lengths.writeUInt32BE(text.length, word);
  return Buffer.concat([lengths, text, payload]);
}

function decode(bytes: Buffer): Frame | null {
  const length = bytes.readUInt32BE(0);
  if (word + length > bytes.length) return null;
  try {
    return { header: JSON.parse(bytes.toString('utf8', word, word + length)), payload: new Uint8Array(bytes.subarray(word + length)) };
  } catch {
    // Not JSON: the other side is no Braid.
    return null;
  }
}

/** Cuts a stream into frames. After something that is no frame it gives no more. */
export class FrameReader {
  #parts: Buffer[] = [];
  #held = 0;
  /** Bytes of the frame that is being gathered, its length included; 0 before its length is known. */
  #wanted = 0;
  #broken = false;

  /** `limit` may be changed between frames: a stranger is given less than an owner. */
  constructor(public limit = frameLimit) {}

  /** The frames that are whole now; null once the stream cannot be understood. */
  push(bytes: Uint8Array): readonly Frame[] | null {
    this.#parts.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.#held += bytes.length;
    const frames: Frame[] = [];
    while (!this.#broken && this.#held >= Math.max(word, this.#wanted)) {
      const all = this.#whole();
      this.#wanted = word + all.readUInt32BE(0);
      if (this.#wanted < 2 * word || this.#wanted > this.limit) this.#broken = true;
      else if (this.#held >= this.#wanted) this.#take(all, frames);
    }
    return this.#broken ? null : frames;
  }

  #whole(): Buffer {
    const [first] = this.#parts;
    const all = this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts);
    this.#parts = [all];
    return all;
  }

  #take(all: Buffer, frames: Frame[]): void {
    const frame = decode(all.subarray(word, this.#wanted));
    if (frame) frames.push(frame);
    else this.#broken = true;
    this.#parts = [all.subarray(this.#wanted)];
    this.#held -= this.#wanted;
    this.#wanted = 0;
  }
}
