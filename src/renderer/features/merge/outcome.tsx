import type { Run } from '../../../shared/run';
import { IconButton } from '../../ui/button';
import { counted, shortCommit } from '../../ui/format';
import { icons } from '../../ui/icons';
import { StatusMark } from '../../ui/status-mark';

/** How the question was answered: landed with commit and tag, or set aside. */
export function Outcome({ run }: { readonly run: Run }) {
  if (run.state === 'landed' && run.landing !== null) {
    return (
      <div className="outcome" role="status">
        <StatusMark mark="done" size={32} />
        <h3>Landed on {run.base}</h3>
        <p className="sub">{run.report === null ? 'The result' : `${counted(run.report.done, 'task')} in ${counted(run.report.files.length, 'file')}`} went in with one merge. The ticks are in the task file.</p>
        <dl className="outcome-facts selectable">
          <dt>Commit</dt><dd><code>{shortCommit(run.landing.commit)}</code></dd>
          <dt>Backup tag</dt><dd><code>{run.landing.tag}</code></dd>
        </dl>
      </div>
    );
  }
  return (
    <div className="outcome" role="status">
      <StatusMark mark="skipped" size={32} />
      <h3>Set aside</h3>
      <p className="sub">{run.base} is untouched. The work stays on its branches.</p>
      <dl className="outcome-facts selectable"><dt>Branch</dt><dd><code>{run.integrationBranch}</code></dd></dl>
    </div>
  );
}

/** Says right after the merge what was made, without standing in anybody's way. */
export function LandedCard({ run, onClose }: { readonly run: Run; readonly onClose: () => void }) {
  if (run.landing === null) return null;
  return (
    <div className="landed-card" role="status" aria-label="Merge result">
      <StatusMark mark="done" />
      <div className="grow selectable">
        <p><b>Landed on {run.base}</b> as <code>{shortCommit(run.landing.commit)}</code></p>
        <p className="sub">Backup tag <code>{run.landing.tag}</code>. Roll back is in the side panel.</p>
        {run.notices.filter((notice) => notice.code === 'change-complete').slice(-1).map((notice) => <p key={notice.at} className="sub">{notice.text}</p>)}
      </div>
      <IconButton small label="Dismiss" icon={icons.close} onClick={onClose} />
    </div>
  );
}
