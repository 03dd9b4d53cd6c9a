import { useCallback, useContext } from 'react';
import { looksOf } from '../../tasks';
import { StatusMark } from '../../ui/status-mark';
import { SceneContext } from './scene';

/** A task of the graph: its state, id, title, story and lane. */
export function TaskBox({ id }: { readonly id: string }) {
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
      <span className="box-title">{row.title}</span>
      <span className="box-lane cut">{lane}</span>
    </button>
  );
}
