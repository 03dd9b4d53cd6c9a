import { currentRun, useStore } from '../../store';
import { counted, shortCommit } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Tip } from '../../ui/tooltip';
import { StatusLine } from './status-line';
import './status-bar.css';

function RunFacts() {
  const run = useStore(currentRun);
  if (run === null) return null;
  const merged = run.order.filter((id) => (run.tasks[id]?.commit ?? null) !== null).length;
  const lanes = Object.values(run.lanes).filter((lane) => lane.state !== 'removed');
  return (
    <>
      <Tip side="top" text={`${run.integrationBranch} at ${shortCommit(run.integrationTip)}`}><span tabIndex={0}><icons.merge width={12} height={12} />integration +{counted(merged, 'task')}</span></Tip>
      {lanes.length === 0 ? null : (
        <Tip side="top" text={<>{lanes.map((lane) => <span key={lane.name} className="status-lane"><b>{lane.name}</b> {lane.worktree}</span>)}</>}>
          <span tabIndex={0}><icons.layers width={12} height={12} />{run.options.worktrees ? counted(lanes.length, 'worktree') : counted(lanes.length, 'lane')}</span>
        </Tip>
      )}
    </>
  );
}

/** The bottom line: where the work starts from, where it gathers, what it runs on. `live` repeats the run's status when its panel is hidden. */
export function StatusBar({ live }: { readonly live: boolean }) {
  const snapshot = useStore((state) => state.snapshot);
  if (snapshot === null) return <footer className="statusbar" />;
  const { repo } = snapshot;
  return (
    <footer className="statusbar" aria-label="Status bar">
      {repo === null ? <span>No repository open</span> : (
        <Tip side="top" text={repo.root}><span tabIndex={0}><icons.branch width={12} height={12} /><span className="cut status-branch">{repo.branch ?? 'no branch'}</span>{repo.commit === null ? ' no commit yet' : <span className="mono">{shortCommit(repo.commit)}</span>}</span></Tip>
      )}
      <RunFacts />
      <span className="grow" />
      {live ? <StatusLine /> : null}
      <span className="status-version">{snapshot.gitVersion === null ? 'git not found' : `git ${snapshot.gitVersion}`}</span>
      <span className="status-version">Braid {snapshot.version}</span>
    </footer>
  );
}
