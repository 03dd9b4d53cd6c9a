import { longRun, type NotifyWishes } from '../../../shared/ipc';
import { perform } from '../../bridge';
import { useStore } from '../../store';
import { type Choice, Select } from '../../ui/select';
import { Switch } from '../../ui/switch';

const ends: readonly Choice<NotifyWishes['ends']>[] = [
  { value: 'all', label: 'Always' },
  { value: 'long', label: `After ${longRun} seconds`, detail: `Only of runs that took ${longRun} seconds or longer` },
  { value: 'none', label: 'Never' },
];

interface RowProps {
  readonly label: string;
  readonly help?: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Row({ label, help, checked, disabled = false, onChange }: RowProps) {
  return <><span>{label}{help === undefined ? null : <span className="field-help settings-help">{help}</span>}</span><Switch label={label} checked={checked} disabled={disabled} onChange={onChange} /></>;
}

/** How a person is told of a run while they look elsewhere, and of what. */
export function NotifySettings() {
  const notify = useStore((state) => state.snapshot?.notify);
  if (notify === undefined) return null;
  const set = (change: Partial<NotifyWishes>): void => void perform('app.notify', change);
  const off = !notify.desktop && !notify.sound;
  return (
    <>
      <Row label="Notify on the desktop" help="While you look elsewhere; never where CI is set" checked={notify.desktop} onChange={(desktop) => set({ desktop })} />
      <Row label="Play a sound" checked={notify.sound} onChange={(sound) => set({ sound })} />
      <span>When a run ends</span><span className="settings-choice"><Select label="When a run ends" value={notify.ends} choices={ends} disabled={off} onChange={(value) => set({ ends: value })} /></span>
      <Row label="When it needs you" help="A question, a checkpoint, a conflict" checked={notify.questions} disabled={off} onChange={(questions) => set({ questions })} />
      <Row label="When a task fails" checked={notify.errors} disabled={off} onChange={(errors) => set({ errors })} />
    </>
  );
}
