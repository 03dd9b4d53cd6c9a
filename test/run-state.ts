/** Runs for tests of what is said and decided about them: made by the same fold that makes real ones. */
import type { RunEvent, RunEventDraft, RunTask } from '../src/shared/events';
import { runOptionsSchema, type RunOptions } from '../src/shared/options';
import { reduce, type Run } from '../src/shared/run';

export const at = '2025-03-05T10:00:00.000Z';

/** A task as a run begins with it. */
export const runTask = (id: string, change: Partial<RunTask> = {}): RunTask => ({
  id, title: `Do ${id}`, file: 'tasks.md', line: 1, textHash: id, dependsOn: [], conflictsWith: [], remaining: 1, weight: 1, lane: id.toLowerCase(), story: null, phase: null, exclusive: false, ...change,
});

/** The first event of run `r-1`. */
export const begun = (tasks: readonly RunTask[], options: Partial<RunOptions> = {}, waves: readonly (readonly string[])[] = [tasks.map(({ id }) => id)]): RunEvent => ({
  type: 'run.started', at, run: 'r-1', spec: '001-demo', specTitle: 'Demo', specFolder: '/r/specs/001-demo', specPath: 'specs/001-demo', taskFiles: ['tasks.md'], specIgnored: false,
  dialect: 'speckit', repo: '/r', base: 'main', baseCommit: 'b', integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse(options),
  tasks: [...tasks], waves: waves.map((wave) => [...wave]), slots: 4,
});

const evidence = { commits: ['c'], files: ['f'], checks: [], exitCode: 0, signal: null, seconds: 3, tail: '' };

/** The events of a task's life, in lane `<id in lower case>`. */
export const told = {
  opened: (id: string): RunEventDraft => ({ type: 'lane.opened', lane: id.toLowerCase(), branch: `lane/${id.toLowerCase()}`, worktree: `/w/${id.toLowerCase()}` }),
  started: (id: string): RunEventDraft => ({ type: 'task.started', task: id, lane: id.toLowerCase(), attempt: 1, pid: 1 }),
  ended: (id: string, outcome: 'done' | 'failed' | 'blocked' | 'no-change' | 'timed-out' | 'interrupted', reason = ''): RunEventDraft => ({ type: 'task.finished', task: id, lane: id.toLowerCase(), attempt: 1, outcome, reason, evidence }),
  merged: (id: string): RunEventDraft => ({ type: 'task.integrated', task: id, lane: id.toLowerCase(), commit: `c-${id}`, note: '' }),
  skipped: (id: string, reason = ''): RunEventDraft => ({ type: 'task.skipped', task: id, reason }),
  over: (status: 'done' | 'failed' | 'waiting' | 'timed-out' | 'interrupted'): RunEventDraft => ({ type: 'run.finished', status, done: 0, failed: 0, skipped: 0 }),
} as const;

/** A draft with the stamps of run `r-1`. */
// A draft is an event without its two stamps, which are added here.
export const stamped = (draft: RunEventDraft): RunEvent => ({ ...draft, at, run: 'r-1' }) as RunEvent;

/** The run after `first` and the drafts. */
export function runAfter(first: RunEvent, ...drafts: readonly RunEventDraft[]): Run {
  const run = [first, ...drafts.map(stamped)].reduce<Run | null>(reduce, null);
  if (run === null) throw new Error('Internal error: the first event begins no run');
  return run;
}
