import { useShallow } from 'zustand/react/shallow';
import { perform } from '../../bridge';
import { startRun } from '../../options';
import { currentRun, setWindow, useStore } from '../../store';
import { Button } from '../../ui/button';
import { icons } from '../../ui/icons';
import { shortcut } from '../../ui/shortcut';
import { whyNotRun } from './sentences';

const noRun = 'No run is going on.';

/** What can follow a finished run: approve it, or take back what was merged. */
function AfterRun({ reviewable, landed }: { readonly reviewable: boolean; readonly landed: boolean }) {
  if (!reviewable && !landed) return null;
  return (
    <div className="actions-after">
      {reviewable ? <Button kind="primary" icon={icons.merge} onClick={() => setWindow({ mergeOpen: true })}>Review and merge</Button> : null}
      {landed ? <Button icon={icons.undo} onClick={() => setWindow({ rollbackOpen: true })}>Roll back</Button> : null}
    </div>
  );
}

/** Run, Pause, Stop, and what comes after. Each stays in its place and says why it is off. */
export function Actions() {
  const { obstacle, live, state, reviewable, landed, starting } = useStore(useShallow((window) => {
    const run = currentRun(window);
    const liveRun = window.snapshot?.runs.find((candidate) => candidate.id === window.snapshot?.liveRun) ?? null;
    return {
      obstacle: window.snapshot === null ? 'Loading.' : whyNotRun(window.snapshot),
      live: liveRun?.id ?? null,
      state: liveRun?.state ?? null,
      reviewable: run !== null && (run.state === 'finished' || run.state === 'rolled-back') && run.report !== null,
      landed: run !== null && run.state === 'landed',
      starting: window.starting,
    };
  }));
  const paused = state === 'paused';
  const stopping = state === 'stopping';
  const act = (command: 'run.pause' | 'run.resume' | 'run.stop') => (): void => { if (live !== null) void perform(command, { run: live }); };
  return (
    <div className="actions">
      <AfterRun reviewable={reviewable} landed={landed} />
      <Button kind={reviewable ? 'default' : 'primary'} icon={icons.play} busy={starting} unavailable={obstacle} tip={`Start the open tasks (${shortcut('Enter')})`} onClick={() => void startRun()}>Run</Button>
      <Button icon={paused ? icons.play : icons.pause} unavailable={live === null ? noRun : stopping ? 'The run is stopping.' : null} tip={paused ? 'Start waiting tasks again' : 'Let tasks in progress end, start no others'} onClick={act(paused ? 'run.resume' : 'run.pause')}>{paused ? 'Resume' : 'Pause'}</Button>
      <Button kind="danger" icon={icons.stop} busy={stopping} unavailable={live === null ? noRun : null} tip="Ends every agent now. Finished tasks, branches and worktrees are kept." onClick={act('run.stop')}>Stop</Button>
    </div>
  );
}
