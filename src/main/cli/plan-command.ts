/** `braid plan`: the tasks as a graph, for people or as JSON. Needs neither commits nor git. */
import type { Spec } from '../../shared/domain';
import { runOptionsSchema, type RunOptions } from '../../shared/options';
import { planDocument, type PlanDocument } from '../core/plan/document';
import { formatPlan } from '../core/plan/text';
import { planFor } from '../core/run/prepare';
import { requireTasks } from '../core/spec/read';
import { exitCodes } from './exit-code';
import { fail, print, printJson } from './output';
import { findSpec } from './spec-argument';

/** The plan as contracts.md shapes it. */
export const planJson = (spec: Spec, options: RunOptions): PlanDocument => planDocument(spec, planFor(spec, options));

/** The plan for a terminal. */
export const planText = (spec: Spec, options: RunOptions): string => formatPlan(spec, planFor(spec, options), { maxParallel: options.maxParallel });

/** Prints the plan of a spec. Exit 3 when the spec cannot be read, has no tasks, or waits for itself in a circle. */
export async function planCommand(argument: string, flags: { repo?: string; json: boolean; options: Partial<RunOptions> }): Promise<number> {
  const found = await findSpec(argument, flags.repo);
  if (!found.ok) return fail(found.error);
  const { spec } = found.value;
  const options = runOptionsSchema.parse(flags.options);
  const tasks = requireTasks(spec);
  if (flags.json) printJson(planJson(spec, options));
  else if (tasks.ok) print(planText(spec, options));
  if (!tasks.ok) return fail(tasks.error);
  const { diagnostics } = planFor(spec, options);
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error') ? exitCodes.badArguments : exitCodes.ok;
}
