/** A run without agents: the real `schedule` decides, real events are folded with `reduce`, and only the clock is simulated. */
import type { RunEvent, RunEventDraft, RunTask } from '../src/shared/events';
import { runOptionsSchema } from '../src/shared/options';
import { reduce, type Run } from '../src/shared/run';
import { schedule } from '../src/main/core/run/schedule';

/** Milliseconds that a task of duration 1 takes. */
const minute = 60_000;
const unit = 5 * minute;
const evidence = { commits: [], files: [], checks: [], exitCode: 0, signal: null, seconds: 1, tail: '' };
const stamp = (time: number): string => new Date(Date.UTC(2026, 0, 1) + time * unit).toISOString();

/** A run of `tasks` that has just begun. */
export function begin(tasks: readonly RunTask[], waves: readonly (readonly string[])[], slots: number): Run {
  const run = reduce(null, {
    type: 'run.started', at: stamp(0), run: 'r-1', spec: 's', specTitle: 's', specFolder: '/s', specPath: 's', taskFiles: ['tasks.md'], specIgnored: false, dialect: 'speckit', repo: '/r',
    base: 'main', baseCommit: 'b', integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({}), tasks: [...tasks], waves: waves.map((wave) => [...wave]), slots,
  });
  if (run === null) throw new Error('Internal error: no run');
  return run;
}

/** `run` after events at `time`, in durations of a median task. */
export function fold(run: Run, time: number, ...drafts: readonly RunEventDraft[]): Run {
  // A draft is an event without its two stamps, which are added here.
  return drafts.reduce((state, draft) => reduce(state, { ...draft, at: stamp(time), run: run.id } as RunEvent) ?? state, run);
}

/** When the run is done, in durations of a median task. `durationOf` gives what each task really takes. */
export function replay(begun: Run, durationOf: (task: string) => number): number {
  let run = begun;
  let now = 0;
  const ends = new Map<string, { readonly at: number; readonly lane: string }>();
  for (;;) {
    for (const action of schedule(run)) {
      if (action.type === 'finish') return now;
      if (action.type === 'skip') throw new Error(`Internal error: ${action.task} is skipped`);
      const { task, lane } = action;
      if (action.opens) run = fold(run, now, { type: 'lane.opened', lane, branch: lane, worktree: lane });
      run = fold(run, now, { type: 'task.started', task, lane, attempt: 1, pid: 1 });
      ends.set(task, { at: now + durationOf(task), lane });
    }
    const next = [...ends].sort((a, b) => a[1].at - b[1].at)[0];
    if (next === undefined) throw new Error('Internal error: nothing runs and nothing may start');
    const [task, { at, lane }] = next;
    ends.delete(task);
    now = at;
    run = fold(run, now, { type: 'task.finished', task, lane, attempt: 1, outcome: 'done', reason: '', evidence }, { type: 'task.integrated', task, lane, commit: task, note: '' });
  }
}
