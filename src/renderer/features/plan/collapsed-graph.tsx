import { useMemo, useState } from 'react';
import type { Plan } from '../../../shared/domain';
import type { TaskGroup, TaskRow } from '../../tasks';
import { Button } from '../../ui/button';
import { counted } from '../../ui/format';
import { icons } from '../../ui/icons';
import { collapse, graphAtMost } from './collapse';
import type { Column } from './columns';
import { GraphView } from './graph-view';
import { WaveList } from './wave-list';

interface CollapsedProps {
  readonly name: string;
  readonly rows: ReadonlyMap<string, TaskRow>;
  readonly plan: Plan;
  readonly columns: readonly Column[];
  readonly lanes: ReadonlyMap<string, string>;
  /** All tasks by phase or story. */
  readonly groups: readonly TaskGroup[];
}

const none: ReadonlySet<string> = new Set();

/** The graph of a plan that is too large for it: a box for each phase or story, which can be opened one by one as long as there is room. */
export function CollapsedGraph({ name, rows, plan, columns, lanes, groups }: CollapsedProps) {
  const [open, setOpen] = useState(none);
  const shown = useMemo(() => new Set(columns.flatMap((column) => column.ids)), [columns]);
  // What was opened may have grown since.
  const drawn = useMemo(() => collapse(plan, groups, shown, open) ?? collapse(plan, groups, shown, none), [plan, groups, shown, open]);
  if (drawn === null) {
    return <><p className="plan-note">This plan has {counted(shown.size, 'task')} in more groups than a graph can show ({graphAtMost}). The list shows the same waves.</p><WaveList name={name} rows={rows} plan={plan} columns={columns} /></>;
  }
  const set = (key: string, isOpen: boolean): void => setOpen((before) => { const next = new Set(before); if (isOpen) next.add(key); else next.delete(key); return next; });
  const bar = (
    <>
      <span>{counted(shown.size, 'task')}, drawn by group. Press one to see its tasks.</span>
      {drawn.opened.map(({ key, title }) => <Button key={key} size="sm" icon={icons.close} aria-label={`Close ${title}`} onClick={() => set(key, false)}>{title}</Button>)}
    </>
  );
  return <GraphView name={`${name} by group`} rows={rows} plan={drawn.plan} columns={drawn.columns} lanes={lanes} groups={{ boxes: drawn.boxes, boxOf: drawn.boxOf, titles: drawn.titles, onOpen: (key) => set(key, true), bar }} />;
}
