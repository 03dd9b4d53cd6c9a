import { useEffect, useRef, useState } from 'react';
import type { MergeReport } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import type { Run } from '../../../shared/run';
import { ask } from '../../bridge';
import { currentRun, setWindow, useStore } from '../../store';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { baseName } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Problem } from '../../ui/message';
import { AbortQuestion } from './abort-question';
import { DiffPane } from './diff-pane';
import './merge-dialog.css';
import { LandedCard, Outcome } from './outcome';
import { obstacle } from './summary';
import { SummaryView } from './summary-view';
import { useReport } from './use-report';

const close = (): void => setWindow({ mergeOpen: false });

/** The question at the end of a run: what would land, whether it may be trusted, and the four answers. */
export function MergeDialog() {
  const open = useStore((state) => state.mergeOpen);
  const run = useStore(currentRun);
  const [landed, setLanded] = useState<string | null>(null);
  if (run === null) return null;
  // Once merged there is nothing left to ask: the dialog gives the window back and a card says what happened.
  const onLanded = (): void => { setLanded(run.id); close(); };
  return (
    <>
      {open ? <MergeOf key={run.id} run={run} onLanded={onLanded} /> : null}
      {!open && landed === run.id && run.state === 'landed' ? <LandedCard run={run} onClose={() => setLanded(null)} /> : null}
    </>
  );
}

type Work = 'land' | 'abort';

/** Landing and setting aside: one at a time, with the error of the last try. */
function useWork(run: string, onLanded: () => void): { readonly busy: Work | null; readonly error: AppError | null; readonly start: (work: Work) => Promise<void>; readonly forget: () => void } {
  const [busy, setBusy] = useState<Work | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const start = async (work: Work): Promise<void> => {
    setBusy(work);
    setError(null);
    const result = work === 'land' ? await ask('merge.land', { run }) : await ask('merge.abort', { run });
    setBusy(null);
    if (!result.ok) setError(result.error);
    else if (work === 'land') onLanded();
  };
  return { busy, error, start, forget: () => setError(null) };
}

type Page = 'summary' | 'diff' | 'abort';

function MergeOf({ run, onLanded }: { readonly run: Run; readonly onLanded: () => void }) {
  const { state, again } = useReport(run.id);
  const work = useWork(run.id, onLanded);
  const [page, setPage] = useState<Page>('summary');
  const [path, setPath] = useState<string | null>(null);
  useRefresh(run, again);
  const report = state.kind === 'ready' ? state.value : run.report;
  const over = run.state === 'landed' || run.state === 'abandoned';
  const showDiff = (wanted: string | null): void => { setPath(wanted); setPage('diff'); };
  const again_ = (): void => { work.forget(); again(); };

  return (
    <Dialog
      open quiet onClose={close} {...(page === 'summary' || over ? {} : { onBack: () => setPage('summary') })} name="Merge" width={over ? 560 : page === 'diff' ? 1400 : 1040} tall={page === 'diff' && !over}
      title={page === 'diff' && !over ? 'Changes' : 'Merge'}
      description={<>{run.spec}, run {run.id} <span className="dim">into</span> <code>{run.base}</code> <span className="dim">in {baseName(run.repo)}</span></>}
      footer={over ? <OverFooter run={run} /> : <Footer run={run} report={report} page={page} work={work} onPage={setPage} />}
    >
      {over ? <Outcome run={run} /> : page === 'diff' && report !== null
        ? <div className="merge-diff"><DiffPane run={run.id} version={report.integrationCommit} files={report.files} selected={path} onSelect={setPath} /></div>
        : (
          <>
            {work.error === null ? null : <div className="merge-problem" role="alert"><Problem error={work.error} /></div>}
            {page === 'abort' ? <AbortQuestion run={run} /> : null}
            {state.kind === 'failed' ? <div className="merge-problem" role="alert"><Problem error={state.error} actions={<Button size="sm" icon={icons.refresh} onClick={again_}>Try again</Button>} /></div> : null}
            {report !== null ? <SummaryView run={run} report={report} onFile={showDiff} onRecheck={again_} />
              : state.kind === 'loading' ? <p className="merge-note sub" role="status">Comparing the result with {run.base}…</p> : null}
          </>
        )}
    </Dialog>
  );
}

/** Fetches the report again when the run says that something changed. */
function useRefresh(run: Run, again: () => void): void {
  const seen = useRef({ report: run.report, state: run.state });
  useEffect(() => {
    if (seen.current.report === run.report && seen.current.state === run.state) return;
    seen.current = { report: run.report, state: run.state };
    again();
  }, [run.report, run.state, again]);
}

function OverFooter({ run }: { readonly run: Run }) {
  // The question whether to roll back is a dialog of its own: it takes this one's place.
  const rollBack = (): void => setWindow({ mergeOpen: false, rollbackOpen: true });
  return (
    <>
      <span className="grow" />
      {run.state === 'landed' ? <Button kind="danger" size="lg" icon={icons.undo} onClick={rollBack}>Roll back</Button> : null}
      <Button size="lg" kind="primary" onClick={close}>Close</Button>
    </>
  );
}

interface FooterProps {
  readonly run: Run;
  readonly report: MergeReport | null;
  readonly page: Page;
  readonly work: ReturnType<typeof useWork>;
  readonly onPage: (page: Page) => void;
}

function Footer({ run, report, page, work, onPage }: FooterProps) {
  const missing = report === null ? 'The comparison with the base is not there yet.' : obstacle(report);
  const merge = (
    <Button kind="primary" size="lg" icon={icons.merge} busy={work.busy === 'land'} unavailable={missing} onClick={() => void work.start('land').then(() => onPage('summary'))}>
      {work.busy === 'land' ? 'Merging…' : 'Merge now'}
    </Button>
  );
  if (page === 'abort') {
    return (
      <>
        <span className="grow" />
        <Button size="lg" onClick={() => onPage('summary')}>Back</Button>
        <Button kind="danger" size="lg" busy={work.busy === 'abort'} onClick={() => void work.start('abort').then(() => onPage('summary'))}>{work.busy === 'abort' ? 'Setting aside…' : 'Set the result aside'}</Button>
      </>
    );
  }
  if (page === 'diff') return <><Button size="lg" icon={icons.back} onClick={() => onPage('summary')}>Back</Button><span className="grow" />{merge}</>;
  return (
    <>
      <div className="grow sm merge-promise">
        {report === null ? null : missing === null ? <p className="sub">Backup tag first: <code className="selectable">{report.tag}</code></p> : <p className="merge-missing">{missing}</p>}
        <p className="dim">{missing === null ? 'Rollback is one click. ' : ''}Keep leaves everything as it is; the run stays under Runs.</p>
      </div>
      <Button kind="ghost" size="lg" className="merge-abort" onClick={() => onPage('abort')}>Abort</Button>
      <Button size="lg" onClick={close} tip={`Decide later: ${run.id} stays under Runs, with Review and merge in Auto Run`}>Keep</Button>
      <Button size="lg" unavailable={report === null || report.files.length === 0 ? 'No file was changed' : null} onClick={() => onPage('diff')}>View diff</Button>
      {merge}
    </>
  );
}
