/** The document that `plan --json` prints; its shape is public. */
import type { Diagnostic, Dialect, EdgeReason, Gate, Phase, Plan, Spec, Step, Task } from '../../../shared/domain';

export { isExclusive } from './exclusive';

export interface PlanDocumentTask {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly state: Task['state'];
  readonly done: boolean;
  readonly parallel: boolean;
  readonly parent: string | null;
  readonly steps: readonly Step[];
  readonly story: string | null;
  readonly phase: Pick<Phase, 'number' | 'title' | 'kind'> | null;
  readonly files: readonly string[];
  readonly dependsOn: readonly { readonly id: string; readonly reason: EdgeReason; readonly line: number | null; readonly text: string; readonly confidence: number }[];
  readonly conflictsWith: readonly { readonly id: string; readonly path: string }[];
}

export interface PlanDocument {
  readonly spec: { readonly dialect: Dialect; readonly name: string; readonly title: string; readonly folder: string; readonly taskFiles: readonly string[] };
  readonly tasks: readonly PlanDocumentTask[];
  readonly gates: readonly Gate[];
  readonly waves: Plan['waves'];
  readonly criticalPath: Plan['criticalPath'];
  readonly lanes: Plan['lanes'];
  readonly mode: Plan['mode'];
  readonly diagnostics: readonly Diagnostic[];
}

function grouped<T, V>(items: readonly T[], keyOf: (item: T) => string, valueOf: (item: T) => V): Map<string, V[]> {
  const found = new Map<string, V[]>();
  for (const item of items) {
    const list = found.get(keyOf(item));
    if (list) list.push(valueOf(item));
    else found.set(keyOf(item), [valueOf(item)]);
  }
  return found;
}

/** Joins spec and plan. Diagnostics of both, the reader's first. */
export function planDocument(spec: Spec, plan: Plan): PlanDocument {
  const depends = grouped(plan.edges, (edge) => edge.task, ({ dependsOn, reason, line, text, confidence }) => ({ id: dependsOn, reason, line, text, confidence }));
  const pairs = plan.conflicts.flatMap(({ a, b, path }) => [{ own: a, id: b, path }, { own: b, id: a, path }]);
  const conflicts = grouped(pairs, (pair) => pair.own, ({ id, path }) => ({ id, path }));
  const { dialect, name, title, folder, taskFiles } = spec;
  return {
    spec: { dialect, name, title, folder, taskFiles },
    tasks: spec.tasks.map((task) => ({
      id: task.id, title: task.title, file: task.file, line: task.line, endLine: task.endLine, state: task.state, done: task.done,
      parallel: task.parallel, parent: task.parent, steps: task.steps, story: task.story,
      phase: task.phase && { number: task.phase.number, title: task.phase.title, kind: task.phase.kind }, files: task.files,
      dependsOn: depends.get(task.id) ?? [], conflictsWith: conflicts.get(task.id) ?? [],
    })),
    gates: spec.gates, waves: plan.waves, criticalPath: plan.criticalPath, lanes: plan.lanes, mode: plan.mode,
    diagnostics: [...spec.diagnostics, ...plan.diagnostics],
  };
}
