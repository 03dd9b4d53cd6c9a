import { memo, useDeferredValue, useMemo } from 'react';
import type { Cycle, Diagnostic, Plan, Spec } from '../../../shared/domain';
import type { UiState } from '../../../shared/ipc';
import type { Run } from '../../../shared/run';
import { noticed, showDiagnostics } from '../../diagnostics';
import { Lost, useLost } from '../../lost';
import { currentRun, setUi, useStore } from '../../store';
import { type TaskRow, groupTasks, hasStories, lookedAt, runIsOf, taskRows, timedRun } from '../../tasks';
import { Button } from '../../ui/button';
import { icons } from '../../ui/icons';
import { Busy, Empty } from '../../ui/message';
import { Segments } from '../../ui/segments';
import { Circles } from './circles';
import { graphAtMost } from './collapse';
import { CollapsedGraph } from './collapsed-graph';
import { columnsOf, lanesOf } from './columns';
import { factsOf } from './facts';
import { GraphView } from './graph-view';
import { Timeline } from './timeline';
import { useSame } from './use-same';
import { WaveList } from './wave-list';
import './plan-view.css';

const faces: readonly { readonly value: UiState['plan']; readonly label: string }[] = [{ value: 'graph', label: 'Graph' }, { value: 'timeline', label: 'Timeline' }, { value: 'list', label: 'List' }];

/** Which face of the plan is shown; says so at once, before the face itself is drawn. */
function Faces() {
  const face = useStore((state) => state.ui.plan);
  return <Segments label="Plan as" value={face} segments={faces} onChange={(next) => setUi({ plan: next })} />;
}

const nothing: readonly Diagnostic[] = [];

/** What the reader and the planner noticed, in a word; it leads to the list, where each stands with its line. */
function NoticedButton() {
  const diagnostics = useStore((state) => state.snapshot?.diagnostics ?? nothing);
  const found = useMemo(() => noticed(diagnostics), [diagnostics]);
  if (found === null || found.worst === 'info') return null;
  return <Button size="sm" kind="ghost" icon={found.worst === 'error' ? icons.alert : icons.warning} tip="Show them with their lines" onClick={showDiagnostics}>{found.text}</Button>;
}

/** The plan: as a graph with the reason of every wait, as a timeline beside what really happened, or as a list of waves. */
export function PlanView() {
  const spec = useStore((state) => state.snapshot?.spec ?? null);
  const plan = useStore((state) => state.snapshot?.plan ?? null);
  const current = useStore(currentRun);
  const face = useStore((state) => state.ui.plan);
  // A large plan is drawn in small steps between frames: the tab is there at once, and what a person does comes first.
  const shown = useDeferredValue(useMemo(() => ({ spec, plan, current, face }), [spec, plan, current, face]), null);
  const lost = useLost();
  if (lost !== null) return <Lost error={lost} />;
  // Never the plan of another spec under the new title.
  if (shown === null || lookedAt(shown.spec, shown.current) !== lookedAt(spec, current)) return <div className="plan"><Busy>Drawing the plan</Busy></div>;
  return <ShownPlan {...shown} />;
}

const noRuns: readonly Run[] = [];
const noCycles: readonly Cycle[] = [];

/** The timeline of the run that is looked at, or of the newest one of this spec. */
function TimedPlan({ spec, plan, current, rows }: { readonly spec: Spec | null; readonly plan: Plan; readonly current: Run | null; readonly rows: ReadonlyMap<string, TaskRow> }) {
  const runs = useStore((state) => state.snapshot?.runs ?? noRuns);
  return <Timeline key={lookedAt(spec, current)} name={lookedAt(spec, current)} plan={plan} spec={spec} run={timedRun(current, spec, runs)} rows={rows} />;
}

interface ShownProps {
  readonly spec: Spec | null;
  readonly plan: Plan | null;
  readonly current: Run | null;
  readonly face: UiState['plan'];
}

const ShownPlan = memo(function ShownPlan({ spec, plan, current, face }: ShownProps) {
  const run = runIsOf(current, spec) ? current : null;
  const selected = useStore((state) => state.snapshot !== null && (state.snapshot.options.tasks !== null || state.snapshot.options.from !== null));
  const list = useMemo(() => taskRows(spec, run), [spec, run]);
  const rows = useMemo(() => new Map(list.map((row) => [row.id, row])), [list]);
  const by = useStore((state) => state.ui.groupBy);
  const groups = useMemo(() => groupTasks(spec, run, hasStories(spec, run) ? by : 'phase'), [spec, run, by]);
  const fresh = useMemo(() => (plan === null ? [] : columnsOf(list, plan, run, selected)), [list, plan, run, selected]);
  const columns = useSame(fresh, JSON.stringify(fresh));
  const lanes = useMemo(() => (plan === null ? new Map<string, string>() : lanesOf(plan, run)), [plan, run]);
  if (plan === null || columns.length === 0) return <Empty icon={icons.layers} title="Nothing to plan">The open tasks of a spec appear here in waves, with what each waits for.</Empty>;
  const shown = columns.reduce((sum, column) => sum + column.ids.length, 0);
  const name = lookedAt(spec, run);
  const tooMany = face === 'graph' && shown > graphAtMost;
  return (
    <div className="plan">
      <header className="plan-head">
        <Faces />
        <span className="grow plan-facts">{factsOf({ spec, plan, run, rows, columns, lanes, selected })}</span>
        <NoticedButton />
      </header>
      <Circles cycles={plan.cycles ?? noCycles} fileOf={(id) => rows.get(id)?.file ?? null} />
      {face === 'timeline' ? <TimedPlan plan={plan} spec={spec} current={current} rows={rows} />
        : face === 'list' ? <WaveList key={name} name={name} rows={rows} plan={plan} columns={columns} />
          : tooMany ? <CollapsedGraph key={name} name={name} rows={rows} plan={plan} columns={columns} lanes={lanes} groups={groups} />
            : <GraphView key={name} name={name} rows={rows} plan={plan} columns={columns} lanes={lanes} />}
    </div>
  );
});
