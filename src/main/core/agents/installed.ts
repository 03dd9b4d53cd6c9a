/** Detection of agents that are installed programs: find the binary, ask its version, see whether it is the agent it is named after. */
import type { AgentInfo, AgentName } from '../../../shared/domain';
import type { DetectInput } from './adapter';
import { findBinary } from './find-binary';
import { askVersion } from './probe';

export interface InstalledAgent {
  readonly name: AgentName;
  readonly title: string;
  /** Name of its program. */
  readonly binary: string;
  /** What its `--version` prints on stdout (agents.md section 1), to tell it from another program of that name. */
  readonly answer: RegExp;
  /** How to get it, for those who have not. */
  readonly install: string;
  readonly restrictable: boolean;
}

const versionPattern = /\d+\.\d+\.\d+[\w.-]*/;

/** Looks for an installed agent. Never throws. */
export async function detectInstalled(agent: InstalledAgent, { env }: DetectInput): Promise<AgentInfo> {
  const info = { name: agent.name, title: agent.title, restrictable: agent.restrictable };
  const path = await findBinary(agent.binary, env);
  if (path === null) return { ...info, path: null, version: null, ready: false, reason: `Not installed. Get it with: ${agent.install}` };
  const answer = await askVersion(path, env);
  if ('failure' in answer) return { ...info, path, version: null, ready: false, reason: answer.failure };
  const version = versionPattern.exec(answer.stdout)?.[0] ?? null;
  if (version === null || !agent.answer.test(answer.stdout)) {
    return { ...info, path, version: null, ready: false, reason: `${path} does not answer --version like ${agent.title}.` };
  }
  return { ...info, path, version, ready: true, reason: null };
}
