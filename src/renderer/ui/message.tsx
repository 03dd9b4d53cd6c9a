import { type ReactNode, useId, useState } from 'react';
import { type AppError, describeError } from '../../shared/errors';
import type { Icon } from './icons';
import { icons } from './icons';
import './message.css';

interface EmptyProps {
  readonly icon: Icon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Fills a pane that has nothing to show yet: what will be here and how to get there. */
export function Empty({ icon: Drawn, title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <Drawn className="empty-icon" strokeWidth={1} />
      <h2>{title}</h2>
      {children === undefined ? null : <p className="sub">{children}</p>}
      {action}
    </div>
  );
}

interface CalloutProps {
  readonly tone: 'info' | 'warning' | 'error';
  readonly title: string;
  /** Stands at the end of the title's line. */
  readonly end?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** An inline card. `tone` is also said by the icon, never by colour alone. */
export function Callout({ tone, title, end, children, actions }: CalloutProps) {
  const Drawn = tone === 'info' ? icons.info : tone === 'warning' ? icons.warning : icons.alert;
  return (
    <div className={`callout callout-${tone}`}>
      <Drawn />
      <div className="grow">
        {end === undefined ? <p className="callout-title">{title}</p> : <div className="callout-head"><p className="callout-title grow">{title}</p>{end}</div>}
        {children === undefined ? null : <div className="callout-text">{children}</div>}
        {actions === undefined ? null : <div className="callout-actions">{actions}</div>}
      </div>
    </div>
  );
}

interface NoticeProps {
  readonly tone: 'info' | 'warning' | 'error';
  readonly title: string;
  /** What the title becomes where there is one line for it. */
  readonly short: ReactNode;
  /** One line with the rest behind "Details", where room is scarce. */
  readonly compact: boolean;
  /** The answer that belongs to it, as a small button. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A card that can shrink to one line; opened, it says everything. */
export function Notice({ tone, title, short, compact, action, children }: NoticeProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  if (!compact) return <Callout tone={tone} title={title} actions={action}>{children}</Callout>;
  const Drawn = tone === 'info' ? icons.info : tone === 'warning' ? icons.warning : icons.alert;
  return (
    <div className={`callout callout-line callout-${tone}`}>
      <Drawn />
      <p className="callout-title grow" title={title}>{short}</p>
      {action}
      <button type="button" className="callout-more" aria-expanded={open} aria-controls={open ? id : undefined} aria-label={`Details: ${title}`} onClick={() => setOpen(!open)}>Details</button>
      {open ? <div className="callout-text" id={id}>{children}</div> : null}
    </div>
  );
}

/** An error in words: what happened, why, what to do next. */
export function Problem({ error, actions }: { readonly error: AppError; readonly actions?: ReactNode }) {
  const { title, detail, hint } = describeError(error);
  return (
    <Callout tone="error" title={title} actions={actions}>
      {detail ? <p className="selectable">{detail}</p> : null}
      {hint ? <p className="selectable">{hint}</p> : null}
    </Callout>
  );
}

/** Stands where something large is about to be drawn. */
export function Busy({ children }: { readonly children: ReactNode }) {
  return <div className="busy" role="status" aria-busy="true"><icons.busy className="spin" /><span>{children}</span></div>;
}
