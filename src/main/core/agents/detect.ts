/** All agents by name, and what is installed of them. */
import type { AgentInfo, AgentName } from '../../../shared/domain';
import { err } from '../../../shared/result';
import type { AgentAdapter, DetectInput } from './adapter';
import { claudeAgent } from './claude';
import { codexAgent } from './codex';
import { customAgent } from './custom';
import { demoAgent } from './demo';
import { detectInstalled, type InstalledAgent } from './installed';

/** Found and shown, but not driven by this version. */
const later: readonly InstalledAgent[] = [
  { name: 'gemini', title: 'Gemini CLI', binary: 'gemini', answer: /^\s*v?\d/, install: 'npm install -g @google/gemini-cli', restrictable: false },
  { name: 'opencode', title: 'opencode', binary: 'opencode', answer: /^\s*v?\d/, install: 'npm install -g opencode-ai', restrictable: false },
  { name: 'copilot', title: 'GitHub Copilot CLI', binary: 'copilot', answer: /Copilot/i, install: 'npm install -g @github/copilot', restrictable: false },
  { name: 'qwen', title: 'Qwen Code', binary: 'qwen', answer: /^\s*v?\d/, install: 'npm install -g @qwen-code/qwen-code', restrictable: false },
];

const detectedOnly = (agent: InstalledAgent): AgentAdapter => ({
  name: agent.name,
  title: agent.title,
  restrictable: agent.restrictable,
  silence: 0,
  async detect(input) {
    const info = await detectInstalled(agent, input);
    return info.ready ? { ...info, ready: false, reason: `Installed, but this version of Braid cannot run it yet. As a custom command it works: --agent-command '${agent.binary} … {{PROMPT}}'` } : info;
  },
  command: () => err({ kind: 'not-available', what: `The agent ${agent.name}` }),
});

const adapters: readonly AgentAdapter[] = [demoAgent, claudeAgent, codexAgent, ...later.map(detectedOnly), customAgent];

/** The adapter of an agent. */
export function adapterOf(name: AgentName): AgentAdapter {
  const found = adapters.find((adapter) => adapter.name === name);
  if (!found) throw new Error(`Internal error: no adapter for ${name}`);
  return found;
}

/** What is installed, in the order in which agents are offered. All are asked at the same time; never throws. */
export function detectAgents(input: DetectInput): Promise<AgentInfo[]> {
  return Promise.all(adapters.map((adapter) => adapter.detect(input)));
}
