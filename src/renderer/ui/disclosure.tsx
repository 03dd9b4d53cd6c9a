import type { ReactNode } from 'react';
import { icons } from './icons';
import './disclosure.css';

interface DisclosureProps {
  readonly title: ReactNode;
  readonly end?: ReactNode;
  readonly open: boolean;
  readonly onToggle: () => void;
  /** Takes part in the arrow keys of a roving list. */
  readonly roving?: boolean;
  readonly children?: ReactNode;
}

/** A heading that shows or hides what follows it. */
export function Disclosure({ title, end, open, onToggle, roving = false, children }: DisclosureProps) {
  return (
    <>
      <button type="button" className="disclosure" aria-expanded={open} onClick={onToggle} {...(roving ? { 'data-roving': '', tabIndex: -1 } : {})}>
        {open ? <icons.down width={14} height={14} /> : <icons.right width={14} height={14} />}
        <span className="grow cut">{title}</span>
        {end === undefined ? null : <span className="disclosure-end">{end}</span>}
      </button>
      {open ? children : null}
    </>
  );
}
