/** What is said of a run that waits to be resumed: what is done, what is left where, and what each choice would do. */
import { type Run, type TaskRun, isByHand } from '../../../shared/run';
import { type Salvage, openWave } from '../../../shared/unfinished';
import { counted, sentenceList, someOf } from '../../ui/format';

export interface ResumeFacts {
  readonly done: readonly string[];
  /** Ended without success, in file order: interrupted, failed, or waiting for a person. */
  readonly lost: readonly TaskRun[];
  readonly skipped: readonly string[];
  readonly pending: readonly string[];
  /** Those of `pending` that the file marks as in progress, though nothing is at work on them (B20). */
  readonly stale: readonly TaskRun[];
  /** From 1; `of` all waves of the run. */
  readonly wave: number;
  readonly of: number;
  /** Ids of the open wave that are not done. */
  readonly inWave: readonly string[];
}

/** Sorts the tasks of an unfinished run. */
export function resumeFacts(run: Run): ResumeFacts {
  const tasks = run.order.flatMap((id) => run.tasks[id] ?? []);
  const ids = (state: TaskRun['state']): readonly string[] => tasks.filter((task) => task.state === state).map((task) => task.id);
  const at = openWave(run);
  return {
    done: ids('done'), skipped: ids('skipped'), pending: ids('pending'),
    lost: tasks.filter((task) => task.state !== 'done' && task.state !== 'skipped' && task.state !== 'pending'),
    stale: tasks.filter((task) => task.state === 'pending' && task.inProgress === true),
    wave: at + 1, of: run.waves.length,
    inWave: (run.waves[at] ?? []).filter((id) => run.tasks[id] !== undefined && run.tasks[id]?.state !== 'done'),
  };
}

/** How the done tasks got there: those that a person ticked have no integration. */
export function doneWords(run: Run): string {
  const byHand = Object.values(run.tasks).filter(isByHand).length;
  return byHand === 0 ? 'and merged into the integration branch' : `(${byHand} ticked by hand, the others merged into the integration branch)`;
}

/** What a task's lane keeps, in words. */
export function salvageWords({ commits, files, uncommitted, lane, branch, worktree, problem }: Salvage): string {
  if (problem !== '') return `What lane ${lane} keeps cannot be told. ${problem}`;
  if (worktree === null) return `What it committed is on the branch ${branch}.`;
  const parts = [
    ...(commits > 0 ? [`${counted(commits, 'commit')} with ${counted(files, 'changed file')}`] : []),
    ...(uncommitted > 0 ? [counted(uncommitted, 'uncommitted file')] : []),
  ];
  return parts.length === 0 ? `Lane ${lane} holds no work of it.` : `Kept in lane ${lane}: ${sentenceList(parts)}.`;
}

/** What each of the first three choices does, for this very run. */
export function choiceWords({ lost, skipped, pending, inWave, wave }: ResumeFacts): { readonly retry: string; readonly skipWave: string; readonly fresh: string } {
  const again = lost.map((task) => task.id);
  const rest = skipped.length + pending.length;
  const then = rest === 0 ? '' : `${again.length > 0 ? ', then does' : 'Does'} the ${rest === 1 ? 'one' : rest} left`;
  return {
    retry: `${again.length > 0 ? `Tries ${someOf(again)} again where ${again.length === 1 ? 'its' : 'their'} work is kept` : ''}${then}.`,
    skipWave: `Leaves ${someOf(inWave)} of wave ${wave} out, and what needs ${inWave.length === 1 ? 'it' : 'them'}; goes on with the rest.`,
    fresh: 'Sets this run aside and starts every open task anew, with the options of the panel.',
  };
}
