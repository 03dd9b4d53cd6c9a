/** Which tasks stand in which column: the waves of the plan or of the run, and what was done before them. */
import type { Edge, Plan } from '../../../shared/domain';
import type { Run } from '../../../shared/run';
import { planIndex } from '../../plan-index';
import { type TaskRow, isPast } from '../../tasks';

export interface Column {
  /** `before`, or `wave <n>` from 1. */
  readonly key: string;
  readonly title: string;
  /** Stories in it, or what is left out. */
  readonly note: string;
  readonly ids: readonly string[];
}

/** A longer column of finished tasks shows only those that an open task waits for. */
const beforeShown = 24;

/** Puts each id one column behind the last of those it waits for. `ids` may come in any order; circles end up where they are met. */
export function byDepth(ids: readonly string[], waits: ReadonlyMap<string, readonly Edge[]>, columns: string[][]): void {
  const at = new Map(columns.flatMap((column, index) => column.map((id) => [id, index] as const)));
  const wanted = new Set(ids);
  const place = (first: string): void => {
    const stack = [first];
    const entered = new Set<string>();
    for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
      const waiting = (waits.get(id) ?? []).map((edge) => edge.dependsOn);
      const open = entered.has(id) ? [] : waiting.filter((other) => wanted.has(other) && !at.has(other) && !entered.has(other));
      entered.add(id);
      if (open.length > 0) {
        stack.push(...open);
        continue;
      }
      stack.pop();
      if (at.has(id)) continue;
      const index = waiting.reduce((last, other) => Math.max(last, at.get(other) ?? -1), -1) + 1;
      at.set(id, index);
      (columns[index] ??= []).push(id);
    }
  };
  for (const id of ids) if (!at.has(id)) place(id);
}

function beforeColumn(ids: readonly string[], open: ReadonlySet<string>, plan: Plan): Column | null {
  if (ids.length === 0) return null;
  if (ids.length <= beforeShown) return { key: 'before', title: 'Done', note: 'before', ids };
  const { holds } = planIndex(plan);
  const shown = ids.filter((id) => (holds.get(id) ?? []).some((edge) => open.has(edge.task)));
  return shown.length === 0 ? null : { key: 'before', title: 'Done', note: `${shown.length} of ${ids.length}`, ids: shown };
}

/**
 * The columns of the plan from left to right. While a run goes on or waits for its landing, its own waves stay, so that nothing
 * jumps; tasks that were added since stand behind what they wait for. A plan without open tasks is shown by depth. `selected`: the plan is one of
 * some tasks, and the other open ones have no place in it.
 */
export function columnsOf(rows: readonly TaskRow[], plan: Plan, run: Run | null, selected = false): readonly Column[] {
  const known = new Map(rows.map((row) => [row.id, row]));
  const waves = run === null || isPast(run) ? plan.waves : run.waves;
  const columns = waves.map((ids) => ids.filter((id) => known.has(id)));
  const placed = new Set(columns.flat());
  const isOver = (row: TaskRow): boolean => row.done || row.state === 'skipped';
  const rest = rows.filter((row) => !placed.has(row.id) && !(selected && placed.size > 0 && (run === null || isPast(run)) && !isOver(row)));
  const nothingOpen = placed.size === 0 && rest.every(isOver);
  byDepth(rest.filter((row) => nothingOpen || !isOver(row)).map((row) => row.id), planIndex(plan).waits, columns);
  const before = nothingOpen ? null : beforeColumn(rest.filter(isOver).map((row) => row.id), new Set(columns.flat()), plan);
  const shown = columns.filter((ids) => ids.length > 0).map((ids, index): Column => {
    const stories = [...new Set(ids.flatMap((id) => known.get(id)?.stories ?? []))];
    // A wave of some tasks of a story is not called by it alone.
    const others = stories.length > 0 && ids.some((id) => known.get(id)?.stories.length === 0) ? ' and others' : '';
    return { key: `wave ${index + 1}`, title: `Wave ${index + 1}`, note: `${stories.length > 3 ? `${stories.length} stories` : stories.join(', ')}${others}`, ids };
  });
  return before === null ? shown : [before, ...shown];
}

/** The lane of each task: while a run goes on or waits for its landing those that it knows, whose names stay, else those of the plan. */
export function lanesOf(plan: Plan, run: Run | null): ReadonlyMap<string, string> {
  if (run !== null && !isPast(run)) return new Map(run.order.flatMap((id) => { const task = run.tasks[id]; return task === undefined ? [] : [[id, task.ranIn ?? task.lane] as const]; }));
  return new Map(plan.lanes.flatMap((lane) => lane.tasks.map((id) => [id, lane.name] as const)));
}
