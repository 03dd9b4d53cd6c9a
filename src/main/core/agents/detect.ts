/** What is installed of the agents. */
import type { AgentInfo } from '../../../shared/domain';
import type { DetectInput } from './adapter';
import { adapters } from './registry';

/** All agents, installed or not, in the order in which they are offered. They are asked at the same time; never throws. */
export function detectAgents(input: DetectInput): Promise<AgentInfo[]> {
  return Promise.all(adapters.map((adapter) => adapter.detect(input)));
}
