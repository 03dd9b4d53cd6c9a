import { Tooltip } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import './tooltip.css';

/** Wraps the window once: tooltips share one delay, so that moving along a toolbar shows each at once. */
export function TipProvider({ children }: { readonly children: ReactNode }) {
  return <Tooltip.Provider delayDuration={400} skipDelayDuration={200}>{children}</Tooltip.Provider>;
}

interface TipProps {
  readonly text: ReactNode;
  /** Shortcut shown beside the text, e.g. `Ctrl B`. */
  readonly keys?: string | undefined;
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
  readonly children: ReactElement;
}

/** Explains its child on hover and on keyboard focus. The child must accept a ref and must not be `disabled` (use `unavailable` of Button). */
export function Tip({ text, keys, side = 'bottom', children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tip" side={side} sideOffset={6} collisionPadding={8}>
          <span>{text}</span>
          {keys === undefined ? null : <kbd className="kbd">{keys}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
