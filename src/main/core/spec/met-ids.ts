/** The ids of a file that were met so far. */

/** As long as each id comes after the one before, as in most files, none is looked up: a set of thousands takes longer than all else of their tasks. */
export class MetIds {
  private readonly inOrder: string[] = [];
  private all: Set<string> | null = null;

  has(id: string): boolean {
    if (this.all === null && this.isNext(id)) return false;
    this.all ??= new Set(this.inOrder);
    return this.all.has(id);
  }

  /** False when it was met before. */
  add(id: string): boolean {
    if (this.has(id)) return false;
    if (this.all === null) this.inOrder.push(id);
    else this.all.add(id);
    return true;
  }

  /** Longer ids come later, so that `T1000` follows `T999`. */
  private isNext(id: string): boolean {
    const last = this.inOrder.at(-1) ?? '';
    return id.length === last.length ? id > last : id.length > last.length;
  }
}
