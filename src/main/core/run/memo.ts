/**
 * What a host keeps with an agent's process: enough for the next Braid to take the attempt up, and for a host whose owner never comes back
 * to commit what is in the lane.
 */
import { z } from 'zod';

export const attemptMemoSchema = z.object({
  task: z.string(),
  attempt: z.number().int().positive(),
  lane: z.string(),
  /** ISO time at which its process was started. */
  began: z.string(),
  worktree: z.string(),
  branch: z.string(),
  /** Subject of the commit of what the agent leaves uncommitted. */
  message: z.string(),
  author: z.object({ name: z.string(), email: z.string() }),
  /** Commit that the lane stood on. */
  since: z.string(),
  /** File that says what in the lane is not the agent's (disowned.ts). */
  disowned: z.string(),
});

export type AttemptMemo = z.infer<typeof attemptMemoSchema>;
