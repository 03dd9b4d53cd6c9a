/** Asks a program for its version, once for each file on disk. */
import { spawn } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { signal } from '../signals';
import type { Environment } from './adapter';
import { pathWith } from './find-binary';

/** What `--version` printed on stdout, or why there is nothing. */
export type Answer = { readonly stdout: string } | { readonly failure: string };

/** Agents take up to four seconds to say their version (agents.md section 1). */
const timeout = 10_000;
const outputLimit = 64 * 1024;

/** By real path and modification time, since asking is slow and some agents write to HOME when asked. */
const answers = new Map<string, Promise<Answer>>();

function ask(path: string, env: Environment): Promise<Answer> {
  return new Promise((resolve) => {
    let stdout = '';
    let late = false;
    const child = spawn(path, ['--version'], { env: { ...env, ...pathWith(path, env) }, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    const timer = setTimeout(() => {
      late = true;
      // The whole group: several agents are a loader with the real program below it.
      if (child.pid !== undefined) signal(-child.pid, 'SIGKILL');
      child.stdout.destroy();
    }, timeout);
    child.stdout.on('data', (chunk: Buffer) => {
      if (stdout.length < outputLimit) stdout += chunk.toString('utf8');
    });
    child.on('error', (cause) => {
      clearTimeout(timer);
      resolve({ failure: `${path} cannot be started: ${cause.message}` });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (late) resolve({ failure: `${path} --version did not end within ${timeout / 1000} s.` });
      else if (code !== 0) resolve({ failure: `${path} --version ended with ${code === null ? 'a signal' : `exit code ${code}`}.` });
      else resolve({ stdout });
    });
  });
}

/** The program's answer to `--version`, from memory while the file stays the same. Never throws. */
export async function askVersion(path: string, env: Environment): Promise<Answer> {
  try {
    const real = await realpath(path);
    const key = `${real} ${(await stat(real)).mtimeMs}`;
    const known = answers.get(key) ?? ask(path, env);
    answers.set(key, known);
    const answer = await known;
    // A failure may be a passing one (a busy machine), so the next detection asks again.
    if ('failure' in answer) answers.delete(key);
    return answer;
  } catch (cause) {
    return { failure: `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
}
