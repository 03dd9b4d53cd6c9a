/** A person's hand on a run that goes: what a word about one task means, and how decisions are said. Pure. */
import type { RunControl } from '../../../shared/control';
import type { RunEventDraft } from '../../../shared/events';
import { isActiveState, isBarred, type Run, type TaskRun } from '../../../shared/run';
import { whyWaiting } from '../../../shared/waiting';
import { retryOne } from './reopen';
import type { Action } from './schedule';

/** The events of a person's word about a task; a text says why it cannot be. `claimed`: its start was decided already. */
export function tellings(run: Run, task: TaskRun, control: Extract<RunControl, { task: string }>, claimed: boolean): readonly RunEventDraft[] | string {
  const busy = claimed || isActiveState(task.state);
  switch (control.action) {
    case 'hold':
      return busy || task.state !== 'pending' ? `${task.id} has started already` : [{ type: 'task.held', task: task.id, held: true }];
    case 'release':
      return [{ type: 'task.held', task: task.id, held: false }];
    case 'skip':
      if (busy) return `${task.id} is at work`;
      return task.state === 'done' ? `${task.id} is done` : [{ type: 'task.skipped', task: task.id, reason: 'skipped by you' }];
    case 'retry':
    case 'answer': {
      if (isBarred(task)) return `the task file marks ${task.id} as blocked; it may start once the mark is taken away there`;
      const events = busy ? [] : retryOne(run, task.id, control.action === 'answer' ? { answer: control.text } : { fresh: control.fresh === true });
      return events.length > 0 ? events : `${task.id} has not ended without success`;
    }
  }
}

/** A decision of the scheduler as a sentence, with what it leaves waiting. */
export function decision(run: Run, action: Exclude<Action, { type: 'finish' }>): string {
  if (action.type === 'skip') return `${action.task} is skipped: ${action.reason}.`;
  const task = run.tasks[action.task];
  const after = task && task.dependsOn.length > 0 ? `${task.dependsOn.join(', ')} ${task.dependsOn.length === 1 ? 'is' : 'are'} integrated` : 'it waits for nothing';
  const others = run.order.flatMap((id) => (id !== action.task && run.tasks[id] ? [run.tasks[id]] : [])).filter((other) => whyWaiting(run, other) !== '').slice(0, 4).map((other) => `${other.id} ${whyWaiting(run, other)}`);
  return `${action.task} starts in ${action.opens ? 'the new lane' : 'lane'} ${action.lane}: ${after}.${others.length > 0 ? ` Waiting: ${others.join('; ')}.` : ''}`;
}
