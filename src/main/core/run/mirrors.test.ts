import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RunEvent, RunEventDraft } from '../../../shared/events';
import { runOptionsSchema } from '../../../shared/options';
import { reduce, type Run } from '../../../shared/run';
import { mirrorsOf } from './mirrors';

const exec = z.object({
  change_id: z.string(), status: z.enum(['PENDING', 'EXECUTING', 'TESTING', 'READY', 'MERGED', 'ABANDONED']), mode: z.enum(['auto', 'guided', 'debug']),
  worktree_path: z.string(), domain: z.string(), current_task: z.number(), total_tasks: z.number(),
  checkpoints: z.array(z.object({ task: z.number(), timestamp: z.string(), summary: z.string() }).strict()),
  test_failure_strategy: z.enum(['prompt', 'auto_fix', 'abort']), dependencies: z.array(z.string()), created_at: z.string(), updated_at: z.string(),
}).strict();
const registrySchema = z.object({
  active_worktrees: z.array(z.object({
    change_id: z.string(), path: z.string(), domain: z.string(), status: z.string(), pid: z.string().regex(/^\S+\/\S+$/), created_at: z.string(), last_activity: z.string(),
  }).strict()),
}).strict();
const waves = z.object({
  spec_name: z.string(), started_at: z.string(), last_updated: z.string(), current_wave: z.number(), total_waves: z.number(),
  task_statuses: z.record(z.string(), z.enum(['pending', 'running', 'completed', 'failed', 'skipped'])), failed_tasks: z.array(z.string()), skipped_tasks: z.array(z.string()),
  wave_results: z.record(z.string(), z.object({
    number: z.number(), started_at: z.string().nullable(), completed_at: z.string().nullable(), status: z.enum(['pending', 'running', 'completed', 'failed']),
    task_count: z.number(), completed: z.number(), failed: z.number(), skipped: z.number(),
  }).strict()),
  worktree_paths: z.record(z.string(), z.string()), interrupted: z.boolean(), completed_at: z.string().nullable(), max_parallel: z.number(), use_worktrees: z.boolean(),
}).strict();

const at = (minute: number): { at: string; run: string } => ({ at: `2026-01-01T00:0${minute}:00Z`, run: 'r1' });
const task = (id: string, dependsOn: string[] = []) => ({ id, title: `Task ${id}`, file: 'tasks.md', line: 1, textHash: '', dependsOn, conflictsWith: [], remaining: 1, weight: 1, lane: 'a', story: null, phase: null, exclusive: false });
const evidence = { commits: ['c'], files: ['server/a.ts', 'web/b.ts', 'server/c.ts'], checks: [], exitCode: 0, signal: null, seconds: 1, tail: '' };

function begin(dialect: string): RunEvent {
  return {
    type: 'run.started', ...at(0), spec: 'add-x', specTitle: 'Add X', specFolder: '/r/openspec/changes/add-x', dialect, repo: '/r', specPath: 'openspec/changes/add-x',
    taskFiles: ['tasks.md'], specIgnored: false, base: 'main', baseCommit: 'c0', integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({}),
    tasks: [task('T001'), task('T002', ['T001'])], waves: [['T001'], ['T002']], slots: 2, dependencies: ['other-change'],
  };
}

const steps: readonly RunEventDraft[] = [
  { type: 'lane.opened', lane: 'a', branch: 'b', worktree: '/w/a' },
  { type: 'task.started', task: 'T001', lane: 'a', attempt: 1, pid: 1 },
  { type: 'task.checking', task: 'T001', lane: 'a' },
  { type: 'task.finished', task: 'T001', lane: 'a', attempt: 1, outcome: 'done', reason: '', evidence },
  { type: 'task.integrated', task: 'T001', lane: 'a', commit: 'c1', note: '' },
  { type: 'task.started', task: 'T002', lane: 'a', attempt: 1, pid: 2 },
  { type: 'task.finished', task: 'T002', lane: 'a', attempt: 1, outcome: 'failed', reason: 'no', evidence },
  { type: 'run.finished', status: 'failed', done: 1, failed: 1, skipped: 0 },
  { type: 'run.abandoned' },
];

function* states(dialect: string): Generator<Run> {
  let run = reduce(null, begin(dialect));
  if (run) yield run;
  for (const [index, step] of steps.entries()) {
    // A draft is an event without its two stamps.
    run = reduce(run, { ...step, ...at(index + 1) } as RunEvent);
    if (run) yield run;
  }
}

describe('mirrors of a run', () => {
  test('.exec-state.json and the registry fit their schemas after each event (C4, C25)', () => {
    const seen: string[] = [];
    for (const run of states('openspec')) {
      const [state, registry] = mirrorsOf(run);
      expect(state?.path).toBe('openspec/changes/add-x/.exec-state.json');
      seen.push(exec.parse(state?.value).status);
      expect(registry?.path).toBe('.worktree-registry.json');
      registrySchema.parse(registry?.value);
    }
    expect([...new Set(seen)]).toEqual(['PENDING', 'EXECUTING', 'TESTING', 'ABANDONED']);
    const last = exec.parse(mirrorsOf([...states('openspec')].at(-1) as Run)[0]?.value);
    expect(last.checkpoints).toEqual([{ task: 1, timestamp: at(5).at, summary: 'T001 Task T001' }]);
    expect(last).toMatchObject({ domain: 'server', current_task: 1, total_tasks: 2, dependencies: ['other-change'] });
  });

  test.each([
    [{}, 'prompt'], [{ retries: 2 }, 'auto_fix'], [{ onFailure: 'auto-fix' }, 'auto_fix'], [{ onFailure: 'abort', retries: 1 }, 'abort'], [{ onFailure: 'prompt' }, 'prompt'],
  ])('the strategy of %j is %s', (options, strategy) => {
    const [run] = states('openspec');
    expect(run && mirrorsOf({ ...run, options: runOptionsSchema.parse(options) })[0]?.value).toMatchObject({ test_failure_strategy: strategy });
  });

  test('parallel-state.json fits its schema after each event (D12)', () => {
    const all = [...states('tasks-yaml')].map((run) => waves.parse(mirrorsOf(run)[0]?.value));
    expect(all[0]).toMatchObject({ current_wave: 1, total_waves: 2, task_statuses: { T001: 'pending', T002: 'pending' } });
    expect(all.at(-2)).toMatchObject({ current_wave: 2, failed_tasks: ['T002'], wave_results: { 1: { status: 'completed' }, 2: { status: 'failed', failed: 1 } } });
  });

  test('other dialects have none', () => {
    for (const run of states('speckit')) expect(mirrorsOf(run)).toEqual([]);
  });
});
