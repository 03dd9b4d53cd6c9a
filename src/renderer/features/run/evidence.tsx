import type { CheckResult, Evidence } from '../../../shared/domain';
import { usageWords } from '../../../shared/usage';
import { perform } from '../../bridge';
import { currentRun, useStore } from '../../store';
import type { TaskRow } from '../../tasks';
import { Button } from '../../ui/button';
import { clock, counted, sentenceList, shortCommit } from '../../ui/format';
import { icons } from '../../ui/icons';
import { StatusMark } from '../../ui/status-mark';

const filesShown = 8;
const commitsShown = 6;
const nothing: readonly string[] = [];

function ended(evidence: Evidence): string {
  if (evidence.signal !== null) return `Ended by signal ${evidence.signal}`;
  return evidence.exitCode === null ? 'No exit code' : `Exit code ${evidence.exitCode}`;
}

function Check({ check }: { readonly check: CheckResult }) {
  const passed = check.exitCode === 0 && check.signal === null;
  const verdict = check.timedOut ? 'timed out' : check.signal === null ? `exit code ${check.exitCode ?? 'none'}` : `signal ${check.signal}`;
  return (
    <details className="detail-check" open={!passed}>
      <summary><StatusMark mark={passed ? 'done' : 'failed'} size={14} label={passed ? 'Passed' : 'Refused'} /><code className="cut grow" title={check.command}>{check.command}</code></summary>
      <p className="dim">{check.where === 'lane' ? 'In the lane' : 'On the merged tree'}: {verdict}, {clock(check.seconds)}</p>
      {check.tail ? <pre className="selectable" tabIndex={0} aria-label={`Output of ${check.command}`}>{check.tail}</pre> : <p className="dim">It printed nothing.</p>}
    </details>
  );
}

/** Files that the work touched, and those that the task declares and it did not. */
function Files({ evidence, declared }: { readonly evidence: Evidence; readonly declared: readonly string[] }) {
  const { files, untouched = nothing } = evidence;
  return (
    <>
      {files.slice(0, filesShown).map((file) => <p key={file} className="row"><span className="mono cut grow selectable" title={file}>{file}</span>{declared.length > 0 ? <span className="dim">{declared.includes(file) ? 'declared' : 'not declared'}</span> : null}</p>)}
      {files.length > filesShown ? <p className="dim">and {files.length - filesShown} more</p> : null}
      {untouched.map((file) => <p key={file} className="row"><span className="mono cut grow selectable" title={file}>{file}</span><span className="tone-waiting">declared, not touched</span></p>)}
    </>
  );
}

/** What the last attempt did, and what proves it: how it ended, commits, files against those declared, checks with their output. */
export function Proof({ row, evidence }: { readonly row: TaskRow; readonly evidence: Evidence }) {
  const run = useStore(currentRun);
  const declared = run?.tasks[row.id]?.files ?? nothing;
  const { commits, files, checks, usage } = evidence;
  const { lane } = row;
  const used = usage === undefined ? '' : usageWords(usage);
  return (
    <div className="detail-part">
      <h3>Evidence</h3>
      <p className="dim">{[ended(evidence), clock(evidence.seconds), counted(commits.length, 'commit'), counted(files.length, 'file'), used].filter(Boolean).join(', ')}</p>
      {commits.length === 0 ? null : <p>{commits.length === 1 ? 'Commit' : 'Commits'} <code className="selectable">{sentenceList(commits.slice(0, commitsShown).map(shortCommit))}</code>{commits.length > commitsShown ? ` and ${commits.length - commitsShown} more` : ''}</p>}
      {row.commit === null ? null : <p>Merged as <code className="selectable">{shortCommit(row.commit)}</code></p>}
      <Files evidence={evidence} declared={declared} />
      {checks.map((check, index) => <Check key={`${index}:${check.command}`} check={check} />)}
      {evidence.tail === '' ? null : <details className="detail-check" open={row.state !== 'done'}><summary>Last output of the agent</summary><pre className="selectable" tabIndex={0} aria-label={`Last output of the agent of ${row.id}`}>{evidence.tail}</pre></details>}
      {lane === null || run === null ? null : <div><Button size="sm" icon={icons.document} tip={`Everything that was printed in lane ${lane}`} onClick={() => void perform('lane.open', { run: run.id, lane, in: 'log' })}>Open log</Button></div>}
    </div>
  );
}
