import { ContextMenu, DropdownMenu } from 'radix-ui';
import { type MouseEvent, type ReactElement, type ReactNode, useState } from 'react';
import type { Icon } from './icons';
import './menu.css';

export interface MenuEntry {
  readonly label: string;
  readonly icon?: Icon;
  readonly danger?: boolean;
  /** Why it cannot be chosen now; said below the label, where keyboard and screen reader reach it too. */
  readonly unavailable?: string | null;
  /** Shortcut, shown at the end. */
  readonly keys?: string | undefined;
  readonly onSelect: () => void;
}

const stay = (event: Event): void => event.preventDefault();

/** What both kinds of menu give their item of this entry. */
function itemOf({ label, icon: Drawn, danger = false, unavailable = null, keys, onSelect }: MenuEntry) {
  return {
    className: `menu-item ${danger ? 'is-danger' : ''}`, textValue: label, onSelect: unavailable === null ? onSelect : stay,
    ...(unavailable === null ? {} : { 'aria-disabled': true }),
    children: (
      <>
        {Drawn ? <Drawn width={14} height={14} /> : <span className="menu-gap" />}
        <span className="grow">{label}{unavailable === null ? null : <span className="select-detail">{unavailable}</span>}</span>
        {keys === undefined ? null : <kbd className="kbd" aria-hidden="true">{keys}</kbd>}
      </>
    ),
  };
}

/** A menu behind its trigger (a button); arrows move, Enter chooses, Esc closes and focus returns. `entries` as a function is asked when it opens. */
export function Menu({ trigger, entries }: { readonly trigger: ReactElement; readonly entries: readonly MenuEntry[] | (() => readonly MenuEntry[]) }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="floating menu" align="end" sideOffset={4} collisionPadding={8}>
          <Entries of={entries} item={DropdownMenu.Item} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Drawn only while its menu is open, so that a function is asked no earlier. */
function Entries({ of, item: Item }: { readonly of: readonly MenuEntry[] | (() => readonly MenuEntry[]); readonly item: typeof DropdownMenu.Item | typeof ContextMenu.Item }) {
  const entries = typeof of === 'function' ? of() : of;
  return entries.map((entry) => <Item key={entry.label} {...itemOf(entry)} />);
}

interface ContextMenuProps {
  /** The entries for what was pointed at, or that has the focus; null for no menu there. */
  readonly entriesFor: (target: Element) => readonly MenuEntry[] | null;
  /** Accessible name of the menu for a target. */
  readonly labelFor: (target: Element) => string;
  readonly children: ReactNode;
}

/** One menu for many things: by right click, the menu key or Shift+F10. Its child must accept a ref. */
export function ContextMenuArea({ entriesFor, labelFor, children }: ContextMenuProps) {
  const [shown, setShown] = useState<{ readonly entries: readonly MenuEntry[]; readonly label: string } | null>(null);
  const onContextMenu = (event: MouseEvent): void => {
    const entries = event.target instanceof Element ? entriesFor(event.target) : null;
    if (entries === null || !(event.target instanceof Element)) event.preventDefault();
    else setShown({ entries, label: labelFor(event.target) });
  };
  return (
    <ContextMenu.Root modal={false}>
      <ContextMenu.Trigger asChild onContextMenu={onContextMenu}>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content className="floating menu" aria-label={shown?.label} collisionPadding={8} sticky="always">
          {(shown?.entries ?? []).map((entry) => <ContextMenu.Item key={entry.label} {...itemOf(entry)} />)}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
