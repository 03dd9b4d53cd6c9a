import { useState } from 'react';
import { askedAbout } from '../../../shared/waiting';
import type { Run } from '../../../shared/run';
import { perform } from '../../bridge';
import { goToLine, selectTask } from '../../store';
import { Button } from '../../ui/button';
import { someOf } from '../../ui/format';
import { Callout } from '../../ui/message';

/** What a marker of the file asks before a task, with its answers; nothing where the run asks nothing. `only`: shown at this task, so it is not named again. */
export function PersonQuestion({ run, only = null }: { readonly run: Run; readonly only?: string | null }) {
  const [busy, setBusy] = useState<'resume' | 'skip' | 'stop-after-current' | null>(null);
  const asked = askedAbout(run);
  const task = asked.find(({ id }) => id === only) ?? asked[0];
  if (task === undefined || (only !== null && task.id !== only)) return null;
  const others = asked.filter(({ id }) => id !== task.id);
  const answer = async (action: 'resume' | 'skip' | 'stop-after-current'): Promise<void> => {
    if (busy !== null) return;
    setBusy(action);
    await perform('run.control', { run: run.id, control: action === 'skip' ? { action, task: task.id } : { action } });
    setBusy(null);
  };
  return (
    <Callout tone="warning" title={`A person is needed before ${task.id}`} actions={<>
      <Button size="sm" kind="primary" busy={busy === 'resume'} tip={others.length === 0 ? undefined : `Lets ${someOf(asked.map(({ id }) => id))} start.`} onClick={() => void answer('resume')}>Go on</Button>
      <Button size="sm" busy={busy === 'skip'} tip={`${task.id} is left out of this run, and so is what waits for it.`} onClick={() => void answer('skip')}>Skip this task</Button>
      {only === null ? <Button size="sm" busy={busy === 'stop-after-current'} tip="The run ends here; it can be resumed." onClick={() => void answer('stop-after-current')}>Stop here</Button> : null}
      <span className="grow" />
      {only === null ? <Button size="sm" kind="ghost" onClick={() => { selectTask(task.id); goToLine(task.file, task.line); }}>Go to line</Button> : null}
    </>}>
      <p className="selectable"><b>{task.person}</b></p>
      <p>{others.length === 0 ? '' : `${someOf(others.map(({ id }) => id))} ${others.length === 1 ? 'waits' : 'wait'} behind the same marker. `}All that may run without you has run.</p>
    </Callout>
  );
}
