/**
 * The difference between two states as plain data. The window gets what changed and not all of a spec of thousands of tasks, and what
 * did not change stays the same object there, so that nothing of it is computed or drawn anew.
 */

/** How a value becomes another: replaced, keys of an object changed, or items of an array cut, put in and changed. */
export type Patch =
  | { readonly set: unknown }
  | { readonly keys: Readonly<Record<string, Patch>>; readonly gone?: readonly string[] }
  /** `cut` items are taken out at `from` and `put` takes their place; then `items`, by their index in the result, are changed. */
  | { readonly from: number; readonly cut: number; readonly put: readonly unknown[]; readonly items: readonly (readonly [index: number, patch: Patch])[] };

type Fields = Readonly<Record<string, unknown>>;

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !isList(value);

/** Items of the same name stand for each other although parts of them changed: tasks go by their id, edges by both ends and the reason. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isFields(a) || !isFields(b)) return diff(a, b) === null;
  if (a['id'] !== undefined || b['id'] !== undefined) return a['id'] === b['id'];
  if (a['task'] !== undefined || b['task'] !== undefined) return a['task'] === b['task'] && a['dependsOn'] === b['dependsOn'] && a['reason'] === b['reason'];
  return diff(a, b) === null;
}

/** What turns `before` into `after`; null when they say the same. Both are plain JSON data; a key that is undefined counts as absent. */
export function diff(before: unknown, after: unknown): Patch | null {
  if (before === after) return null;
  if (isList(before) && isList(after)) return listDiff(before, after);
  if (isFields(before) && isFields(after)) return fieldsDiff(before, after);
  return { set: after };
}

function fieldsDiff(before: Fields, after: Fields): Patch | null {
  const keys: [string, Patch][] = [];
  for (const key of Object.keys(after)) {
    const value = after[key];
    if (value === undefined || (value === before[key] && Object.hasOwn(before, key))) continue;
    const patch = Object.hasOwn(before, key) && before[key] !== undefined ? diff(before[key], value) : { set: value };
    if (patch !== null) keys.push([key, patch]);
  }
  const gone = Object.keys(before).filter((key) => before[key] !== undefined && (!Object.hasOwn(after, key) || after[key] === undefined));
  if (keys.length === 0 && gone.length === 0) return null;
  return { keys: Object.fromEntries(keys), ...(gone.length === 0 ? {} : { gone }) };
}

function listDiff(before: readonly unknown[], after: readonly unknown[]): Patch | null {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isSame(before[start], after[start])) start += 1;
  let end = 0;
  while (end < shorter - start && isSame(before[before.length - 1 - end], after[after.length - 1 - end])) end += 1;
  const shift = after.length - before.length;
  const items: [number, Patch][] = [];
  const compare = (index: number, old: unknown): void => {
    if (old === after[index]) return;
    const patch = diff(old, after[index]);
    if (patch !== null) items.push([index, patch]);
  };
  for (let index = 0; index < start; index += 1) compare(index, before[index]);
  for (let index = after.length - end; index < after.length; index += 1) compare(index, before[index - shift]);
  const put = after.slice(start, after.length - end);
  const cut = before.length - end - start;
  return put.length === 0 && cut === 0 && items.length === 0 ? null : { from: start, cut, put, items };
}

/** The state after a patch. What the patch does not touch is the same object as before. */
export function applyPatch(before: unknown, patch: Patch): unknown {
  if ('set' in patch) return patch.set;
  if ('keys' in patch) {
    if (!isFields(before)) throw new Error('Internal error: a patch of an object met something else');
    const after: Record<string, unknown> = { ...before };
    for (const key of patch.gone ?? []) delete after[key];
    for (const [key, change] of Object.entries(patch.keys)) {
      const value = applyPatch(Object.hasOwn(before, key) ? before[key] : undefined, change);
      // Assigning to __proto__, which a file may use as an id, would not make a key.
      if (key === '__proto__') Object.defineProperty(after, key, { value, enumerable: true, writable: true, configurable: true });
      else after[key] = value;
    }
    return after;
  }
  if (!isList(before)) throw new Error('Internal error: a patch of a list met something else');
  const after = [...before.slice(0, patch.from), ...patch.put, ...before.slice(patch.from + patch.cut)];
  for (const [index, change] of patch.items) after[index] = applyPatch(after[index], change);
  return after;
}
