import type { ComponentProps, MouseEvent, ReactElement } from 'react';
import './button.css';
import { type Icon, icons } from './icons';
import { Tip } from './tooltip';

interface Common extends Omit<ComponentProps<'button'>, 'disabled' | 'aria-disabled'> {
  /** Why the action is not possible now; shown as tooltip, the button stays focusable and does nothing. */
  readonly unavailable?: string | null | undefined;
}

interface ButtonProps extends Common {
  readonly kind?: 'default' | 'primary' | 'danger' | 'ghost';
  readonly size?: 'sm' | 'md' | 'lg';
  readonly icon?: Icon | undefined;
  /** Work goes on: the icon turns into a spinner and clicks are ignored. */
  readonly busy?: boolean | undefined;
  /** Shortcut, shown beside the label and kept out of the accessible name. */
  readonly keys?: string | undefined;
  /** What the action does, when the label cannot say it all. */
  readonly tip?: string | undefined;
}

const ignore = (event: MouseEvent): void => event.preventDefault();

function withTip(button: ReactElement, text: string | null | undefined, keys?: string): ReactElement {
  return text ? <Tip text={text} keys={keys}>{button}</Tip> : button;
}

/** A labelled button. Its accessible name is its children alone. */
export function Button({ kind = 'default', size = 'md', icon, busy = false, keys, tip, unavailable, className = '', children, onClick, ...rest }: ButtonProps) {
  const Drawn = busy ? icons.busy : icon;
  const blocked = busy || Boolean(unavailable);
  const button = (
    <button type="button" className={`btn btn-${kind} btn-${size} ${className}`} aria-disabled={blocked || undefined} aria-busy={busy || undefined} onClick={blocked ? ignore : onClick} {...rest}>
      {Drawn ? <Drawn className={busy ? 'spin' : undefined} /> : null}
      {children}
      {keys === undefined ? null : <kbd className="kbd" aria-hidden="true">{keys}</kbd>}
    </button>
  );
  return withTip(button, unavailable ?? tip);
}

interface IconButtonProps extends Common {
  /** Accessible name and tooltip. */
  readonly label: string;
  readonly icon: Icon;
  readonly small?: boolean;
  readonly keys?: string | undefined;
  /** Makes it a toggle: announces and shows whether it is on. */
  readonly pressed?: boolean | undefined;
}

/** A square button that shows an icon only; its label is the tooltip. */
export function IconButton({ label, icon: Drawn, small = false, keys, pressed, unavailable, className = '', onClick, ...rest }: IconButtonProps) {
  const button = (
    <button type="button" className={`icon-btn ${small ? 'icon-btn-sm' : ''} ${className}`} aria-label={label} aria-pressed={pressed} aria-disabled={unavailable ? true : undefined} onClick={unavailable ? ignore : onClick} {...rest}>
      <Drawn />
    </button>
  );
  return withTip(button, unavailable ?? label, keys);
}
