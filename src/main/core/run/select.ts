/** Which tasks a run takes and what each waits for: the plan narrowed to what was asked for. Pure. */
import type { Diagnostic, Edge, Plan, RunMode, Spec, Task } from '../../../shared/domain';
import { durationsOf } from '../../../shared/durations';
import type { AppError } from '../../../shared/errors';
import type { RunTask } from '../../../shared/events';
import type { RunOptions } from '../../../shared/options';
import { err, ok, type Result } from '../../../shared/result';
import { askedFor, outermost } from './asked';
import { isVerification } from './verification';

export interface Selection {
  readonly tasks: readonly RunTask[];
  readonly waves: readonly (readonly string[])[];
  /** Tasks that cannot start because they wait for something that this run does not do. */
  readonly skipped: readonly { readonly task: string; readonly reason: string }[];
  /** By task, the open tasks that its text, the dependency section or the person makes it wait for, asked for or not. */
  readonly stated: ReadonlyMap<string, readonly string[]>;
  readonly notices: readonly string[];
  readonly slots: number;
}

/** Stated edges bind even when their other end is not part of the run; orders that were only inferred do not, nor does what leads over other tasks. */
const isStated = (edge: Edge): boolean => edge.through === undefined && (edge.reason === 'user' || edge.reason === 'explicit' || edge.reason === 'section');

const isUnsatisfied = (task: Task | undefined): boolean => task !== undefined && !task.done && task.state !== 'skipped';

/** Sessions at once for a mode. `team` follows B14: 1, 2 or 3 workers for up to 3, up to 8 and more tasks. */
function slotsFor(mode: RunMode | 'auto', count: number, options: RunOptions): number {
  if (!options.worktrees || mode === 'single') return 1;
  if (mode === 'team') return Math.min(options.maxParallel, count <= 3 ? 1 : count <= 8 ? 2 : 3);
  return options.maxParallel;
}

interface Waits {
  readonly dependsOn: readonly string[];
  readonly skip: string | null;
  /** Tasks that usually come before, by an order that nobody stated. */
  readonly ignored: readonly string[];
  readonly stated: readonly string[];
}

interface Context {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly edges: ReadonlyMap<string, readonly Edge[]>;
  readonly waits: Plan['waits'];
  readonly selected: ReadonlySet<string>;
  readonly unit: (id: string) => string;
}

/** A plan for the tasks that were asked for leaves out what they wait for elsewhere, so the edges are looked at too. */
function waitsOf(task: Task, { tasks, edges, waits, selected, unit }: Context): Waits {
  const dependsOn: string[] = [];
  const ignored: string[] = [];
  let skip: string | null = null;
  const own = (edges.get(task.id) ?? []).map((edge) => ({ other: unit(edge.dependsOn), isStated: isStated(edge) }));
  const open = own.filter(({ other }) => isUnsatisfied(tasks.get(other))).map(({ other }) => other);
  for (const other of new Set([...waits[task.id] ?? [], ...open])) {
    if (selected.has(other)) dependsOn.push(other);
    else if (tasks.get(other)?.state === 'blocked') skip ??= `dependency ${other} is blocked in the task file`;
    else if (own.some((edge) => edge.other === other && edge.isStated)) skip ??= `dependency ${other} is open and was not asked for`;
    else ignored.push(other);
  }
  const stated = own.filter((edge) => edge.isStated && open.includes(edge.other)).map((edge) => edge.other);
  return { dependsOn, skip, ignored, stated };
}

/** Values by key, in order. */
function groupBy<T>(values: readonly T[], key: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group) group.push(value);
    else groups.set(key(value), [value]);
  }
  return groups;
}

/** Why a spec with an error is not run: nothing is guessed. */
function refusal(spec: Spec, { code, message, file, line, hint }: Diagnostic): AppError {
  if (code === 'plan-cycle') return { kind: 'plan/cycle', path: [message] };
  if (code === 'change-cycle') return { kind: 'plan/cycle', path: [message], of: 'changes' };
  const place = file === null ? spec.name : `${file}${line === null ? '' : `, line ${line}`}`;
  return { kind: 'spec/invalid', path: place, detail: [message, hint ?? ''].filter(Boolean).join(' ') };
}

/** Narrows spec and plan to a run. An empty `tasks` means that everything asked for is done already. */
export function selectTasks(input: { spec: Spec; plan: Plan; options: RunOptions; isExclusive: (task: Task) => boolean }): Result<Selection, AppError> {
  const { spec, plan, options } = input;
  const wrong = [...spec.diagnostics, ...plan.diagnostics].find((diagnostic) => diagnostic.severity === 'error');
  if (wrong) return err(refusal(spec, wrong));
  const asked = askedFor(spec, options);
  if (!asked.ok) return asked;
  const unit = outermost(spec);
  const selected = new Set(asked.value.map((task) => task.id));
  const laneOf = new Map(plan.lanes.flatMap((lane) => lane.tasks.map((id) => [id, lane.name] as const)));
  const clashes = groupBy(plan.conflicts.flatMap(({ a, b }) => [{ a, b }, { a: b, b: a }]), (pair) => pair.a);
  const context: Context = { tasks: new Map(spec.tasks.map((task) => [task.id, task])), edges: groupBy(plan.edges, (edge) => unit(edge.task)), waits: plan.waits, selected, unit };
  const durations = durationsOf(plan);
  const skipped: { task: string; reason: string }[] = [];
  const ignored: string[] = [];
  const stated = new Map<string, readonly string[]>();
  const tasks = asked.value.map((task): RunTask => {
    const waits = waitsOf(task, context);
    if (waits.skip) skipped.push({ task: task.id, reason: waits.skip });
    ignored.push(...waits.ignored);
    if (waits.stated.length > 0) stated.set(task.id, waits.stated);
    const conflictsWith = (clashes.get(task.id) ?? []).map((pair) => pair.b).filter((id) => selected.has(id));
    return {
      id: task.id, title: task.title, file: task.file, line: task.line, textHash: task.textHash, dependsOn: [...waits.dependsOn],
      conflictsWith: [...new Set(conflictsWith)], remaining: plan.remaining[task.id] ?? 1, weight: durations.get(task.id) ?? 1, lane: laneOf.get(task.id) ?? 'main',
      story: task.story, phase: task.phase?.title ?? null, exclusive: input.isExclusive(task), ...(task.boxless ? { boxless: true } : {}),
      ...(task.state === 'active' ? { inProgress: true } : {}), ...(task.files.length > 0 ? { files: [...task.files] } : {}), ...(task.person === undefined ? {} : { person: task.person }), ...(isVerification(task) ? { verification: true } : {}),
    };
  });
  const waves = plan.waves.map((wave) => wave.filter((id) => selected.has(id))).filter((wave) => wave.length > 0);
  const notices = ignored.length === 0 ? [] : [`Not asked for and still open, although tasks of this run usually come after: ${[...new Set(ignored)].join(', ')}.`];
  return ok({ tasks, waves, skipped, stated, notices, slots: slotsFor(options.mode, tasks.length, options) });
}
