import { useState } from 'react';
import { perform } from '../../bridge';
import { useStore } from '../../store';
import { Button } from '../../ui/button';
import { icons } from '../../ui/icons';
import { StatusMark } from '../../ui/status-mark';

/** What is said of a task that its file marks as in progress although nothing works on it (B20); null for all others. */
export const useStale = (id: string): string | null => useStore((state) => {
  const spec = state.snapshot?.spec;
  const stale = spec?.diagnostics.filter(({ code }) => code === 'stale-active') ?? [];
  const task = stale.length === 0 ? undefined : spec?.tasks.find((one) => one.id === id);
  return stale.find(({ file, line }) => file === task?.file && line === task?.line)?.message ?? null;
});

/** Takes the mark back in the file; work that an earlier run left in a lane stays where it is. */
export function SetBack({ id }: { readonly id: string }) {
  const live = useStore((state) => Boolean(state.snapshot?.liveRun));
  const [busy, setBusy] = useState(false);
  const reset = async (): Promise<void> => {
    setBusy(true);
    await perform('spec.reset', { tasks: [id] });
    setBusy(false);
  };
  return <Button size="sm" icon={icons.undo} busy={busy} unavailable={live ? 'A run is going on.' : null} aria-label={`Set ${id} back to open`} tip="Changes nothing but the mark in the task file" onClick={() => void reset()}>Set back to open</Button>;
}

/** A stale mark in the details of its task. */
export function Stale({ id }: { readonly id: string }) {
  const said = useStale(id);
  if (said === null) return null;
  return (
    <>
      <p className="task-waiting"><StatusMark mark="paused" size={14} /><span className="selectable">{said}</span></p>
      <div><SetBack id={id} /></div>
    </>
  );
}
