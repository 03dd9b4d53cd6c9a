/** How large a plan is, in one line. Pure. */
import { countSpec, countStates } from '../../../shared/counts';
import type { Plan, Spec } from '../../../shared/domain';
import type { Run } from '../../../shared/run';
import { type TaskRow, isActive, isPast, unitStates } from '../../tasks';
import { counted, sentenceList } from '../../ui/format';
import type { Column } from './columns';

interface Planned {
  readonly spec: Spec | null;
  readonly plan: Plan;
  /** A run of this spec; null before there is one. */
  readonly run: Run | null;
  readonly rows: ReadonlyMap<string, TaskRow>;
  readonly columns: readonly Column[];
  readonly lanes: ReadonlyMap<string, string>;
  /** The plan is one of some of the tasks. */
  readonly selected: boolean;
}

/** What of the plan a run has still to do, behind the count that every view shows. */
function left({ spec, plan, rows, columns, lanes }: Planned, run: Run): string {
  const isLeft = (id: string): boolean => {
    const state = rows.get(id)?.state;
    return state === 'pending' || (state !== undefined && isActive(state));
  };
  const { done, total } = countStates(unitStates(spec, run));
  const ids = columns.flatMap((column) => column.ids).filter(isLeft);
  const count = `${done} of ${total} done`;
  if (ids.length === 0) return count;
  const path = plan.criticalPath.filter(isLeft).length;
  const rest = [
    counted(columns.filter((column) => column.ids.some(isLeft)).length, 'wave'), counted(new Set(ids.flatMap((id) => lanes.get(id) ?? [])).size, 'lane'),
    ...(path === 0 ? [] : [`a critical path of ${counted(path, 'task')}`]),
  ];
  return `${count}; ${sentenceList(rest)} left`;
}

/** Open tasks, waves, lanes and critical path; of a run that goes on or waits to be merged, what is left of them. */
export function factsOf(planned: Planned): string {
  const { spec, plan, run, lanes, selected } = planned;
  if (run !== null && !isPast(run)) return left(planned, run);
  const open = plan.waves.reduce((sum, wave) => sum + wave.length, 0);
  const of = selected ? ` asked for of ${countSpec(spec?.tasks ?? []).pending}` : '';
  const path = plan.criticalPath.length === 0 ? [] : [`critical path of ${counted(plan.criticalPath.length, 'task')}`];
  return [`${counted(open, 'open task')}${of}`, counted(plan.waves.length, 'wave'), counted(new Set(lanes.values()).size, 'lane'), ...path].join(', ');
}
