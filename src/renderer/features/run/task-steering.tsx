import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { isBarred } from '../../../shared/run';
import { whyWaiting } from '../../../shared/waiting';
import { wrongField } from '../../drafts';
import { perform } from '../../bridge';
import { currentRun, drivenRun, setWindow, useStore } from '../../store';
import type { TaskRow } from '../../tasks';
import { Button, IconButton } from '../../ui/button';
import { icons } from '../../ui/icons';
import { ContextMenuArea, Menu } from '../../ui/menu';
import { StatusMark } from '../../ui/status-mark';
import { TextField } from '../../ui/text-field';
import { failureAdvice } from './failure-advice';
import { whyNotRun } from './sentences';
import { type TaskAction, taskActions } from './task-actions';
import { actOn, entriesOf, rowOf } from './task-commands';
import './task-steering.css';

/** Why a task of the run that goes on has not started; nothing for all others. */
export function Waiting({ id }: { readonly id: string }) {
  const why = useStore((state) => {
    const run = currentRun(state);
    const task = run?.tasks[id];
    return run && task && (run.state === 'running' || run.state === 'paused') ? whyWaiting(run, task) : '';
  });
  return why === '' ? null : <p className="task-waiting"><StatusMark mark="pending" size={14} /><span>Has not started: {why}.</span></p>;
}

/** The question that a task ended with, and a person's words to its agent. */
function Answer({ row, refused }: { readonly row: TaskRow; readonly refused: string | null }) {
  const run = useStore((state) => state.snapshot?.currentRun ?? null);
  const asked = useStore((state) => state.answering === row.id);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement | null>(null);
  useEffect(() => {
    if (!asked) return;
    form.current?.querySelector('input')?.focus();
    setWindow({ answering: null });
  }, [asked]);
  const why = refused ?? (text.trim() === '' ? 'Write the answer first.' : null);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (why !== null || run === null) return;
    setBusy(true);
    const result = await perform('run.control', { run, control: { action: 'answer', task: row.id, text: text.trim() } });
    setBusy(false);
    if (result.ok) setText('');
  };
  return (
    <form className="task-answer" ref={form} onSubmit={(event) => void send(event)}>
      <h3>It asks</h3>
      <p className="selectable">{row.reason || 'It did not say what.'}</p>
      <div className="row">
        <TextField label={`Answer to ${row.id}`} value={text} maxLength={20_000} placeholder="Your answer; the task is tried again with it" onChange={setText} />
        <Button size="sm" kind="primary" type="submit" busy={busy} unavailable={why}>Send answer</Button>
      </div>
    </form>
  );
}

const buttons: Readonly<Partial<Record<TaskAction['id'], typeof icons.play>>> = { retry: icons.refresh, afresh: icons.branch, skip: icons.skip, hold: icons.hold, release: icons.play };

/** What can be done with a task now, as buttons; its menu has all of it, with the reasons. */
export function Steering({ row }: { readonly row: TaskRow }) {
  const snapshot = useStore((state) => state.snapshot);
  const run = useStore(currentRun);
  const wrong = useStore((state) => wrongField(state.drafts));
  if (snapshot === null) return null;
  const actions = taskActions({ row, run: row.inRun ? run : null, live: drivenRun({ snapshot }), obstacle: whyNotRun(snapshot, wrong) });
  const answer = actions.find(({ id }) => id === 'answer');
  const advice = run !== null && row.inRun ? failureAdvice(run, row.id) : null;
  const again = actions.some(({ id, unavailable }) => id === 'afresh' && unavailable === null);
  const plain = actions.flatMap(({ id, label, unavailable }) => {
    const icon = buttons[id];
    // A second lane is offered in the menu where going on is the plain answer; a marker's question has its own way to skip.
    return icon === undefined || unavailable !== null || (id === 'afresh' && advice === null) || (id === 'skip' && row.asks !== '') ? [] : [{ id, label, icon }];
  });
  return (
    <>
      {row.state === 'blocked' && row.inRun && !isBarred(row) ? <Answer row={row} refused={answer?.unavailable ?? null} /> : null}
      {advice !== null && again ? <p className="dim">{advice.words}</p> : null}
      <div className="row detail-actions">
        {plain.map(({ id, label, icon }) => <Button key={id} size="sm" kind={advice?.best === id ? 'primary' : 'default'} icon={icon} onClick={() => actOn(row.id, id)}>{label}</Button>)}
        <Menu trigger={plain.length > 0 ? <IconButton small label={`More for ${row.id}`} icon={icons.more} /> : <Button size="sm" icon={icons.more} aria-label={`More for ${row.id}`}>More</Button>} entries={() => entriesOf(row)} />
      </div>
    </>
  );
}

function rowAt(target: Element): TaskRow | null {
  const id = target.closest<HTMLElement>('[data-task]')?.dataset['task'];
  return id === undefined ? null : rowOf(id);
}

function entriesFor(target: Element) {
  const row = rowAt(target);
  return row === null ? null : entriesOf(row);
}

/** The menu of every task in the list that is its child. One for all: rows are many. */
export function TaskMenu({ children }: { readonly children: ReactNode }) {
  return <ContextMenuArea entriesFor={entriesFor} labelFor={(target) => `Actions for ${rowAt(target)?.id ?? 'the task'}`}>{children}</ContextMenuArea>;
}
