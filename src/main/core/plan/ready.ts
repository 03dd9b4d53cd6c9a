/** How many ready units of a queue are tried before a lane waits; bounds the work on crowded files. */
export const lookahead = 200;

/** Units that could start, best first. Taking one of the first `lookahead` costs the same however many wait. */
export class ReadyQueue {
  private readonly units: number[] = [];
  private head = 0;

  constructor(private readonly isBefore: (a: number, b: number) => boolean) {}

  /** The best unit, or undefined. */
  get first(): number | undefined {
    return this.units[this.head];
  }

  add(unit: number): void {
    let low = this.head;
    for (let high = this.units.length; low < high;) {
      const middle = (low + high) >> 1;
      if (this.isBefore(this.units[middle] ?? unit, unit)) low = middle + 1;
      else high = middle;
    }
    if (low === this.head && this.head > 0) {
      this.head -= 1;
      this.units[this.head] = unit;
    } else if (low === this.units.length) this.units.push(unit);
    else this.units.splice(low, 0, unit);
  }

  /** Removes and returns the best unit that may start; undefined when none of the first may. */
  take(mayStart: (unit: number) => boolean): number | undefined {
    const end = Math.min(this.units.length, this.head + lookahead);
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
