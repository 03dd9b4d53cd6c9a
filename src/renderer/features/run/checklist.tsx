import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
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

/** All tasks by phase, as one list. Headings are no items of it. */
export function Checklist({ groups, plan, agent }: ChecklistProps) {
  const collapsed = useStore((state) => state.ui.collapsed);
  const selected = useStore((state) => state.selectedTask);
  const items = useMemo(() => flatten(groups, collapsed), [groups, collapsed]);
  const { ref, ...roving } = useRoving<HTMLDivElement>();
  const draw = (item: Item) => item.kind === 'group'
    ? <div className="phase" role="presentation"><Disclosure title={item.group.title} end={`${item.group.done} of ${item.group.rows.length}`} open={item.open} roving onToggle={() => toggleGroup(item.group.key)} /></div>
    : <TaskRowView row={item.row} plan={plan} agent={agent} selected={item.row.id === selected} onSelect={selectTask} />;
  return (
    <div className="checklist scroll" ref={ref} {...roving}>
      {items.length > virtualAbove
        ? <VirtualItems items={items} draw={draw} />
        : <div role="list" aria-label="Tasks">{items.map((item) => <div key={keyOf(item)} role="presentation">{draw(item)}</div>)}</div>}
    </div>
  );
}

function VirtualItems({ items, draw }: { readonly items: readonly Item[]; readonly draw: (item: Item) => React.ReactNode }) {
  const box = useRef<HTMLDivElement | null>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current?.parentElement ?? null,
    estimateSize: (index) => (items[index]?.kind === 'group' ? 32 : 36),
    getItemKey: (index) => { const item = items[index]; return item ? keyOf(item) : index; },
    overscan: 12,
  });
  return (
    <div ref={box} role="list" aria-label="Tasks" className="checklist-space" style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map(({ key, index, start }) => {
        const item = items[index];
        return item === undefined ? null : <div key={key} role="presentation" ref={virtual.measureElement} data-index={index} className="checklist-at" style={{ transform: `translateY(${start}px)` }}>{draw(item)}</div>;
      })}
    </div>
  );
}
