/** The environment of every git that Braid starts. */
import { delimiter, dirname } from 'node:path';

/** Variables of the user's that say how git works and not which repository it works on. */
const keptVariable = /^GIT_(SSH.*|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|CEILING_DIRECTORIES)$/;

/** Names the Braid that started a git, so that one whose Braid was killed is found. */
export const ownerVariable = 'BRAID_GIT_OF';

/**
 * The user's environment for git: without GIT_DIR and its kin (set when Braid is started from a hook or an alias), without
 * prompts, with messages in English and with file names taken literally instead of as patterns.
 */
export function gitEnvironment(source: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined && (!name.startsWith('GIT_') || keptVariable.test(name))) env[name] = value;
  }
  return { ...env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_LITERAL_PATHSPECS: '1', LC_ALL: 'C', [ownerVariable]: String(process.pid) };
}

/** Keeps git from looking for a repository above a checkout that may have lost its `.git`: it would work on one that is none of its business. */
export function noHigherThan(cwd: string, source: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const known = source['GIT_CEILING_DIRECTORIES'];
  return { GIT_CEILING_DIRECTORIES: known ? `${dirname(cwd)}${delimiter}${known}` : dirname(cwd) };
}
