/** How the output of agents is read, by agent name: in the host of a run's terminals, or in Braid itself for the logs of past runs. */
import { z } from 'zod';
import { agentNames } from '../../../shared/options';
import type { Usage } from '../../../shared/domain';
import { troubles, type AgentFacts } from '../agents/adapter';
import { adapterOf } from '../agents/detect';
import type { OutputReader } from '../terminals/lane-process';

/** What the attempt cost, as the agent's events tell it; null where they do not. */
function usageOf({ inputTokens, outputTokens, costUsd }: AgentFacts): Usage | null {
  return (inputTokens ?? outputTokens ?? costUsd) === null ? null : { inputTokens, outputTokens, costUsd };
}

/** A reader for the output of the named agent; null where there is nothing to read in it. A name that is no agent's has none. */
export function outputReader(name: string): OutputReader | null {
  const agent = agentNames.find((known) => known === name);
  const interpreter = agent === undefined ? undefined : adapterOf(agent).interpreter?.();
  return interpreter ? { render: (bytes) => interpreter.render(bytes), conclude: (end) => ({ ...interpreter.verdict(end), usage: usageOf(interpreter.facts()) }) } : null;
}

const amount = z.number().nullable();
const usage = z.object({ inputTokens: amount, outputTokens: amount, costUsd: amount }).nullable().default(null);

/** What a reader concludes (core/agents `Verdict`) with what the attempt cost, as it comes back from a host: a date is a text by then. */
export const conclusionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ok'), usage }),
  z.object({ kind: z.literal('blocked'), reason: z.string(), usage }),
  z.object({ kind: z.literal('failed'), reason: z.string(), trouble: z.enum(troubles).default('other'), resetsAt: z.coerce.date().nullable().default(null), usage }),
]);
