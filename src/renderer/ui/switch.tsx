import { Switch as Primitive } from 'radix-ui';
import './switch.css';

interface SwitchProps {
  /** Accessible name. */
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** An on/off control whose effect is immediate. */
export function Switch({ label, checked, disabled = false, onChange }: SwitchProps) {
  return (
    <Primitive.Root className="switch" aria-label={label} checked={checked} disabled={disabled} onCheckedChange={onChange}>
      <Primitive.Thumb className="switch-thumb" />
    </Primitive.Root>
  );
}
