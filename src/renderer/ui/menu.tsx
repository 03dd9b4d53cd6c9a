import { DropdownMenu } from 'radix-ui';
import type { ReactElement } from 'react';
import type { Icon } from './icons';
import './menu.css';

export interface MenuEntry {
  readonly label: string;
  readonly icon?: Icon;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

/** A menu behind its trigger (a button); arrows move, Enter chooses, Esc closes and focus returns. */
export function Menu({ trigger, entries }: { readonly trigger: ReactElement; readonly entries: readonly MenuEntry[] }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="floating menu" align="end" sideOffset={4} collisionPadding={8}>
          {entries.map((entry) => (
            <DropdownMenu.Item key={entry.label} className={`menu-item ${entry.danger ? 'is-danger' : ''}`} disabled={entry.disabled ?? false} onSelect={entry.onSelect}>
              {entry.icon ? <entry.icon width={14} height={14} /> : <span className="menu-gap" />}
              {entry.label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
