/**
 * The end of a host that nobody came back to: it commits what its agents left and writes what it knows of them into the run's folder, where
 * the Braid that resumes the run finds it.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { sentence, type AppError } from '../../../shared/errors';
import type { Result } from '../../../shared/result';
import { readPlainText } from '../plain-file';
import { commitLeftovers, returnToBranch, type Leftovers } from '../git/evidence';
import { writeAtomic } from '../state/atomic-write';
import { endSchema } from '../terminals/host/messages';
import { readDisowned } from './disowned';
import { attemptMemoSchema, type AttemptMemo } from './memo';

const leftSchema = z.object({
  at: z.string(),
  /** `grace`: nobody came in the time that is set; `idle`: everything had ended. */
  why: z.enum(['grace', 'idle']),
  attempts: z.array(z.object({
    memo: attemptMemoSchema,
    pid: z.number(),
    /** Null: the host ended the agent. */
    end: endSchema.nullable(),
    /** Commit of what it left; null where there was nothing, or a `problem`. */
    commit: z.string().nullable(),
    excluded: z.array(z.string()),
    problem: z.string().nullable(),
  })),
});

export type Left = z.infer<typeof leftSchema>;
export type LeftAttempt = Left['attempts'][number];

const leftFile = (runFolder: string): string => join(runFolder, 'host-left.json');

/** Writes the record. */
export const writeLeft = (runFolder: string, left: Left): Promise<Result<null, AppError>> => writeAtomic(leftFile(runFolder), JSON.stringify(left, null, 2));

/** The record of the run's last host that was left alone; null when there is none. */
export async function readLeft(runFolder: string): Promise<Left | null> {
  try {
    const parsed = leftSchema.safeParse(JSON.parse(await readPlainText(leftFile(runFolder))));
    return parsed.success ? parsed.data : null;
  } catch {
    // Missing: no host was left alone.
    return null;
  }
}

async function commitWork(memo: AttemptMemo, cut: boolean): Promise<Result<Leftovers, AppError>> {
  const back = await returnToBranch(memo.worktree, memo.branch);
  if (!back.ok) return back;
  const message = cut ? `${memo.message} (interrupted)` : memo.message;
  return commitLeftovers(memo.worktree, { message, identity: memo.author, since: memo.since, known: await readDisowned(memo.disowned) });
}

/** Commits what an attempt left uncommitted in its lane, by the rules for every lane; what cannot be committed stays where it is and is said. */
export async function keepWork(attempt: { readonly memo: AttemptMemo; readonly pid: number; readonly end: LeftAttempt['end'] }): Promise<LeftAttempt> {
  const kept = await commitWork(attempt.memo, attempt.end === null);
  if (!kept.ok) return { ...attempt, commit: null, excluded: [], problem: sentence(kept.error) };
  return { ...attempt, commit: kept.value.commit, excluded: kept.value.excluded.map(({ path }) => path), problem: null };
}

/** What a person should know of it, one sentence for each attempt. */
export function leftSentences(left: Left): readonly string[] {
  return left.attempts.map(({ memo, end, commit, excluded, problem }) => {
    const ended = end === null ? `its agent was ended at ${left.at}, as no Braid came back in time` : 'its agent ended while no Braid was there';
    const kept = problem !== null ? `what it left could not be committed and stays in lane ${memo.lane}: ${problem}`
      : commit === null ? 'it left nothing uncommitted' : `what it left is committed on ${memo.branch} (${commit.slice(0, 9)})`;
    const told = `${memo.task}: ${ended}; ${kept}${excluded.length > 0 ? `, but not ${excluded.join(', ')}` : ''}`;
    return told.endsWith('.') ? told : `${told}.`;
  });
}
