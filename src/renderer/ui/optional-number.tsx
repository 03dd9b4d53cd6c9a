import { useId, useState } from 'react';
import './field.css';

interface OptionalNumberProps {
  /** Accessible name of the spin button. */
  readonly label: string;
  readonly value: number | null;
  /** What an empty field means. */
  readonly placeholder: string;
  /** Why a value cannot be, as a sentence; null when it can. */
  readonly problem: (value: number | null) => string | null;
  readonly disabled?: boolean;
  readonly onChange: (value: number | null) => void;
}

/** A number that may be absent. What is typed counts as soon as it can be; leaving the field restores the last value that could. */
export function OptionalNumber({ label, value, placeholder, problem, disabled = false, onChange }: OptionalNumberProps) {
  const [draft, setDraft] = useState<{ readonly text: string; readonly wrong: string | null } | null>(null);
  const id = useId();
  const type = (text: string, unreadable: boolean): void => {
    const next = text.trim() === '' ? null : Number(text);
    const wrong = unreadable || Number.isNaN(next) ? 'A number is needed.' : problem(next);
    setDraft({ text, wrong });
    if (wrong === null) onChange(next);
  };
  const wrong = draft?.wrong ?? null;
  return (
    <>
      <input type="number" step="any" min={0} className="text-field number-text" aria-label={label} value={draft?.text ?? value ?? ''} placeholder={placeholder} disabled={disabled} aria-invalid={wrong !== null} aria-describedby={wrong === null ? undefined : id}
        onChange={({ target }) => type(target.value, target.validity.badInput)} onBlur={() => setDraft(null)} />
      {wrong === null ? null : <span className="field-wrong" id={id} role="alert">{wrong}</span>}
    </>
  );
}
