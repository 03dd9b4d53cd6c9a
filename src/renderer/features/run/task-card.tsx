import { HoverCard } from 'radix-ui';
import { type FocusEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Plan } from '../../../shared/domain';
import { Dependencies } from './dependencies';
import { rowOf } from './task-commands';
import { Waiting } from './task-steering';
import { TitleText } from '../../ui/title-text';

/** Milliseconds until it opens and until it closes. */
const delays = { open: 500, close: 80 } as const;

interface Shown {
  readonly id: string;
  readonly title: string;
  readonly rect: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

const rowAt = (target: EventTarget): HTMLElement | null => (target instanceof Element ? target.closest<HTMLElement>('[data-task]') : null);

function shownFor(element: HTMLElement): Shown | null {
  const row = rowOf(element.dataset['task'] ?? '');
  const { left, top, width, height } = element.getBoundingClientRect();
  // A selected row says all of it itself.
  return row === null || element.getAttribute('aria-current') === 'true' ? null : { id: row.id, title: row.title, rect: { left, top, width, height } };
}

/** What a task waits for, beside its row while that is pointed at or focused. One card for the whole list: a card for each row made scrolling slow. */
export function TaskCards({ plan, children }: { readonly plan: Plan | null; readonly children: ReactNode }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const wanted = useRef<HTMLElement | null>(null);
  const later = (milliseconds: number, act: () => void): void => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(act, milliseconds);
  };
  useEffect(() => () => { if (timer.current !== null) clearTimeout(timer.current); }, []);
  const point = (row: HTMLElement | null): void => {
    if (row === wanted.current) return;
    wanted.current = row;
    later(row === null || shown !== null ? delays.close : delays.open, () => setShown(row === null || !row.isConnected ? null : shownFor(row)));
  };
  const close = (): void => {
    wanted.current = null;
    if (timer.current !== null) clearTimeout(timer.current);
    setShown(null);
  };
  return (
    <>
      <div className="task-cards" onPointerOver={(event: PointerEvent) => { if (event.pointerType !== 'touch') point(rowAt(event.target)); }} onPointerLeave={() => point(null)} onPointerDownCapture={close}
        onFocusCapture={(event: FocusEvent) => { if (event.target.matches(':focus-visible')) point(rowAt(event.target)); }} onBlurCapture={() => point(null)} onScrollCapture={() => { if (shown !== null || wanted.current !== null) close(); }}>{children}</div>
      <HoverCard.Root open={shown !== null} onOpenChange={(open) => { if (!open) close(); }}>
        <HoverCard.Trigger asChild><span className="task-card-at" style={shown?.rect} /></HoverCard.Trigger>
        <HoverCard.Portal>
          <HoverCard.Content className="floating task-card" side="left" align="start" sideOffset={8} collisionPadding={8} onPointerEnter={() => { if (timer.current !== null) clearTimeout(timer.current); }} onPointerLeave={() => point(null)}>
            {shown === null ? null : <>
              <p className="task-card-title"><span className="mono">{shown.id}</span> <TitleText title={shown.title} /></p>
              <Waiting id={shown.id} />
              <Dependencies id={shown.id} plan={plan} />
            </>}
          </HoverCard.Content>
        </HoverCard.Portal>
      </HoverCard.Root>
    </>
  );
}
