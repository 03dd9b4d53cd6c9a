/** An agent's account, or its way to the service, that refuses work: a state of the agent, not a failure of a task. Pure. */
import { timeOfDay } from './clock';
import type { RunEvent } from './events';

export interface AgentLimit {
  readonly cause: 'rate-limit' | 'infrastructure';
  /** When it ends, as the agent said; null where it did not. */
  readonly until: string | null;
  /** When Braid tries again. */
  readonly next: string;
  readonly text: string;
  /** How often in a row, without a success between: what the back-off doubles by. */
  readonly times: number;
  /** Nothing starts now. */
  readonly active: boolean;
}

export type Limits = Readonly<Record<string, AgentLimit>>;

/** Limits after an event of theirs. A limit that comes while one is active is the same one, seen by another lane. */
export function foldLimits(limits: Limits, event: Extract<RunEvent, { type: 'agent.limited' | 'agent.released' }>): Limits {
  const before = limits[event.agent];
  if (event.type === 'agent.released') return before ? { ...limits, [event.agent]: { ...before, active: false } } : limits;
  const { cause, until, next, text } = event;
  return { ...limits, [event.agent]: { cause, until, next, text, times: (before?.times ?? 0) + (before?.active ? 0 : 1), active: true } };
}

/** A success shows that the account works: the next back-off starts small again. */
export const withoutPast = (limits: Limits, agent: string): Limits =>
  (limits[agent] && !limits[agent].active ? Object.fromEntries(Object.entries(limits).filter(([name]) => name !== agent)) : limits);

/** "claude: rate limited until 14:05". `from`: now, which decides whether the day is named. */
export function limitWords(agent: string, limit: Pick<AgentLimit, 'cause' | 'next'>, from: string): string {
  return `${agent}: ${limit.cause === 'rate-limit' ? 'rate limited' : 'service or network in trouble, waiting'} until ${timeOfDay(limit.next, from)}`;
}
