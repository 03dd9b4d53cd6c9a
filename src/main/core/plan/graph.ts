/**
 * Edges that stay acyclic while they are added. The order is kept incrementally (Pearce and Kelly, "A dynamic topological
 * sort algorithm for directed acyclic graphs", 2006), so edges that follow the document cost nothing.
 */
import type { EdgeReason } from '../../../shared/domain';
import { addTo, emptyLists } from './lists';

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

/**
 * `cycle` holds units from the new edge's start back to it; each waits for the next. It is null when the edge was refused
 * because looking for a place for it would take too long.
 */
export type Added = { readonly added: true; readonly dropped: Link | null } | { readonly added: false; readonly cycle: readonly number[] | null };

const simplyAdded: Added = { added: true, dropped: null };
/** How sure the order of lines is (formats.md section 5, rule 5). */
export const orderConfidence = 0.7;
/** Lists up to this length are searched as they are: most units have few links, and a map for each would cost more. */
const shortList = 16;
/** Visits that all reorderings together may take, besides some for each unit; beyond it weak edges against the order are refused. */
const freeVisits = 4_000_000;
const visitsPerUnit = 200;

export class Graph {
  private readonly deps: Link[][];
  private readonly users: number[][];
  /** Place of each link in its unit's list, for the few units whose list is too long to search. */
  private readonly places = new Map<number, Map<number, number>>();
  private readonly rank: Int32Array;
  /** Marks of the search that is going on; a mark of an older search counts as none. */
  private readonly seen: Int32Array;
  private readonly parent: Int32Array;
  private search = 0;
  private visits: number;

  constructor(readonly size: number) {
    this.rank = new Int32Array(size);
    for (let unit = 0; unit < size; unit += 1) this.rank[unit] = unit;
    this.seen = new Int32Array(size);
    this.parent = new Int32Array(size);
    this.visits = freeVisits + size * visitsPerUnit;
    this.deps = emptyLists(size);
    this.users = emptyLists(size);
  }

  /** Links of one unit: what it waits for. Changes while links are added. */
  linksOf(unit: number): readonly Link[] {
    return this.deps[unit] ?? [];
  }

  /** Units that wait for `unit`. Changes while links are added. */
  usersOf(unit: number): readonly number[] {
    return this.users[unit] ?? [];
  }

  has(from: number, to: number): boolean {
    return this.placeOf(from, to) >= 0;
  }

  /** Position in an order in which every unit comes after what it waits for. */
  rankOf(unit: number): number {
    return this.rank[unit] ?? 0;
  }

  /** All units in that order. */
  inOrder(): Int32Array {
    const order = new Int32Array(this.size);
    for (let unit = 0; unit < this.size; unit += 1) order[this.rankOf(unit)] = unit;
    return order;
  }

  /** Sets the order at once; `order` must hold every unit, each after what it waits for. */
  reorderTo(order: readonly number[]): void {
    order.forEach((unit, place) => { this.rank[unit] = place; });
  }

  /**
   * Adds a link. When it closes a cycle, the weakest link of the cycle goes: an older one, or this one (not added). A link
   * that yields displaces only what is weaker than the order of lines: an arrow of a chain that runs both ways.
   */
  add(link: Link, yields = false): Added {
    const { from, to } = link;
    if (from === to) return { added: false, cycle: [from, to] };
    const place = this.placeOf(from, to);
    const links = this.deps[from];
    const known = place < 0 ? undefined : links?.[place];
    if (links && known) {
      if (known.confidence < link.confidence) links[place] = link;
      return simplyAdded;
    }
    if (this.rankOf(to) > this.rankOf(from)) {
      if (this.visits <= 0 && link.confidence < 1) return { added: false, cycle: null };
      const path = this.reorder(from, to);
      if (path !== null) return this.settle(link, path, yields);
    }
    this.insert(link);
    return simplyAdded;
  }

  private settle(link: Link, path: readonly number[], yields: boolean): Added {
    const weakest = this.weakestOn(path);
    if (!weakest || weakest.confidence >= (yields ? Math.min(orderConfidence, link.confidence) : link.confidence)) return { added: false, cycle: [link.from, ...path] };
    this.remove(weakest);
    const again = this.add(link);
    return again.added ? { added: true, dropped: weakest } : again;
  }

  private placeOf(from: number, to: number): number {
    const links = this.linksOf(from);
    if (links.length > shortList) return this.placesOf(from, links).get(to) ?? -1;
    for (let place = 0; place < links.length; place += 1) if (links[place]?.to === to) return place;
    return -1;
  }

  private placesOf(from: number, links: readonly Link[]): Map<number, number> {
    const known = this.places.get(from);
    if (known) return known;
    const places = new Map(links.map((link, place) => [link.to, place]));
    this.places.set(from, places);
    return places;
  }

  private insert(link: Link): void {
    this.places.get(link.from)?.set(link.to, this.linksOf(link.from).length);
    addTo(this.deps, link.from, link);
    addTo(this.users, link.to, link.from);
  }

  /** Takes a link of this graph away again. */
  remove(link: Link): void {
    this.deps[link.from]?.splice(this.placeOf(link.from, link.to), 1);
    this.places.delete(link.from);
    const users = this.users[link.to];
    users?.splice(users.indexOf(link.from), 1);
  }

  private weakestOn(path: readonly number[]): Link | null {
    let weakest: Link | null = null;
    for (let i = 0; i + 1 < path.length; i += 1) {
      const from = path[i] ?? -1;
      const link = this.deps[from]?.[this.placeOf(from, path[i + 1] ?? -1)];
      if (link && (weakest === null || link.confidence < weakest.confidence)) weakest = link;
    }
    return weakest;
  }

  /** Makes room for `from` after `to`; returns the path `to` ... `from` when `to` already waits for `from`. */
  private reorder(from: number, to: number): number[] | null {
    const [low, high] = [this.rankOf(from), this.rankOf(to)];
    const below = this.collect(to, (unit, visit) => { for (const link of this.linksOf(unit)) if (this.rankOf(link.to) >= low) visit(link.to); });
    if (this.seen[from] === this.search) return this.pathTo(from, to);
    const above = this.collect(from, (unit, visit) => { for (const user of this.usersOf(unit)) if (this.rankOf(user) <= high) visit(user); });
    const byRank = (a: number, b: number): number => this.rankOf(a) - this.rankOf(b);
    const moved = [...below.sort(byRank), ...above.sort(byRank)];
    const ranks = moved.map((unit) => this.rankOf(unit)).sort((a, b) => a - b);
    moved.forEach((unit, i) => { this.rank[unit] = ranks[i] ?? 0; });
    return null;
  }

  private collect(start: number, next: (unit: number, visit: (other: number) => void) => void): number[] {
    this.search += 1;
    const found = [start];
    this.seen[start] = this.search;
    for (let at = 0; at < found.length; at += 1) {
      const unit = found[at] ?? start;
      next(unit, (other) => {
        if (this.seen[other] === this.search) return;
        this.seen[other] = this.search;
        this.parent[other] = unit;
        found.push(other);
      });
    }
    this.visits -= found.length;
    return found;
  }

  private pathTo(end: number, start: number): number[] {
    const path = [end];
    for (let at = end; at !== start;) {
      at = this.parent[at] ?? start;
      path.push(at);
    }
    return path.reverse();
  }
}
