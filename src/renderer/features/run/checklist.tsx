import { useEffect, useEffectEvent, useMemo } from 'react';
import type { Plan } from '../../../shared/domain';
import { selectTask, setUi, useStore } from '../../store';
import type { GatedGroup } from '../../gates';
import { Disclosure } from '../../ui/disclosure';
import { useRoving } from '../../ui/roving';
import { useScrollMemory } from '../../ui/scroll-memory';
import { GateRow } from './gate-row';
import { flatten, type Placed, usePlaced } from './placing';
import { TaskCards } from './task-card';
import { TaskMenu } from './task-steering';
import { TaskRowView } from './task-row';
import './checklist.css';

function toggleGroup(key: string): void {
  const { collapsed } = useStore.getState().ui;
  setUi({ collapsed: collapsed.includes(key) ? collapsed.filter((other) => other !== key) : [...collapsed, key] });
}

/** How far a group is: its tasks, or the items of a checklist. */
function endOf({ rows, counts, gates }: GatedGroup): string {
  return rows.length > 0 ? `${counts.done} of ${counts.total}` : `${gates.filter(({ gate }) => gate.done).length} of ${gates.length}`;
}

interface ChecklistProps {
  /** What it is a list of; another name is another list. */
  readonly name: string;
  readonly groups: readonly GatedGroup[];
  readonly plan: Plan | null;
  readonly agent: string | null;
}

/**
 * All tasks by phase, as one list, with each gate behind the task above it. Headings and gates stand between the rows for the eye, but beside the list for assistive technology:
 * a list may hold nothing but its items. Both are placed by their index.
 */
export function Checklist({ name, groups, plan, agent }: ChecklistProps) {
  const collapsed = useStore((state) => state.ui.collapsed);
  const selected = useStore((state) => state.selectedTask);
  const items = useMemo(() => flatten(groups, collapsed), [groups, collapsed]);
  const { ref, onFocus, onKeyDown } = useRoving<HTMLDivElement>();
  const { placed, height, measure, keep, rows, reveal } = usePlaced(items, ref, selected);
  useScrollMemory(ref, `checklist ${name}`);
  const onSelected = useEffectEvent((id: string) => {
    const index = items.findIndex((item) => item.kind === 'row' && item.row.id === id);
    if (index >= 0) reveal(index);
  });
  // It may have been selected elsewhere, in the graph for one.
  useEffect(() => { if (selected !== null) onSelected(selected); }, [selected]);
  // A list without an item would be announced as broken; the gates in sight may be none.
  const hasGates = placed.some(({ item }) => item.kind === 'gate');
  const at = ({ index, top, item }: Placed) => ({
    key: item.key, ref: measure, 'data-index': index, 'data-order': index, role: 'presentation',
    ...(top === null ? { className: 'checklist-in', style: { gridRow: index + 1 } } : { className: 'checklist-at', style: { top } }),
  });
  return (
    <TaskCards plan={plan}><TaskMenu>
      <div className="checklist scroll" ref={ref} style={{ minHeight: `min(var(--checklist-least), ${items.length * 28}px)` }} onKeyDown={onKeyDown} onFocus={(event) => { keep(event.target); onFocus(event); }}>
        <div className={height === null ? 'checklist-grid' : 'checklist-space'} style={height === null ? undefined : { height }}>
          <div className="checklist-layer" role="group" aria-label="Phases">
            {placed.map((place) => {
              const { key, ...rest } = at(place);
              const { item } = place;
              return item.kind !== 'group' ? null : (
                <div key={key} {...rest}><div className="phase"><Disclosure title={item.group.title} end={endOf(item.group)} open={item.open} roving onToggle={() => toggleGroup(item.group.key)} /></div></div>
              );
            })}
          </div>
          <div className="checklist-layer" role="list" aria-label="Tasks">
            {placed.map((place) => {
              const { key, ...rest } = at(place);
              const { item } = place;
              if (item.kind !== 'row') return null;
              return <div key={key} {...rest}><TaskRowView row={item.row} plan={plan} agent={agent} selected={item.row.id === selected} onSelect={selectTask} position={height === null ? undefined : item.position} of={height === null ? undefined : rows} /></div>;
            })}
          </div>
          {hasGates ? (
            <div className="checklist-layer" role="list" aria-label="Gates">
              {placed.map((place) => {
                const { key, ...rest } = at(place);
                return place.item.kind === 'gate' ? <div key={key} {...rest} role="listitem"><GateRow gate={place.item.gate} /></div> : null;
              })}
            </div>
          ) : null}
        </div>
      </div>
    </TaskMenu></TaskCards>
  );
}
