import { useId, useState } from 'react';
import type { Draft, KeptDraft } from './draft';
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
  /** Keeps what cannot be the value, to be mended; without it, leaving the field restores the last value that could. */
  readonly kept?: KeptDraft;
  readonly onChange: (value: number) => void;
}

/** A whole number with steppers. What is typed counts as soon as it is within bounds; Esc restores the last value that was. */
export function NumberField({ label, value, min, max, step = 1, disabled = false, kept, onChange }: NumberFieldProps) {
  const [own, setOwn] = useState<Draft | null>(null);
  const id = useId();
  const draft = kept === undefined ? own : kept.draft;
  const setDraft = kept === undefined ? setOwn : kept.keep;
  const change = (next: number): void => onChange(Math.min(max, Math.max(min, next)));
  const type = (text: string): void => {
    const next = Number(text);
    const can = text !== '' && Number.isInteger(next) && next >= min && next <= max;
    setDraft({ text, wrong: can ? null : `A whole number from ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')} is needed.` });
    if (can) onChange(next);
  };
  const stepBy = (delta: number): void => {
    setDraft(null);
    change(value + delta);
  };
  const wrong = draft?.wrong ?? null;
  return (
    <>
    <div className={`number ${wrong === null ? '' : 'is-wrong'} ${disabled ? 'is-disabled' : ''}`}>
      <button type="button" tabIndex={-1} aria-label={`Decrease ${label.toLowerCase()}`} disabled={disabled || value <= min} onClick={() => stepBy(-step)}><icons.minus width={12} height={12} /></button>
      <input type="number" aria-label={label} value={draft?.text ?? value} min={min} max={max} step={step} disabled={disabled} onChange={(event) => type(event.target.value)} aria-invalid={wrong !== null} aria-describedby={wrong === null ? undefined : id}
        onBlur={() => { if (kept === undefined || wrong === null) setDraft(null); }} onKeyDown={(event) => { if (event.key === 'Escape') setDraft(null); }} />
      <button type="button" tabIndex={-1} aria-label={`Increase ${label.toLowerCase()}`} disabled={disabled || value >= max} onClick={() => stepBy(step)}><icons.plus width={12} height={12} /></button>
    </div>
    {wrong === null || kept === undefined ? null : <span className="field-wrong" id={id} role="alert">{wrong}</span>}
    </>
  );
}
