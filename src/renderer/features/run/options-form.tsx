import { type ReactNode, useState } from 'react';
import type { AgentInfo } from '../../../shared/domain';
import { modeDoubt } from '../../../shared/mode';
import type { RunOptions } from '../../../shared/options';
import { useKeptDraft } from '../../drafts';
import { setOptions } from '../../options';
import { useStore } from '../../store';
import { Button, IconButton } from '../../ui/button';
import { icons } from '../../ui/icons';
import { NumberField } from '../../ui/number-field';
import { type Choice, Select } from '../../ui/select';
import { Switch } from '../../ui/switch';
import { TextField } from '../../ui/text-field';
import { BoundsForm } from './bounds-form';
import { SelectionForm } from './selection-form';

const modes: readonly Choice<RunOptions['mode']>[] = [
  { value: 'auto', label: 'Automatic', detail: 'What Braid recommends for this spec' },
  { value: 'single', label: 'Single', detail: 'One task at a time' },
  { value: 'parallel', label: 'Parallel', detail: 'Every task that is free, in lanes' },
  { value: 'team', label: 'Team', detail: 'One lane for each group of related tasks' },
];

const styles: readonly Choice<RunOptions['style']>[] = [
  { value: 'auto', label: 'Auto', detail: 'Goes on until it needs you' },
  { value: 'guided', label: 'Guided', detail: 'Waits for your word after every five tasks and at the end of each phase' },
  { value: 'debug', label: 'Debug', detail: 'Says each decision with its reason, in the Activity tab' },
];

function Field({ label, help, children }: { readonly label: string; readonly help?: string | undefined; readonly children: ReactNode }) {
  return <div className="field-row"><span className="field-label">{label}</span>{children}{help === undefined ? null : <span className="field-help">{help}</span>}</div>;
}

function SwitchRow({ label, help, checked, disabled, onChange }: { readonly label: string; readonly help: string; readonly checked: boolean; readonly disabled: boolean; readonly onChange: (checked: boolean) => void }) {
  return <div className="options-switch"><span className="field-label">{label}</span><Switch label={label} checked={checked} disabled={disabled} onChange={onChange} /><span className="field-help">{help}</span></div>;
}

/** Empty rows are kept while they are typed and never sent. */
function Checks({ checks, disabled }: { readonly checks: readonly string[]; readonly disabled: boolean }) {
  const [rows, setRows] = useState<readonly string[]>(checks);
  const change = (next: readonly string[]): void => {
    setRows(next);
    setOptions({ checks: next.map((row) => row.trim()).filter((row) => row !== '') });
  };
  return (
    <div className="options-checks">
      {rows.map((row, index) => (
        <div key={index} className="options-check">
          <TextField label={`Check ${index + 1}`} mono value={row} disabled={disabled} placeholder="npm test" onChange={(text) => change(rows.map((other, at) => (at === index ? text : other)))} />
          <IconButton label={`Remove check ${index + 1}`} icon={icons.close} unavailable={disabled ? 'A run is going on.' : null} onClick={() => change(rows.filter((_, at) => at !== index))} />
        </div>
      ))}
      <div><Button size="sm" icon={icons.plus} unavailable={disabled ? 'A run is going on.' : null} onClick={() => setRows([...rows, ''])}>Add check</Button></div>
    </div>
  );
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text);

interface OptionsFormProps {
  readonly options: RunOptions;
  readonly agents: readonly AgentInfo[];
  readonly disabled: boolean;
}

/** The less common options of the next run. */
export function OptionsForm({ options, agents, disabled }: OptionsFormProps) {
  const recommended = useStore((state) => state.snapshot?.plan?.mode ?? null);
  const waves = useStore((state) => state.snapshot?.plan?.waves);
  const doubt = waves === undefined ? null : modeDoubt(options.mode, waves);
  const folder = useStore((state) => state.snapshot?.spec?.folder ?? '');
  const branch = useStore((state) => state.snapshot?.repo?.branch ?? null);
  const retries = useKeptDraft('Retries');
  const timeout = useKeptDraft('Timeout in seconds');
  const restrictable = agents.find((agent) => agent.name === options.agent)?.restrictable ?? false;
  return (
    <div className="options">
      <Field label="Mode" help={recommended === null ? undefined : `${doubt === null ? '' : `${doubt.said} `}Recommended: ${recommended.recommended}. ${recommended.reason}`}>
        <Select label="Mode" value={options.mode} choices={modes} disabled={disabled} onChange={(mode) => setOptions({ mode })} />
      </Field>
      <SelectionForm key={folder} options={options} disabled={disabled} />
      <Field label="Style" help={styles.find(({ value }) => value === options.style)?.detail}>
        <Select label="Style" value={options.style} choices={styles} disabled={disabled} onChange={(style) => setOptions({ style })} />
      </Field>
      <Field label="Setup command" help="Runs once in every new worktree, for example to install dependencies.">
        <TextField label="Setup command" mono value={options.setup ?? ''} disabled={disabled} placeholder="npm ci" onChange={(text) => setOptions({ setup: orNull(text) })} />
      </Field>
      <Field label="Checks" help="Run in the lane after each task, and again on the merged tree before it counts.">
        <Checks checks={options.checks} disabled={disabled} />
      </Field>
      <div className="options-pair">
        <Field label="Retries"><NumberField label="Retries" kept={retries} value={options.retries} min={0} max={10} disabled={disabled} onChange={(next) => setOptions({ retries: next })} /></Field>
        <Field label="Timeout in seconds" help="0 means none"><NumberField label="Timeout in seconds" kept={timeout} value={options.timeout} min={0} max={604_800} step={60} disabled={disabled} onChange={(next) => setOptions({ timeout: next })} /></Field>
      </div>
      <BoundsForm options={options} disabled={disabled} />
      <Field label="Base branch">
        <TextField label="Base branch" mono value={options.base ?? ''} disabled={disabled} placeholder={branch ?? 'the branch checked out'} onChange={(text) => setOptions({ base: orNull(text) })} />
      </Field>
      <SwitchRow label="Strict phases" help="No task starts before every earlier phase is merged." checked={options.strictPhases} disabled={disabled} onChange={(strictPhases) => setOptions({ strictPhases })} />
      <SwitchRow label="Follow edits" help="Tasks that you add to the task file while the run goes on become part of it." checked={options.followEdits} disabled={disabled} onChange={(followEdits) => setOptions({ followEdits })} />
      {restrictable ? <SwitchRow label="Restricted mode" help="The agent asks less of this machine: it works with fewer permissions." checked={options.restricted} disabled={disabled} onChange={(restricted) => setOptions({ restricted })} /> : null}
    </div>
  );
}
