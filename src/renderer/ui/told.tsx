import { type ReactNode, useEffect, useState } from 'react';
import './told.css';

/** Milliseconds that it stays; not while it is pointed at or has the focus. */
const stays = 8000;

interface ToldProps {
  /** Null when there is nothing to say; `id` tells two sayings of the same words apart. */
  readonly told: { readonly id: number; readonly text: string } | null;
  readonly action?: ReactNode;
  readonly onDone: () => void;
}

/** Says for a moment what was just done. The region is always there, so that screen readers say what comes into it. */
export function Told({ told, action, onDone }: ToldProps) {
  const [held, setHeld] = useState(false);
  const id = told?.id ?? null;
  useEffect(() => {
    if (id === null || held) return;
    const timer = setTimeout(onDone, stays);
    return () => clearTimeout(timer);
  }, [id, held, onDone]);
  return (
    <div role="status" aria-label="Just done">
      {told === null ? null : (
        <div key={told.id} className="told" onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
          <span className="grow">{told.text}</span>{action}
        </div>
      )}
    </div>
  );
}
