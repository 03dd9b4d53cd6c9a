/** How the output of agents is read, by agent name: in the host of a run's terminals, or in Braid itself for the logs of past runs. */
import { z } from 'zod';
import { agentNames } from '../../../shared/options';
import { adapterOf } from '../agents/detect';
import type { OutputReader } from '../terminals/lane-process';

/** A reader for the output of the named agent; null where there is nothing to read in it. A name that is no agent's has none. */
export function outputReader(name: string): OutputReader | null {
  const agent = agentNames.find((known) => known === name);
  const interpreter = agent === undefined ? undefined : adapterOf(agent).interpreter?.();
  return interpreter ? { render: (bytes) => interpreter.render(bytes), conclude: (end) => interpreter.verdict(end) } : null;
}

/** What a reader concludes (core/agents `Verdict`), as it comes back from a host. */
export const conclusionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ok') }),
  z.object({ kind: z.literal('blocked'), reason: z.string() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
]);
