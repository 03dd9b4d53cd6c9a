/** From final words and exit to a verdict, in the order that experience taught (agents.md section 9): signal, event, exit code. */
import { oneLine } from './ansi';
import type { AgentEnd, AgentFacts, Trouble, Verdict } from './adapter';

/** Nothing known yet. */
export const noFacts: AgentFacts = { sessionId: null, model: null, inputTokens: null, outputTokens: null, costUsd: null, finalText: '' };

/** What kind of trouble an agent's own error text speaks of. Never for its prose or its tools' output. */
export function troubleOf(message: string): Trouble {
  if (/\b429\b|rate.?limit|(?:usage|session|weekly|daily|hour) limit|hit your limit|quota/i.test(message)) return 'rate-limited';
  if (/\b40[13]\b|authenticat|api key|not logged in|\/login/i.test(message)) return 'auth';
  if (/too long|context.?(?:length|window|overflow)|ran out of room/i.test(message)) return 'context-full';
  if (/\b5(?:00|03|29)\b|overloaded|high demand/i.test(message)) return 'overloaded';
  return 'other';
}

/** A failure in the words of the agent's own error. `resetsAt`: when a limit of its account ends, null where no event said so. */
export function failed(agent: string, message: string, resetsAt: Date | null = null): Verdict {
  const trouble = resetsAt === null ? troubleOf(message) : 'rate-limited';
  return { kind: 'failed', reason: `${agent}: ${oneLine(message, 300) || 'failed without saying why'}`, trouble, ...(resetsAt === null ? {} : { resetsAt }) };
}

/** A last line `BLOCKED: why`, which the prompt asks for. */
function blockedReason(text: string): string | null {
  const line = text.trim().split('\n').reverse().find((candidate) => candidate.trim() !== '');
  return /^[\s*_`>]*BLOCKED[*_`]*\s*:[\s*_`]*(.+)$/.exec(line ?? '')?.[1]?.trim() ?? null;
}

export interface FinalWords {
  readonly agent: string;
  readonly end: AgentEnd;
  /** Error of its final event; null when there was none. */
  readonly failure: string | null;
  /** Whether its final event was seen at all. */
  readonly concluded: boolean;
  readonly finalText: string;
  /** When a limit of the account that refused its requests ends; absent or null where no event said so. */
  readonly resetsAt?: Date | null;
}

/** The verdict on one attempt. An exit code of 0 proves nothing, but another one is a failure whatever the events say. */
export function judge({ agent, end, failure, concluded, finalText, resetsAt }: FinalWords): Verdict {
  if (end.signal !== null) return { kind: 'failed', reason: `${agent} was ended by signal ${end.signal}`, trouble: 'other' };
  if (failure !== null) return failed(agent, failure, resetsAt ?? null);
  if (end.exitCode !== 0) return { kind: 'failed', reason: `${agent} ended with exit code ${end.exitCode ?? 'unknown'}`, trouble: 'other' };
  if (!concluded) return { kind: 'failed', reason: `${agent} ended without its final event`, trouble: 'other' };
  const blocked = blockedReason(finalText);
  return blocked === null ? { kind: 'ok' } : { kind: 'blocked', reason: oneLine(blocked, 300) };
}
