/**
 * Lists by number, for thousands of units of which most have none or one entry. They all begin as one shared empty list, which is never
 * written to, and become lists of their own with the first entry: lists made empty take four times the memory once something is in them.
 */
export function emptyLists<T>(size: number): T[][] {
  const none: T[] = [];
  const lists: T[][] = [];
  for (let place = 0; place < size; place += 1) lists.push(none);
  return lists;
}

/** Adds to the list at `place`, which may be another list afterwards; `lists` comes from `emptyLists`. */
export function addTo<T>(lists: T[][], place: number, value: T): void {
  const list = lists[place];
  const [first] = list ?? [];
  if (list === undefined || first === undefined) lists[place] = [value];
  // Made anew with its two entries: a list that grows makes room for sixteen more, and most never have them.
  else if (list.length === 1) lists[place] = [first, value];
  else list.push(value);
}

/** Lists by number in one piece: those of `place` are `items` from `starts[place]` up to `starts[place + 1]`. */
export interface Packed {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

/**
 * Packs the entries that `each` tells, given as list and item, for lists from 0 to `size` - 1; it is called twice and must tell the same. Tens of
 * thousands of small lists take several times the time and memory.
 */
export function packed(size: number, each: (add: (place: number, item: number) => void) => void): Packed {
  const starts = new Int32Array(size + 2);
  each((place) => { starts[place + 2] = (starts[place + 2] ?? 0) + 1; });
  for (let place = 2; place < starts.length; place += 1) starts[place] = (starts[place] ?? 0) + (starts[place - 1] ?? 0);
  const items = new Int32Array(starts[size + 1] ?? 0);
  // While lists are filled, the start of each stands one place further on, and moves to the start of the next.
  each((place, item) => {
    const at = starts[place + 1] ?? 0;
    items[at] = item;
    starts[place + 1] = at + 1;
  });
  return { starts, items };
}

/** In ascending order; the same list where it is so already. Most have one entry or two, and sorting costs far more than looking. */
export function ascending<T>(list: readonly T[], placeOf: (item: T) => number): readonly T[] {
  let last = -Infinity;
  let isSorted = true;
  for (const item of list) {
    const place = placeOf(item);
    isSorted &&= last <= place;
    last = place;
  }
  const [first, second] = list;
  if (isSorted || first === undefined || second === undefined) return list;
  return list.length === 2 ? [second, first] : [...list].sort((a, b) => placeOf(a) - placeOf(b));
}
