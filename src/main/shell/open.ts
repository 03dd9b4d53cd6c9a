/** Opens a lane or a file outside Braid: in the user's editor or with the system's file manager. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { shell } from 'electron';
import parse from 'string-argv';
import type { AppError } from '../../shared/errors';
import { err, ok, type Result } from '../../shared/result';
import type { OpenIn } from '../app-types';

/** Editors that open a window of their own. Terminal editors would have no terminal to live in. */
const WINDOWED = ['code', 'code-insiders', 'codium', 'cursor', 'windsurf', 'zed', 'subl', 'atom', 'gedit', 'kate', 'mate', 'idea', 'webstorm', 'pycharm', 'goland', 'gvim', 'fleet'];

const failed = (path: string, code: string, detail: string): Result<never, AppError> => err({ kind: 'io/failed', path, code, detail });

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function find(program: string): string | null {
  if (isAbsolute(program)) return isExecutable(program) ? program : null;
  if (program.includes('/')) return null;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  return folders.map((folder) => join(folder, program)).find(isExecutable) ?? null;
}

/**
 * The argv prefix of the editor to use: the user's setting, else $VISUAL or $EDITOR when it has a window of its own, else VS
 * Code; null when there is none. A setting is split like a shell would, and run without one.
 */
export function editorCommand(env: Readonly<Record<string, string | undefined>>, setting: string | null): readonly string[] | null {
  const candidates = [setting, env['VISUAL'], env['EDITOR'], 'code'];
  for (const [index, candidate] of candidates.entries()) {
    const [program, ...rest] = parse(candidate ?? '');
    if (program === undefined) continue;
    const path = find(program);
    const fromUser = index === 0 && setting !== null;
    if (path !== null && (fromUser || WINDOWED.includes(basename(program)))) return [path, ...rest];
  }
  return null;
}

/** Starts the editor and lets it live on its own; resolves once it runs. */
function startEditor(command: readonly string[], path: string): Promise<Result<null, AppError>> {
  const [program = '', ...rest] = command;
  return new Promise((done) => {
    const child = spawn(program, [...rest, path], { detached: true, stdio: 'ignore' });
    child.once('error', (error) => done(failed(path, 'EDITOR', `${program}: ${error.message}`)));
    child.once('spawn', () => {
      child.unref();
      done(ok(null));
    });
  });
}

/** Opens an existing absolute path. Without an editor the system's default program is used; a failure is an `io/failed`. */
export async function openPath(path: string, where: OpenIn, editor: string | null = null): Promise<Result<null, AppError>> {
  if (!isAbsolute(path)) return failed(path, 'EINVAL', 'not an absolute path');
  const command = where === 'editor' ? editorCommand(process.env, editor) : null;
  if (command !== null) return startEditor(command, path);
  const problem = await shell.openPath(path);
  return problem === '' ? ok(null) : failed(path, 'OPEN', problem);
}
