/** What a run asks a person when it pauses by itself, in words that are the same at a terminal, in the window and on the desktop. */
import type { Run } from './run';

const titles: Readonly<Record<NonNullable<Run['pauseCause']>, string>> = {
  failure: 'A task failed', 'common-cause': 'Several tasks failed in the same way', budget: 'The budget is spent', person: 'A marker in the task file', gate: 'The gate of a phase is red',
};

/** The kind of question; a planned checkpoint has no cause. */
export const askingTitle = (cause: Run['pauseCause'] | undefined): string => (cause === undefined || cause === null ? 'Checkpoint' : titles[cause]);

/** Kind and reason: `Checkpoint: Setup has ended: 2 tasks are done, 1 waits`. */
export const askingWords = (cause: Run['pauseCause'] | undefined, reason: string): string => `${askingTitle(cause)}: ${reason}`;
