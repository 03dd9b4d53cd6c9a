import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useMemo } from 'react';
import type { Plan } from '../../../shared/domain';
import { planIndex } from '../../plan-index';
import { selectTask, setWindow, useStore } from '../../store';
import { type TaskRow, looksOf } from '../../tasks';
import { useAnchor } from '../../ui/anchor';
import { counted } from '../../ui/format';
import { useRoving } from '../../ui/roving';
import { useScrollMemory } from '../../ui/scroll-memory';
import { StatusMark } from '../../ui/status-mark';
import { TitleText } from '../../ui/title-text';
import type { Column } from './columns';
import './wave-list.css';

interface WaveListProps {
  /** What it is a list of; another name is another list. */
  readonly name: string;
  readonly rows: ReadonlyMap<string, TaskRow>;
  readonly plan: Plan;
  readonly columns: readonly Column[];
}

type Item = { readonly kind: 'wave'; readonly column: Column } | { readonly kind: 'task'; readonly row: TaskRow };

const heights = { wave: 32, task: 32 } as const;
const waitsShown = 4;

function waitsText(plan: Plan, id: string): string {
  const ids = [...new Set((planIndex(plan).waits.get(id) ?? []).map((edge) => edge.dependsOn))];
  if (ids.length === 0) return '';
  return ids.length > waitsShown ? `waits for ${ids.slice(0, waitsShown).join(', ')} and ${ids.length - waitsShown} more` : `waits for ${ids.join(', ')}`;
}

const Row = memo(function Row({ row, plan, critical, selected }: { readonly row: TaskRow; readonly plan: Plan; readonly critical: boolean; readonly selected: boolean }) {
  const { mark, word } = looksOf(row);
  const waits = waitsText(plan, row.id);
  return (
    <button type="button" className="wave-row" data-roving="" tabIndex={-1} aria-pressed={selected} title={row.title} aria-label={[`${row.id} ${row.title}`, word, critical ? 'on the critical path' : '', waits].filter(Boolean).join(', ')} onClick={() => selectTask(selected ? null : row.id)}>
      <StatusMark mark={mark} size={14} /><b className="mono">{row.id}</b><span className="grow cut"><TitleText title={row.title} /></span>
      {critical ? <span className="chip">critical</span> : null}{row.stories[0] === undefined ? null : <span className="chip line">{row.stories[0]}</span>}
      <span className="wave-waits cut" title={waits}>{waits}</span>
    </button>
  );
});

/** The plan as one list, wave by wave; only what is in sight is drawn, so it serves plans of any size. */
export function WaveList({ name, rows, plan, columns }: WaveListProps) {
  const selected = useStore((state) => state.selectedTask);
  const { ref, ...roving } = useRoving<HTMLDivElement>();
  const critical = useMemo(() => new Set(plan.criticalPath), [plan]);
  const items = useMemo(() => columns.flatMap((column): Item[] => [{ kind: 'wave', column }, ...column.ids.flatMap((id): Item[] => { const row = rows.get(id); return row ? [{ kind: 'task', row }] : []; })]), [columns, rows]);
  const keys = useMemo(() => items.map((item) => (item.kind === 'wave' ? item.column.key : item.row.id)), [items]);
  const virtualizer = useVirtualizer<HTMLElement, Element>({
    count: items.length, getScrollElement: () => ref.current, overscan: 6,
    // These stay the same from turn to turn: otherwise every scroll would measure the whole list.
    estimateSize: useCallback((index: number) => heights[items[index]?.kind ?? 'task'], [items]),
    getItemKey: useCallback((index: number) => keys[index] ?? index, [keys]),
  });
  useAnchor({ virtualizer, box: ref, ids: keys, preferred: selected });
  useScrollMemory(ref, `waves ${name}`);
  return (
    <div className="wave-list scroll" ref={ref} {...roving} onKeyDown={(event) => { if (event.key === 'Escape') setWindow({ selectedTask: null }); else roving.onKeyDown(event); }}>
      <div className="wave-space" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start, key }) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <div key={key} className="wave-at" data-order={index} style={{ top: start }}>
              {item.kind === 'wave'
                ? <h3 className="wave-head">{item.column.title}<span className="dim">{[item.column.note, counted(item.column.ids.length, 'task')].filter(Boolean).join(', ')}</span></h3>
                : <Row row={item.row} plan={plan} critical={critical.has(item.row.id)} selected={item.row.id === selected} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}
