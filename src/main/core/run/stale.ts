/**
 * Tasks that their file marks as in progress although nothing works on them (requirements B20): a tool or a person set the mark and never took
 * it back. They are named, a run takes them as open, and the mark can be set back without touching any other byte.
 */
import { stat } from 'node:fs/promises';
import type { Diagnostic, Spec, Task } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { isActiveState, type Run } from '../../../shared/run';
import { readPlain } from '../plain-file';
import type { Repository } from '../git/repository';
import { resolveInside } from '../spec/files';
import { tick } from '../spec/write-back';
import { ioError, writeAtomic } from '../state/atomic-write';
import { loadRuns } from '../state/run-folder';

/** A stale task and where an earlier run may have left work for it. */
export interface StaleTask {
  readonly id: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** Worktree and run whose lane the task last ran in; null where Braid never worked on it. */
  readonly left: { readonly run: string; readonly worktree: string } | null;
}

/** Newest runs that are looked at. */
const runLimit = 10;

const isMarked = (task: Task): boolean => task.state === 'active' && !task.done;

function leftIn(runs: readonly Run[], id: string): StaleTask['left'] {
  for (const run of runs) {
    const lane = run.lanes[run.tasks[id]?.ranIn ?? ''];
    if (lane && lane.state !== 'removed' && run.tasks[id]?.state !== 'done') return { run: run.id, worktree: lane.worktree };
  }
  return null;
}

/** Marked tasks of the spec without a live run that works on them, in file order. Journals are read only where a task is marked. */
export async function staleTasks(repo: Repository | null, spec: Spec): Promise<readonly StaleTask[]> {
  const marked = spec.tasks.filter(isMarked);
  if (marked.length === 0) return [];
  // A run whose process is gone comes back as finished, with its tasks interrupted.
  const runs = repo === null ? [] : (await loadRuns(repo.commonDir, runLimit)).filter((run) => run.specFolder === spec.folder);
  const isAtWork = (id: string): boolean => runs.some((run) => { const task = run.tasks[id]; return task !== undefined && isActiveState(task.state); });
  return marked.filter((task) => !isAtWork(task.id)).map(({ id, file, line }) => ({ id, file, line, left: leftIn(runs, id) }));
}

/** One warning for each stale task. */
export const staleDiagnostics = (stale: readonly StaleTask[]): readonly Diagnostic[] => stale.map(({ id, file, line, left }) => ({
  severity: 'warning', file, line, code: 'stale-active',
  message: `${id} is marked as in progress, but nothing works on it; a run takes it as open.${left ? ` Work of run ${left.run} may lie in ${left.worktree}.` : ''}`,
  hint: 'Run it, or set the mark back with "braid reset".',
}));

/** The spec with its stale tasks told; what the reader itself said of such a mark is left out. */
export async function withStale(repo: Repository | null, spec: Spec): Promise<Spec> {
  const stale = await staleTasks(repo, spec);
  if (stale.length === 0) return spec;
  const told = staleDiagnostics(stale);
  const isTold = (one: Diagnostic): boolean => one.code === 'needs-decision' && told.some(({ file, line }) => file === one.file && line === one.line);
  return { ...spec, diagnostics: [...spec.diagnostics.filter((one) => !isTold(one)), ...told] };
}

async function resetFile(spec: Spec, file: string, tasks: readonly Task[]): Promise<Result<null, AppError>> {
  const path = await resolveInside(spec.folder, file);
  if (!path.ok) return path;
  const found = await Promise.all([readPlain(path.value), stat(path.value)]).catch((cause: unknown) => ioError(path.value, cause));
  if (!Array.isArray(found)) return err(found);
  const [content, { mode }] = found;
  let text: Buffer = content;
  for (const { id, textHash, line } of tasks) {
    const reset = tick(text, { id, textHash, line }, { state: 'reset-all' });
    if (!reset.ok) return reset;
    text = reset.value;
  }
  return text.equals(content) ? ok(null) : writeAtomic(path.value, text, mode & 0o777);
}

/**
 * Sets the marks of these tasks back to open in the person's own files, and changes nothing else: work in lanes stays, nothing is committed.
 * Errors: `spec/invalid` (a task that is gone), `io/failed`.
 */
export async function resetStale(spec: Spec, stale: readonly StaleTask[]): Promise<Result<null, AppError>> {
  const ids = new Set(stale.map(({ id }) => id));
  for (const file of new Set(stale.map((one) => one.file))) {
    const done = await resetFile(spec, file, spec.tasks.filter((task) => task.file === file && ids.has(task.id)));
    if (!done.ok) return done;
  }
  return ok(null);
}
