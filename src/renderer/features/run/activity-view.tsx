import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { Run, RunNotice } from '../../../shared/run';
import { currentRun, selectTask, useStore } from '../../store';
import { counted } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Empty } from '../../ui/message';
import { Segments } from '../../ui/segments';
import { TextField } from '../../ui/text-field';
import { chosenNotices, isDecision, kinds, type Kind } from './activity';
import './activity-view.css';

const time = (iso: string): string => new Date(iso).toLocaleTimeString('en-GB');

function Row({ notice }: { readonly notice: RunNotice }) {
  const { task } = notice;
  const [Drawn, word, tone] = notice.level === 'warning' ? [icons.warning, 'Warning', 'waiting'] : isDecision(notice) ? [icons.branch, 'Decision', 'running'] : [icons.info, 'Note', 'pending'];
  return (
    <>
      <Drawn className={`tone-${tone}`} role="img" aria-label={word} aria-hidden={undefined} />
      <time dateTime={notice.at} className="activity-time">{time(notice.at)}</time>
      <span className="activity-text selectable">{notice.text}</span>
      {task === null ? null : <button type="button" className="activity-task mono" title={`Select ${task}`} onClick={() => selectTask(task)}>{task}</button>}
    </>
  );
}

/** Oldest first; what is new comes below, and the list follows while its end is in sight. */
function List({ notices }: { readonly notices: readonly RunNotice[] }) {
  const box = useRef<HTMLDivElement | null>(null);
  const atEnd = useRef(true);
  const rows = useVirtualizer({ count: notices.length, getScrollElement: () => box.current, estimateSize: () => 32, overscan: 12 });
  const follow = useEffectEvent((count: number) => { if (atEnd.current && count > 0) rows.scrollToIndex(count - 1, { align: 'end' }); });
  useEffect(() => follow(notices.length), [notices.length]);
  const onScroll = (): void => {
    if (box.current !== null) atEnd.current = box.current.scrollHeight - box.current.scrollTop - box.current.clientHeight < 24;
  };
  return (
    <div className="activity-list scroll" ref={box} tabIndex={0} role="region" aria-label="Activity log" onScroll={onScroll}>
      <ul aria-label="Activity" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const notice = notices[item.index];
          return notice === undefined ? null : <li key={item.key} ref={rows.measureElement} data-index={item.index} className="activity-row" aria-setsize={notices.length} aria-posinset={item.index + 1} style={{ transform: `translateY(${item.start}px)` }}><Row notice={notice} /></li>;
        })}
      </ul>
    </div>
  );
}

function ActivityOf({ run }: { readonly run: Run }) {
  const [kind, setKind] = useState<Kind>('all');
  const [words, setWords] = useState('');
  const shown = useMemo(() => chosenNotices(run.notices, kind, words), [run.notices, kind, words]);
  if (run.notices.length === 0) {
    return <Empty icon={icons.activity} title="Nothing to report">Warnings and notes about this run appear here{run.options.style === 'debug' ? ', and each decision with its reason' : '. With the style Debug, each decision does too'}.</Empty>;
  }
  return (
    <div className="activity">
      <div className="activity-bar">
        <Segments label="Show" value={kind} segments={kinds} onChange={setKind} />
        <TextField label="Filter activity" type="search" placeholder="Filter by words" value={words} onChange={setWords} />
        <span className="sm dim activity-count">{shown.length === run.notices.length ? counted(shown.length, 'entry', 'entries') : `${shown.length} of ${run.notices.length}`}</span>
      </div>
      {shown.length === 0 ? <Empty icon={icons.search} title="No entry fits">Other words or another kind may.</Empty> : <List notices={shown} />}
    </div>
  );
}

/** What happened in the current run beside its tasks: warnings, notes, and in the debug style every decision. */
export function ActivityView() {
  const run = useStore(currentRun);
  if (run === null) return <Empty icon={icons.activity} title="Activity appears here">Warnings and notes of a run, and its decisions with the style Debug (Options).</Empty>;
  return <ActivityOf key={run.id} run={run} />;
}
