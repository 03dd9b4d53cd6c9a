import { perform } from '../../bridge';
import { idleDays } from '../../../shared/cleanup';
import { type Run, countTasks, statesOf } from '../../../shared/run';
import { waitsToResume } from '../../../shared/unfinished';
import { setWindow, useStore } from '../../store';
import { tally } from '../../tally';
import { Button, IconButton } from '../../ui/button';
import { counted, exactly, when } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { type Mark, StatusMark } from '../../ui/status-mark';
import '../../ui/nav.css';
import { useRoving } from '../../ui/roving';

const marks: Readonly<Record<Exclude<Run['state'], 'finished'>, Mark>> = {
  running: 'running', paused: 'paused', stopping: 'paused', landed: 'done', 'rolled-back': 'skipped', abandoned: 'skipped',
};
const ends: Readonly<Record<NonNullable<Run['status']>, Mark>> = { done: 'done', failed: 'failed', waiting: 'waiting', 'timed-out': 'limited', interrupted: 'paused' };

/** How a run looks and reads in the list. Avoids the word that names the start button. */
export function runSummary(run: Run): { readonly mark: Mark; readonly text: string } {
  const { done, total } = countTasks(run);
  const missing = tally(statesOf(run)).map(({ text: words }) => words);
  const lanes = counted(Object.keys(run.lanes).length, 'lane');
  switch (run.state) {
    case 'running': return { mark: 'running', text: `${done} of ${total}, ${lanes}` };
    case 'paused': return { mark: 'paused', text: `paused, ${done} of ${total}` };
    case 'stopping': return { mark: 'paused', text: 'stopping' };
    case 'landed': return { mark: 'done', text: `${done} of ${total}, merged` };
    case 'rolled-back': return { mark: marks[run.state], text: 'rolled back' };
    case 'abandoned': return { mark: marks[run.state], text: 'set aside' };
    case 'finished': return { mark: ends[run.status ?? 'failed'], text: [`${done} of ${total}`, ...missing, 'not merged'].join(', ') };
  }
}

/** The runs of the repository, newest first; choosing one shows its tasks, terminals and changes. */
export function RunList() {
  const runs = useStore((state) => state.snapshot?.runs);
  const current = useStore((state) => state.snapshot?.currentRun ?? null);
  const live = useStore((state) => state.snapshot?.liveRun ?? null);
  const { ref, ...roving } = useRoving<HTMLUListElement>();
  const now = Date.now();
  if (runs === undefined || runs.length === 0) return <p className="nav-empty">None yet. The first one appears here when it starts.</p>;
  return (
    <ul className="nav" aria-label="Runs" ref={ref} {...roving}>
      {runs.map((run) => {
        const idle = run.id === live ? null : idleDays(run, now);
        const { mark, text: words } = runSummary(run);
        const text = idle === null ? words : `${words}, nothing for ${idle} days`;
        return (
          <li key={run.id}>
            <button type="button" className="nav-item is-shown" data-roving="" tabIndex={-1} aria-current={run.id === current ? 'true' : undefined} onClick={() => void perform('run.select', { run: run.id })}>
              <StatusMark mark={mark} />
              <span className="cut" title={run.specTitle}>{run.spec}</span>
              <span className="nav-end">{when(run.startedAt, now)}</span>
              <span className="nav-meta cut" title={text}>{run.id === current ? <b>Shown. </b> : null}{text}</span>
            </button>
            {live === null && waitsToResume(run) ? <div className="nav-below"><Button size="sm" aria-label={`Resume… ${run.spec}, started ${exactly(run.startedAt, now)}`} onClick={() => setWindow({ resumeRun: run.id })}>Resume…</Button></div> : null}
          </li>
        );
      })}
    </ul>
  );
}

/** What can be done with what all runs left behind. */
export function RunsMenu() {
  const repo = useStore((state) => Boolean(state.snapshot?.repo));
  return <Menu trigger={<IconButton small label="More for runs" icon={icons.more} />} entries={[{ label: 'Clean up…', icon: icons.remove, unavailable: repo ? null : 'No repository is open.', onSelect: () => setWindow({ cleanupOpen: true }) }]} />;
}
