/** Rule 1 of formats.md section 5: edges that a person added or removed, kept outside the spec. */
import type { Diagnostic, EdgeOverride } from '../../../shared/domain';
import type { Link } from './graph';
import type { Model } from './model';

/** Waits that a person took away. */
export interface Removed {
  /** Whether a person took the wait of `from` for `to` away; holds for every reason but their own. */
  readonly isRemoved: (from: number, to: number) => boolean;
  /** Pairs of units that were removed. */
  readonly removed: readonly (readonly [from: number, to: number])[];
}

export interface Overrides extends Removed {
  readonly links: readonly Link[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Where nobody took anything away. */
export const nothingRemoved: Removed = { removed: [], isRemoved: () => false };

function unknown(model: Model, { task, dependsOn }: EdgeOverride): Diagnostic | null {
  const missing = [task, dependsOn].filter((id) => !model.unitOf.has(id));
  return missing.length === 0 ? null : {
    severity: 'warning', file: null, line: null, code: 'unknown-override',
    message: `You changed whether ${task} waits for ${dependsOn}, but ${missing.join(' and ')} is no task of this spec any more.`, hint: 'The change is ignored; undo it if the task is gone for good.',
  };
}

/** Reads the list; the last word on a pair counts. Ids that are no tasks are reported and ignored, and so is a task that waits for itself. */
export function overridesOf(model: Model, list: readonly EdgeOverride[]): Overrides {
  const last = new Map<string, EdgeOverride>();
  const diagnostics: Diagnostic[] = [];
  for (const one of list) {
    const doubt = unknown(model, one);
    if (doubt) diagnostics.push(doubt);
    else last.set(`${model.unitOf.get(one.task)}>${model.unitOf.get(one.dependsOn)}`, one);
  }
  const links: Link[] = [];
  const removed: [number, number][] = [];
  for (const one of last.values()) {
    const from = model.unitOf.get(one.task) ?? -1;
    const to = model.unitOf.get(one.dependsOn) ?? -1;
    if (from === to) continue;
    if (one.kind === 'remove') removed.push([from, to]);
    else links.push({ from, to, reason: 'user', confidence: 1, file: null, line: null, text: `You said that ${one.task} waits for ${one.dependsOn}` });
  }
  const keys = new Set(removed.map(([from, to]) => `${from}>${to}`));
  return { links, removed, diagnostics, isRemoved: (from, to) => keys.size > 0 && keys.has(`${from}>${to}`) };
}
