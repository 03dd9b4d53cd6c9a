import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { AppError } from '../../../shared/errors';
import type { Run, TaskRun } from '../../../shared/run';
import { type ResumeChoice, type Salvage, waitsToResume } from '../../../shared/unfinished';
import { ask, perform } from '../../bridge';
import { setWindow, useStore } from '../../store';
import { stateWords } from '../../tasks';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ago, counted, exactly, someOf } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Problem } from '../../ui/message';
import { useRoving } from '../../ui/roving';
import { type Mark, StatusMark } from '../../ui/status-mark';
import { useNow } from '../../ui/ticker';
import { choiceWords, doneWords, resumeFacts, salvageWords } from './resume-facts';
import { SetBack, useStale } from './stale';
import './resume-dialog.css';

const close = (): void => setWindow({ resumeRun: null });

/** The keys of autospec's dialog, and of `braid resume` at a terminal. */
const keys: Readonly<Record<string, ResumeChoice>> = { r: 'retry', w: 'skip-wave', s: 'fresh', a: 'abort' };

function Line({ mark, children, end }: { readonly mark: Mark; readonly children: React.ReactNode; readonly end?: React.ReactNode }) {
  return <li className="resume-line"><StatusMark mark={mark} /><div className="grow">{children}</div>{end}</li>;
}

/** A task that ended without success: why, and what is left of its work. */
function Lost({ run, task, salvage }: { readonly run: string; readonly task: TaskRun; readonly salvage: Salvage | null | undefined }) {
  const { mark, word } = stateWords[task.state];
  const kept = salvage === undefined ? 'Looking at what its lane keeps …' : salvage === null ? '' : salvageWords(salvage);
  const open = salvage?.worktree ? <Button size="sm" icon={icons.folder} aria-label={`Open worktree of ${task.id}`} tip={salvage.worktree} onClick={() => void perform('lane.open', { run, lane: salvage.lane, in: 'files' })}>Open worktree</Button> : null;
  return (
    <Line mark={mark} end={open}>
      <p><b className="mono">{task.id}</b> {task.title}</p>
      <p className="sm sub selectable">{word}{task.reason ? `: ${task.reason}` : ''}. {kept}</p>
    </Line>
  );
}

/** A task that the run never started and that its file marks as in progress: the mark is somebody else's, or was never taken back. */
function Marked({ task }: { readonly task: TaskRun }) {
  const said = useStale(task.id);
  return (
    <Line mark="paused" end={said === null ? undefined : <SetBack id={task.id} />}>
      <p><b className="mono">{task.id}</b> {task.title}</p>
      <p className="sm sub selectable">{said ?? 'It was marked as in progress when the run began.'}</p>
    </Line>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly words: string;
  readonly hint: string;
  readonly first?: RefObject<HTMLButtonElement | null>;
  readonly busy: boolean;
  readonly onChoose: () => void;
}

function Choice({ name, words, hint, first, busy, onChoose }: ChoiceProps) {
  const id = `resume-${hint}`;
  return (
    <button type="button" className="resume-choice" data-roving="" tabIndex={-1} aria-label={name} aria-describedby={id} aria-busy={busy || undefined} onClick={onChoose} {...(first ? { ref: first } : {})}>
      <span className="grow"><b>{name}</b><span className="sub sm" id={id}>{words}</span></span>
      {busy ? <icons.busy className="spin" /> : <kbd className="kbd" aria-hidden="true">{hint}</kbd>}
    </button>
  );
}

/** What each lane keeps, once git has said so; an error in its place. */
function useSalvage(run: string): { readonly of: (task: string) => Salvage | null | undefined; readonly error: AppError | null } {
  const [found, setFound] = useState<readonly Salvage[] | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    let current = true;
    void ask('run.salvage', { run }).then((result) => {
      if (!current) return;
      if (!result.ok) setError(result.error);
      setFound(result.ok ? result.value : []);
    });
    return () => { current = false; };
  }, [run]);
  return { of: (task) => (found === null ? undefined : found.find((one) => one.task === task) ?? null), error };
}

function Found({ run }: { readonly run: Run }) {
  const { done, lost, stale, skipped, pending } = resumeFacts(run);
  const untouched = pending.filter((id) => !stale.some((task) => task.id === id));
  const salvage = useSalvage(run.id);
  return (
    <>
      <ul className="resume-found" aria-label="What is there">
        {done.length === 0 ? null : <Line mark="done" end={<span className="sm dim">{someOf(done)}</span>}><p><b>{counted(done.length, 'task')} done</b> {doneWords(run)}</p></Line>}
        {lost.map((task) => <Lost key={task.id} run={run.id} task={task} salvage={salvage.of(task.id)} />)}
        {stale.map((task) => <Marked key={task.id} task={task} />)}
        {skipped.length === 0 ? null : <Line mark="skipped" end={<span className="sm dim">{someOf(skipped)}</span>}><p><b>{counted(skipped.length, 'task')}</b> skipped</p></Line>}
        {untouched.length === 0 ? null : <Line mark="pending" end={<span className="sm dim">{someOf(untouched)}</span>}><p><b>{counted(untouched.length, 'task')}</b> not started</p></Line>}
      </ul>
      {salvage.error === null ? null : <Problem error={salvage.error} />}
    </>
  );
}

function Ask({ run }: { readonly run: Run }) {
  const now = useNow();
  const retry = useRef<HTMLButtonElement | null>(null);
  const [busy, setBusy] = useState<ResumeChoice | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const { ref, ...roving } = useRoving<HTMLDivElement>();
  const facts = resumeFacts(run);
  const words = choiceWords(facts);
  const choose = async (choice: ResumeChoice): Promise<void> => {
    if (busy !== null) return;
    setBusy(choice);
    setError(null);
    const result = await ask('run.recover', { run: run.id, choice });
    setBusy(null);
    if (result.ok) close();
    else setError(result.error);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    roving.onKeyDown(event);
    const choice = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey ? undefined : keys[event.key.toLowerCase()];
    if (choice === undefined || event.repeat) return;
    event.preventDefault();
    void choose(choice);
  };
  return (
    <Dialog open onClose={close} title="Resume run" width={600} first={retry}
      description={<>{run.specTitle} <span className="sub">({run.spec})</span> was {run.stoppedWaiting ? 'left at a checkpoint' : 'interrupted'}.<br />Started {exactly(run.startedAt, now)}, {ago(run.startedAt, now)}. Wave {facts.wave} of {facts.of}, {facts.done.length} of {run.order.length} tasks done.</>}
      footer={<><span className="grow sm sub">Abort sets the run aside: {run.base} stays as it is, branches and unmerged work are kept.</span><Button kind="danger" busy={busy === 'abort'} tip="Set the run aside (A)" onClick={() => void choose('abort')}>Abort</Button></>}>
      <div onKeyDown={onKeyDown}>
        <Found run={run} />
        <div className="resume-choices" role="group" aria-label="How to go on" ref={ref} onFocus={roving.onFocus}>
          <Choice name="Retry" words={words.retry} hint="R" first={retry} busy={busy === 'retry'} onChoose={() => void choose('retry')} />
          <Choice name="Skip wave" words={words.skipWave} hint="W" busy={busy === 'skip-wave'} onChoose={() => void choose('skip-wave')} />
          <Choice name="Start fresh" words={words.fresh} hint="S" busy={busy === 'fresh'} onChoose={() => void choose('fresh')} />
        </div>
        {error === null ? null : <div className="resume-error" role="alert"><Problem error={error} /></div>}
      </div>
    </Dialog>
  );
}

/** Asks what becomes of a run that did not come to an end of its own. Esc leaves it as it is; the panel and the list still offer it. */
export function ResumeDialog() {
  const run = useStore((state) => (state.resumeRun === null ? null : state.snapshot?.runs.find(({ id }) => id === state.resumeRun) ?? null));
  const live = useStore((state) => state.snapshot?.liveRun ?? null);
  return run === null || live !== null || !waitsToResume(run) ? null : <Ask key={run.id} run={run} />;
}
