import type { ComponentProps } from 'react';
import './field.css';

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  /** Accessible name. */
  readonly label: string;
  readonly value: string;
  readonly mono?: boolean;
  readonly onChange: (value: string) => void;
}

/** One line of text. */
export function TextField({ label, value, mono = false, onChange, className = '', ...rest }: TextFieldProps) {
  return <input type="text" className={`text-field ${mono ? 'mono' : ''} ${className}`} aria-label={label} value={value} spellCheck={false} autoComplete="off" onChange={(event) => onChange(event.target.value)} {...rest} />;
}
