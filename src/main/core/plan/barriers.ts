/** Rule 4 of formats.md section 5: which phase waits for which. */
import type { SourceLine } from '../../../shared/domain';
import type { Model } from './model';
import type { Section } from './section';

/** Why one group waits for another; `line` is null where the convention says so and no text. */
export interface Barrier {
  readonly group: number;
  readonly after: number;
  readonly line: SourceLine | null;
}

/** The groups just before `group` in document order; stories that may run side by side do not wait for each other. */
function usual(model: Model, group: number, storiesParallel: boolean, apart: ReadonlySet<number>): number[] {
  const found: number[] = [];
  const isStory = (index: number): boolean => model.groups[index]?.kind === 'story';
  for (let i = group - 1; i >= 0; i -= 1) {
    if (apart.has(i)) continue;
    if (!storiesParallel) return [i];
    if (isStory(i) && isStory(group)) continue;
    found.push(i);
    if (!isStory(i)) break;
  }
  return found;
}

/** Groups reachable over barriers, for each group. Barriers that would close a circle are left out in order of `list`. */
export class Waiting {
  private readonly after: Set<number>[];
  private forward = false;

  constructor(size: number) {
    this.after = Array.from({ length: size }, () => new Set<number>());
  }

  /** Whether `group` waits for `other`, directly or through others. */
  waits(group: number, other: number): boolean {
    const seen = new Set([group]);
    const queue = [group];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const next of this.after[at] ?? []) {
        if (next === other) return true;
        if (!seen.has(next)) {
          seen.add(next);
          queue.push(next);
        }
      }
    }
    return false;
  }

  /** False when `other` waits for `group` already. Barriers towards earlier groups alone cannot close a circle. */
  add(group: number, other: number): boolean {
    this.forward ||= other > group;
    if (group === other || (this.forward && this.waits(other, group))) return false;
    this.after[group]?.add(other);
    return true;
  }
}

export interface Barriers {
  readonly list: readonly Barrier[];
  readonly waiting: Waiting;
}

/** Every barrier of the plan. `strict` is `--strict-phases`: each phase waits for the one before, whatever the text says. */
export function barriersOf(model: Model, section: Section, strict: boolean): Barriers {
  const waiting = new Waiting(model.groups.length);
  const wanted: Barrier[] = [];
  for (const { index } of model.groups) {
    const rule = strict ? undefined : section.rules.get(index);
    for (const [after, line] of rule?.after ?? []) if (!rule?.apart.has(after)) wanted.push({ group: index, after, line });
    if (rule?.replaces) continue;
    for (const after of strict ? (index > 0 ? [index - 1] : []) : usual(model, index, section.storiesParallel !== null, rule?.apart ?? new Set())) {
      if (!rule?.after.has(after)) wanted.push({ group: index, after, line: null });
    }
  }
  // What the text says goes first, so that a convention gives way where both cannot hold.
  const kept = [...wanted.filter((one) => one.line !== null), ...wanted.filter((one) => one.line === null)].filter((one) => waiting.add(one.group, one.after));
  return { list: withoutImplied(kept, waiting), waiting };
}

/** Leaves out barriers that follow from another barrier of the same group. */
function withoutImplied(kept: readonly Barrier[], waiting: Waiting): Barrier[] {
  const byGroup = new Map<number, Barrier[]>();
  for (const one of kept) byGroup.set(one.group, [...(byGroup.get(one.group) ?? []), one]);
  return [...byGroup.values()].flatMap((list) =>
    list.filter((one) => !list.some((other) => other.after !== one.after && waiting.waits(other.after, one.after))));
}
