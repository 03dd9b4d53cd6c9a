/** What a person is told of a failed task: by what it failed, and which of the two ways to do it again fits (B19). Pure. */
import { type FailureClass, failureWords } from '../../../shared/failure';
import { type Run, keepsWork } from '../../../shared/run';
import { counted, sentenceList } from '../../ui/format';

/** Causes that lie outside the work: doing it again elsewhere is as good, and what is there may be half a file. */
const outside: ReadonlySet<FailureClass> = new Set(['rate-limit', 'auth', 'missing-dependency', 'infrastructure', 'crashed']);

export interface FailureAdvice {
  /** retry: in its lane, on its own work. afresh: in a new lane, from what is integrated. */
  readonly best: 'retry' | 'afresh';
  readonly words: string;
}

/** Advice for a task that failed or timed out; null for all others. */
export function failureAdvice(run: Run, id: string): FailureAdvice | null {
  const task = run.tasks[id];
  if (!task || (task.state !== 'failed' && task.state !== 'timed-out')) return null;
  const kind = task.failure?.class ?? 'unknown';
  const cause = `It failed by ${failureWords[kind]}.`;
  const afresh = 'Try again begins in a new lane, from what is merged so far';
  if (!keepsWork(run, task)) return { best: 'afresh', words: `${cause} Its attempt left nothing. ${afresh}.` };
  const { commits, files } = task.evidence ?? { commits: [], files: [] };
  const kept = [...(commits.length > 0 ? [counted(commits.length, 'commit')] : []), ...(files.length > 0 ? [counted(files.length, 'changed file')] : [])];
  const place = `Fix in place goes on with ${kept.length > 0 ? sentenceList(kept) : 'what'} ${kept.length > 0 ? 'in its lane' : 'its lane keeps'}`;
  return { best: outside.has(kind) ? 'afresh' : 'retry', words: `${cause} ${place}; its agent is told the errors. ${afresh}.` };
}
