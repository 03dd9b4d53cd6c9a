import { Popover } from 'radix-ui';
import { type KeyboardEvent, useId, useState } from 'react';
import { type Suggestion, matching } from './matching';
import { TextField } from './text-field';
import { Tip } from './tooltip';
import './combobox.css';
import './select.css';

interface ComboboxProps {
  /** Accessible name. */
  readonly label: string;
  readonly placeholder: string;
  readonly suggestions: readonly Suggestion[];
  /** Why nothing can be chosen now: said below the field and as its tip; it stays focusable. */
  readonly unavailable?: string | null;
  readonly onChoose: (value: string) => void;
}

/** A text field that offers what matches: typing narrows, arrows move, Enter chooses, Esc closes the list. */
export function Combobox({ label, placeholder, suggestions, unavailable = null, onChoose }: ComboboxProps) {
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const list = useId();
  const why = useId();
  const found = open ? matching(suggestions, text) : [];
  const active = found[Math.min(at, found.length - 1)];
  const choose = (one: Suggestion): void => {
    if (one.refused !== null) return;
    setText('');
    setOpen(false);
    onChoose(one.value);
  };
  if (unavailable !== null) {
    return (
      <>
        <Tip text={unavailable}><TextField label={label} placeholder={placeholder} value="" readOnly role="combobox" aria-expanded={false} aria-disabled aria-describedby={why} className="is-unavailable" onChange={() => undefined} /></Tip>
        <p id={why} className="dim">{unavailable}</p>
      </>
    );
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      setAt(open ? Math.max(0, Math.min(found.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1))) : 0);
      setOpen(true);
    } else if (event.key === 'Enter' && active) choose(active);
    else if (event.key === 'Escape' && open) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Popover.Root open={open && found.length > 0} onOpenChange={setOpen}>
      <Popover.Anchor asChild>
        <TextField label={label} placeholder={placeholder} value={text}  role="combobox" aria-expanded={open && found.length > 0} aria-controls={list} aria-autocomplete="list"
          aria-activedescendant={active ? `${list}-${active.value}` : undefined} onChange={(next) => { setText(next); setAt(0); setOpen(true); }} onClick={() => setOpen(true)} onBlur={() => setOpen(false)} onKeyDown={onKeyDown} />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content role="presentation" className="floating suggestions" align="start" sideOffset={4} collisionPadding={8} onOpenAutoFocus={(event) => event.preventDefault()} onCloseAutoFocus={(event) => event.preventDefault()}>
          <ul id={list} role="listbox" aria-label={label}>
            {found.map((one) => (
              <li key={one.value} id={`${list}-${one.value}`} role="option" aria-selected={one === active} aria-disabled={one.refused !== null} className="suggestion" onMouseDown={(event) => { event.preventDefault(); choose(one); }}>
                <span className="mono">{one.value}</span> {one.label}
                {one.refused === null && one.note === undefined ? null : <span className="select-detail">{one.refused ?? one.note}</span>}
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
