/** What agents say that they used: sums, and how they are shown. Pure. */
import type { Usage } from './domain';

const plus = (one: number | null, other: number | null): number | null => (one === null && other === null ? null : (one ?? 0) + (other ?? 0));

/** Both together; null stays where neither says anything. */
export function addUsage(total: Usage, more: Usage | undefined): Usage {
  if (more === undefined) return total;
  return { inputTokens: plus(total.inputTokens, more.inputTokens), outputTokens: plus(total.outputTokens, more.outputTokens), costUsd: plus(total.costUsd, more.costUsd) };
}

/** Tokens in and out; null where nothing was reported. */
export const tokensOf = (usage: Usage): number | null => plus(usage.inputTokens, usage.outputTokens);

/** "$1.25, 48,100 tokens"; '' where nothing was reported. */
export function usageWords(usage: Usage): string {
  const tokens = tokensOf(usage);
  return [...(usage.costUsd === null ? [] : [`$${usage.costUsd.toFixed(2)}`]), ...(tokens === null ? [] : [`${tokens.toLocaleString('en-US')} tokens`])].join(', ');
}
