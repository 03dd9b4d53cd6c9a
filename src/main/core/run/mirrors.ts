/**
 * A run's state in the formats of the tools its spec comes from, for people and programs that read those: OpenSpec execution's `.exec-state.json` and
 * `.worktree-registry.json` (C4, C25: seeds/003), autospec's `parallel-state.json` (D12: internal/dag/parallel_state.go). Written, never read. Pure.
 */
import { isActiveState, type Run, type TaskRun, type TaskRunState } from '../../../shared/run';
import { openWave } from '../../../shared/unfinished';

/** One file: path relative to the repository, with forward slashes, and its content. */
export interface Mirror {
  readonly path: string;
  readonly value: unknown;
}

const isLost = (state: TaskRunState): boolean => state !== 'done' && state !== 'pending' && state !== 'skipped' && !isActiveState(state);
const tasksOf = (run: Run, ids: readonly string[]): TaskRun[] => ids.flatMap((id) => run.tasks[id] ?? []);

/** PENDING, EXECUTING, TESTING, READY, MERGED or ABANDONED: the states of seeds/003, as far as a run of Braid passes through them. */
function execStatus(run: Run): string {
  if (run.state === 'landed') return 'MERGED';
  if (run.state === 'abandoned') return 'ABANDONED';
  if (run.state === 'finished' || run.state === 'rolled-back') return run.status === 'done' ? 'READY' : 'EXECUTING';
  const tasks = tasksOf(run, run.order);
  if (tasks.every((task) => task.state === 'pending')) return 'PENDING';
  return tasks.some((task) => task.state === 'checking') && !tasks.some((task) => task.state === 'running') ? 'TESTING' : 'EXECUTING';
}

/** The top folder that most touched files lie in; '' while nothing was touched. */
function domainOf(run: Run): string {
  const counts = new Map<string, number>();
  for (const file of tasksOf(run, run.order).flatMap((task) => task.evidence?.files ?? [])) {
    const top = file.includes('/') ? file.slice(0, file.indexOf('/')) : '';
    if (top !== '') counts.set(top, (counts.get(top) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

const openLanes = (run: Run) => Object.values(run.lanes).filter((lane) => lane.state !== 'removed');

/** The words of seeds/003 for what a run does about failures; one that goes on without trying again leaves them to the person. */
function strategyOf({ onFailure, retries }: Run['options']): 'prompt' | 'auto_fix' | 'abort' {
  if (onFailure === 'abort' || onFailure === 'prompt') return onFailure;
  return onFailure === 'auto-fix' || retries > 0 ? 'auto_fix' : 'prompt';
}

/** Every fifth task that was done, and the last one of a run that has ended (C8: checkpoints, review on completion). */
function checkpointsOf(run: Run, done: readonly TaskRun[]): readonly unknown[] {
  const isOver = run.finishedAt !== null;
  return done.flatMap((task, index) => ((index + 1) % 5 === 0 || (isOver && index === done.length - 1)
    ? [{ task: index + 1, timestamp: task.finishedAt ?? run.lastAt, summary: `${task.id} ${task.title}` }]
    : []));
}

function execState(run: Run): unknown {
  const done = tasksOf(run, run.order).filter((task) => task.state === 'done').sort((a, b) => (a.finishedAt ?? '').localeCompare(b.finishedAt ?? ''));
  return {
    change_id: run.spec, status: execStatus(run), mode: run.options.style, worktree_path: openLanes(run)[0]?.worktree ?? '', domain: domainOf(run),
    current_task: done.length, total_tasks: run.order.length,
    checkpoints: checkpointsOf(run, done), test_failure_strategy: strategyOf(run.options), dependencies: run.dependencies, created_at: run.startedAt, updated_at: run.lastAt,
  };
}

/** `pid` names the worker, as the source's `subagent-xxx` does: run and lane. A number would outlive its process and name another's. */
function registry(run: Run): unknown {
  const status = execStatus(run);
  return {
    active_worktrees: openLanes(run).map((lane) => ({
      change_id: run.spec, path: lane.worktree, domain: domainOf(run), status, pid: `${run.id}/${lane.name}`, created_at: run.startedAt, last_activity: run.lastAt,
    })),
  };
}

/** pending, running, completed, failed or skipped: the words of parallel_state.go. */
function waveTaskStatus(state: TaskRunState): string {
  if (state === 'done') return 'completed';
  if (isLost(state)) return 'failed';
  return isActiveState(state) ? 'running' : state;
}

function waveResult(run: Run, ids: readonly string[], index: number): unknown {
  const tasks = tasksOf(run, ids);
  const count = (state: string): number => tasks.filter((task) => waveTaskStatus(task.state) === state).length;
  const isOver = tasks.every((task) => task.state !== 'pending' && !isActiveState(task.state));
  const times = (pick: (task: TaskRun) => string | null): string[] => tasks.flatMap((task) => pick(task) ?? []).sort();
  return {
    number: index + 1, started_at: times((task) => task.startedAt)[0] ?? null, completed_at: isOver ? times((task) => task.finishedAt).at(-1) ?? null : null,
    status: isOver ? (count('failed') > 0 ? 'failed' : 'completed') : count('running') > 0 || count('completed') > 0 ? 'running' : 'pending',
    task_count: tasks.length, completed: count('completed'), failed: count('failed'), skipped: count('skipped'),
  };
}

function parallelState(run: Run): unknown {
  const tasks = tasksOf(run, run.order);
  const named = (status: string): string[] => tasks.filter((task) => waveTaskStatus(task.state) === status).map((task) => task.id);
  const wave = openWave(run);
  return {
    spec_name: run.spec, started_at: run.startedAt, last_updated: run.lastAt, current_wave: wave === -1 ? run.waves.length : wave + 1, total_waves: run.waves.length,
    task_statuses: Object.fromEntries(tasks.map((task) => [task.id, waveTaskStatus(task.state)])), failed_tasks: named('failed'), skipped_tasks: named('skipped'),
    wave_results: Object.fromEntries(run.waves.map((ids, index) => [String(index + 1), waveResult(run, ids, index)])),
    worktree_paths: Object.fromEntries(openLanes(run).map((lane) => [lane.name, lane.worktree])),
    interrupted: run.status === 'interrupted' || run.state === 'stopping', completed_at: run.finishedAt, max_parallel: run.options.maxParallel, use_worktrees: run.options.worktrees,
  };
}

/** The mirrors of a run's dialect; none where its source knows no such file. */
export function mirrorsOf(run: Run): readonly Mirror[] {
  const inSpec = (name: string): string => (run.specPath === '' ? name : `${run.specPath}/${name}`);
  if (run.dialect === 'openspec') return [{ path: inSpec('.exec-state.json'), value: execState(run) }, { path: '.worktree-registry.json', value: registry(run) }];
  if (run.dialect === 'tasks-yaml') return [{ path: `.autospec/state/${run.spec.replace(/[^A-Za-z0-9._-]+/g, '-')}/parallel-state.json`, value: parallelState(run) }];
  return [];
}

/** Lines of `info/exclude` that keep the mirrors out of `git status`. */
export const mirrorExcludes: readonly string[] = ['.exec-state.json', '/.worktree-registry.json', '/.autospec/state/'];
