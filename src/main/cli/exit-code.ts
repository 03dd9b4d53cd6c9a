import type { AppError } from '../../shared/errors';
import type { Run } from '../../shared/run';

/** Exit codes of contracts.md; the first that applies counts. */
export const exitCodes = { ok: 0, failed: 1, retriesExhausted: 2, badArguments: 3, missing: 4, timedOut: 5, waiting: 6, interrupted: 130 } as const;

/** The exit code of a finished run. `yes`: a task without changes counts as failed, as there is nobody to ask. */
export function runExitCode(run: Run, yes: boolean): number {
  if (run.status === 'interrupted') return exitCodes.interrupted;
  if (run.stoppedWaiting) return exitCodes.waiting;
  const tasks = run.order.flatMap((id) => run.tasks[id] ?? []);
  const states = new Set(tasks.map((task) => task.state));
  if (states.has('conflict') || states.has('blocked') || (states.has('no-change') && !yes)) return exitCodes.waiting;
  if (states.has('timed-out') || run.stopCause === 'run-timeout') return exitCodes.timedOut;
  const exhausted = run.options.retries > 0 && tasks.some((task) => task.state === 'failed' && task.spent > run.options.retries);
  if (exhausted) return exitCodes.retriesExhausted;
  return tasks.every((task) => task.state === 'done') ? exitCodes.ok : exitCodes.failed;
}

/** The exit code for a command that could not do its work. */
export function errorExitCode(error: AppError): number {
  switch (error.kind) {
    case 'git/missing': case 'git/too-old': case 'git/not-a-repository': case 'git/bare': case 'git/unborn':
    case 'git/branch-in-the-way': case 'agent/missing': case 'agent/start': case 'command/missing': case 'git/worktree-exists':
      return exitCodes.missing;
    case 'git/conflict': case 'git/dirty-overlap': case 'git/dirty-checkout': case 'git/operation-in-progress': case 'spec/uncommitted': case 'spec/open-checklists': case 'spec/archived': case 'spec/unmet-changes':
    case 'run/not-finished': case 'run/checks-failed': case 'run/busy': case 'run/same-tasks': case 'run/left-at-work': case 'run/newer': case 'run/not-obeyed': case 'run/not-resumable':
      return exitCodes.waiting;
    case 'git/moved':
      return exitCodes.waiting;
    case 'io/failed':
      // A path that cannot be read is a wrong argument; a disk that cannot be written is not.
      return ['ENOENT', 'ELOOP', 'EACCES', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG'].includes(error.code) ? exitCodes.badArguments : exitCodes.failed;
    case 'git/locked': case 'git/failed': case 'internal': case 'lane/setup-failed':
      return exitCodes.failed;
    default:
      return exitCodes.badArguments;
  }
}
