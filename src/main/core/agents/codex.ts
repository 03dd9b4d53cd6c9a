/** Codex, headless in a pseudo-terminal (argv after agents.md sections 2 and 7). */
import { ok } from '../../../shared/result';
import type { AgentAdapter } from './adapter';
import { codexInterpreter } from './codex-events';
import { pathWith } from './find-binary';
import { detectInstalled, type InstalledAgent } from './installed';
import { asArgument } from './split-command';

const codex: InstalledAgent = {
  name: 'codex', title: 'Codex', binary: 'codex', answer: /codex/i, install: 'npm install -g @openai/codex', restrictable: true,
};

/** Writes inside the worktree only; it then cannot commit, which the app does for it. */
const restrictedFlags = ['-s', 'workspace-write'];

/** Runs Codex; its event lines become readable. */
export const codexAgent: AgentAdapter = {
  name: 'codex',
  title: codex.title,
  restrictable: true,
  // As for Claude Code: longer than a long command, which prints nothing while it runs.
  silence: 900,
  detect: (input) => detectInstalled(codex, input),
  command: ({ prompt, promptFile, worktree, restricted, path, env }) => ok({
    argv: [
      path ?? codex.binary, 'exec', '--json', ...(restricted ? restrictedFlags : ['--dangerously-bypass-approvals-and-sandbox']),
      '--skip-git-repo-check', '-C', worktree, asArgument(prompt, promptFile),
    ],
    env: path ? pathWith(path, env ?? process.env) : {},
  }),
  interpreter: codexInterpreter,
};
