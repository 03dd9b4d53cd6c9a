/** Runs as folds over events, for tests of the rules that read them. */
import type { RunEvent, RunTask, TaskFailure } from '../src/shared/events';
import { runOptionsSchema } from '../src/shared/options';
import { reduce, type Run } from '../src/shared/run';

type Draft = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at' | 'run'> : never) : never;

const began = '2026-01-01T00:00:00.000Z';

/** A task as `run.started` names it. */
export const runTask = (id: string, dependsOn: string[] = [], more: Partial<RunTask> = {}): RunTask => ({
  id, title: id, file: 'tasks.md', line: 1, textHash: '', dependsOn, conflictsWith: [], remaining: 1, weight: 1, lane: id.toLowerCase(),
  story: null, phase: null, exclusive: false, ...more,
});

/** A run that has just begun. */
export function newRun(tasks: RunTask[], options: object = {}, slots = 2): Run {
  const run = reduce(null, {
    type: 'run.started', at: began, run: 'r-1', spec: 's', specTitle: 's', specFolder: '/s', specPath: 's', taskFiles: ['tasks.md'], specIgnored: false, dialect: 'speckit', repo: '/r', base: 'main',
    baseCommit: 'b', integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse(options), tasks, waves: [], slots,
  });
  if (!run) throw new Error('not begun');
  return run;
}

/** The run after more events, all at one time. */
export const after = (run: Run, ...events: Draft[]): Run =>
  // The literal types of the drafts are those of RunEvent; only the two stamps are added.
  events.reduce((state, event) => reduce(state, { ...event, at: began, run: 'r-1' } as RunEvent) ?? state, run);

const evidence = { commits: [], files: [], checks: [], exitCode: 1, signal: null, seconds: 1, tail: '' };

/** The next attempt of a task, from its start to its failure. */
export function failedAttempt(run: Run, id: string, failure: Partial<TaskFailure> = {}, more: { outcome?: 'failed' | 'blocked' | 'timed-out' | 'interrupted'; costUsd?: number } = {}): Run {
  const lane = id.toLowerCase();
  const attempt = (run.tasks[id]?.attempts ?? 0) + 1;
  const usage = more.costUsd === undefined ? {} : { usage: { inputTokens: 1000, outputTokens: 100, costUsd: more.costUsd } };
  return after(
    run, ...(run.lanes[lane] ? [] : [{ type: 'lane.opened', lane, branch: lane, worktree: `/w/${lane}` } as const]),
    { type: 'task.started', task: id, lane, attempt, pid: 1 },
    {
      type: 'task.finished', task: id, lane, attempt, outcome: more.outcome ?? 'failed', reason: `${id} broke`, evidence: { ...evidence, ...usage },
      failure: { class: 'build-or-test', signature: '', tree: null, next: 'stop', ...failure },
    },
  );
}
