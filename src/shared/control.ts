/** What a person can tell a run that is going, from the window or from another terminal. */
import { z } from 'zod';

const task = z.string().min(1).max(500);

/** What a person says at a gate between phases: it is passed, skipped although its checks fail, checked again, or its phase is taken back. */
export const gateAnswers = ['pass', 'skip', 'again', 'revert'] as const;
export type GateAnswer = (typeof gateAnswers)[number];

export const runControlSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('pause') }).strict(),
  z.object({ action: z.literal('resume') }).strict(),
  z.object({ action: z.literal('stop') }).strict(),
  /** No new tasks; what is at work comes to its end, then the run ends. */
  z.object({ action: z.literal('stop-after-current') }).strict(),
  /** Tasks that were added to the task file become part of the run. */
  z.object({ action: z.literal('take-in') }).strict(),
  /** Again in the lane that keeps its work; `fresh`: in a new lane, without it. */
  z.object({ action: z.literal('retry'), task, fresh: z.boolean().optional() }).strict(),
  z.object({ action: z.literal('skip'), task }).strict(),
  z.object({ action: z.literal('hold'), task }).strict(),
  z.object({ action: z.literal('release'), task }).strict(),
  /** The task is tried again with these words for its agent. */
  z.object({ action: z.literal('answer'), task, text: z.string().min(1).max(20_000) }).strict(),
  z.object({ action: z.literal('gate'), answer: z.enum(gateAnswers) }).strict(),
]);

export type RunControl = z.infer<typeof runControlSchema>;
