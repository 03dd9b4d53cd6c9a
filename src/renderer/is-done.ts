import { useCallback } from 'react';
import { currentRun, useStore } from './store';
import { runIsOf } from './tasks';

/** Whether a task is done, by the run that is looked at or else by the file: nothing waits for it any more. Each question is linear in the spec, so it is meant for a few tasks. */
export function useIsDone(): (id: string) => boolean {
  const spec = useStore((state) => state.snapshot?.spec ?? null);
  const current = useStore(currentRun);
  return useCallback((id) => {
    const ran = runIsOf(current, spec) ? current.tasks[id] : undefined;
    return ran !== undefined && current?.finishedAt === null ? ran.state === 'done' : spec?.tasks.find((task) => task.id === id)?.done ?? ran?.state === 'done';
  }, [spec, current]);
}
