import { useId } from 'react';
import type { KeptDraft } from './draft';
import './field.css';

interface OptionalNumberProps {
  /** Accessible name of the spin button. */
  readonly label: string;
  readonly value: number | null;
  readonly kept: KeptDraft;
  /** What an empty field means. */
  readonly placeholder: string;
  /** Why a value cannot be, as a sentence; null when it can. */
  readonly problem: (value: number | null) => string | null;
  readonly disabled?: boolean;
  readonly onChange: (value: number | null) => void;
}

/** A number that may be absent. What is typed counts as soon as it can be; what cannot stays to be mended, Esc restores the last value that could. */
export function OptionalNumber({ label, value, kept: { draft, keep }, placeholder, problem, disabled = false, onChange }: OptionalNumberProps) {
  const id = useId();
  const type = (text: string, unreadable: boolean): void => {
    const next = text.trim() === '' ? null : Number(text);
    const wrong = unreadable || Number.isNaN(next) ? 'A number is needed.' : problem(next);
    keep({ text, wrong });
    if (wrong === null) onChange(next);
  };
  const wrong = draft?.wrong ?? null;
  return (
    <>
      <input type="number" step="any" min={0} className="text-field number-text" aria-label={label} value={draft?.text ?? value ?? ''} placeholder={placeholder} disabled={disabled} aria-invalid={wrong !== null} aria-describedby={wrong === null ? undefined : id}
        onChange={({ target }) => type(target.value, target.validity.badInput)} onBlur={() => { if (wrong === null) keep(null); }} onKeyDown={(event) => { if (event.key === 'Escape') keep(null); }} />
      {wrong === null ? null : <span className="field-wrong" id={id} role="alert">{wrong}</span>}
    </>
  );
}
