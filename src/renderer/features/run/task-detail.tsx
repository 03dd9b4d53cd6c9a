import type { Plan } from '../../../shared/domain';
import { perform } from '../../bridge';
import { currentRun, goToLine, setUi, useStore } from '../../store';
import type { TaskRow } from '../../tasks';
import { Button } from '../../ui/button';
import { icons } from '../../ui/icons';
import { StatusMark } from '../../ui/status-mark';
import { Dependencies } from './dependencies';
import { EditDependencies } from './edit-dependencies';
import { Proof } from './evidence';
import { PersonAnswer } from './person-question';
import { Stale } from './stale';
import { Steering, Waiting } from './task-steering';
import './task-detail.css';

/** Everything about the selected task: steps, reasons for waiting, what proves it done. */
export function TaskDetail({ row, plan }: { readonly row: TaskRow; readonly plan: Plan | null }) {
  const spec = useStore((state) => state.snapshot?.spec ?? null);
  const run = useStore(currentRun);
  return (
    <div className="detail">
      {row.asks === '' || run === null ? null : <PersonAnswer run={run} id={row.id} />}
      {row.steps.length === 0 ? null : (
        <div className="detail-part">
          {row.steps.map((step) => <p key={step.line} className="detail-step"><StatusMark mark={step.done ? 'done' : 'pending'} size={14} label={step.done ? 'Done' : 'Open'} /><span>{step.title}</span></p>)}
        </div>
      )}
      {row.asks === '' ? <Waiting id={row.id} /> : null}
      <Stale id={row.id} />
      <Steering row={row} />
      {row.evidence === null ? null : <Proof row={row} evidence={row.evidence} />}
      {spec === null || plan === null ? <Dependencies id={row.id} plan={plan} /> : <EditDependencies id={row.id} spec={spec} plan={plan} />}
      <div className="row detail-actions">
        {row.lane === null ? null : <Button size="sm" icon={icons.terminal} onClick={() => setUi({ view: 'terminals' })}>Show terminal</Button>}
        {spec === null ? null : <Button size="sm" icon={icons.document} tip={`${row.file}, line ${row.line}`} onClick={() => goToLine(row.file, row.line)}>Go to line</Button>}
        <Button size="sm" icon={icons.edit} tip={`${row.file}, line ${row.line}`} onClick={() => void perform('spec.edit', { path: row.file })}>Open file</Button>
      </div>
    </div>
  );
}
