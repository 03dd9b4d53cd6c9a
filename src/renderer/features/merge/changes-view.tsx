import { useEffect, useState } from 'react';
import type { Run } from '../../../shared/run';
import { currentRun, setWindow, useStore } from '../../store';
import { Button } from '../../ui/button';
import { icons } from '../../ui/icons';
import { Empty, Problem } from '../../ui/message';
import './changes-view.css';
import { DiffPane } from './diff-pane';
import { useReport } from './use-report';

/** What the current run changed so far, against the commit it began from. */
export function ChangesView() {
  const run = useStore(currentRun);
  if (run === null) return <Empty icon={icons.commit} title="Changes appear here">Once a run has finished tasks, this shows every file they changed.</Empty>;
  return <ChangesOf key={run.id} run={run} />;
}

function ChangesOf({ run }: { readonly run: Run }) {
  const { state, again } = useReport(run.id);
  const [path, setPath] = useState<string | null>(null);
  useEffect(again, [again, run.integrationTip, run.state]);

  const report = state.kind === 'ready' ? state.value : run.report;
  if (report === null) {
    if (state.kind === 'loading') return <p className="changes-note sub" role="status">Reading the changes…</p>;
    // Before its end a run has no report: that is a matter of waiting, not an error.
    if (state.kind === 'failed' && state.error.kind === 'run/not-finished') return <Empty icon={icons.commit} title="The run is still going">Its changes are shown here when it has finished.</Empty>;
    if (state.kind === 'failed') return <div className="changes-note"><Problem error={state.error} actions={<Button size="sm" icon={icons.refresh} onClick={again}>Try again</Button>} /></div>;
    return null;
  }
  if (report.files.length === 0) return <Empty icon={icons.commit} title="No changes">The result of {run.id} is the same as {run.base}.</Empty>;
  const reviewable = run.finishedAt !== null && (run.state === 'finished' || run.state === 'rolled-back');
  return (
    <div className="changes">
      <div className="changes-bar sm">
        <span className="grow cut sub">{run.id} against <code>{report.base}</code></span>
        {reviewable ? <Button size="sm" icon={icons.merge} onClick={() => setWindow({ mergeOpen: true })}>Review and merge</Button> : null}
      </div>
      <DiffPane run={run.id} version={report.integrationCommit} files={report.files} selected={path} onSelect={setPath} />
    </div>
  );
}
