/** Which mode suits a plan, after the decision table of the maestro skill (requirements.md, B4). */
import type { Plan, RunMode } from '../../../shared/domain';
import type { Model } from './model';
import type { Lengths } from './waves';

export type Advice = Plan['mode'];

const says = (recommended: RunMode, reason: string): Advice => ({ recommended, reason });

function countFiles(model: Model, lengths: Lengths): number {
  const files = new Set<string>();
  for (const unit of lengths.order) for (const path of model.units[unit]?.files ?? []) files.add(path);
  return files.size;
}

function countStories(model: Model, lengths: Lengths): number {
  const stories = new Set<string>();
  let last: string | null = null;
  for (const unit of lengths.order) {
    const story = model.units[unit]?.task.story ?? null;
    // Tasks of a story follow each other, and comparing costs less than looking up.
    if (story !== null && story !== last) stories.add(story);
    last = story;
  }
  return stories.size;
}

/** `pairs` counts overlapping pairs of open tasks. */
export function adviceFor(model: Model, lengths: Lengths, pairs: number): Advice {
  const count = lengths.order.length;
  const widest = lengths.waves.reduce((most, wave) => Math.max(most, wave.length), 0);
  if (count === 0) return says('single', 'Nothing is left to do.');
  if (count <= 3) return says('single', `Only ${count} open ${count === 1 ? 'task' : 'tasks'}: running in parallel costs more than it saves.`);
  if (widest < 2) return says('single', `All ${count} open tasks wait for one another, so nothing can run in parallel.`);
  if (pairs > count && pairs > countFiles(model, lengths)) return says('single', `The open tasks share many files (${pairs} overlapping pairs), so they would wait for each other.`);
  const stories = widest >= 3 ? countStories(model, lengths) : 0;
  if (count >= 12 && stories >= 3) return says('team', `${count} open tasks in ${stories} stories, up to ${widest} at once: enough to keep several agents busy.`);
  return says('parallel', `Up to ${widest} of ${count} open tasks are independent of each other.`);
}
