import { memo } from 'react';
import type { Run } from '../../../shared/run';
import { type GatedGroup, gateWords } from '../../gates';
import { type TaskRow, countRows, countedAs, looksOf } from '../../tasks';
import { tally } from '../../tally';
import { clock, secondsBetween } from '../../ui/format';
import type { Mark } from '../../ui/status-mark';
import { icons } from '../../ui/icons';
import { useNow } from '../../ui/ticker';
import './progress.css';

/** Time since `from`, once a second while it goes on. */
export function Elapsed({ from, to }: { readonly from: string | null; readonly to: string | null }) {
  return to === null ? <Ticking from={from} /> : <>{clock(secondsBetween(from, to, 0))}</>;
}

function Ticking({ from }: { readonly from: string | null }) {
  return <>{clock(secondsBetween(from, null, useNow()))}</>;
}

/** From so many tasks on, neighbours of one look share a segment: single ones would be narrower than a pixel. */
const singleBelow = 300;

interface Segment {
  readonly key: number;
  readonly mark: Mark;
  count: number;
}

/** The segments of a group: one a task, or one for each stretch of tasks that look the same. */
function segmentsOf(rows: readonly TaskRow[], single: boolean): readonly Segment[] {
  const segments: Segment[] = [];
  rows.forEach((row, index) => {
    const { mark } = looksOf(row);
    const last = segments.at(-1);
    if (!single && last?.mark === mark) last.count += 1;
    else segments.push({ key: index, mark, count: 1 });
  });
  return segments;
}

const GroupBar = memo(function GroupBar({ rows, single }: { readonly rows: readonly TaskRow[]; readonly single: boolean }) {
  const units = rows.filter((row) => !row.nested);
  return (
    <span className="progress-group" style={{ flexGrow: units.length }}>
      {segmentsOf(units, single).map(({ key, mark, count }) => <i key={key} className={`progress-${mark}`} style={{ flexGrow: count }} />)}
    </span>
  );
});

/** How far it is: a figure, a bar with one segment a task, and the states that are not plainly done. */
export function Progress({ groups, run }: { readonly groups: readonly GatedGroup[]; readonly run: Run | null }) {
  const rows = groups.flatMap((group) => group.rows.filter((row) => !row.nested));
  const { done } = countRows(rows);
  const gates = gateWords(groups.flatMap((group) => group.gates.map(({ gate }) => gate)));
  const counts = tally(rows.map(countedAs));
  return (
    <div className="progress">
      <div className="row">
        <b className="grow">{done} of {rows.length} done</b>
        {run === null ? null : <span className="sm dim"><Elapsed from={run.startedAt} to={run.finishedAt} /></span>}
      </div>
      <div className={`progress-bar ${rows.length > 60 ? 'is-dense' : ''}`} role="progressbar" aria-label="Tasks done" aria-valuemin={0} aria-valuemax={Math.max(1, rows.length)} aria-valuenow={done}>
        {groups.filter((group) => group.counts.total > 0).map((group) => (
          <GroupBar key={group.key} rows={group.rows} single={rows.length < singleBelow} />
        ))}
      </div>
      <div className="progress-counts">
        {counts.map(({ tone, text }) => <span key={tone} className={`tone-${tone}`}>{text}</span>)}
        {counts.length === 0 && rows.length > 0 ? <span className="tone-done">All tasks are done</span> : null}
        {gates === null ? null : <span className="progress-gates"><icons.gate width={12} height={12} />{gates}</span>}
      </div>
    </div>
  );
}
