import type { Run } from '../../../shared/run';
import { type TaskGroup, type TaskRow, isActive, stateWords } from '../../tasks';
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

const tallied = [
  { label: 'running', tone: 'running', has: (row: TaskRow) => isActive(row.state) },
  { label: 'need you', tone: 'waiting', has: (row: TaskRow) => row.state === 'blocked' || row.state === 'no-change' },
  { label: 'in conflict', tone: 'conflict', has: (row: TaskRow) => row.state === 'conflict' },
  { label: 'failed', tone: 'failed', has: (row: TaskRow) => row.state === 'failed' },
  { label: 'timed out', tone: 'limited', has: (row: TaskRow) => row.state === 'timed-out' },
  { label: 'interrupted', tone: 'paused', has: (row: TaskRow) => row.state === 'interrupted' },
  { label: 'skipped', tone: 'skipped', has: (row: TaskRow) => row.state === 'skipped' },
  { label: 'open', tone: 'pending', has: (row: TaskRow) => row.state === 'pending' },
] as const;

/** How far it is: a figure, a bar with one segment a task, and the states that are not plainly done. */
export function Progress({ groups, run }: { readonly groups: readonly TaskGroup[]; readonly run: Run | null }) {
  const rows = groups.flatMap((group) => group.rows);
  const done = rows.filter((row) => row.done).length;
  const counts = tallied.map((tally) => ({ ...tally, count: rows.filter(tally.has).length })).filter((tally) => tally.count > 0);
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
        {counts.map(({ label, tone, count }) => <span key={label} className={`tone-${tone}`}>{count} {label}</span>)}
        {counts.length === 0 && rows.length > 0 ? <span className="tone-done">All tasks are done</span> : null}
      </div>
    </div>
  );
}
