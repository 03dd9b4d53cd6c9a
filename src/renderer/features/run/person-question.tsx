import { type ReactNode, useState } from 'react';
import { askedAbout } from '../../../shared/waiting';
import type { Run, TaskRun } from '../../../shared/run';
import { perform } from '../../bridge';
import { goToLine, selectTask, setUi, useStore } from '../../store';
import { Button, IconButton } from '../../ui/button';
import { someOf } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Callout } from '../../ui/message';

type Word = 'resume' | 'skip' | 'stop-after-current';

/** Answers the question of a run about one task; `busy` is the answer that is on its way. */
function useAnswer(run: Run, task: string) {
  const [busy, setBusy] = useState<Word | null>(null);
  const answer = async (action: Word): Promise<void> => {
    if (busy !== null) return;
    setBusy(action);
    await perform('run.control', { run: run.id, control: action === 'skip' ? { action, task } : { action } });
    setBusy(null);
  };
  return { busy, answer };
}

interface AnswersProps {
  readonly run: Run;
  readonly task: TaskRun;
  /** What follows the two answers. */
  readonly more?: (busy: Word | null, answer: (word: Word) => Promise<void>) => ReactNode;
}

function Answers({ run, task, more }: AnswersProps) {
  const { busy, answer } = useAnswer(run, task.id);
  return (
    <>
      <Button size="sm" kind="primary" busy={busy === 'resume'} tip={`Lets ${someOf(askedAbout(run).map(({ id }) => id))} start.`} onClick={() => void answer('resume')}>Go on</Button>
      <Button size="sm" busy={busy === 'skip'} tip={`${task.id} is left out of this run, and so is what waits for it.`} onClick={() => void answer('skip')}>Skip this task</Button>
      {more?.(busy, answer)}
    </>
  );
}

/** What a marker of the file asks before a task, with the answers; nothing where the run asks nothing. */
export function PersonQuestion({ run }: { readonly run: Run }) {
  const [task, ...others] = askedAbout(run);
  const isShown = useStore((state) => state.ui.rightOpen && state.selectedTask === task?.id);
  if (task === undefined) return null;
  const show = (): void => {
    selectTask(task.id);
    setUi({ rightOpen: true });
  };
  const more: AnswersProps['more'] = (busy, answer) => (
    <Button size="sm" busy={busy === 'stop-after-current'} tip="The run ends here; it can be resumed." onClick={() => void answer('stop-after-current')}>Stop here</Button>
  );
  const end = (
    <>
      {isShown ? null : <IconButton small label={`Show ${task.id}`} icon={icons.tasks} onClick={show} />}
      <IconButton small label="Go to line" icon={icons.document} onClick={() => { selectTask(task.id); goToLine(task.file, task.line); }} />
    </>
  );
  return (
    <Callout tone="warning" title={`A person is needed before ${task.id}`} end={end} actions={<Answers key={task.id} run={run} task={task} more={more} />}>
      <p className="selectable"><b>{task.person}</b></p>
      <p>{others.length === 0 ? '' : `${someOf(others.map(({ id }) => id))} ${others.length === 1 ? 'waits' : 'wait'} behind the same marker. `}All that may run without you has run.</p>
    </Callout>
  );
}

/** The answers at the task itself, whose row says the question. */
export function PersonAnswer({ run, id }: { readonly run: Run; readonly id: string }) {
  const task = askedAbout(run).find((one) => one.id === id);
  return task === undefined ? null : <div className="row detail-actions" role="group" aria-label={`Answer for ${id}`}><Answers run={run} task={task} /></div>;
}
