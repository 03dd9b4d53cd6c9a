/** What failures mean for the run as a whole: stop, ask, or go on. Pure; looked at before each scheduling. */
import type { RunEventDraft } from '../../../shared/events';
import { failureWords } from '../../../shared/failure';
import { countTasks, type Run, type TaskRun } from '../../../shared/run';
import { tokensOf, usageWords } from '../../../shared/usage';
import { mayRetry } from './retries';
import { stillToStart } from './schedule';

/** Failed for good, and no person was asked about it yet. */
function news(run: Run): readonly TaskRun[] {
  return run.order.flatMap((id) => {
    const task = run.tasks[id];
    const isFinal = task !== undefined && task.failure !== null && ['failed', 'timed-out', 'blocked'].includes(task.state) && !mayRetry(run, task);
    return isFinal && !run.askedAbout.includes(id) ? [task] : [];
  });
}

const names = (tasks: readonly TaskRun[]): string => {
  const ids = tasks.map((task) => task.id);
  return ids.length > 4 ? `${ids.slice(0, 4).join(', ')} and ${ids.length - 4} more` : ids.join(', ').replace(/, (?=[^,]*$)/, ' and ');
};

/** Tasks that failed in the same way: two are a sign that the plan or its surroundings are wrong, not the tasks (B22). Credentials that are missing for one are missing for all. */
function commonCause(tasks: readonly TaskRun[]): readonly TaskRun[] | null {
  const bySignature = new Map<string, TaskRun[]>();
  for (const task of tasks) {
    const { failure } = task;
    if (failure === null) continue;
    if (failure.class === 'auth') return tasks.filter((other) => other.failure?.class === 'auth');
    if (failure.signature !== '') bySignature.set(failure.signature, [...bySignature.get(failure.signature) ?? [], task]);
  }
  return [...bySignature.values()].find((same) => same.length >= 2) ?? null;
}

/** Why the budget is spent, in words; null while it is not, or when there is none. */
export function budgetSpent(run: Run): string | null {
  const { maxCost, maxTokens } = run.options;
  const { costUsd } = run.usage;
  const tokens = tokensOf(run.usage);
  const cost = maxCost !== null && costUsd !== null && costUsd >= maxCost * run.budgets ? `--max-cost ${maxCost}` : null;
  const limit = cost ?? (maxTokens !== null && tokens !== null && tokens >= maxTokens * run.budgets ? `--max-tokens ${maxTokens}` : null);
  return limit === null ? null : `${usageWords(run.usage)} are spent, ${limit}${run.budgets > 1 ? ` was given ${run.budgets} times` : ' is reached'}`;
}

const asking = (failed: readonly TaskRun[], first: TaskRun): RunEventDraft =>
  ({ type: 'run.paused', checkpoint: true, cause: 'failure', tasks: failed.map((task) => task.id), reason: `${names(failed)} failed: ${first.reason}` });

/** What the run does about its failures and its budget now; null to go on. A run with nothing left to start has nothing to ask. */
export function reaction(run: Run): RunEventDraft | null {
  if (run.state !== 'running') return null;
  const failed = news(run).filter((task) => task.failure?.class !== 'unclear-spec');
  const [first] = failed;
  if (run.options.onFailure === 'abort' && first) {
    return { type: 'run.stopping', after: 'current', because: 'failure', reason: `${first.id} failed and --on-failure is abort: ${first.reason}` };
  }
  // What waits for a failed task is skipped next: that is worth the question too.
  if (run.options.onFailure === 'prompt' && first && stillToStart(run) === 0 && countTasks(run).pending > 0) return asking(failed, first);
  if ((failed.length === 0 && run.usage.costUsd === null && tokensOf(run.usage) === null) || stillToStart(run) === 0) return null;
  const same = commonCause(failed);
  if (same) {
    const kind = same[0]?.failure ? failureWords[same[0].failure.class] : 'the same cause';
    const reason = `${names(same)} failed in the same way (${kind}: ${same[0]?.reason ?? ''}): what the plan or its surroundings lack may fail the others too`;
    return { type: 'run.paused', checkpoint: true, cause: 'common-cause', tasks: same.map((task) => task.id), reason };
  }
  if (run.options.onFailure === 'prompt' && first) return asking(failed, first);
  const spent = budgetSpent(run);
  return spent === null ? null : { type: 'run.paused', checkpoint: true, cause: 'budget', reason: spent };
}
