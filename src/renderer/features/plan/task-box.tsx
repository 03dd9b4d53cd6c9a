import { useCallback, useContext } from 'react';
import { looksOf } from '../../tasks';
import { StatusMark } from '../../ui/status-mark';
import { TitleText } from '../../ui/title-text';
import type { GroupBox } from './collapse';
import { SceneContext } from './scene';

/** A phase or story as one box; pressing it draws its tasks. */
function GroupView({ id, box }: { readonly id: string; readonly box: GroupBox }) {
  const { critical, cyclic, selected, holder, toneOf, waitsOf, onPoint, onOpen, onBox } = useContext(SceneContext);
  const keep = useCallback((element: HTMLElement | null) => onBox(id, element), [id, onBox]);
  const name = [box.title, box.words, critical.has(id) ? 'on the critical path' : '', cyclic.has(id) ? 'in a circle' : '', id === holder ? `holds the selected ${selected ?? ''}` : '', waitsOf(id)].filter(Boolean).join(', ');
  return (
    <button ref={keep} type="button" tabIndex={-1} className={`box box-group box-${box.mark} is-${toneOf(id)} ${id === holder ? 'is-holder' : ''} ${critical.has(id) ? 'is-critical' : ''} ${cyclic.has(id) ? 'is-cyclic' : ''}`} aria-expanded={false} aria-disabled={box.unavailable !== null} aria-label={name} title={box.unavailable ?? `${box.title}: show its tasks`}
      onMouseEnter={() => onPoint({ kind: 'task', id })} onMouseLeave={() => onPoint(null)} onFocus={() => onPoint({ kind: 'task', id })} onBlur={() => onPoint(null)} onClick={() => { if (box.unavailable === null) onOpen(id); }}>
      <span className="box-head"><StatusMark mark={box.mark} size={14} /><b className="cut">{box.title}</b></span>
      <span className="box-title">{id === holder ? <b className="mono">{selected} · </b> : null}{box.words}</span>
    </button>
  );
}

/** A task of the graph: its state, id, title, story and lane. */
export function TaskBox({ id }: { readonly id: string }) {
  const box = useContext(SceneContext).boxes.get(id);
  return box === undefined ? <TaskView id={id} /> : <GroupView id={id} box={box} />;
}

function TaskView({ id }: { readonly id: string }) {
  const { rows, lanes, critical, cyclic, selected, toneOf, waitsOf, onPoint, onSelect, onBox } = useContext(SceneContext);
  const keep = useCallback((box: HTMLElement | null) => onBox(id, box), [id, onBox]);
  const row = rows.get(id);
  if (row === undefined) return null;
  const { mark, word } = looksOf(row);
  const lane = row.lane ?? lanes.get(id) ?? '';
  const isCritical = critical.has(id);
  const name = [`${id} ${row.title}`, word, isCritical ? 'on the critical path' : '', cyclic.has(id) ? 'in a circle' : '', lane === '' ? '' : `lane ${lane}`, waitsOf(id)].filter(Boolean).join(', ');
  return (
    <button ref={keep} type="button" tabIndex={-1} className={`box box-${mark} is-${toneOf(id)} ${isCritical ? 'is-critical' : ''} ${cyclic.has(id) ? 'is-cyclic' : ''}`} aria-pressed={id === selected} aria-label={name} title={row.title}
      onMouseEnter={() => onPoint({ kind: 'task', id })} onMouseLeave={() => onPoint(null)} onFocus={() => onPoint({ kind: 'task', id })} onBlur={() => onPoint(null)} onClick={() => onSelect(id)}>
      <span className="box-head"><StatusMark mark={mark} size={14} /><b className="mono cut">{id}</b><span className="grow" />{row.stories[0] === undefined ? null : <span className="chip line">{row.stories[0]}</span>}</span>
      <span className="box-title"><TitleText title={row.title} /></span>
      <span className="box-lane cut">{lane}</span>
    </button>
  );
}
