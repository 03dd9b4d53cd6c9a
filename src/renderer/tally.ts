/** How many tasks are not plainly done, in the same words wherever they are counted. */
import type { TaskRunState } from '../shared/run';
import { isActive } from './tasks';
import type { Mark } from './ui/status-mark';

export interface Tally {
  readonly tone: Mark;
  readonly count: number;
  /** `2 need you`, `1 failed`. */
  readonly text: string;
}

interface Kind {
  readonly tone: Mark;
  readonly one: string;
  readonly many: string;
  readonly has: (state: TaskRunState) => boolean;
}

const kind = (tone: Mark, words: string, has: Kind['has'], one = words): Kind => ({ tone, one, many: words, has });

const kinds: readonly Kind[] = [
  kind('running', 'running', isActive),
  kind('waiting', 'need you', (state) => state === 'blocked' || state === 'no-change', 'needs you'),
  kind('conflict', 'in conflict', (state) => state === 'conflict'),
  kind('failed', 'failed', (state) => state === 'failed'),
  kind('limited', 'timed out', (state) => state === 'timed-out'),
  kind('paused', 'interrupted', (state) => state === 'interrupted'),
  kind('skipped', 'skipped', (state) => state === 'skipped'),
  kind('pending', 'open', (state) => state === 'pending'),
];

/** The states that are not `done`, counted; those that ask most for a person first, none with a count of 0. */
export function tally(states: readonly TaskRunState[]): readonly Tally[] {
  return kinds.flatMap(({ tone, one, many, has }) => {
    const count = states.filter(has).length;
    return count === 0 ? [] : [{ tone, count, text: `${count} ${count === 1 ? one : many}` }];
  });
}

/** What is said of an open spec that holds no task, in the panel as in the middle. */
export const noTasks = {
  title: 'This spec has no tasks yet',
  hint: 'Write them first, for spec-kit with /speckit.tasks. They appear here as soon as the file is saved.',
} as const;
