/** Claude Code, headless in a pseudo-terminal (argv after agents.md sections 2 and 7). */
import { ok } from '../../../shared/result';
import type { AgentAdapter } from './adapter';
import { claudeInterpreter } from './claude-events';
import { pathWith } from './find-binary';
import { detectInstalled, type InstalledAgent } from './installed';
import { asArgument } from './split-command';

const claude: InstalledAgent = {
  name: 'claude', title: 'Claude Code', binary: 'claude', answer: /Claude Code/,
  install: 'npm install -g @anthropic-ai/claude-code', restrictable: true,
};

/** Edits inside the worktree and git; everything else is refused without a question. */
const restrictedFlags = ['--permission-mode', 'acceptEdits', '--allowedTools', 'Bash(git *)'];

/** As root it refuses full permissions unless it is told that it is in a sandbox. */
const asRoot = (restricted: boolean): Record<string, string> => (!restricted && process.getuid?.() === 0 ? { IS_SANDBOX: '1' } : {});

/** Runs Claude Code; its event lines become readable. */
export const claudeAgent: AgentAdapter = {
  name: 'claude',
  title: claude.title,
  restrictable: true,
  // Longer than its longest command (10 minutes) and its own limit for a silent service (5 minutes), both of which print nothing.
  silence: 900,
  detect: (input) => detectInstalled(claude, input),
  command: ({ prompt, promptFile, restricted, path, env }) => ok({
    // The prompt comes first: --allowedTools takes every word after it. --verbose is mandatory with stream-json.
    argv: [
      path ?? claude.binary, '-p', asArgument(prompt, promptFile), '--output-format', 'stream-json', '--verbose',
      ...(restricted ? restrictedFlags : ['--dangerously-skip-permissions']),
    ],
    env: { ...asRoot(restricted), ...(path ? pathWith(path, env ?? process.env) : {}) },
  }),
  interpreter: claudeInterpreter,
};
