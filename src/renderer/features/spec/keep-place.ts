/** Keeps the place of a reader in a rendered document that is drawn whole: what was in sight stays there when the text above it changes. */
import { type RefObject, useLayoutEffect, useRef } from 'react';

/** A block in sight: what it says, its line, and the px between the top of the window and its own. */
interface Seen {
  readonly text: string;
  readonly line: number;
  readonly top: number;
}

const blocksOf = (body: HTMLElement): readonly HTMLElement[] => [...body.querySelectorAll<HTMLElement>('[data-line]')];

function inSight(body: HTMLElement): readonly Seen[] {
  const { top, bottom } = body.getBoundingClientRect();
  return blocksOf(body).flatMap((block) => {
    const rect = block.getBoundingClientRect();
    // What began above is larger than the window: what stands in it moves with what comes into it.
    return rect.top >= top && rect.top < bottom ? [{ text: block.textContent, line: Number(block.dataset['line']), top: rect.top }] : [];
  });
}

/** The block that says the same, nearest to where it was; null when none does. */
function again(body: HTMLElement, { text, line }: Seen): HTMLElement | null {
  let best: HTMLElement | null = null;
  const far = (block: HTMLElement): number => Math.abs(Number(block.dataset['line']) - line);
  for (const block of blocksOf(body)) if (block.textContent === text && (best === null || far(block) < far(best))) best = block;
  return best;
}

/** Scrolls so that the first block that is there again stands where it was. */
function putBack(body: HTMLElement, before: readonly Seen[]): void {
  for (const block of before) {
    const found = again(body, block);
    if (found === null) continue;
    body.scrollTop += found.getBoundingClientRect().top - block.top;
    return;
  }
}

/** The function that is returned is called just before another text is drawn. Long documents, drawn in parts, have their own anchor. */
export function useKeepPlace(body: RefObject<HTMLElement | null>): () => void {
  const seen = useRef<readonly Seen[]>([]);
  useLayoutEffect(() => {
    const before = seen.current;
    seen.current = [];
    if (body.current !== null && before.length > 0) putBack(body.current, before);
  });
  return () => {
    const element = body.current;
    seen.current = element === null || element.scrollTop <= 0 || element.querySelector('.parts') !== null ? [] : inSight(element);
  };
}
