/** What ids, phases and stories of a spec are looked up in. Each index is made when a text asks for it: most specs name few ids and no ranges. */
import { listAt } from '../../../shared/list-at';
import type { Model } from './model';

/** One id by its number; `place` is its place among all ids. */
interface Numbered {
  readonly n: number;
  readonly unit: number;
  readonly place: number;
}

/** Of a phase that several stories share, the units of one of them. */
export interface Part {
  readonly group: number;
  readonly units: readonly number[];
}

/** Whole story phases, the story's part of phases that it shares, and units of a story that stand elsewhere. */
export interface StoryPlaces {
  readonly groups: number[];
  readonly parts: Part[];
  readonly units: number[];
}

const sharedTitle = /(?:\bUser Stories|\bStories)\s*(\d+(?:\s*(?:[,/&+]|and\b|y\b|und\b)\s*\d+)+)/gi;

/** Stories that a phase is called after: `User Story 2`, `US1 + US2`, `User Stories 2 & 3`. */
function namedIn(title: string): Set<string> {
  const found = new Set([...title.matchAll(/(?:User Stor(?:y|ies)|\bUS)[ -]?(\d+)/gi)].map((match) => `US${match[1]}`));
  for (const match of title.matchAll(sharedTitle)) for (const [number] of (match[1] ?? '').matchAll(/\d+/g)) found.add(`US${number}`);
  return found;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Whether there are digits from `at` on, and nothing else. */
function areDigits(id: string, at: number): boolean {
  for (let i = at; i < id.length; i += 1) if (!isDigit(id.charCodeAt(i))) return false;
  return id.length > at;
}

/** The last number of an id and what stands before it, as `T` and 12 of `T012a`; null without a number. */
export function numberIn(id: string): { readonly prefix: string; readonly n: number } | null {
  let end = id.length;
  while (end > 0 && !isDigit(id.charCodeAt(end - 1))) end -= 1;
  let start = end;
  while (start > 0 && isDigit(id.charCodeAt(start - 1))) start -= 1;
  return start === end ? null : { prefix: id.slice(0, start), n: Number(id.slice(start, end)) };
}

/** Place of the first number that is not below `low`; `list` is in order of numbers. */
function firstFrom(list: readonly Numbered[], low: number): number {
  let from = 0;
  for (let to = list.length; from < to;) {
    const middle = (from + to) >> 1;
    if ((list[middle]?.n ?? 0) < low) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** What stands before the numbers of ids, each once. */
function prefixesOf(ids: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  let last: string | null = null;
  for (const id of ids) {
    // Thousands of ids share a prefix, and cutting each into its parts takes longer than all the rest.
    if (last !== null && id.startsWith(last) && areDigits(id, last.length)) continue;
    const number = numberIn(id);
    if (!number) continue;
    last = number.prefix;
    found.add(last);
  }
  return found;
}

/** All ids by what stands before their number. */
export class IdIndex {
  /** Made with the first range: most specs name none. */
  private byPrefix: ReadonlyMap<string, readonly Numbered[]> | null = null;
  /** Beginnings of ids, each number in them as 0. */
  readonly families: ReadonlySet<string>;
  /** Some tasks are called by plain numbers. */
  readonly hasNumbers: boolean;

  constructor(private readonly model: Pick<Model, 'unitOf'>) {
    // `#1` is no id of the file: it counts the tasks that have none.
    const prefixes = [...prefixesOf(model.unitOf.keys())].filter((prefix) => !prefix.endsWith('#'));
    this.hasNumbers = prefixes.some((prefix) => prefix === '' || isDigit(prefix.charCodeAt(0)));
    this.families = new Set(prefixes.map((prefix) => prefix.replace(/\d+/g, '0')));
  }

  private numbered(): ReadonlyMap<string, readonly Numbered[]> {
    const byPrefix = new Map<string, Numbered[]>();
    let place = 0;
    this.model.unitOf.forEach((unit, id) => {
      const number = numberIn(id);
      if (!number) return;
      listAt(byPrefix, number.prefix).push({ n: number.n, unit, place });
      place += 1;
    });
    for (const list of byPrefix.values()) list.sort((a, b) => a.n - b.n);
    return byPrefix;
  }

  /** Units of the ids from one to another, in the order of the spec. */
  range(from: string, to: string): number[] {
    const first = numberIn(from);
    const high = numberIn(to)?.n;
    if (!first || high === undefined) return [];
    this.byPrefix ??= this.numbered();
    const list = this.byPrefix.get(first.prefix) ?? [];
    const found: Numbered[] = [];
    for (let at = firstFrom(list, first.n); at < list.length; at += 1) {
      const one = list[at];
      if (!one || one.n > high) break;
      found.push(one);
    }
    return found.sort((x, y) => x.place - y.place).map(({ unit }) => unit);
  }
}

/** Phase number -> groups. */
export function phaseIndex(model: Pick<Model, 'groups'>): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const { index, phase } of model.groups) if (phase?.number != null) listAt(found, phase.number).push(index);
  return found;
}

/** `US1` -> where that story stands. */
export function storyIndex(model: Model): ReadonlyMap<string, StoryPlaces> {
  const stories = new Map<string, StoryPlaces>();
  for (const group of model.groups) {
    const labels = new Map<string, number>();
    for (const unit of group.members) for (const story of model.units[unit]?.task.stories ?? []) labels.set(story, (labels.get(story) ?? 0) + 1);
    const named = namedIn(group.phase?.title ?? '');
    const counts = new Map([...labels, ...[...named].map((story) => [story, Infinity] as const)]);
    const isShared = named.size > 1 && group.kind === 'story';
    for (const [story, count] of counts) {
      const entry = stories.get(story) ?? { groups: [], parts: [], units: [] };
      const own = isShared && named.has(story) ? labels.get(story) ?? 0 : 0;
      if (own > 0 && own < group.members.length) entry.parts.push({ group: group.index, units: group.members.filter((unit) => model.units[unit]?.task.stories.includes(story)) });
      else if (group.kind === 'story' && count * 2 > group.members.length) entry.groups.push(group.index);
      else if (group.kind === 'story') entry.units.push(...group.members.filter((unit) => model.units[unit]?.task.stories.includes(story)));
      stories.set(story, entry);
    }
  }
  // Without phases of their own, stories are their labels.
  const bare = new Map([...stories].filter(([, entry]) => entry.groups.length + entry.parts.length + entry.units.length === 0));
  if (bare.size > 0) for (const unit of model.units) for (const story of unit.task.stories) bare.get(story)?.units.push(unit.index);
  return stories;
}
