/** Which rows of the checklist are drawn, and where. */
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useMemo, useState } from 'react';
import type { Gate } from '../../../shared/domain';
import type { GatedGroup } from '../../gates';
import type { TaskRow } from '../../tasks';
import { useAnchor } from '../../ui/anchor';

/** Shorter lists are drawn whole, so that find-in-page, screen readers and scripts see every task; what is out of sight is not laid out. */
const virtualAbove = 400;

/** A heading, a task (`position` counts the tasks of open groups from 1), or a gate. `key` is unique in its list, and stays when lines move. */
export type Item =
  | { readonly kind: 'group'; readonly key: string; readonly group: GatedGroup; readonly open: boolean }
  | { readonly kind: 'row'; readonly key: string; readonly row: TaskRow; readonly position: number }
  | { readonly kind: 'gate'; readonly key: string; readonly gate: Gate };

/** Headings, and the tasks of open groups with each gate behind the task above it. */
export function flatten(groups: readonly GatedGroup[], collapsed: readonly string[]): readonly Item[] {
  const seen = new Map<string, number>();
  // A line number would do, but then an edit above would take focus, typed text and measured heights from every row below.
  const unique = (key: string): string => {
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? key : `${key} (${count})`;
  };
  let position = 0;
  return groups.flatMap((group): Item[] => {
    const open = !collapsed.includes(group.key);
    const head: Item = { kind: 'group', key: unique(`group ${group.key}`), group, open };
    if (!open) return [head];
    const gatesAt = (after: number): Item[] => group.gates.filter((placed) => placed.after === after).map(({ gate }) => ({ kind: 'gate', key: unique(`gate ${gate.file}:${gate.title}`), gate }));
    const rows = group.rows.flatMap((row, index): Item[] => [{ kind: 'row', key: unique(`task ${row.file}:${row.id}`), row, position: (position += 1) }, ...(group.gates.length === 0 ? [] : gatesAt(index + 1))]);
    return [head, ...gatesAt(0), ...rows];
  });
}

export interface Placed {
  readonly item: Item;
  readonly index: number;
  /** Px from the top where the list is virtual; otherwise the grid places it. */
  readonly top: number | null;
}

/**
 * The indexes to draw, in order: those in sight, the one that has or had the focus with its neighbours, so that scrolling
 * takes neither the focus nor the way of the arrow keys, and both ends for Home and End. `focused` is -1 for none.
 */
export function drawn(inSight: readonly number[], focused: number, count: number): readonly number[] {
  const kept = [0, count - 1, ...(focused < 0 ? [] : [focused - 1, focused, focused + 1])].filter((index) => index >= 0 && index < count);
  return [...new Set([...inSight, ...kept])].sort((a, b) => a - b);
}

/** What is drawn of a list (with a selected task or none), `keep`, to be told of every element that gets the focus, and `reveal`, which brings an item into sight. `height` is null when all of it is drawn. */
export function usePlaced(items: readonly Item[], box: RefObject<HTMLElement | null>, selected: string | null) {
  const virtual = items.length > virtualAbove;
  const [kept, setKept] = useState<string | null>(null);
  // All that is asked for each item of a long list stays the same between two turns: otherwise every scroll would measure the whole list.
  const keys = useMemo(() => items.map((item) => item.key), [items]);
  const places = useMemo(() => new Map(keys.map((key, index) => [key, index])), [keys]);
  const rows = useMemo(() => items.reduce((sum, item) => (item.kind === 'row' ? sum + 1 : sum), 0), [items]);
  const focused = virtual && kept !== null ? places.get(kept) ?? -1 : -1;
  const count = items.length;
  const virtualizer = useVirtualizer<HTMLElement, Element>({
    enabled: virtual,
    count,
    getScrollElement: () => box.current,
    estimateSize: useCallback((index: number) => (items[index]?.kind === 'group' ? 32 : 48), [items]),
    getItemKey: useCallback((index: number) => keys[index] ?? index, [keys]),
    overscan: 6,
    rangeExtractor: useCallback((range: Range) => [...drawn(defaultRangeExtractor(range), focused, count)], [focused, count]),
  });
  const anchor = useMemo(() => items.find((item) => item.kind === 'row' && item.row.id === selected)?.key ?? null, [items, selected]);
  useAnchor({ virtualizer, box, ids: keys, preferred: anchor });
  const keep = (target: EventTarget): void => {
    const index = target instanceof Element ? Number(target.closest<HTMLElement>('[data-index]')?.dataset['index'] ?? -1) : -1;
    const item = items[index];
    if (virtual && item) setKept(keys[index] ?? null);
  };
  const placed: readonly Placed[] = virtual
    ? virtualizer.getVirtualItems().flatMap(({ index, start }) => { const item = items[index]; return item ? [{ item, index, top: start }] : []; })
    : items.map((item, index) => ({ item, index, top: null }));
  const reveal = (index: number): void => {
    const shown = box.current?.querySelector(`[data-index="${index}"]`);
    // Of one that is taller than the list its beginning is wanted.
    const isTall = (shown?.clientHeight ?? 0) > (box.current?.clientHeight ?? 0);
    if (virtual) virtualizer.scrollToIndex(index, { align: isTall ? 'start' : 'auto' });
    else shown?.scrollIntoView({ block: isTall ? 'start' : 'nearest' });
  };
  return { placed, height: virtual ? virtualizer.getTotalSize() : null, measure: virtual ? virtualizer.measureElement : undefined, keep, rows, reveal };
}
