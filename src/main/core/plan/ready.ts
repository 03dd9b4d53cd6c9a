/** How many ready units of a queue are tried before a lane waits; bounds the work on crowded files. */
export const lookahead = 200;

/** Units that could start, best first. Taking one of the first `lookahead` costs the same however many wait. */
export class ReadyQueue {
  /** From `head` to `tail`. Numbers in one piece are moved at once, those of a list one by one. */
  private readonly units: Int32Array;
  private head = 0;
  private tail = 0;

  /** `size`: how many units are added at most, over all time. */
  constructor(size: number, private readonly isBefore: (a: number, b: number) => boolean) {
    this.units = new Int32Array(size);
  }

  /** The best unit, or undefined. */
  get first(): number | undefined {
    return this.head < this.tail ? this.units[this.head] : undefined;
  }

  add(unit: number): void {
    let low = this.head;
    for (let high = this.tail; low < high;) {
      const middle = (low + high) >> 1;
      if (this.isBefore(this.units[middle] ?? unit, unit)) low = middle + 1;
      else high = middle;
    }
    if (low === this.head && this.head > 0) {
      this.head -= 1;
      this.units[this.head] = unit;
      return;
    }
    if (low < this.tail) this.units.copyWithin(low + 1, low, this.tail);
    this.units[low] = unit;
    this.tail += 1;
  }

  /** Removes and returns the best unit that may start; undefined when none of the first may. */
  take(mayStart: (unit: number) => boolean): number | undefined {
    const end = Math.min(this.tail, this.head + lookahead);
    for (let at = this.head; at < end; at += 1) {
      const unit = this.units[at];
      if (unit === undefined || !mayStart(unit)) continue;
      if (at > this.head) this.units.copyWithin(this.head + 1, this.head, at);
      this.head += 1;
      return unit;
    }
    return undefined;
  }
}
