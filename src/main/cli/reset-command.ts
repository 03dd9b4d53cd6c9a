/** `braid reset`: takes back marks of work in progress where nothing works. */
import type { Spec } from '../../shared/domain';
import type { AppError } from '../../shared/errors';
import { err, ok, type Result } from '../../shared/result';
import { resetStale, staleTasks, type StaleTask } from '../core/run/stale';
import { exitCodes } from './exit-code';
import { ask, canAsk, fail, print, printJson, say } from './output';
import { findSpec } from './spec-argument';

export interface ResetFlags {
  readonly repo?: string;
  readonly tasks: readonly string[] | null;
  readonly yes: boolean;
  readonly json: boolean;
}

/** The stale tasks that are meant. Errors: plan/unknown-task, options/invalid for one that is not stale. */
function chosen(spec: Spec, stale: readonly StaleTask[], tasks: readonly string[] | null): Result<readonly StaleTask[], AppError> {
  if (tasks === null) return ok(stale);
  const unknown = tasks.filter((id) => !spec.tasks.some((task) => task.id === id));
  if (unknown.length > 0) return err({ kind: 'plan/unknown-task', ids: unknown });
  const other = tasks.filter((id) => !stale.some((one) => one.id === id));
  if (other.length > 0) return err({ kind: 'options/invalid', detail: `Not marked as in progress, or at work just now: ${other.join(', ')}.` });
  return ok(stale.filter(({ id }) => tasks.includes(id)));
}

/** Sets stale marks back to open in the task files of the checkout. Exit 6 where nobody can be asked and `--yes` was not given. */
export async function resetCommand(argument: string, flags: ResetFlags): Promise<number> {
  const found = await findSpec(argument, flags.repo);
  if (!found.ok) return fail(found.error);
  const { spec, repo } = found.value;
  const stale = chosen(spec, await staleTasks(repo, spec), flags.tasks);
  if (!stale.ok) return fail(stale.error);
  const ids = stale.value.map(({ id }) => id);
  if (!flags.json) for (const { id, file, line, left } of stale.value) print(`${id} is marked as in progress (${file}, line ${line}), but nothing works on it.${left ? ` Work of run ${left.run} may lie in ${left.worktree}; it stays there.` : ''}`);
  const isAgreed = ids.length === 0 || flags.yes || (canAsk() && await ask(`Set ${ids.join(', ')} back to open?`));
  if (!isAgreed) {
    say('Nothing was changed. Say --yes to set the marks back.');
    return exitCodes.waiting;
  }
  const reset = await resetStale(spec, stale.value);
  if (!reset.ok) return fail(reset.error);
  if (flags.json) printJson({ reset: stale.value });
  else print(ids.length === 0 ? 'Nothing is marked as in progress that nothing works on.' : `Open again: ${ids.join(', ')}.`);
  return exitCodes.ok;
}
