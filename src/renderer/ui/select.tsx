import { Select as Primitive } from 'radix-ui';
import { icons } from './icons';
import './select.css';

export interface Choice<T extends string> {
  readonly value: T;
  /** Accessible name of the option and what the closed control shows. */
  readonly label: string;
  /** Second line: version, consequence, or why it is not available. */
  readonly detail?: string | undefined;
  readonly disabled?: boolean;
}

interface SelectProps<T extends string> {
  /** Accessible name. */
  readonly label: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly disabled?: boolean;
  readonly onChange: (value: T) => void;
}

/** A drop-down list: role combobox, arrows and typing choose, Esc closes. */
export function Select<T extends string>({ label, value, choices, disabled = false, onChange }: SelectProps<T>) {
  const choose = (next: string): void => {
    const chosen = choices.find((choice) => choice.value === next);
    if (chosen) onChange(chosen.value);
  };
  return (
    <Primitive.Root value={value} onValueChange={choose} disabled={disabled}>
      <Primitive.Trigger className="select" aria-label={label}>
        <span className="grow cut"><Primitive.Value>{choices.find((choice) => choice.value === value)?.label ?? value}</Primitive.Value></span>
        <Primitive.Icon asChild><icons.down width={14} height={14} /></Primitive.Icon>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content className="floating select-list" position="popper" sideOffset={4} collisionPadding={8}>
          <Primitive.Viewport>
            {choices.map((choice) => (
              <Primitive.Item key={choice.value} value={choice.value} disabled={choice.disabled ?? false} className="select-item">
                <span className="select-tick"><Primitive.ItemIndicator><icons.check width={14} height={14} /></Primitive.ItemIndicator></span>
                <span className="grow">
                  <Primitive.ItemText>{choice.label}</Primitive.ItemText>
                  {choice.detail ? <span className="select-detail">{choice.detail}</span> : null}
                </span>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
