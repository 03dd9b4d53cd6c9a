import type { CheckResult, Evidence, Plan } from '../../../shared/domain';
import { perform } from '../../bridge';
import { currentRun, goToLine, setUi, useStore } from '../../store';
import type { TaskRow } from '../../tasks';
import { Button } from '../../ui/button';
import { clock, counted, shortCommit } from '../../ui/format';
import { icons } from '../../ui/icons';
import { StatusMark } from '../../ui/status-mark';
import { Dependencies } from './dependencies';
import { EditDependencies } from './edit-dependencies';
import { PersonAnswer } from './person-question';
import { Steering, Waiting } from './task-steering';
import './task-detail.css';

const filesShown = 8;

function ended(evidence: Evidence): string {
  if (evidence.signal !== null) return `Ended by signal ${evidence.signal}`;
  return evidence.exitCode === null ? 'No exit code' : `Exit code ${evidence.exitCode}`;
}

function Check({ check }: { readonly check: CheckResult }) {
  const passed = check.exitCode === 0 && check.signal === null;
  const verdict = passed ? 'passed' : check.signal === null ? `exit code ${check.exitCode ?? 'none'}` : `signal ${check.signal}`;
  return (
    <details className="detail-check" open={!passed}>
      <summary><StatusMark mark={passed ? 'done' : 'failed'} size={14} /><code className="cut grow">{check.command}</code><span className="dim">{check.where === 'lane' ? 'in the lane' : 'on the merged tree'}, {verdict}, {clock(check.seconds)}</span></summary>
      {check.tail ? <pre className="selectable">{check.tail}</pre> : null}
    </details>
  );
}

function Proof({ evidence, commit }: { readonly evidence: Evidence; readonly commit: string | null }) {
  const { commits, files, checks } = evidence;
  return (
    <div className="detail-part">
      <h3>Evidence</h3>
      <p className="dim">{counted(commits.length, 'commit')}, {counted(files.length, 'file')}, {ended(evidence)}, {clock(evidence.seconds)}</p>
      {commit === null ? null : <p>Merged as <code className="selectable">{shortCommit(commit)}</code></p>}
      {files.slice(0, filesShown).map((file) => <p key={file} className="mono cut selectable" title={file}>{file}</p>)}
      {files.length > filesShown ? <p className="dim">and {files.length - filesShown} more</p> : null}
      {evidence.tail === '' ? null : <details className="detail-check"><summary>Last output of the agent</summary><pre className="selectable">{evidence.tail}</pre></details>}
      {checks.map((check, index) => <Check key={`${index}:${check.command}`} check={check} />)}
    </div>
  );
}

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
      <Steering row={row} />
      {spec === null || plan === null ? <Dependencies id={row.id} plan={plan} /> : <EditDependencies id={row.id} spec={spec} plan={plan} />}
      {row.evidence === null ? null : <Proof evidence={row.evidence} commit={row.commit} />}
      <div className="row detail-actions">
        {row.lane === null ? null : <Button size="sm" icon={icons.terminal} onClick={() => setUi({ view: 'terminals' })}>Show terminal</Button>}
        {spec === null ? null : <Button size="sm" icon={icons.document} tip={`${row.file}, line ${row.line}`} onClick={() => goToLine(row.file, row.line)}>Go to line</Button>}
        <Button size="sm" icon={icons.edit} tip={`${row.file}, line ${row.line}`} onClick={() => void perform('spec.edit', { path: row.file })}>Open file</Button>
      </div>
    </div>
  );
}
