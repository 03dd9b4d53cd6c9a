/** `braid plan`: the tasks as a graph, for people or as JSON. Needs neither commits nor git. */
import type { Plan, Spec } from '../../shared/domain';
import { describeError, type AppError } from '../../shared/errors';
import { modeDoubt } from '../../shared/mode';
import { runOptionsSchema, type RunOptions } from '../../shared/options';
import { isExclusive, planDocument } from '../core/plan/document';
import { formatPlan } from '../core/plan/text';
import { planFor, planKnowledge } from '../core/run/prepare';
import { askedFor } from '../core/run/asked';
import { selectTasks } from '../core/run/select';
import { requireTasks } from '../core/spec/read';
import { exitCodes } from './exit-code';
import { fail, print, printJson, say } from './output';
import { findSpec, type OpenedSpec } from './spec-argument';

/** What speaks against the mode that was asked for. */
function sayDoubt(options: RunOptions, waves: Plan['waves']): void {
  const doubt = modeDoubt(options.mode, waves);
  if (doubt) say(`warning: ${doubt.said}`);
}

/** `run --dry-run`: what a run with these options would do, as text or JSON; starts nothing. */
export async function dryRun({ spec, repo }: OpenedSpec, options: RunOptions, json: boolean): Promise<number> {
  const tasks = requireTasks(spec);
  if (!tasks.ok) return fail(tasks.error);
  const plan = planFor(spec, options, await planKnowledge(repo, spec, options));
  const selection = selectTasks({ spec, plan, options, isExclusive });
  if (!selection.ok) return fail(selection.error);
  if (json) printJson(planDocument(spec, plan));
  else print(formatPlan(spec, plan, { maxParallel: selection.value.slots }));
  for (const { task, reason } of selection.value.skipped) say(`${task} would be skipped: ${reason}`);
  for (const notice of selection.value.notices) say(notice);
  sayDoubt(options, selection.value.waves);
  return exitCodes.ok;
}

/** The answer to `--json` where no spec can be read: everything empty, and the reason as a diagnostic. */
function refusedDocument(error: AppError): unknown {
  const { title, detail, hint } = describeError(error);
  const [file, line] = error.kind === 'spec/invalid' ? [error.path, /\(line (\d+)\)/.exec(error.detail)?.[1] ?? '1'] : [null, undefined];
  return {
    spec: null, tasks: [], gates: [], waves: [], criticalPath: [], lanes: [], mode: null,
    diagnostics: [{ severity: 'error', file, line: line === undefined ? null : Number(line), code: error.kind.replace('/', '-'), message: [title, detail].filter(Boolean).join(' '), hint: hint || null }],
  };
}

function refused(error: AppError, json: boolean): number {
  if (json) printJson(refusedDocument(error));
  return fail(error);
}

/** Tasks asked for that a run would skip, because what they wait for was not asked for. */
function saySkipped(spec: Spec, plan: Plan, options: RunOptions): void {
  if (options.tasks === null && options.from === null) return;
  const selection = selectTasks({ spec, plan, options, isExclusive });
  if (selection.ok) for (const { task, reason } of selection.value.skipped) say(`${task} would be skipped: ${reason}`);
}

/** Prints the plan of a spec. Exit 3 when the spec cannot be read, has no tasks or not those asked for, or waits for itself in a circle. */
export async function planCommand(argument: string, flags: { repo?: string; json: boolean; compact: boolean; options: Partial<RunOptions> }): Promise<number> {
  const found = await findSpec(argument, flags.repo);
  if (!found.ok) return refused(found.error, flags.json);
  const { spec, repo } = found.value;
  const options = runOptionsSchema.parse(flags.options);
  const asked = askedFor(spec, options);
  if (!asked.ok) return refused(asked.error, flags.json);
  const tasks = requireTasks(spec);
  const plan = planFor(spec, options, await planKnowledge(repo, spec, options));
  if (flags.json) printJson(planDocument(spec, plan));
  else if (tasks.ok) print(formatPlan(spec, plan, { maxParallel: options.maxParallel, style: flags.compact ? 'compact' : 'detailed' }));
  if (!tasks.ok) return fail(tasks.error);
  sayDoubt(options, plan.waves);
  saySkipped(spec, plan, options);
  const isWrong = [...spec.diagnostics, ...plan.diagnostics].some((diagnostic) => diagnostic.severity === 'error');
  return isWrong ? exitCodes.badArguments : exitCodes.ok;
}
