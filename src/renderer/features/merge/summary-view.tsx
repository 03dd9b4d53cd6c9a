import type { ReactNode } from 'react';
import type { CommitSummary, MergeReport } from '../../../shared/domain';
import { type Run, statesOf } from '../../../shared/run';
import { tally } from '../../tally';
import { Button } from '../../ui/button';
import { counted, shortCommit } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Callout } from '../../ui/message';
import { StatusMark, type Mark } from '../../ui/status-mark';
import { Blocks, Counts, PathText, StatusLetter } from './file-bits';
import { checkRows, commitGroups, factsOf, grouped, remarksOf, retriedOf, span, taskWords, workOf, type CheckRow } from './summary';
import './summary-view.css';
import { Rows } from './virtual-rows';

interface SummaryProps {
  readonly run: Run;
  readonly report: MergeReport;
  readonly onFile: (path: string) => void;
  readonly onRecheck: () => void;
}

/** Everything a person weighs before merging: what changed, whether it merges, what proves it, what is missing. */
export function SummaryView({ run, report, onFile, onRecheck }: SummaryProps) {
  const remarks = remarksOf(run);
  return (
    <>
      <ul className="facts" aria-label="Summary">
        {factsOf(report, tally(statesOf(run))).map((fact) => (
          <li className="fact" key={fact.title}><StatusMark mark={fact.mark} /><div><b>{fact.title}</b><span className="sub sm">{fact.detail}</span></div></li>
        ))}
      </ul>
      {run.state === 'rolled-back' ? <div className="merge-problem"><Callout tone="info" title="This run was rolled back">Its work is still on the integration branch. Merge now lands it again.</Callout></div> : null}
      <div className="summary">
        <div className="summary-column"><Files report={report} onFile={onFile} /><Commits report={report} /></div>
        <div className="summary-column">
          {remarks.length === 0 ? null : (
            <Card title="Not part of this merge">
              {remarks.map((remark) => (
                <Detailed key={remark.task} mark={remark.mark} tail={remark.tail} title={<><span className="mono">{remark.task}</span> {remark.title}</>} note={remark.text} />
              ))}
            </Card>
          )}
          <Conflicts run={run} report={report} onRecheck={onRecheck} />
          <Evidence run={run} report={report} />
        </div>
      </div>
    </>
  );
}

function Card({ title, end, children }: { readonly title: string; readonly end?: ReactNode; readonly children: ReactNode }) {
  return (
    <section className="summary-section" aria-label={title}>
      <div className="summary-head"><h3 className="grow">{title}</h3>{end}</div>
      <div className="card">{children}</div>
    </section>
  );
}

function Line({ mark, end, children }: { readonly mark: Mark; readonly end?: ReactNode; readonly children: ReactNode }) {
  return <div className="card-line"><StatusMark mark={mark} /><span className="grow card-text">{children}</span>{end === undefined ? null : <span className="dim">{end}</span>}</div>;
}

/** A line that opens to the output behind it, when there is any. */
function Detailed({ mark, title, note, end, tail }: { readonly mark: Mark; readonly title: ReactNode; readonly note?: string; readonly end?: ReactNode; readonly tail: string }) {
  const words = <>{title}{note === undefined ? null : <span className="card-note sub">{note}</span>}</>;
  if (tail.trim() === '') return <Line mark={mark} end={end}>{words}</Line>;
  return (
    <details className="card-details">
      <summary className="card-line"><StatusMark mark={mark} /><span className="grow card-text">{words}</span>{end === undefined ? null : <span className="dim">{end}</span>}<icons.right className="card-arrow" /></summary>
      <pre className="card-tail selectable" tabIndex={0}>{tail}</pre>
    </details>
  );
}

function Files({ report, onFile }: { readonly report: MergeReport; readonly onFile: (path: string) => void }) {
  const { files, conflicts } = report;
  const end = <span><span className="add">+{grouped(report.added)}</span> <span className="del">-{grouped(report.removed)}</span></span>;
  if (files.length === 0) return <Card title="No changed files"><Line mark="skipped">The result is the same as {report.base}.</Line></Card>;
  return (
    <Card title={counted(files.length, 'changed file')} end={end}>
      <Rows
        className="file-rows" label="Changed files" count={files.length} rowHeight={31} current={-1} keyOf={(index) => files[index]?.path ?? ''}
        row={(index) => {
          const file = files[index];
          return file === undefined ? null : (
            <button type="button" className={`file-row ${conflicts.includes(file.path) ? 'file-conflict' : ''}`} onClick={() => onFile(file.path)}>
              <StatusLetter file={file} /><PathText file={file} />
              <span className="file-tasks dim" title={file.tasks.join(', ')}>{taskWords(file.tasks)}</span>
              <Counts file={file} /><Blocks file={file} />
            </button>
          );
        }}
      />
    </Card>
  );
}

function CommitLine({ commit, end }: { readonly commit: CommitSummary; readonly end?: ReactNode }) {
  return <><code className="dim selectable">{shortCommit(commit.commit)}</code><span className="cut grow" title={`${commit.subject}\n${commit.author}, ${commit.at}`}>{commit.subject}</span>{end}</>;
}

function Commits({ report }: { readonly report: MergeReport }) {
  const groups = commitGroups(report.commits);
  if (groups.length === 0) return null;
  const tasks = groups.filter(({ task }) => task !== null).length;
  return (
    <Card title={`${counted(workOf(groups), 'commit')}${tasks === 0 ? '' : ` of ${counted(tasks, 'task')}`}`}>
      <ul className="commit-rows" aria-label="Commits" tabIndex={0}>
        {groups.map(({ head, own }) => (
          <li key={head.commit} className="commit-group">
            {own.length === 0 ? <div className="commit-row"><CommitLine commit={head} /></div> : (
              <details className="card-details">
                <summary className="commit-row"><CommitLine commit={head} end={<><span className="dim">{counted(own.length, 'commit')}</span><icons.right className="card-arrow" /></>} /></summary>
                <ul className="commit-own" aria-label={`Commits behind ${head.subject}`}>{own.map((commit) => <li key={commit.commit} className="commit-row"><CommitLine commit={commit} /></li>)}</ul>
              </details>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Conflicts({ run, report, onRecheck }: { readonly run: Run; readonly report: MergeReport; readonly onRecheck: () => void }) {
  const open = run.conflicts.filter((conflict) => run.tasks[conflict.task]?.state === 'conflict');
  return (
    <Card title="Conflicts" end={<Button kind="ghost" size="sm" icon={icons.refresh} onClick={onRecheck}>Check again</Button>}>
      {report.conflicts.length === 0
        ? <Line mark="done" end="none">Base branch <code>{report.base}</code></Line>
        : <>
            <Line mark="conflict" end={counted(report.conflicts.length, 'file')}>Base branch <code>{report.base}</code></Line>
            <ul className="conflict-paths selectable" aria-label="Files in conflict">{report.conflicts.map((path) => <li key={path}><code>{path}</code></li>)}</ul>
          </>}
      {open.length === 0 ? <Line mark="done" end="none">Between lanes</Line> : open.map((conflict) => (
        <Line key={`${conflict.task} ${conflict.with}`} mark="conflict">{conflict.task} with {conflict.with}<span className="card-note sub">{conflict.files.join(', ')}</span></Line>
      ))}
    </Card>
  );
}

function CheckLine({ row }: { readonly row: CheckRow }) {
  const times = row.failed > 0 ? `${row.failed} of ${row.times} failed` : row.times > 1 ? `${row.times} times` : '';
  const end = [row.where === 'merged' ? 'merged tree' : 'in the lanes', times, span(row.seconds)].filter(Boolean).join(', ');
  return <Detailed mark={row.failed > 0 ? 'failed' : 'done'} title={<code>{row.command}</code>} end={end} tail={row.tail} />;
}

function Evidence({ run, report }: { readonly run: Run; readonly report: MergeReport }) {
  const rows = checkRows(report.checks);
  const proven = run.order.filter((id) => (run.tasks[id]?.evidence?.commits.length ?? 0) > 0 && run.tasks[id]?.state === 'done').length;
  return (
    <Card title="Tests and evidence">
      {rows.map((row) => <CheckLine key={`${row.where} ${row.command}`} row={row} />)}
      {rows.length === 0 ? <Line mark="skipped">No check was set for this run<span className="card-note sub">Set one in the Auto Run panel to have every task and the merged tree tested.</span></Line> : null}
      <Line mark={proven === report.done ? 'done' : 'waiting'} end={`${proven} of ${report.done}`}>Done tasks with commits of their own</Line>
      {retriedOf(run).map((task) => <Line key={task.id} mark="waiting">{task.id} passed on attempt {task.attempts}</Line>)}
    </Card>
  );
}
