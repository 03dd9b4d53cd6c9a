import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useRef } from 'react';

const orderOf = (item: HTMLElement): number => Number(item.closest<HTMLElement>('[data-order]')?.dataset['order'] ?? 0);

/** In document order, or by `data-order` where what is seen in sequence is apart in the document. */
const itemsOf = (box: HTMLElement): HTMLElement[] => [...box.querySelectorAll<HTMLElement>('[data-roving]')].sort((a, b) => orderOf(a) - orderOf(b));

function enter(items: readonly HTMLElement[], chosen: HTMLElement): void {
  for (const item of items) {
    const wanted = item === chosen ? 0 : -1;
    // Writing what is there already would have the style of every row computed anew, at each scroll.
    if (item.tabIndex !== wanted) item.tabIndex = wanted;
  }
}

/** Where an arrow key leads from `index`; null when the key means nothing here. */
export function rovingTarget(key: string, index: number, count: number): number | null {
  if (count === 0) return null;
  switch (key) {
    case 'ArrowDown': return Math.min(index + 1, count - 1);
    case 'ArrowUp': return Math.max(index - 1, 0);
    case 'Home': return 0;
    case 'End': return count - 1;
    default: return null;
  }
}

interface Roving<T extends HTMLElement> {
  readonly ref: RefObject<T | null>;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (event: FocusEvent) => void;
}

/** Makes a list one tab stop: arrows, Home and End move between the children marked `data-roving` (rendered with tabIndex -1). */
export function useRoving<T extends HTMLElement>(): Roving<T> {
  const ref = useRef<T | null>(null);
  useEffect(() => {
    if (ref.current === null) return;
    const items = itemsOf(ref.current);
    const first = items.find((item) => item.tabIndex === 0) ?? items.find((item) => item.getAttribute('aria-current') === 'true') ?? items[0];
    if (first) enter(items, first);
  });
  const onFocus = (event: FocusEvent): void => {
    if (ref.current === null || !(event.target instanceof HTMLElement) || event.target.dataset['roving'] === undefined) return;
    enter(itemsOf(ref.current), event.target);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (ref.current === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const items = itemsOf(ref.current);
    const index = items.findIndex((item) => item === document.activeElement);
    const next = index < 0 ? null : rovingTarget(event.key, index, items.length);
    if (next === null) return;
    event.preventDefault();
    items[next]?.focus();
  };
  return { ref, onKeyDown, onFocus };
}
