/** Keeps what a person looks at in its place when an edit outside brings or takes items above it. */
import type { Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** An item as it was drawn last: `start` and `size` in px from the top of the list. */
export interface DrawnItem {
  readonly id: string;
  readonly start: number;
  readonly size: number;
}

/**
 * How far the list has to be scrolled so that what was in sight stays where it was: the preferred item if it is in sight, else the first one there that is
 * still in the list. Null when nothing is left of it, or nothing was scrolled. `startOf` is the new place of an item, null for one that is gone.
 */
export function anchored(before: readonly DrawnItem[], top: number, height: number, preferred: string | null, startOf: (id: string) => number | null): number | null {
  if (top <= 0) return null;
  const inSight = before.filter(({ start, size }) => start + size > top && start < top + height);
  const order = [...inSight.filter(({ id }) => id === preferred), ...inSight];
  for (const { id, start } of order) {
    const now = startOf(id);
    if (now !== null) return Math.max(0, now + top - start);
  }
  return null;
}

interface Anchor {
  readonly virtualizer: Virtualizer<HTMLElement, Element>;
  readonly box: RefObject<HTMLElement | null>;
  /** What each item is, by index; the same array until items change. */
  readonly ids: readonly string[];
  /** The item that matters most while it is in sight, such as the selected one. */
  readonly preferred: string | null;
}

/** Scrolls at once. The list is told before the event of the scroll, which comes too late for what is drawn next. */
function scrollBoth(virtualizer: Virtualizer<HTMLElement, Element>, element: HTMLElement, top: number): void {
  element.scrollTop = top;
  virtualizer.scrollOffset = element.scrollTop;
}

/** Scrolls a virtual list along when its items change. The browser does it by itself for lists that are drawn whole. */
export function useAnchor({ virtualizer, box, ids, preferred }: Anchor): void {
  const last = useRef<{ readonly ids: readonly string[]; readonly drawn: readonly DrawnItem[] }>({ ids, drawn: [] });
  const [, redraw] = useState(0);
  useLayoutEffect(() => {
    const { ids: before, drawn } = last.current;
    const element = box.current;
    if (before === ids || element === null || drawn.length === 0) return;
    const places = new Map(ids.map((id, index) => [id, index]));
    const top = virtualizer.scrollOffset ?? 0;
    const next = anchored(drawn, top, virtualizer.scrollRect?.height ?? 0, preferred, (id) => { const index = places.get(id); return index === undefined ? null : virtualizer.measurementsCache[index]?.start ?? null; });
    if (next === null || Math.abs(next - top) < 1) return;
    scrollBoth(virtualizer, element, next);
    redraw((count) => count + 1);
  }, [virtualizer, box, ids, preferred]);
  useLayoutEffect(() => {
    last.current = { ids, drawn: virtualizer.getVirtualItems().map(({ index, start, size }) => ({ id: ids[index] ?? '', start, size })) };
  });
}
