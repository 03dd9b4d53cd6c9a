import { useState } from 'react';
import { askedGate } from '../../../shared/gates';
import { type Run, keepsWork } from '../../../shared/run';
import { perform } from '../../bridge';
import { selectTask, useStore } from '../../store';
import { Button } from '../../ui/button';
import { Callout } from '../../ui/message';
import { failureAdvice } from './failure-advice';
import { GateQuestion } from './gate-question';
import { PersonQuestion } from './person-question';
import { checkpointWords } from './sentences';

type Answer = 'in-place' | 'afresh' | 'resume' | 'stop-after-current';

/** The failed tasks that the run asks about; empty for other questions. */
const askedAbout = (run: Run): readonly string[] => (run.pauseCause === 'failure' || run.pauseCause === 'common-cause'
  ? run.askedAbout.filter((id) => ['failed', 'timed-out', 'no-change'].includes(run.tasks[id]?.state ?? '')) : []);

/** Tells the run the answer; where failed tasks are to be done again, each of them first; what the run does not take is said, and it goes on waiting. */
async function tell(run: string, choice: Answer, lost: readonly string[]): Promise<void> {
  if (choice === 'resume' || choice === 'stop-after-current') return void await perform('run.control', { run, control: { action: choice } });
  for (const task of lost) {
    const told = await perform('run.control', { run, control: { action: 'retry', task, fresh: choice === 'afresh' } });
    if (!told.ok) return;
  }
  await perform('run.control', { run, control: { action: 'resume' } });
}

/** The answers about failed tasks: both ways to do them again (B19), and what there is to see first. */
function Again({ run, lost, busy, onAnswer }: { readonly run: Run; readonly lost: readonly string[]; readonly busy: Answer | null; readonly onAnswer: (choice: Answer) => void }) {
  const [first] = lost;
  if (first === undefined) return null;
  const advice = failureAdvice(run, first);
  const kept = lost.some((id) => run.tasks[id] !== undefined && keepsWork(run, run.tasks[id]));
  const kind = (choice: 'retry' | 'afresh'): 'primary' | 'default' => ((advice?.best ?? 'afresh') === choice ? 'primary' : 'default');
  return (
    <>
      <Button size="sm" kind={kind('retry')} busy={busy === 'in-place'} unavailable={kept ? null : 'No attempt left work to mend.'} tip="Goes on with the work in its lane; the agent is told the errors" onClick={() => onAnswer('in-place')}>Fix in place</Button>
      <Button size="sm" kind={kind('afresh')} busy={busy === 'afresh'} tip="In a new lane, from what is merged so far" onClick={() => onAnswer('afresh')}>Try again</Button>
      <Button size="sm" kind="ghost" tip={`The details of ${first}: checks, output, log`} onClick={() => selectTask(first)}>Show errors</Button>
    </>
  );
}

/** A run waits for a person's word, at a checkpoint, at a marker of its file, or about failures: the question, said once aloud, with its answers. */
export function Checkpoint() {
  const run = useStore((state) => state.snapshot?.runs.find(({ id, atCheckpoint }) => atCheckpoint && id === state.snapshot?.liveRun) ?? null);
  const [busy, setBusy] = useState<Answer | null>(null);
  if (run === null) return null;
  const lost = askedAbout(run);
  const isFailure = lost.length > 0;
  const { title, hint, goOn } = checkpointWords(run);
  const answer = async (choice: Answer): Promise<void> => {
    if (busy !== null) return;
    setBusy(choice);
    await tell(run.id, choice, lost);
    setBusy(null);
  };
  if (askedGate(run) !== null) return <div role="alert"><GateQuestion run={run} /></div>;
  if (run.pauseCause === 'person') return <div role="alert"><PersonQuestion run={run} /></div>;
  return (
    <div role="alert">
      <Callout tone="warning" title={title} actions={<>
        <Again run={run} lost={lost} busy={busy} onAnswer={(choice) => void answer(choice)} />
        <Button size="sm" kind={isFailure ? 'default' : 'primary'} busy={busy === 'resume'} tip={goOn} onClick={() => void answer('resume')}>{isFailure ? 'Skip and go on' : 'Go on'}</Button>
        <Button size="sm" busy={busy === 'stop-after-current'} tip="The run ends here; it can be resumed." onClick={() => void answer('stop-after-current')}>Stop here</Button>
      </>}>
        <p>{hint}</p>
      </Callout>
    </div>
  );
}
