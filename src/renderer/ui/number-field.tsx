import { useState } from 'react';
import { icons } from './icons';
import './field.css';

interface NumberFieldProps {
  /** Accessible name of the spin button. */
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
}

/** A whole number with steppers. What is typed counts as soon as it is within bounds; leaving the field restores the last value that was. */
export function NumberField({ label, value, min, max, step = 1, disabled = false, onChange }: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const change = (next: number): void => onChange(Math.min(max, Math.max(min, next)));
  const type = (text: string): void => {
    setDraft(text);
    const next = Number(text);
    if (text !== '' && Number.isInteger(next) && next >= min && next <= max) onChange(next);
  };
  const stepBy = (delta: number): void => {
    setDraft(null);
    change(value + delta);
  };
  return (
    <div className={`number ${disabled ? 'is-disabled' : ''}`}>
      <button type="button" tabIndex={-1} aria-label={`Decrease ${label.toLowerCase()}`} disabled={disabled || value <= min} onClick={() => stepBy(-step)}><icons.minus width={12} height={12} /></button>
      <input type="number" aria-label={label} value={draft ?? value} min={min} max={max} step={step} disabled={disabled} onChange={(event) => type(event.target.value)} onBlur={() => setDraft(null)} />
      <button type="button" tabIndex={-1} aria-label={`Increase ${label.toLowerCase()}`} disabled={disabled || value >= max} onClick={() => stepBy(step)}><icons.plus width={12} height={12} /></button>
    </div>
  );
}
