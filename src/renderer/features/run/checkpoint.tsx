import { useState } from 'react';
import { perform } from '../../bridge';
import { useStore } from '../../store';
import { Button } from '../../ui/button';
import { Callout } from '../../ui/message';
import { PersonQuestion } from './person-question';

/** A run waits for a person, at a checkpoint or at a marker of its file: the question, said once aloud, with its two answers. */
export function Checkpoint() {
  const run = useStore((state) => state.snapshot?.runs.find(({ id, atCheckpoint }) => atCheckpoint && id === state.snapshot?.liveRun) ?? null);
  const [busy, setBusy] = useState<'resume' | 'stop-after-current' | null>(null);
  if (run === null) return null;
  const answer = async (action: 'resume' | 'stop-after-current'): Promise<void> => {
    if (busy !== null) return;
    setBusy(action);
    await perform('run.control', { run: run.id, control: { action } });
    setBusy(null);
  };
  if (run.pauseCause === 'person') return <div role="alert"><PersonQuestion run={run} /></div>;
  return (
    <div role="alert">
      <Callout tone="warning" title={`Checkpoint: ${run.pauseReason}`} actions={<>
        <Button size="sm" kind="primary" busy={busy === 'resume'} onClick={() => void answer('resume')}>Go on</Button>
        <Button size="sm" busy={busy === 'stop-after-current'} tip="The run ends here; it can be resumed." onClick={() => void answer('stop-after-current')}>Stop here</Button>
      </>}>
        <p>No other task starts before you say so.</p>
      </Callout>
    </div>
  );
}
