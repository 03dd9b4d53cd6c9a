import type { Run } from '../../../shared/run';
import { type TaskGroup, stateWords } from '../../tasks';
import { tally } from '../../tally';
import { clock, secondsBetween } from '../../ui/format';
import { useNow } from '../../ui/ticker';
import './progress.css';

/** Time since `from`, once a second while it goes on. */
export function Elapsed({ from, to }: { readonly from: string | null; readonly to: string | null }) {
  return to === null ? <Ticking from={from} /> : <>{clock(secondsBetween(from, to, 0))}</>;
}

function Ticking({ from }: { readonly from: string | null }) {
  return <>{clock(secondsBetween(from, null, useNow()))}</>;
}

/** How far it is: a figure, a bar with one segment a task, and the states that are not plainly done. */
export function Progress({ groups, run }: { readonly groups: readonly TaskGroup[]; readonly run: Run | null }) {
  const rows = groups.flatMap((group) => group.rows);
  const done = rows.filter((row) => row.done).length;
  const counts = tally(rows.map((row) => row.state));
  return (
    <div className="progress">
      <div className="row">
        <b className="grow">{done} of {rows.length} done</b>
        {run === null ? null : <span className="sm dim"><Elapsed from={run.startedAt} to={run.finishedAt} /></span>}
      </div>
      <div className={`progress-bar ${rows.length > 60 ? 'is-dense' : ''}`} role="progressbar" aria-label="Tasks done" aria-valuemin={0} aria-valuemax={Math.max(1, rows.length)} aria-valuenow={done}>
        {groups.map((group) => (
          <span key={group.key} className="progress-group" style={{ flexGrow: group.rows.length }}>
            {group.rows.map((row) => <i key={`${row.file}:${row.line}`} className={`progress-${stateWords[row.state].mark}`} />)}
          </span>
        ))}
      </div>
      <div className="progress-counts">
        {counts.map(({ tone, text }) => <span key={tone} className={`tone-${tone}`}>{text}</span>)}
        {counts.length === 0 && rows.length > 0 ? <span className="tone-done">All tasks are done</span> : null}
      </div>
    </div>
  );
}
