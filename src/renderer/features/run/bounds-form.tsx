import { type RunOptions, runOptionsChangeSchema } from '../../../shared/options';
import { useKeptDraft } from '../../drafts';
import { setOptions } from '../../options';
import { OptionalNumber } from '../../ui/optional-number';
import { type Choice, Select } from '../../ui/select';

const policies: readonly Choice<RunOptions['onFailure']>[] = [
  { value: 'go-on', label: 'Go on with the others', detail: 'Retries decide how often it is tried again' },
  { value: 'auto-fix', label: 'Try to mend it', detail: 'Failed checks are tried again even without retries' },
  { value: 'prompt', label: 'Ask me', detail: 'Nothing more starts before you have decided' },
  { value: 'abort', label: 'End the run', detail: 'What is at work comes to its end; all work is kept' },
];

type Bound = 'silence' | 'runTimeout' | 'maxCost' | 'maxTokens';

interface BoundField {
  readonly name: Bound;
  readonly label: string;
  readonly empty: string;
  readonly help: string;
  /** Stands for an empty field, where the option itself is never absent. */
  readonly none: 0 | null;
  readonly change: (value: number | null) => Partial<RunOptions>;
}

const bounds: readonly BoundField[] = [
  { name: 'silence', label: 'Silence in seconds', empty: 'as the agent needs', none: null, change: (silence) => ({ silence }), help: 'Ends an attempt that prints nothing for so long. 0 means never.' },
  { name: 'runTimeout', label: 'Run time limit in seconds', empty: 'none', none: 0, change: (runTimeout) => ({ runTimeout: runTimeout ?? 0 }), help: 'Ends the run after so long; it can be resumed.' },
  { name: 'maxCost', label: 'Max cost in US dollars', empty: 'none', none: null, change: (maxCost) => ({ maxCost }), help: 'Asks before more is spent, as far as the agent reports it.' },
  { name: 'maxTokens', label: 'Max tokens', empty: 'none', none: null, change: (maxTokens) => ({ maxTokens }), help: 'The same in tokens, in and out.' },
];

/** Why an option cannot have this value, as a sentence; by the schema that main checks it with too. */
export function boundProblem(name: Bound, value: number | null): string | null {
  const issue = runOptionsChangeSchema.safeParse({ [name]: value }).error?.issues[0];
  switch (issue?.code) {
    case undefined: return null;
    case 'too_small': return `It must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum.toLocaleString('en-US')}.`;
    case 'too_big': return `It must be at most ${issue.maximum.toLocaleString('en-US')}.`;
    case 'invalid_type': return 'A whole number is needed.';
    default: return 'It cannot be this.';
  }
}

function Bound({ field: { name, label, empty, help, none, change }, options, disabled }: { readonly field: BoundField; readonly options: RunOptions; readonly disabled: boolean }) {
  const kept = useKeptDraft(label);
  return (
    <div className="field-row">
      <span className="field-label">{label}</span>
      <OptionalNumber label={label} kept={kept} value={options[name] === none ? null : options[name]} placeholder={empty} disabled={disabled} problem={(value) => boundProblem(name, value ?? none)} onChange={(value) => setOptions(change(value))} />
      <span className="field-help">{help}</span>
    </div>
  );
}

/** What bounds the next run, and what a failed task means for it. */
export function BoundsForm({ options, disabled }: { readonly options: RunOptions; readonly disabled: boolean }) {
  return (
    <>
      <div className="field-row">
        <span className="field-label">When a task fails</span>
        <Select label="When a task fails" value={options.onFailure} choices={policies} disabled={disabled} onChange={(onFailure) => setOptions({ onFailure })} />
        <span className="field-help">{policies.find(({ value }) => value === options.onFailure)?.detail}.</span>
      </div>
      <div className="options-pair">
        {bounds.map((field) => <Bound key={field.name} field={field} options={options} disabled={disabled} />)}
      </div>
    </>
  );
}
