import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useMemo } from 'react';
import type { Plan } from '../../../shared/domain';
import { selectTask, setUi, useStore } from '../../store';
import type { TaskGroup, TaskRow } from '../../tasks';
import { Disclosure } from '../../ui/disclosure';
import { useRoving } from '../../ui/roving';
import { TaskRowView } from './task-row';
import './checklist.css';

/** Shorter lists are drawn whole, so that find-in-page and screen readers see all of them. */
const virtualAbove = 100;

type Item = { readonly kind: 'group'; readonly group: TaskGroup; readonly open: boolean } | { readonly kind: 'row'; readonly row: TaskRow };

/** Headings and the rows of open groups, in order. */
export function flatten(groups: readonly TaskGroup[], collapsed: readonly string[]): readonly Item[] {
  return groups.flatMap((group): Item[] => {
    const open = !collapsed.includes(group.key);
    return [{ kind: 'group', group, open }, ...(open ? group.rows.map((row): Item => ({ kind: 'row', row })) : [])];
  });
}

const keyOf = (item: Item): string => (item.kind === 'group' ? item.group.key : `${item.row.file}:${item.row.line}:${item.row.id}`);

function toggleGroup(key: string): void {
  const { collapsed } = useStore.getState().ui;
  setUi({ collapsed: collapsed.includes(key) ? collapsed.filter((other) => other !== key) : [...collapsed, key] });
}

interface ChecklistProps {
  readonly groups: readonly TaskGroup[];
  readonly plan: Plan | null;
  readonly agent: string | null;
}

interface Placed {
  readonly item: Item;
  readonly index: number;
  /** Px from the top where the list is virtual; otherwise the grid places it. */
  readonly top: number | null;
}

/** What is drawn of a list: all of it, or the part in sight and a little more. */
function usePlaced(items: readonly Item[], box: RefObject<HTMLElement | null>) {
  const virtual = items.length > virtualAbove;
  const virtualizer = useVirtualizer({
    enabled: virtual,
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => (items[index]?.kind === 'group' ? 32 : 36),
    getItemKey: (index) => { const item = items[index]; return item ? keyOf(item) : index; },
    overscan: 12,
  });
  const placed: readonly Placed[] = virtual
    ? virtualizer.getVirtualItems().flatMap(({ index, start }) => { const item = items[index]; return item ? [{ item, index, top: start }] : []; })
    : items.map((item, index) => ({ item, index, top: null }));
  return { placed, height: virtual ? virtualizer.getTotalSize() : null, measure: virtual ? virtualizer.measureElement : undefined };
}

/**
 * All tasks by phase, as one list. Headings stand between the rows for the eye, but beside the list for assistive technology:
 * a list may hold nothing but its items. Both are placed by their index.
 */
export function Checklist({ groups, plan, agent }: ChecklistProps) {
  const collapsed = useStore((state) => state.ui.collapsed);
  const selected = useStore((state) => state.selectedTask);
  const items = useMemo(() => flatten(groups, collapsed), [groups, collapsed]);
  const { ref, ...roving } = useRoving<HTMLDivElement>();
  const { placed, height, measure } = usePlaced(items, ref);
  const at = ({ index, top, item }: Placed) => ({
    key: keyOf(item), ref: measure, 'data-index': index, 'data-order': index, role: 'presentation',
    ...(top === null ? { style: { gridRow: index + 1 } } : { className: 'checklist-at', style: { transform: `translateY(${top}px)` } }),
  });
  return (
    <div className="checklist scroll" ref={ref} {...roving}>
      <div className={height === null ? 'checklist-grid' : 'checklist-space'} style={height === null ? undefined : { height }}>
        <div className="checklist-layer" role="group" aria-label="Phases">
          {placed.map((place) => {
            const { key, ...rest } = at(place);
            const { item } = place;
            return item.kind === 'row' ? null : (
              <div key={key} {...rest}><div className="phase"><Disclosure title={item.group.title} end={`${item.group.done} of ${item.group.rows.length}`} open={item.open} roving onToggle={() => toggleGroup(item.group.key)} /></div></div>
            );
          })}
        </div>
        <div className="checklist-layer" role="list" aria-label="Tasks">
          {placed.map((place) => {
            const { key, ...rest } = at(place);
            const { item } = place;
            return item.kind === 'group' ? null : <div key={key} {...rest}><TaskRowView row={item.row} plan={plan} agent={agent} selected={item.row.id === selected} onSelect={selectTask} /></div>;
          })}
        </div>
      </div>
    </div>
  );
}
