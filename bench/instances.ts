/** Real specs as the simulation takes them. Their licences keep them out of the repository. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Dialect, Spec } from '../src/shared/domain';
import type { RunTask } from '../src/shared/events';
import type { Job } from '../src/shared/forecast';
import { listAt } from '../src/shared/list-at';
import { runOptionsSchema } from '../src/shared/options';
import { buildPlan } from '../src/main/core/plan/build';
import { isExclusive } from '../src/main/core/plan/document';
import { modelOf } from '../src/main/core/plan/model';
import { detectDialect } from '../src/main/core/spec/dialect';
import { selectTasks } from '../src/main/core/run/select';
import { specOf } from '../test/fixtures/spec/spec-of';

/** The folder of real task files: `BRAID_CORPUS`, or beside the project. */
export const corpus = resolve(process.env['BRAID_CORPUS'] ?? join('..', 'shared', 'corpus'));
/** Specs with fewer open tasks leave nothing to decide. */
const fewest = 8;

/** One spec. Lists are by task, in file order. */
export interface Instance {
  readonly spec: Spec;
  readonly dialect: Dialect;
  readonly waves: readonly (readonly number[])[];
  /** Without durations: their weights are 1 and `remaining` is 0. */
  readonly jobs: readonly Job[];
  /** By file, the tasks that name it and so exclude each other. */
  readonly files: readonly (readonly number[])[];
}

/** What a run of the spec would take, with the durations that the planner is told by task id. */
export function runTasks(spec: Spec, weights: Readonly<Record<string, number>>): { readonly tasks: readonly RunTask[]; readonly waves: readonly (readonly string[])[] } | null {
  const selection = selectTasks({ spec, plan: buildPlan(spec, { maxParallel: 4, weights }), options: runOptionsSchema.parse({}), isExclusive });
  return selection.ok ? selection.value : null;
}

function instanceOf(spec: Spec): Instance | null {
  const selection = runTasks(spec, {});
  if (selection === null || selection.tasks.length < fewest) return null;
  const at = new Map(selection.tasks.map((task, index) => [task.id, index]));
  const positions = (ids: readonly string[]): number[] => ids.flatMap((id) => at.get(id) ?? []);
  const jobs = selection.tasks.map((task): Job => ({ weight: 1, remaining: 0, waits: positions(task.dependsOn), clashes: positions(task.conflictsWith), alone: task.exclusive }));
  const named = new Map<string, number[]>();
  for (const unit of modelOf(spec).units) for (const path of new Set(unit.files)) for (const job of positions([unit.task.id])) listAt(named, path).push(job);
  // A crowded file is kept in order by edges instead of by exclusion, so only those that exclude each other count.
  const files = [...named.values()].map((users) => users.filter((one) => users.every((other) => one === other || jobs[one]?.clashes.includes(other))));
  return { spec, dialect: spec.dialect, waves: selection.waves.map(positions), jobs, files };
}

const reopened = (spec: Spec): Spec => ({ ...spec, tasks: spec.tasks.map((task) => ({ ...task, state: 'open', done: false })) });

/** Every spec of the corpus with eight or more open tasks, as it is or with every task open again; null without a corpus. */
export function corpusInstances(every: 'as it is' | 'open again'): readonly Instance[] | null {
  if (!existsSync(corpus)) return null;
  const folders = readdirSync(corpus, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'not-tasks' && entry.name !== 'template');
  return folders.flatMap(({ name }) => readdirSync(join(corpus, name)).flatMap((file) => {
    const text = readFileSync(join(corpus, name, file), 'utf8');
    const spec = specOf(text, detectDialect(`${name}/${file}`, text));
    return instanceOf(every === 'as it is' ? spec : reopened(spec)) ?? [];
  }));
}
