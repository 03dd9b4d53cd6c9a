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

type Asked = Pick<RunOptions, 'tasks' | 'from'>;

/** Whether the options name a task, by its place in the file; every task where they name none. */
function named(spec: Spec, { tasks, from }: Asked): (task: Task, index: number) => boolean {
  const unit = outermost(spec);
  const chosen = tasks === null ? null : new Set(tasks.map(unit));
  const first = from === null ? 0 : spec.tasks.findIndex((task) => task.id === unit(from));
  return (task, index) => index >= first && (chosen === null || chosen.has(task.id));
}

/** Open units that the options ask for, in file order. Errors: plan/unknown-task; options/invalid when `--tasks` and `--from` have none in common. */
export function askedFor(spec: Spec, options: Asked): Result<readonly Task[], AppError> {
  const known = new Set(spec.tasks.map((task) => task.id));
  const wanted = [...(options.tasks ?? []), ...(options.from === null ? [] : [options.from])];
  const unknown = wanted.filter((id) => !known.has(id));
  if (unknown.length > 0) return err({ kind: 'plan/unknown-task', ids: unknown });
  const found = spec.tasks.filter(named(spec, options));
  if (found.length === 0 && wanted.length > 0) return err({ kind: 'options/invalid', detail: `Nothing is selected: the tasks that --tasks names all come before ${options.from ?? ''}, where --from begins.` });
  return ok(found.filter(isDispatchable));
}

/** Ids of the units that the options ask for and that are marked as blocked: why a run of them may have nothing to do. */
export const blockedAmong = (spec: Spec, options: Asked): readonly string[] =>
  spec.tasks.filter(named(spec, options)).filter((task) => task.parent === null && !task.done && task.state === 'blocked').map(({ id }) => id);
