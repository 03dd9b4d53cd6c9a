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

/** Adds to the list at `place`; `lists` comes from `emptyLists`. */
export function addTo<T>(lists: T[][], place: number, value: T): void {
  const list = lists[place];
  if (list === undefined || list.length === 0) lists[place] = [value];
  else list.push(value);
}
