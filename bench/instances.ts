/** Real specs as the simulation takes them. Their licences keep them out of the repository. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Dialect, Spec } from '../src/shared/domain';
import type { RunTask } from '../src/shared/events';
import type { Unit } from '../src/shared/forecast';
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

/** `open again`: every task is open, whatever its tick. `none alone`: that, and tasks that name no file run beside others. */
export type Variant = 'as it is' | 'open again' | 'none alone';

/** One spec. Lists are by task, in file order. */
export interface Instance {
  readonly spec: Spec;
  readonly variant: Variant;
  readonly dialect: Dialect;
  readonly waves: readonly (readonly number[])[];
  /** Without durations: their weights are 1 and `remaining` is 0. */
  readonly units: readonly Unit[];
  /** By file, the tasks that name it and so exclude each other. */
  readonly files: readonly (readonly number[])[];
}

/** What a run of the spec would take, with the durations that the planner is told by task id. */
export function runTasks({ spec, variant }: Pick<Instance, 'spec' | 'variant'>, weights: Readonly<Record<string, number>>): { readonly tasks: readonly RunTask[]; readonly waves: readonly (readonly string[])[] } | null {
  const selection = selectTasks({ spec, plan: buildPlan(spec, { maxParallel: 4, weights }), options: runOptionsSchema.parse({}), isExclusive: variant === 'none alone' ? () => false : isExclusive });
  return selection.ok ? selection.value : null;
}

function instanceOf(spec: Spec, variant: Variant): Instance | null {
  const selection = runTasks({ spec, variant }, {});
  if (selection === null || selection.tasks.length < fewest) return null;
  const at = new Map(selection.tasks.map((task, index) => [task.id, index]));
  const positions = (ids: readonly string[]): number[] => ids.flatMap((id) => at.get(id) ?? []);
  const units = selection.tasks.map((task): Unit => ({ weight: 1, remaining: 0, waits: positions(task.dependsOn), clashes: positions(task.conflictsWith), alone: task.exclusive }));
  const named = new Map<string, number[]>();
  for (const { task, files } of modelOf(spec).units) for (const path of new Set(files)) listAt(named, path).push(...positions([task.id]));
  // A crowded file is kept in order by edges instead of by exclusion, so only those that exclude each other count.
  const files = [...named.values()].map((users) => users.filter((one) => users.every((other) => one === other || units[one]?.clashes.includes(other))));
  return { spec, variant, dialect: spec.dialect, waves: selection.waves.map(positions), units, files };
}

const reopened = (spec: Spec): Spec => ({ ...spec, tasks: spec.tasks.map((task) => ({ ...task, state: 'open', done: false })) });

/** Every spec of the corpus with eight or more open tasks; null without a corpus. */
export function corpusInstances(variant: Variant): readonly Instance[] | null {
  if (!existsSync(corpus)) return null;
  const folders = readdirSync(corpus, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'not-tasks' && entry.name !== 'template');
  return folders.flatMap(({ name }) => readdirSync(join(corpus, name)).flatMap((file) => {
    const text = readFileSync(join(corpus, name, file), 'utf8');
    const spec = specOf(text, detectDialect(`${name}/${file}`, text));
    return instanceOf(variant === 'as it is' ? spec : reopened(spec), variant) ?? [];
  }));
}
