/** What of a live run is told beyond the window: messages, progress, and that the machine stays awake. */
import { askingWords } from '../shared/asking';
import type { RunEvent } from '../shared/events';
import { longRun, type NotifyWishes } from '../shared/ipc';
import { countTasks, isActiveState, type Run } from '../shared/run';
import type { Attention, Progress } from './app-types';

interface Message {
  readonly kind: 'end' | 'question' | 'error';
  readonly title: string;
  readonly body: string;
}

const ends: Readonly<Record<NonNullable<Run['status']>, string>> = {
  done: 'has finished', failed: 'ended with failures', waiting: 'ended and needs you', 'timed-out': 'ended with a timeout', interrupted: 'was stopped',
};

/** A task that asks, or that failed for good; one in conflict was told of by the event before. */
function ofTask(run: Run, { task, outcome, reason, failure }: Extract<RunEvent, { type: 'task.finished' }>): Message | null {
  if (run.tasks[task]?.state === 'conflict') return null;
  if (outcome === 'blocked' || outcome === 'no-change') return { kind: 'question', title: `${task} of ${run.spec} needs you`, body: reason };
  const isFinal = failure?.next !== 'retry' && failure?.next !== 'wait';
  if (!isFinal || (outcome !== 'failed' && outcome !== 'timed-out')) return null;
  return { kind: 'error', title: `${task} of ${run.spec} ${outcome === 'failed' ? 'failed' : 'timed out'}`, body: reason };
}

/** What an event says to a person who looks elsewhere; null for most. A run that the person stopped is no news. `run` is as the event left it. */
export function messageOf(run: Run, event: RunEvent): Message | null {
  switch (event.type) {
    case 'run.finished': {
      if (event.status === 'interrupted' && run.stopCause === null) return null;
      const { done, total } = countTasks(run);
      return { kind: 'end', title: `${run.spec} ${ends[event.status]}`, body: [`${done} of ${total} tasks are done.`, run.stopReason].filter(Boolean).join(' ') };
    }
    case 'run.paused':
      return event.checkpoint === true ? { kind: 'question', title: `${run.spec} waits for your word`, body: askingWords(event.cause, event.reason ?? '') } : null;
    case 'task.finished':
      return ofTask(run, event);
    case 'conflict.found':
      return { kind: 'question', title: `${event.task} of ${run.spec} is in conflict`, body: `It and ${event.with} changed ${event.files.join(', ')}.` };
    default:
      return null;
  }
}

const isOver = (run: Run): boolean => run.state !== 'running' && run.state !== 'paused' && run.state !== 'stopping';

const isAtWork = (run: Run): boolean => Object.values(run.tasks).some((task) => isActiveState(task.state));

/** How far a run is; null for one that is over. */
export function progressOf(run: Run): Progress | null {
  if (isOver(run)) return null;
  const { done, total } = countTasks(run);
  return { done, total, name: run.spec, waits: run.state === 'paused' && !isAtWork(run) };
}

/** True in a place where nobody hears or sees: continuous integration sets CI. */
export const isUnattended = (env: NodeJS.ProcessEnv): boolean => !['', '0', 'false'].includes(env['CI'] ?? '');

/** Whether the person wants to be told of it; a run counts as long by the time from its start to its end. */
function isWanted(run: Run, { kind }: Message, wishes: NotifyWishes): boolean {
  if (!wishes.desktop && !wishes.sound) return false;
  if (kind === 'question') return wishes.questions;
  if (kind === 'error') return wishes.errors;
  return wishes.ends === 'all' || (wishes.ends === 'long' && Date.parse(run.lastAt) - Date.parse(run.startedAt) >= longRun * 1000);
}

export interface Presence {
  /** After each event of a run; those of runs that are over already say nothing. */
  follow(run: Run, event: RunEvent): void;
  /** The run is over, with or without having said so. */
  ended(): void;
}

/** Follows the live run and tells each thing once. `wishes` are the person's settings at the time; messages are off where nobody is (`quiet`). */
export function createPresence(attention: Attention, context: { readonly wishes: () => NotifyWishes; readonly quiet: boolean }): Presence {
  let shown = 'null';
  let awake = false;
  const show = (run: Run | null): void => {
    const progress = run === null ? null : progressOf(run);
    const text = JSON.stringify(progress);
    if (text !== shown) attention.progress(progress);
    shown = text;
    const busy = run !== null && progress !== null && !progress.waits;
    if (busy !== awake) attention.keepAwake(busy);
    awake = busy;
  };
  return {
    follow: (run, event) => {
      // Of another run, which is landed or set aside while this one goes on.
      if (isOver(run) && event.type !== 'run.finished') return;
      show(run);
      const message = context.quiet ? null : messageOf(run, event);
      const wishes = context.wishes();
      if (message !== null && isWanted(run, message, wishes)) attention.announce(message, { desktop: wishes.desktop, sound: wishes.sound });
    },
    ended: () => show(null),
  };
}
