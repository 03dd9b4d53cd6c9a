import { useEffect, useEffectEvent, useMemo } from 'react';
import type { RunOptions } from '../../../shared/options';
import { useKeptDraft } from '../../drafts';
import { setOptions } from '../../options';
import { useStore } from '../../store';
import { TextField } from '../../ui/text-field';
import { counted, sentenceList } from '../../ui/format';

/** `T001, T003 T004` as ids; null for none. */
export const idsIn = (text: string): readonly string[] | null => {
  const ids = text.split(/[\s,;]+/).filter(Boolean);
  return ids.length === 0 ? null : [...new Set(ids)];
};

/** Why ids cannot be asked for, as a sentence; null when the spec has each of them. `most`: how many there may be. */
export function idsProblem(ids: readonly string[] | null, known: ReadonlySet<string>, most: number): string | null {
  if (ids !== null && ids.length > most) return 'One task is needed here.';
  const unknown = (ids ?? []).filter((id) => !known.has(id));
  return unknown.length === 0 ? null : `${sentenceList([...unknown.slice(0, 5).map((id) => (id.length > 40 ? `${id.slice(0, 40)}…` : id)), ...(unknown.length > 5 ? [`${unknown.length - 5} more`] : [])])} ${unknown.length === 1 ? 'is no task' : 'are no tasks'} of this spec.`;
}

interface IdsFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly known: ReadonlySet<string>;
  readonly most: number;
  readonly disabled: boolean;
  readonly onChange: (ids: readonly string[] | null) => void;
}

/** Ids of tasks. Those that the spec does not have are said under their field and never sent; they stay to be mended. */
function IdsField({ label, value, placeholder, known, most, disabled, onChange }: IdsFieldProps) {
  const { draft, keep } = useKeptDraft(label);
  const type = (text: string): void => {
    const ids = idsIn(text);
    const wrong = idsProblem(ids, known, most);
    keep({ text, wrong });
    if (wrong === null) onChange(ids);
  };
  // The task may have been written since.
  const onKnown = useEffectEvent(() => { if (draft !== null && draft.wrong !== null) type(draft.text); });
  useEffect(() => onKnown(), [known]);
  const wrong = draft?.wrong ?? null;
  return (
    <div className="field-row">
      <span className="field-label">{label}</span>
      <TextField label={label} mono value={draft?.text ?? value} disabled={disabled} aria-invalid={wrong !== null} placeholder={placeholder} onChange={type} onBlur={() => { if (wrong === null) keep(null); }} onKeyDown={(event) => { if (event.key === 'Escape') keep(null); }} />
      {wrong === null ? null : <span className="field-wrong" role="alert">{wrong}</span>}
    </div>
  );
}

interface SelectionProps {
  readonly options: Pick<RunOptions, 'tasks' | 'from'>;
  readonly disabled: boolean;
}

/** Which tasks the next run takes: only some, or those from one on. */
export function SelectionForm({ options, disabled }: SelectionProps) {
  const spec = useStore((state) => state.snapshot?.spec ?? null);
  const asked = useStore((state) => state.snapshot?.plan?.waves.reduce((sum, wave) => sum + wave.length, 0) ?? 0);
  const wrong = useStore((state) => (state.drafts['Only tasks']?.wrong ?? state.drafts['From task']?.wrong ?? null) !== null);
  const known = useMemo(() => new Set(spec?.tasks.map(({ id }) => id)), [spec]);
  const help = wrong ? 'No run starts before this is mended. Esc restores what was there.'
    : options.tasks === null && options.from === null ? 'Empty: every open task of this spec.' : `${counted(asked, 'open task')} asked for. Plan, recommended mode and forecast are those of the selection.`;
  return (
    <>
      <div className="options-pair">
        <IdsField label="Only tasks" value={options.tasks?.join(', ') ?? ''} placeholder="T001, T003" known={known} most={Infinity} disabled={disabled} onChange={(ids) => setOptions({ tasks: ids === null ? null : [...ids] })} />
        <IdsField label="From task" value={options.from ?? ''} placeholder="T005" known={known} most={1} disabled={disabled} onChange={(ids) => setOptions({ from: ids?.[0] ?? null })} />
      </div>
      <span className="field-help" role="status" aria-label="Selected tasks">{help}</span>
    </>
  );
}
