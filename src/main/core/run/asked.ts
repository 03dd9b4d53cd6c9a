/** Which tasks of a spec `--tasks` and `--from` ask for. Pure. */
import type { Spec, Task } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import type { RunOptions } from '../../../shared/options';
import { err, ok, type Result } from '../../../shared/result';

const isDispatchable = (task: Task): boolean => task.parent === null && !task.done && (task.state === 'open' || task.state === 'active' || task.state === 'unknown');

/** The outermost box that a task belongs to, by id: the unit of dispatch. */
export function outermost(spec: Spec): (id: string) => string {
  const parents = new Map(spec.tasks.map((task) => [task.id, task.parent]));
  return (id) => {
    let current = id;
    for (let parent = parents.get(current); parent; parent = parents.get(current)) current = parent;
    return current;
  };
}

/** Open units that the options ask for, in file order; all of them where they name none. Error: plan/unknown-task. */
export function askedFor(spec: Spec, options: Pick<RunOptions, 'tasks' | 'from'>): Result<readonly Task[], AppError> {
  const known = new Set(spec.tasks.map((task) => task.id));
  const wanted = [...(options.tasks ?? []), ...(options.from === null ? [] : [options.from])];
  const unknown = wanted.filter((id) => !known.has(id));
  if (unknown.length > 0) return err({ kind: 'plan/unknown-task', ids: unknown });
  const unit = outermost(spec);
  const chosen = options.tasks === null ? null : new Set(options.tasks.map(unit));
  const first = options.from === null ? 0 : spec.tasks.findIndex((task) => task.id === unit(options.from ?? ''));
  return ok(spec.tasks.filter((task, index) => isDispatchable(task) && index >= first && (chosen === null || chosen.has(task.id))));
}
