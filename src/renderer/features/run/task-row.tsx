import { memo } from 'react';
import type { Plan } from '../../../shared/domain';
import { type TaskRow, isActive, looksOf } from '../../tasks';
import { icons } from '../../ui/icons';
import { StatusMark } from '../../ui/status-mark';
import { TitleText } from '../../ui/title-text';
import { Elapsed } from './progress';
import { actByKey } from './task-commands';
import { TaskDetail } from './task-detail';
import './task-row.css';

interface TaskRowProps {
  readonly row: TaskRow;
  readonly plan: Plan | null;
  readonly agent: string | null;
  readonly selected: boolean;
  readonly onSelect: (id: string | null) => void;
  /** Place among all tasks, from 1, and their number, where only a part of the list is drawn. */
  readonly position: number | undefined;
  readonly of: number | undefined;
}

/** Shows done, never sets it: the app is the one that ticks. */
function Tick({ row }: { readonly row: TaskRow }) {
  const { mark } = looksOf(row);
  return (
    <span className={`task-tick ${row.done ? 'is-done' : ''}`} role="checkbox" aria-checked={row.done} aria-readonly="true" aria-label={`${row.id} done`}>
      {row.done ? <icons.check width={12} height={12} strokeWidth={2.25} /> : mark === 'pending' ? <span className="task-box" /> : <StatusMark mark={mark} />}
    </span>
  );
}

function Note({ row, agent }: { readonly row: TaskRow; readonly agent: string | null }) {
  const { mark, word } = looksOf(row);
  const who = isActive(row.state) && row.lane !== null
    ? [row.lane, agent, row.state === 'running' ? null : word.toLowerCase(), row.attempts > 1 ? `attempt ${row.attempts}` : null].filter(Boolean).join(', ')
    : null;
  if (who !== null) return <span className="task-note">{who}</span>;
  if (row.asks !== '') return <span className={`task-note tone-${mark}`}>{word}: {row.asks}</span>;
  if (row.held) return <span className="task-note">Held back by you</span>;
  if (row.done || row.state === 'pending') return null;
  const text = row.reason ? `${word}: ${row.reason}` : word;
  return <span className={`task-note tone-${mark}`}>{text}</span>;
}

/** One task of the checklist; selecting it opens its details in place, which also say what the card says. */
export const TaskRowView = memo(function TaskRowView({ row, plan, agent, selected, onSelect, position, of }: TaskRowProps) {
  const { word } = looksOf(row);
  const toggle = (): void => onSelect(selected ? null : row.id);
  const timed = row.startedAt !== null && (isActive(row.state) || row.finishedAt !== null);
  return (
    <div className={`task-item ${selected ? 'is-selected' : ''}`} role="listitem" aria-label={`${row.id} ${row.title}, ${word}`} aria-current={selected ? 'true' : undefined} aria-posinset={position} aria-setsize={of} data-roving="" data-task={row.id} tabIndex={-1}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
        if (event.key === 'Enter' || event.key === ' ') toggle();
        else if (event.repeat || !actByKey(row, event.key)) return;
        event.preventDefault();
      }}>
      <div className={`task ${row.done ? 'is-done' : ''} ${row.nested ? 'is-nested' : ''}`} onClick={toggle}>
        <Tick row={row} />
        <span className="task-id">{row.id}</span>
        <span className="task-title"><TitleText title={row.title} /></span>
        <span className="task-end">
          {timed ? <Elapsed from={row.startedAt} to={isActive(row.state) ? null : row.finishedAt} /> : null}
          {row.stories.map((story) => <span key={story} className="chip line">{story}</span>)}
        </span>
        <Note row={row} agent={agent} />
      </div>
      {selected ? <TaskDetail row={row} plan={plan} /> : null}
    </div>
  );
});
