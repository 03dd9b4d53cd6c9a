/** Rule 4 of formats.md section 5: which phase waits for which. */
import type { SourceLine } from '../../../shared/domain';
import { listAt } from '../../../shared/list-at';
import { Graph } from './graph';
import { isConvergence, type Model } from './model';
import type { Section } from './section';
import type { PartRule } from './story-parts';

/** Why one group waits for another; `line` is null where the convention says so and no text. */
export interface Barrier {
  readonly group: number;
  readonly after: number;
  readonly line: SourceLine | null;
  /** Units of the group that it holds back; absent for all. */
  readonly only?: ReadonlySet<number>;
}

/** The groups just before `group` in document order; stories that may run side by side do not wait for each other. */
function usual(group: number, apart: ReadonlySet<number>, stories: Stories): number[] {
  const found: number[] = [];
  const isStory = (index: number): boolean => stories.isStory[index] === true;
  for (let i = group - 1; i >= 0; i -= 1) {
    if (apart.has(i)) continue;
    if (!stories.parallel) return [i];
    if (isStory(i) && isStory(group)) {
      // On to the last group before this row of stories: a file may hold thousands.
      i = stories.row[i] ?? i;
      continue;
    }
    found.push(i);
    if (!isStory(i)) break;
  }
  return found;
}

/** `row`: for each story, the first of the stories that follow each other without another group between. */
interface Stories {
  readonly parallel: boolean;
  readonly isStory: readonly boolean[];
  readonly row: readonly number[];
}

function storiesOf(model: Model, parallel: boolean): Stories {
  const isStory = model.groups.map((group) => group.kind === 'story');
  const row: number[] = [];
  isStory.forEach((story, index) => row.push(story && isStory[index - 1] === true ? row[index - 1] ?? index : index));
  return { parallel, isStory, row };
}

/**
 * Groups that nothing waits for yet. Where the text takes one phase out of the row, the phases after it still come after everything before
 * them: only what the text speaks of is replaced.
 */
class Loose {
  /** Stories apart, because stories side by side are many and do not wait for each other. */
  private readonly plain = new Set<number>();
  private readonly told = new Set<number>();

  constructor(private readonly stories: Stories) {}

  private isStory(group: number): boolean {
    return this.stories.isStory[group] === true;
  }

  /** Ends that a conventional group waits for. */
  before(group: number, apart: ReadonlySet<number>): number[] {
    const beside = this.stories.parallel && this.isStory(group);
    return [...this.plain, ...(beside ? [] : this.told)].filter((other) => !apart.has(other));
  }

  met(group: number, after: readonly number[]): void {
    for (const other of after) {
      this.plain.delete(other);
      this.told.delete(other);
    }
    (this.isStory(group) ? this.told : this.plain).add(group);
  }
}

/** What each group waits for. Barriers that would close a circle are left out in the order in which they come. */
export class Waiting {
  private readonly graph: Graph;

  constructor(size: number) {
    this.graph = new Graph(size);
  }

  /** Groups that `group` waits for directly. */
  after(group: number): readonly number[] {
    return this.graph.linksOf(group).map((link) => link.to);
  }

  rankOf(group: number): number {
    return this.graph.rankOf(group);
  }

  /** Whether `group` waits for `other`, directly or through others. */
  waits(group: number, other: number): boolean {
    if (this.rankOf(other) >= this.rankOf(group)) return false;
    const seen = new Set([group]);
    const queue = [group];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const next of this.after(at)) {
        if (next === other) return true;
        if (seen.has(next) || this.rankOf(next) < this.rankOf(other)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
    return false;
  }

  /** False when `other` waits for `group` already. */
  add(group: number, other: number): boolean {
    return this.graph.add({ from: group, to: other, reason: 'phase', confidence: 1, file: null, line: null, text: '' }, true).added;
  }
}

export interface Barriers {
  readonly list: readonly Barrier[];
  readonly waiting: Waiting;
}

const none: ReadonlySet<number> = new Set();

/** A convergence phase comes after all before it, whatever was said of them or of it: after the one before, and what stands between. */
function beforeConvergence(group: number, last: number): number[] {
  const from = Math.max(0, last);
  return Array.from({ length: group - from }, (_, place) => from + place);
}

/** Every barrier of the plan. `strict` is `--strict-phases`: each phase waits for the one before, whatever the text says. */
export function barriersOf(model: Model, section: Section, strict: boolean): Barriers {
  const waiting = new Waiting(model.groups.length);
  const stories = storiesOf(model, section.storiesParallel !== null);
  const wanted: Barrier[] = [];
  const loose = new Loose(stories);
  const parts = strict ? [] : section.parts.all();
  const told = parts.filter(({ replaces }) => replaces);
  let convergence = -1;
  for (const group of model.groups) {
    const { index } = group;
    const converges = !strict && isConvergence(group);
    const rule = strict ? undefined : section.rules.get(index);
    for (const [after, line] of rule?.after ?? []) if (converges || !rule?.apart.has(after)) wanted.push({ group: index, after, line });
    const conventional = converges ? beforeConvergence(index, convergence) : rule?.replaces ? [] : strict ? (index > 0 ? [index - 1] : []) : [...usual(index, rule?.apart ?? none, stories), ...loose.before(index, rule?.apart ?? none)];
    for (const after of new Set(conventional)) if (!rule?.after.has(after)) wanted.push({ group: index, after, line: null });
    // Where a story of a phase goes its own way, those before the phase stay loose.
    const isWhole = told.every((part) => part.group !== index);
    loose.met(index, [...(rule?.after.keys() ?? []), ...(isWhole ? conventional : [])]);
    if (converges) convergence = index;
  }
  for (const { group, units, after } of parts) for (const [other, line] of after) wanted.push({ group, after: other, line, only: new Set(units) });
  // What the text says goes first, so that a convention gives way where both cannot hold.
  const kept = [...wanted.filter((one) => one.line !== null), ...wanted.filter((one) => one.line === null)].filter((one) => waiting.add(one.group, one.after));
  const whole = kept.filter(({ only }) => only === undefined).map((one) => besides(one, told, model));
  // What is said of one story says more than what is said of its phase.
  return { list: [...kept.filter(({ only }) => only !== undefined), ...withoutImplied(whole, told.length === 0 ? waiting : unrestricted(whole, model))], waiting };
}

/** What whole groups wait for. */
function unrestricted(barriers: readonly Barrier[], model: Model): Waiting {
  const waiting = new Waiting(model.groups.length);
  for (const { group, after, only } of barriers) if (only === undefined) waiting.add(group, after);
  return waiting;
}

/** What a phase usually waits for holds back only those of its tasks whose story was told nothing else. */
function besides(barrier: Barrier, told: readonly PartRule[], model: Model): Barrier {
  const own = told.filter(({ group }) => barrier.line === null && group === barrier.group);
  if (own.length === 0) return barrier;
  const members = model.groups[barrier.group]?.members ?? [];
  const storiesOf = (unit: number): readonly string[] => model.units[unit]?.task.stories ?? [];
  const isTold = (story: string): boolean => own.some(({ units }) => members.every((unit) => units.includes(unit) || !storiesOf(unit).includes(story)));
  return { ...barrier, only: new Set(members.filter((unit) => storiesOf(unit).length === 0 || !storiesOf(unit).every(isTold))) };
}

/** Leaves out barriers that follow from another one that holds for the whole group. */
function withoutImplied(kept: readonly Barrier[], waiting: Waiting): Barrier[] {
  const byGroup = new Map<number, Barrier[]>();
  for (const one of kept) listAt(byGroup, one.group).push(one);
  return [...byGroup.values()].flatMap((list) => {
    if (list.length < 2) return list;
    const implied = reachedFrom(list.filter(({ only }) => only === undefined).map((one) => one.after), waiting);
    return list.filter((one) => !implied.has(one.after));
  });
}

/** Groups that some of `starts` waits for, as far as a start may be among them. */
function reachedFrom(starts: readonly number[], waiting: Waiting): ReadonlySet<number> {
  let lowest = Infinity;
  for (const start of starts) lowest = Math.min(lowest, waiting.rankOf(start));
  const reached = new Set<number>();
  const queue = [...starts];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const next of waiting.after(at)) {
      if (reached.has(next) || waiting.rankOf(next) < lowest) continue;
      reached.add(next);
      queue.push(next);
    }
  }
  return reached;
}
