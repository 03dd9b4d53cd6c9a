/** Where lists were last looked at, for the time the window lives: what is opened again is seen as it was left, what is new from its beginning. */
import { type RefObject, useLayoutEffect } from 'react';

const tops = new Map<string, number>();

/** Keeps the scroll position of a list under a name. The list is drawn anew for another name, so the name of one that is on the page never changes. Called after what scrolls by itself. */
export function useScrollMemory(box: RefObject<HTMLElement | null>, name: string): void {
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const keep = (): void => { tops.set(name, element.scrollTop); };
    element.scrollTo({ top: tops.get(name) ?? 0, behavior: 'instant' });
    element.addEventListener('scroll', keep, { passive: true });
    return () => element.removeEventListener('scroll', keep);
  }, [box, name]);
}
