import { useMemo, useState } from 'react';
import type { Plan, Spec } from '../../../shared/domain';
import type { Run } from '../../../shared/run';
import { currentRun, selectTask, setWindow, useStore } from '../../store';
import { type TaskRow, edgeReason, groupTasks, neighboursOf, runIsOf, stateWords } from '../../tasks';
import { counted } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Empty } from '../../ui/message';
import { StatusMark } from '../../ui/status-mark';
import './plan-view.css';

/** Tasks that the task at hand waits for or keeps waiting, directly or through others. */
export function related(plan: Plan, id: string): { readonly before: ReadonlySet<string>; readonly after: ReadonlySet<string> } {
  const walk = (next: (from: string) => readonly string[]): ReadonlySet<string> => {
    const seen = new Set<string>();
    const stack = [...next(id)];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      stack.push(...next(at));
    }
    return seen;
  };
  return {
    before: walk((from) => plan.edges.filter((edge) => edge.task === from).map((edge) => edge.dependsOn)),
    after: walk((from) => plan.edges.filter((edge) => edge.dependsOn === from).map((edge) => edge.task)),
  };
}

interface Column {
  readonly title: string;
  readonly note: string;
  readonly rows: readonly TaskRow[];
}

function columnsOf(spec: Spec | null, plan: Plan, run: Run | null): readonly Column[] {
  const rows = new Map(groupTasks(spec, run).flatMap((group) => group.rows).map((row) => [row.id, row]));
  const waves = run === null ? plan.waves : run.waves;
  const inWaves = new Set(waves.flat());
  const before = [...rows.values()].filter((row) => row.done && !inWaves.has(row.id));
  const columns = waves.map((ids, index): Column => {
    const found = ids.flatMap((id) => rows.get(id) ?? []);
    return { title: `Wave ${index + 1}`, note: [...new Set(found.flatMap((row) => row.stories))].slice(0, 3).join(', '), rows: found };
  });
  return before.length === 0 ? columns : [{ title: 'Done', note: 'before', rows: before }, ...columns];
}

function Reasons({ plan, id }: { readonly plan: Plan; readonly id: string | null }) {
  const { waitsFor, shares } = neighboursOf(plan, id ?? '');
  if (id === null) return <footer className="plan-reasons dim">Point at a task or select it to see what it waits for, and why.</footer>;
  return (
    <footer className="plan-reasons">
      {waitsFor.length === 0 ? <p><b className="mono">{id}</b> waits for no other task.</p> : null}
      {waitsFor.map((edge) => (
        <p key={`${edge.dependsOn}:${edge.reason}`}><b className="mono">{id}</b> waits for <b className="mono">{edge.dependsOn}</b> <span className="chip">{edge.reason}</span> <span className="sub">{edgeReason(edge)}{edge.text ? ': ' : ''}</span>{edge.text ? <q className="sub selectable">{edge.text}</q> : null}</p>
      ))}
      {shares.map((share) => <p key={`${share.id}:${share.path}`}>Never at the same time as <b className="mono">{share.id}</b> <span className="sub">because both touch <code>{share.path}</code></span></p>)}
    </footer>
  );
}

function Card({ row, tone, critical, selected, onPoint }: { readonly row: TaskRow; readonly tone: string; readonly critical: boolean; readonly selected: boolean; readonly onPoint: (id: string | null) => void }) {
  const { mark, word } = stateWords[row.state];
  return (
    <button type="button" className={`plan-card plan-${mark} ${tone} ${critical ? 'is-critical' : ''}`} aria-pressed={selected} title={row.title} aria-label={`${row.id} ${row.title}, ${word}${critical ? ', on the critical path' : ''}`}
      onMouseEnter={() => onPoint(row.id)} onMouseLeave={() => onPoint(null)} onFocus={() => onPoint(row.id)} onBlur={() => onPoint(null)} onClick={() => selectTask(selected ? null : row.id)}>
      <span className="row"><StatusMark mark={mark} size={14} /><b className="mono">{row.id}</b><span className="grow" />{row.stories[0] === undefined ? null : <span className="chip line">{row.stories[0]}</span>}</span>
      <span className="plan-card-title">{row.title}</span>
    </button>
  );
}

/** The plan: waves from left to right, the critical path, and the reason of every wait. */
export function PlanView() {
  const spec = useStore((state) => state.snapshot?.spec ?? null);
  const plan = useStore((state) => state.snapshot?.plan ?? null);
  const current = useStore(currentRun);
  const selected = useStore((state) => state.selectedTask);
  const [pointed, setPointed] = useState<string | null>(null);
  const run = runIsOf(current, spec) ? current : null;
  const columns = useMemo(() => (plan === null ? [] : columnsOf(spec, plan, run)), [spec, plan, run]);
  const id = pointed ?? selected;
  const near = useMemo(() => (plan === null || id === null ? null : related(plan, id)), [plan, id]);
  if (plan === null || columns.length === 0) return <Empty icon={icons.layers} title="Nothing to plan">The open tasks of a spec appear here in waves, with what each waits for.</Empty>;
  const tone = (row: TaskRow): string => near === null ? '' : row.id === id ? 'is-pointed' : near.before.has(row.id) ? 'is-before' : near.after.has(row.id) ? 'is-after' : 'is-far';
  const open = plan.waves.flat().length;
  return (
    <div className="plan">
      <header className="plan-head">
        <span className="grow">{counted(open, 'open task')}, {counted(plan.waves.length, 'wave')}, {counted(plan.lanes.length, 'lane')}</span>
        <span className="plan-key"><i className="plan-line" />Critical path{plan.criticalPath.length > 0 ? `, ${counted(plan.criticalPath.length, 'task')}` : ''}</span>
      </header>
      <div className="plan-waves scroll" onKeyDown={(event) => { if (event.key === 'Escape') setWindow({ selectedTask: null }); }}>
        {columns.map((column) => (
          <section key={column.title} className="plan-wave" aria-label={column.title}>
            <h3><span className="grow">{column.title}</span><span className="dim">{column.note}</span></h3>
            {column.rows.map((row) => <Card key={`${row.file}:${row.line}`} row={row} tone={tone(row)} critical={plan.criticalPath.includes(row.id)} selected={row.id === selected} onPoint={setPointed} />)}
          </section>
        ))}
      </div>
      <Reasons plan={plan} id={id} />
    </div>
  );
}
