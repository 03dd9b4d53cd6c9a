/**
 * Edges that stay acyclic while they are added. The order is kept incrementally (Pearce and Kelly, "A dynamic topological
 * sort algorithm for directed acyclic graphs", 2006), so edges that follow the document cost nothing.
 */
import type { EdgeReason } from '../../../shared/domain';

/** Why `from` waits for `to`, as unit numbers. */
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly reason: EdgeReason;
  readonly confidence: number;
  readonly file: string | null;
  readonly line: number | null;
  readonly text: string;
}

/** `cycle` holds units from the new edge's start back to it; each waits for the next. */
export type Added = { readonly added: true; readonly dropped: Link | null } | { readonly added: false; readonly cycle: readonly number[] };

export class Graph {
  private readonly deps: Map<number, Link>[];
  private readonly users: Set<number>[];
  private readonly rank: number[];

  constructor(size: number) {
    this.deps = Array.from({ length: size }, () => new Map<number, Link>());
    this.users = Array.from({ length: size }, () => new Set<number>());
    this.rank = Array.from({ length: size }, (_, i) => i);
  }

  /** Links of one unit: what it waits for. */
  linksOf(unit: number): readonly Link[] {
    return [...(this.deps[unit]?.values() ?? [])];
  }

  /** Units that wait for `unit`. */
  usersOf(unit: number): readonly number[] {
    return [...(this.users[unit] ?? [])];
  }

  has(from: number, to: number): boolean {
    return this.deps[from]?.has(to) ?? false;
  }

  /** Position in an order in which every unit comes after what it waits for. */
  rankOf(unit: number): number {
    return this.rank[unit] ?? 0;
  }

  /**
   * Adds a link. When it closes a cycle, the weakest link of the cycle goes: an older one, or this one (not added). A link
   * that yields never displaces another.
   */
  add(link: Link, yields = false): Added {
    const known = this.deps[link.from]?.get(link.to);
    if (link.from === link.to) return { added: false, cycle: [link.from, link.to] };
    if (known) {
      if (known.confidence < link.confidence) this.deps[link.from]?.set(link.to, link);
      return { added: true, dropped: null };
    }
    const path = this.rankOf(link.to) < this.rankOf(link.from) ? null : this.reorder(link.from, link.to);
    if (path === null) {
      this.insert(link);
      return { added: true, dropped: null };
    }
    const weakest = this.weakestOn(path);
    if (yields || !weakest || weakest.confidence >= link.confidence) return { added: false, cycle: [link.from, ...path] };
    this.remove(weakest);
    const again = this.add(link);
    return again.added ? { added: true, dropped: weakest } : again;
  }

  private insert(link: Link): void {
    this.deps[link.from]?.set(link.to, link);
    this.users[link.to]?.add(link.from);
  }

  private remove(link: Link): void {
    this.deps[link.from]?.delete(link.to);
    this.users[link.to]?.delete(link.from);
  }

  private weakestOn(path: readonly number[]): Link | null {
    let weakest: Link | null = null;
    for (let i = 0; i + 1 < path.length; i += 1) {
      const link = this.deps[path[i] ?? -1]?.get(path[i + 1] ?? -1);
      if (link && (weakest === null || link.confidence < weakest.confidence)) weakest = link;
    }
    return weakest;
  }

  /** Makes room for `from` after `to`; returns the path `to` ... `from` when `to` already waits for `from`. */
  private reorder(from: number, to: number): number[] | null {
    const low = this.rankOf(from);
    const high = this.rankOf(to);
    const parent = new Map<number, number>([[to, to]]);
    const below = this.collect(to, (unit) => this.deps[unit]?.keys() ?? [], (unit) => this.rankOf(unit) >= low, parent);
    if (parent.has(from)) return this.pathTo(from, to, parent);
    const above = this.collect(from, (unit) => this.users[unit] ?? [], (unit) => this.rankOf(unit) <= high, new Map([[from, from]]));
    const byRank = (a: number, b: number): number => this.rankOf(a) - this.rankOf(b);
    const moved = [...below.sort(byRank), ...above.sort(byRank)];
    const ranks = moved.map((unit) => this.rankOf(unit)).sort((a, b) => a - b);
    moved.forEach((unit, i) => { this.rank[unit] = ranks[i] ?? 0; });
    return null;
  }

  private collect(start: number, next: (unit: number) => Iterable<number>, within: (unit: number) => boolean, parent: Map<number, number>): number[] {
    const found = [start];
    for (let at = 0; at < found.length; at += 1) {
      const unit = found[at] ?? start;
      for (const other of next(unit)) {
        if (parent.has(other) || !within(other)) continue;
        parent.set(other, unit);
        found.push(other);
      }
    }
    return found;
  }

  private pathTo(end: number, start: number, parent: ReadonlyMap<number, number>): number[] {
    const path = [end];
    for (let at = end; at !== start;) {
      at = parent.get(at) ?? start;
      path.push(at);
    }
    return path.reverse();
  }
}
