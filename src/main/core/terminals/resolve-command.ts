/** Finds the file that a command name means, the way execvp does, so that a missing one is an error and not an exit code. */
import { access, stat } from 'node:fs/promises';
import { constants } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';

async function whyNot(path: string): Promise<string | null> {
  try {
    if (!(await stat(path)).isFile()) return 'is not a file';
    await access(path, constants.X_OK);
    return null;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EACCES' ? 'is not executable' : 'does not exist';
  }
}

/** Absolute path of `name`: on the PATH of `env`, or against `cwd` when it has a slash. Error: `agent/start`. */
export async function resolveCommand(name: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Result<string, AppError>> {
  const fail = (detail: string): Result<never, AppError> => err({ kind: 'agent/start', command: name, detail });
  if (name === '') return fail('The command is empty.');
  if (name.includes('/')) {
    const path = isAbsolute(name) ? name : resolve(cwd, name);
    const reason = await whyNot(path);
    return reason === null ? ok(path) : fail(`${path} ${reason}.`);
  }
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder === '' ? cwd : resolve(cwd, folder), name);
    if ((await whyNot(path)) === null) return ok(path);
  }
  return fail(`"${name}" was not found on the PATH.`);
}
