import { type ReactNode, useEffect, useState } from 'react';
import { type CleanupOutcome, type CleanupPlan, type CleanupStep, discardWord, type Kept, stepKey } from '../../../shared/cleanup';
import { type AppError, sentence } from '../../../shared/errors';
import { ask } from '../../bridge';
import { setWindow, useStore } from '../../store';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Disclosure } from '../../ui/disclosure';
import { ago, bytes, counted, exactly } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Callout, Problem } from '../../ui/message';
import { Switch } from '../../ui/switch';
import { TextField } from '../../ui/text-field';
import { useNow } from '../../ui/ticker';
import { bytesOf, freed, runName, stepWords } from './cleanup-words';
import './cleanup-dialog.css';

/** Rows that a table shows; all of the plan is done nevertheless. */
const rowsShown = 100;
const noRuns: never[] = [];

interface RowProps {
  readonly title: string;
  readonly what: string;
  readonly whole: string;
  readonly run: string;
  readonly size: number;
  readonly at: string;
  readonly reason: string;
}

function Row({ title, what, whole, run, size, at, reason }: RowProps) {
  const now = useNow();
  return (
    <tr>
      <th scope="row" title={whole}>{title} <code className="selectable">{what}</code><span className="cleanup-run">{run}</span></th>
      <td className="cleanup-number">{size === 0 ? '' : bytes(size)}</td>
      <td title={exactly(at, now)}>{ago(at, now)}</td>
      <td className="cleanup-why">{reason}</td>
    </tr>
  );
}

function Table({ label, count, children }: { readonly label: string; readonly count: number; readonly children: ReactNode }) {
  return (
    <>
      <table className="cleanup-table" aria-label={label}>
        <thead><tr><th scope="col">What</th><th scope="col">Size</th><th scope="col">Age</th><th scope="col">Why</th></tr></thead>
        <tbody>{children}</tbody>
      </table>
      {count > rowsShown ? <p className="sm dim">and {count - rowsShown} more of the same kind</p> : null}
    </>
  );
}

function Steps({ label, steps }: { readonly label: string; readonly steps: readonly CleanupStep[] }) {
  const runs = useStore((state) => state.snapshot?.runs ?? noRuns);
  return (
    <Table label={label} count={steps.length}>
      {steps.slice(0, rowsShown).map((step) => {
        const { verb, what, whole } = stepWords(step);
        return <Row key={stepKey(step)} title={verb} what={what} whole={whole} run={runName(runs, step.run)} size={bytesOf(step)} at={step.at} reason={step.reason} />;
      })}
    </Table>
  );
}

function KeptRows({ kept }: { readonly kept: readonly Kept[] }) {
  const runs = useStore((state) => state.snapshot?.runs ?? noRuns);
  const [open, setOpen] = useState(false);
  if (kept.length === 0) return null;
  return (
    <Disclosure title={`Kept: ${counted(kept.length, 'worktree')}`} end={bytes(kept.reduce((sum, one) => sum + one.bytes, 0))} open={open} onToggle={() => setOpen(!open)}>
      <Table label="Kept" count={kept.length}>
        {kept.slice(0, rowsShown).map((one) => <Row key={one.path} title="Worktree" what={one.lane} whole={one.path} run={runName(runs, one.run)} size={one.bytes} at={one.at} reason={one.reason} />)}
      </Table>
    </Disclosure>
  );
}

/** What would be lost, and the word that says it may be. */
function Unsafe({ steps, word, onWord }: { readonly steps: readonly CleanupStep[]; readonly word: string; readonly onWord: (word: string) => void }) {
  if (steps.length === 0) return null;
  return (
    <div className="cleanup-unsafe">
      <Callout tone="warning" title={`${counted(steps.length, 'worktree')} ${steps.length === 1 ? 'holds' : 'hold'} work that is in no branch of yours`}>
        <p>Braid keeps a snapshot of each under refs/braid/snapshots/ before it is removed. Type <b>{discardWord}</b> to remove {steps.length === 1 ? 'it' : 'them'} too.</p>
        <div className="cleanup-word"><TextField label={`Type ${discardWord} to remove work that is not merged`} value={word} placeholder={discardWord} onChange={onWord} /></div>
      </Callout>
      <Steps label="Work that is not merged" steps={steps} />
    </div>
  );
}

/** Runs that nothing happened in for long: each keeps what it has, and a person says whether it is given up. */
function Idle({ steps, on, onChange }: { readonly steps: readonly CleanupStep[]; readonly on: boolean; readonly onChange: (on: boolean) => void }) {
  if (steps.length === 0) return null;
  const one = steps.length === 1;
  return (
    <div className="cleanup-unsafe">
      <Callout tone="info" title={`${counted(steps.length, 'run')} ${one ? 'has' : 'have'} not gone on for a week`}>
        <p>Set aside, {one ? 'it keeps its' : 'they keep their'} branches and unmerged work, but can be neither resumed nor merged any more.</p>
        <label className="row"><Switch label="Set aside too" checked={on} onChange={onChange} />{one ? 'It is given up' : 'They are given up'}: set {one ? 'it' : 'them'} aside too</label>
      </Callout>
      <Steps label="Not gone on for a week" steps={steps} />
    </div>
  );
}

function Done({ outcome }: { readonly outcome: CleanupOutcome }) {
  return (
    <div className="cleanup-done" role="status">
      <Callout tone={outcome.failed.length > 0 ? 'warning' : 'info'} title={`${counted(outcome.done.length, 'step')} done${freed(outcome.done) > 0 ? `, ${bytes(freed(outcome.done))} freed` : ''}`}>
        {outcome.failed.length === 0 ? undefined : <>
          {outcome.failed.slice(0, 5).map(({ step, error }) => <p key={stepKey(step)} className="selectable">{stepWords(step).verb} {stepWords(step).what}: {sentence(error)}</p>)}
          {outcome.failed.length > 5 ? <p>and {outcome.failed.length - 5} more that could not be done</p> : null}
        </>}
      </Callout>
    </div>
  );
}

type Looked = { readonly kind: 'looking' } | { readonly kind: 'failed'; readonly error: AppError } | { readonly kind: 'found'; readonly plan: CleanupPlan };

function Cleaning() {
  const repo = useStore((state) => state.snapshot?.repo?.name ?? '');
  const [force, setForce] = useState(false);
  const [looked, setLooked] = useState<Looked>({ kind: 'looking' });
  const [word, setWord] = useState('');
  const [givenUp, setGivenUp] = useState(false);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<CleanupOutcome | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    setLooked({ kind: 'looking' });
    void ask('cleanup.plan', { force }).then((result) => { if (current) setLooked(result.ok ? { kind: 'found', plan: result.value } : { kind: 'failed', error: result.error }); });
    return () => { current = false; };
  }, [force, round]);
  const steps = looked.kind === 'found' ? looked.plan.steps : [];
  const idle = steps.filter((step) => step.kind === 'set-aside');
  const safe = steps.filter((step) => !step.unsafe && step.kind !== 'set-aside');
  const unsafe = steps.filter((step) => step.unsafe);
  const chosen = [...safe, ...(givenUp ? idle : []), ...(word === discardWord ? unsafe : [])];
  const clean = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    const result = await ask('cleanup.perform', { force, steps: chosen.map(stepKey), word });
    setBusy(false);
    setWord('');
    setGivenUp(false);
    if (result.ok) setOutcome(result.value);
    else setError(result.error);
    setRound(round + 1);
  };
  const why = looked.kind === 'looking' ? 'Braid is still looking.' : chosen.length > 0 ? null
    : unsafe.length > 0 ? `Type ${discardWord} first: nothing else is left.` : idle.length > 0 ? 'Say first that what has not gone on is given up: nothing else is left.' : 'There is nothing to clean up.';
  return (
    <Dialog open onClose={() => setWindow({ cleanupOpen: false })} width={760} title="Clean up"
      description={<>What runs left behind in {repo} and may go. A snapshot is kept before a worktree is removed; work that is not merged stays.</>}
      footer={<>
        <label className="row sm grow"><Switch label="Whatever its age" checked={force} disabled={busy} onChange={setForce} />Whatever its age, and offer work that is not merged</label>
        <Button onClick={() => setWindow({ cleanupOpen: false })}>Close</Button>
        <Button kind={chosen.some((step) => step.unsafe) ? 'danger' : 'primary'} icon={icons.remove} busy={busy} unavailable={why} onClick={() => void clean()}>Clean up</Button>
      </>}>
      {outcome === null ? null : <Done outcome={outcome} />}
      {error === null ? null : <Problem error={error} />}
      {looked.kind === 'looking' ? <p className="sub cleanup-note" role="status">Looking at worktrees, branches and logs …</p> : null}
      {looked.kind === 'failed' ? <Problem error={looked.error} actions={<Button size="sm" icon={icons.refresh} onClick={() => setRound(round + 1)}>Try again</Button>} /> : null}
      {looked.kind !== 'found' ? null : (
        <>
          {safe.length > 0 ? <><p className="cleanup-sum"><b>{counted(safe.length, 'step')}</b>{freed(safe) > 0 ? `, ${bytes(freed(safe))} to free` : ''}</p><Steps label="May go" steps={safe} /></> : unsafe.length + idle.length > 0 ? null : <p className="sub cleanup-note">Nothing may go yet.{looked.plan.kept.length > 0 ? ' What is kept says why.' : ''}</p>}
          <Idle steps={idle} on={givenUp} onChange={setGivenUp} />
          <Unsafe steps={unsafe} word={word} onWord={setWord} />
          <KeptRows kept={looked.plan.kept} />
        </>
      )}
    </Dialog>
  );
}

/** Shows what runs left behind, and removes what may go. */
export function CleanupDialog() {
  return useStore((state) => state.cleanupOpen) ? <Cleaning /> : null;
}
