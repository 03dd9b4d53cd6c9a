import { useShallow } from 'zustand/react/shallow';
import type { Run } from '../../../shared/run';
import { perform } from '../../bridge';
import { wrongField } from '../../drafts';
import { startRun } from '../../options';
import { currentRun, drivenRun, setWindow, useStore } from '../../store';
import { Button, IconButton } from '../../ui/button';
import { icons } from '../../ui/icons';
import { Menu, type MenuEntry } from '../../ui/menu';
import { shortcut } from '../../ui/shortcut';
import { otherRun, whyNotRun } from './sentences';

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

function waysToEnd(live: string | null, state: Run['state'] | null, after: boolean): readonly MenuEntry[] {
  const ending = live === null ? noRun : state === 'stopping' && !after ? 'The run is stopping.' : null;
  const tell = (action: 'stop' | 'stop-after-current') => (): void => { if (live !== null) void perform('run.control', { run: live, control: { action } }); };
  return [
    { label: 'Stop now', icon: icons.stop, unavailable: ending, onSelect: tell('stop') },
    { label: 'Stop after current', icon: icons.clock, unavailable: after ? 'It stops when what is at work has ended.' : ending, onSelect: tell('stop-after-current') },
  ];
}

/** Run, Pause, Stop, and what comes after. Each stays in its place and says why it is off. */
export function Actions() {
  const { obstacle, live, other, state, red, after, reason, reviewable, landed, starting } = useStore(useShallow((window) => {
    const run = currentRun(window);
    const liveRun = window.snapshot?.runs.find((candidate) => candidate.id === drivenRun(window)) ?? null;
    return {
      obstacle: window.snapshot === null ? 'Loading.' : whyNotRun(window.snapshot, wrongField(window.drafts)),
      live: liveRun?.id ?? null,
      other: window.snapshot === null ? null : otherRun(window.snapshot)?.spec ?? null,
      state: liveRun?.state ?? null,
      red: liveRun?.pauseCause === 'gate',
      after: liveRun?.ending === 'current',
      reason: liveRun?.pauseReason ?? '',
      reviewable: run !== null && (run.state === 'finished' || run.state === 'rolled-back') && run.report !== null,
      landed: run !== null && run.state === 'landed',
      starting: window.starting,
    };
  }));
  const paused = state === 'paused';
  const ending = state === 'stopping' && !after;
  // Below the tasks of one spec, what acts on the run of another says which.
  const tip = (text: string): string => (other === null ? text : `The run of ${other}: ${text}`);
  const act = (command: 'run.pause' | 'run.resume' | 'run.stop') => (): void => { if (live !== null) void perform(command, { run: live }); };
  return (
    <div className="actions">
      <AfterRun reviewable={reviewable} landed={landed} />
      <Button kind={reviewable ? 'default' : 'primary'} icon={icons.play} busy={starting} unavailable={obstacle} tip={`Start the open tasks (${shortcut('Enter')})`} onClick={() => void startRun()}>Run</Button>
      <Button icon={paused ? icons.play : icons.pause} unavailable={live === null ? noRun : state === 'stopping' ? 'The run is stopping.' : red ? 'The gate of a phase is red: answer above.' : null} tip={tip(paused ? [reason, 'Start waiting tasks again'].filter(Boolean).join('. ') : 'Let tasks in progress end, start no others')} onClick={act(paused ? 'run.resume' : 'run.pause')}>{paused ? 'Resume' : 'Pause'}</Button>
      <div className="split">
        <Button kind="danger" icon={icons.stop} busy={ending} unavailable={live === null ? noRun : null} tip={tip('Ends every agent now. Finished tasks, branches and worktrees are kept.')} onClick={act('run.stop')}>Stop</Button>
        <Menu trigger={<IconButton label={other === null ? 'Ways to end the run' : `Ways to end the run of ${other}`} icon={icons.down} small />} entries={() => waysToEnd(live, state, after)} />
      </div>
    </div>
  );
}
