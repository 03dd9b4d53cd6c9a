/** A run of the same tasks that was left before its end: go on with it, or begin a new one (C22). */
import { countTasks, type Run } from '../../shared/run';
import type { Repository } from '../core/git/repository';
import { leftRun, type Wanted } from '../core/run/rivals';
import { runFolder } from '../core/state/run-folder';
import { hasHost } from '../core/terminals/host/find';
import type { RunFlags } from './before-run';
import { canAsk, choose, say } from './output';

/** What the run holds, in one line. */
function held(run: Run): string {
  const { done, total } = countTasks(run);
  const begun = run.order.flatMap((id) => {
    const task = run.tasks[id];
    const lane = task && task.state !== 'done' && task.attempts > 0 ? run.lanes[task.ranIn ?? ''] : undefined;
    return lane && lane.state !== 'removed' ? [`${id} in ${lane.worktree}`] : [];
  });
  return `Run ${run.id} of ${run.spec} was left before its end: ${done} of ${total} done${begun.length === 0 ? '' : `; begun: ${begun.join(', ')}`}.`;
}

/**
 * Says that such a run exists; a person at the terminal is asked what becomes of it, a script gets a new run. Resolves with the run to go on
 * with, `new`, or `cancel`.
 */
export async function aboutLeftRun(repo: Repository, wanted: Wanted, flags: RunFlags): Promise<Run | 'new' | 'cancel'> {
  const left = await leftRun(repo.commonDir, wanted);
  if (left === null) return 'new';
  if (canAsk() && !flags.yes) {
    const answer = await choose(held(left), [['r', 'Resume it'], ['n', 'Begin a new run; that one and its work are kept'], ['c', 'Cancel']], 'r');
    return answer === 'r' ? left : answer === 'n' ? 'new' : 'cancel';
  }
  // Where its agents are still at work, the new run is refused with words of its own.
  if (!await hasHost(runFolder(repo.commonDir, left.id).path)) say(`${held(left)} This is a new run; to go on with that one instead: braid resume ${left.id}`);
  return 'new';
}
