/** Starts a host: a process in a session of its own, which outlives the one that started it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { AppError } from '../../../../shared/errors';
import { err, ok, type Result } from '../../../../shared/result';
import { openToAppend, readPlainText } from '../../plain-file';
import { readAddress, type HostAddress } from './address';

export interface HostLaunch {
  /** Runs JavaScript as plain Node: node, or Electron with ELECTRON_RUN_AS_NODE. */
  readonly execPath: string;
  /** Absolute path of the host's bundle. */
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  /** Seconds that agents may go on with no Braid there. */
  readonly grace: number;
}

/** What a host says of its birth over the channel to its parent. */
export const readyMessage = 'ready';

/** Milliseconds until a host that has said nothing is given up. */
const birthTime = 30_000;

/** Where a host writes what goes wrong in it, and what it did when nobody came. */
export const hostLog = (runFolder: string): string => join(runFolder, 'host.log');

const failed = (detail: string): Result<never, AppError> => err({ kind: 'host/failed', detail });

function birth(child: ChildProcess): Promise<string | null> {
  return new Promise((done) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      done('It did not answer.');
    }, birthTime);
    const settle = (trouble: string | null): void => {
      clearTimeout(late);
      done(trouble);
    };
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code, signal) => settle(`It ended with ${signal ?? `exit code ${code ?? 'unknown'}`}.`));
    child.on('message', (message) => {
      if (message === readyMessage) settle(null);
    });
  });
}

/** The newest error in a host's log, else its last line. */
async function lastError(runFolder: string): Promise<string> {
  const lines = (await readPlainText(hostLog(runFolder))).trim().split('\n').reverse();
  return lines.find((line) => /Error\b.*:/.test(line)) ?? lines[0] ?? '';
}

/** Starts the host of a run whose folder exists or can be made. Error: host/failed. */
export async function launchHost({ execPath, script, env, grace }: HostLaunch, run: { readonly id: string; readonly folder: string }): Promise<Result<HostAddress, AppError>> {
  try {
    await mkdir(run.folder, { recursive: true, mode: 0o700 });
    const log = await openToAppend(hostLog(run.folder));
    const child = spawn(execPath, [script, run.folder, String(grace)], {
      detached: true, windowsHide: true, cwd: parse(run.folder).root, stdio: ['ignore', 'ignore', log.fd, 'ipc'],
      // Marked like its agents, so that it is found with them when its socket is not.
      env: { ...env, ELECTRON_RUN_AS_NODE: '1', BRAID_RUN: run.id },
    });
    const trouble = await birth(child);
    await log.close();
    child.removeAllListeners();
    if (child.connected) child.disconnect();
    child.unref();
    if (trouble !== null) return failed(`${trouble} ${await lastError(run.folder)}`.trim());
    const address = await readAddress(run.folder);
    return address ? ok(address) : failed('It left no address.');
  } catch (cause) {
    return failed(cause instanceof Error ? cause.message : String(cause));
  }
}
