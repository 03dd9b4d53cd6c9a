import type { Run } from '../../../shared/run';
import { counted } from '../../ui/format';
import { Callout } from '../../ui/message';

/** Asks inside the dialog before a result is set aside, and names what goes and what stays. */
export function AbortQuestion({ run }: { readonly run: Run }) {
  const lanes = Object.values(run.lanes).filter((lane) => lane.state !== 'removed');
  return (
    <div className="merge-problem" role="alert">
      <Callout tone="warning" title={`Set the result of ${run.id} aside?`}>
        <p><b>Removed:</b> {counted(lanes.length, 'worktree')} that {lanes.length === 1 ? 'holds' : 'hold'} nothing unmerged. One with uncommitted or unmerged work is kept.</p>
        <p><b>Stays:</b> every branch of the run, so nothing committed is lost: <code className="selectable">{run.integrationBranch}</code>{lanes.length > 0 ? ` and ${counted(lanes.length, 'lane branch', 'lane branches')}` : ''}. The logs stay as well.</p>
        <p><b>Untouched:</b> <code>{run.base}</code> and your checkout.</p>
      </Callout>
    </div>
  );
}
