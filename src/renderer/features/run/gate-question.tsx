import { useState } from 'react';
import type { GateAnswer } from '../../../shared/control';
import { awaitsWord, gateTitle, refusedBy } from '../../../shared/gates';
import type { ManualItem, PhaseGate, Run } from '../../../shared/run';
import { perform } from '../../bridge';
import { goToLine } from '../../store';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { counted, shortCommit } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Callout } from '../../ui/message';
import { TextField } from '../../ui/text-field';
import { checkpointWords } from './sentences';
import './gate-question.css';

type Answer = GateAnswer | 'stop-after-current';

const word = 'revert';

/** What a person looks at before the gate is passed; each leads to its line. */
function Manual({ items }: { readonly items: readonly ManualItem[] }) {
  if (items.length === 0) return null;
  return (
    <>
      <p id="gate-manual">To verify by hand before you go on:</p>
      <ul className="gate-manual" aria-labelledby="gate-manual">
        {items.map(({ title, file, line }) => (
          <li key={`${file}:${line}`}><button type="button" className="gate-manual-item" title={`${file}, line ${line}`} onClick={() => goToLine(file, line)}><icons.gate width={14} height={14} /><span className="grow">{title}</span></button></li>
        ))}
      </ul>
    </>
  );
}

/** The word that takes a phase back, and what becomes of it. */
function RevertDialog({ run, gate, open, onClose }: { readonly run: Run; readonly gate: PhaseGate; readonly open: boolean; readonly onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const title = gateTitle(gate);
  const close = (): void => {
    setTyped('');
    onClose();
  };
  const revert = async (): Promise<void> => {
    setBusy(true);
    const told = await perform('run.control', { run: run.id, control: { action: 'gate', answer: 'revert' } });
    setBusy(false);
    if (told.ok) close();
  };
  return (
    <Dialog open={open} onClose={close} title={`Revert ${title}`} description={`${counted(gate.tasks.length, 'merged task')} of this run will be open again.`}
      footer={<><span className="grow" /><Button onClick={close}>Keep it</Button><Button kind="danger" icon={icons.undo} busy={busy} unavailable={typed.trim() === word ? null : `Type ${word} first.`} onClick={() => void revert()}>Revert phase</Button></>}>
      <p>{run.integrationBranch} goes back to <code className="selectable">{shortCommit(gate.from)}</code>, where it was before. Nothing is lost: what it holds now stays as <code className="selectable">refs/braid/snapshots/{run.id}/gate-{gate.number}</code>, and every lane keeps its work. {run.base} is not touched.</p>
      <p className="gate-word">Type <b>{word}</b> to do that.</p>
      <TextField label={`Type ${word} to take ${title} back`} value={typed} placeholder={word} onChange={setTyped} />
    </Dialog>
  );
}

/** What was asked for is looked at: in a low window it would open below the fold. */
const intoSight = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' });

/** What the checks printed, on demand. */
function Errors({ gate }: { readonly gate: PhaseGate }) {
  const check = refusedBy(gate);
  if (check === null) return null;
  return (
    <div className="gate-errors" ref={intoSight}>
      <pre className="gate-output selectable" tabIndex={0} aria-label={`Output of ${check.command}`}>{check.tail.trimEnd() || 'It printed nothing.'}</pre>
      {gate.log === '' ? null : <p className="gate-log">The whole output: <code className="selectable">{gate.log}</code></p>}
    </div>
  );
}

/** A run stands at the gate of a phase (B16): what its checks said, what is left to look at, and the answers; nothing where it stands at none. */
export function GateQuestion({ run }: { readonly run: Run }) {
  const [busy, setBusy] = useState<Answer | null>(null);
  const [shown, setShown] = useState(false);
  const [reverting, setReverting] = useState(false);
  const gate = awaitsWord(run);
  if (gate === null) return null;
  const isRed = refusedBy(gate) !== null;
  const answer = async (choice: Answer): Promise<void> => {
    if (busy !== null) return;
    setBusy(choice);
    await perform('run.control', { run: run.id, control: choice === 'stop-after-current' ? { action: choice } : { action: 'gate', answer: choice } });
    setBusy(null);
  };
  const { title, hint } = checkpointWords(run);
  const refused = refusedBy(gate);
  return (
    <>
      <Callout tone={isRed ? 'error' : 'warning'} title={isRed ? `The gate of ${gateTitle(gate)} is red` : title} actions={<>
        {isRed ? <>
          <Button size="sm" kind="primary" aria-expanded={shown} onClick={() => setShown(!shown)}>{shown ? 'Hide errors' : 'Show errors'}</Button>
          <Button size="sm" busy={busy === 'again'} tip="Runs the checks again; what they refuse gets two new fix attempts." onClick={() => void answer('again')}>Check again</Button>
          <Button size="sm" busy={busy === 'skip'} tip="Goes on; the gate is recorded as failed." onClick={() => void answer('skip')}>Skip</Button>
          <Button size="sm" kind="danger" tip="Takes what was merged since the last checkpoint back; asks first." onClick={() => setReverting(true)}>Revert phase…</Button>
        </> : <Button size="sm" kind="primary" busy={busy === 'pass'} tip="Stores the checkpoint and lets waiting tasks start." onClick={() => void answer('pass')}>Go on</Button>}
        <Button size="sm" kind={isRed ? 'ghost' : 'default'} busy={busy === 'stop-after-current'} tip="The run ends here; it can be resumed." onClick={() => void answer('stop-after-current')}>Stop here</Button>
      </>}>
        {refused === null ? <><p>{hint}</p><Manual items={gate.manual} /></> : <p>Fails on what is merged, after {counted(gate.fixes.length, 'fix attempt')}: <code className="selectable">{refused.command}</code></p>}
      </Callout>
      {shown && isRed ? <Errors gate={gate} /> : null}
      <RevertDialog run={run} gate={gate} open={reverting} onClose={() => setReverting(false)} />
    </>
  );
}
