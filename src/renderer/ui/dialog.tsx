import { Dialog as Primitive } from 'radix-ui';
import { type ReactNode, type RefObject, useRef } from 'react';
import { IconButton } from './button';
import './dialog.css';
import { icons } from './icons';

interface DialogProps {
  readonly open: boolean;
  /** Called by Esc, the close button and a click outside. */
  readonly onClose: () => void;
  /** Where Esc leads when a page inside the dialog lies over its first one; absent: Esc closes. */
  readonly onBack?: () => void;
  /** The visible heading. */
  readonly title: ReactNode;
  /** Accessible name when it differs from the heading. */
  readonly name?: string;
  readonly description?: ReactNode;
  /** A mark or icon before the heading. */
  readonly mark?: ReactNode;
  /** Preferred width in px; the window's edge wins. */
  readonly width?: number;
  /** Fills most of the window's height, for bodies that scroll inside (a diff). */
  readonly tall?: boolean;
  /** For a dialog that opens by itself: it takes the focus as a whole, so that keys on their way press no button. */
  readonly quiet?: boolean;
  /** What has the focus at first; the dialog itself when absent. */
  readonly first?: RefObject<HTMLElement | null>;
  readonly footer?: ReactNode;
  readonly children?: ReactNode;
}

function focusWhole(event: Event): void {
  event.preventDefault();
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
}

/** A modal dialog: focus stays inside and returns to where it came from; Esc closes it and nothing else. */
export function Dialog({ open, onClose, onBack, title, name, description, mark, width = 480, tall = false, quiet = false, first, footer, children }: DialogProps) {
  const content = useRef<HTMLDivElement | null>(null);
  // The first button would show its tooltip, and that would take the first Esc.
  const focusItself = (event: Event): void => {
    event.preventDefault();
    (first?.current ?? content.current)?.focus();
  };
  const onEscape = (event: KeyboardEvent): void => {
    if (!onBack) return;
    event.preventDefault();
    onBack();
  };
  return (
    <Primitive.Root open={open} onOpenChange={(next) => { if (!next) onClose(); }}>
      <Primitive.Portal>
        <Primitive.Overlay className="dialog-scrim" />
        <Primitive.Content ref={content} onOpenAutoFocus={focusItself} onEscapeKeyDown={onEscape} className={`dialog ${tall ? 'dialog-tall' : ''}`} style={{ width }} {...(quiet ? { onOpenAutoFocus: focusWhole } : {})} {...(description === undefined ? { 'aria-describedby': undefined } : {})} {...(name === undefined ? {} : { 'aria-label': name, 'aria-labelledby': undefined })}>
          <header className="dialog-head">
            {mark}
            <div className="grow">
              <Primitive.Title asChild><h2 className="dialog-title">{title}</h2></Primitive.Title>
              {description === undefined ? null : <Primitive.Description asChild><div className="dialog-description">{description}</div></Primitive.Description>}
            </div>
            <IconButton label="Close" icon={icons.close} small onClick={onClose} />
          </header>
          {children === undefined ? null : <div className="dialog-body scroll">{children}</div>}
          {footer === undefined ? null : <footer className="dialog-foot">{footer}</footer>}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
