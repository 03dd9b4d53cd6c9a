import { useMemo, useState } from 'react';
import type { RunOptions } from '../../../shared/options';
import { setOptions } from '../../options';
import { useStore } from '../../store';
import { TextField } from '../../ui/text-field';
import { counted, sentenceList } from '../../ui/format';

/** `T001, T003 T004` as ids; null for none. */
export const idsIn = (text: string): readonly string[] | null => {
  const ids = text.split(/[\s,;]+/).filter(Boolean);
  return ids.length === 0 ? null : [...new Set(ids)];
};

interface SelectionProps {
  readonly options: Pick<RunOptions, 'tasks' | 'from'>;
  readonly disabled: boolean;
}

/** Which tasks the next run takes: only some, or those from one on. Ids that the spec does not have are said and never sent. */
export function SelectionForm({ options, disabled }: SelectionProps) {
  const spec = useStore((state) => state.snapshot?.spec ?? null);
  const asked = useStore((state) => state.snapshot?.plan?.waves.reduce((sum, wave) => sum + wave.length, 0) ?? 0);
  const known = useMemo(() => new Set(spec?.tasks.map(({ id }) => id)), [spec]);
  const [tasks, setTasks] = useState(options.tasks?.join(', ') ?? '');
  const [from, setFrom] = useState(options.from ?? '');
  const unknown = [...idsIn(tasks) ?? [], ...(from.trim() === '' ? [] : [from.trim()])].filter((id) => !known.has(id));
  const change = (next: { readonly tasks: string; readonly from: string }): void => {
    setTasks(next.tasks);
    setFrom(next.from);
    const ids = idsIn(next.tasks);
    const first = next.from.trim() === '' ? null : next.from.trim();
    if ([...ids ?? [], ...(first === null ? [] : [first])].every((id) => known.has(id))) setOptions({ tasks: ids === null ? null : [...ids], from: first });
  };
  const help = unknown.length > 0 ? `Unknown: ${sentenceList(unknown.slice(0, 5))}. The last selection still counts.`
    : options.tasks === null && options.from === null ? 'Empty: every open task of this spec.' : `${counted(asked, 'open task')} asked for. Plan, recommended mode and forecast are those of the selection.`;
  return (
    <>
      <div className="options-pair">
        <div className="field-row"><span className="field-label">Only tasks</span><TextField label="Only tasks" mono value={tasks} disabled={disabled} aria-invalid={unknown.length > 0} placeholder="T001, T003" onChange={(text) => change({ tasks: text, from })} /></div>
        <div className="field-row"><span className="field-label">From task</span><TextField label="From task" mono value={from} disabled={disabled} aria-invalid={unknown.length > 0} placeholder="T005" onChange={(text) => change({ tasks, from: text })} /></div>
      </div>
      <span className="field-help" role="status" aria-label="Selected tasks">{help}</span>
    </>
  );
}
