/** The newest part of a byte stream. Positions are offsets in the whole stream, so they never repeat. */
export class Ring {
  readonly #limit: number;
  #bytes = new Uint8Array(4096);
  #end: number;
  #kept = 0;

  /** `limit` is the most bytes kept; memory grows up to it as the stream does. `start`: offset at which a stream goes on that began elsewhere. */
  constructor(limit: number, start = 0) {
    this.#limit = limit;
    this.#end = start;
  }

  /** Offset after the newest byte: the length of the whole stream. */
  get end(): number {
    return this.#end;
  }

  /** Offset of the oldest byte that is still here. */
  get start(): number {
    return this.#end - this.#kept;
  }

  push(data: Uint8Array): void {
    const fresh = data.length > this.#limit ? data.subarray(data.length - this.#limit) : data;
    // What is too big to keep still counts in the offsets.
    this.#end += data.length - fresh.length;
    this.#grow(fresh.length);
    const at = this.#end % this.#bytes.length;
    const head = fresh.subarray(0, this.#bytes.length - at);
    this.#bytes.set(head, at);
    this.#bytes.set(fresh.subarray(head.length), 0);
    this.#end += fresh.length;
    this.#kept = fresh.length === data.length ? Math.min(this.#kept + fresh.length, this.#bytes.length, this.#limit) : fresh.length;
  }

  /** A copy of the bytes from `from` to `to`, as far as they are still here. */
  slice(from: number, to: number): Uint8Array {
    const first = Math.max(from, this.start);
    const copy = new Uint8Array(Math.max(0, Math.min(to, this.#end) - first));
    const at = first % this.#bytes.length;
    const head = this.#bytes.subarray(at, at + copy.length);
    copy.set(head, 0);
    copy.set(this.#bytes.subarray(0, copy.length - head.length), head.length);
    return copy;
  }

  #grow(more: number): void {
    const wanted = Math.min(this.#kept + more, this.#limit);
    if (wanted <= this.#bytes.length) return;
    const kept = this.slice(this.start, this.#end);
    let size = this.#bytes.length;
    while (size < wanted) size = Math.min(size * 2, this.#limit);
    this.#bytes = new Uint8Array(size);
    // Bytes sit at their offset modulo the size, so a new size moves them.
    kept.forEach((byte, index) => {
      this.#bytes[(this.#end - kept.length + index) % size] = byte;
    });
  }
}
