/** The custom agent: any command line of the user's. */
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { err, ok } from '../../../shared/result';
import type { AgentAdapter } from './adapter';
import { findBinary, isExecutable } from './find-binary';
import { splitCommand } from './split-command';

const info = { name: 'custom', title: 'Custom command', version: null, restrictable: false } as const;
const missing = 'No command is set. Give one (Command line in the window, --agent-command in the terminal), such as: my-agent --yes {{PROMPT}}';

/** Whether the command's program is there; a path inside the worktree can only be known once there is one. */
async function locate(name: string, env: Parameters<typeof findBinary>[1]): Promise<{ path: string | null; reason: string | null }> {
  if (!name.includes('/')) {
    const path = await findBinary(name, env);
    return { path, reason: path ? null : `"${name}" was not found on the PATH.` };
  }
  if (!isAbsolute(name)) return { path: name, reason: null };
  if (await isExecutable(name)) return { path: name, reason: null };
  const exists = await stat(name).then(() => true, () => false);
  return { path: null, reason: `${name} ${exists ? 'is not an executable file' : 'does not exist'}.` };
}

/** Runs the user's command line, split like a shell would, without one. Without a placeholder it reads BRAID_PROMPT_FILE itself. */
export const customAgent: AgentAdapter = {
  name: 'custom',
  title: info.title,
  restrictable: false,
  // A command of the user's may buffer all it has to say until its end.
  silence: 0,
  async detect({ env, custom }) {
    if (!custom?.trim()) return { ...info, path: null, ready: false, reason: missing };
    const argv = splitCommand(custom);
    if (!argv.ok) return { ...info, path: null, ready: false, reason: argv.error.kind === 'agent/bad-command' ? argv.error.detail : missing };
    const { path, reason } = await locate(argv.value[0] ?? '', env);
    return { ...info, path, ready: reason === null, reason };
  },
  command({ custom, prompt, promptFile }) {
    if (!custom?.trim()) return err({ kind: 'agent/missing', agent: 'custom', detail: missing });
    const argv = splitCommand(custom, { prompt, promptFile });
    return argv.ok ? ok({ argv: argv.value, env: {} }) : argv;
  },
};
