/** The only door to the git program: spawns it with a clean environment and turns its failures into facts. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { signal } from '../signals';
import { gitEnvironment, noHigherThan } from './environment';
import { guardGit, type Hung } from './guard';

export interface GitOptions {
  readonly cwd: string;
  /** Written to git's standard input, which is closed afterwards. */
  readonly input?: string | Uint8Array;
  /** Added to the clean environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are answers and not failures; `[0]` unless told. */
  readonly okCodes?: readonly number[];
  /** Flushes objects and refs to the disk before git returns: git 2.39 flushes neither by itself. */
  readonly durable?: boolean;
  /** An index of the caller's own instead of the worktree's. */
  readonly indexFile?: string;
  /** Also takes a repository above `cwd`, for a path of which nothing is known yet; else `cwd` must be the top of a checkout. */
  readonly search?: boolean;
  /** Lets the user's hooks run; they run only where Braid moves a checkout of his. */
  readonly hooks?: boolean;
}

export interface GitOutput {
  readonly stdout: Buffer;
  /** `stdout` as UTF-8, line breaks kept. */
  readonly text: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Bytes of output that one command may give before it is ended. */
const outputLimit = 200 * 1024 * 1024;
/** Bytes of standard error that are kept for messages. */
const errorLimit = 64 * 1024;
/** Milliseconds before each further try while another process holds a lock. */
const lockRetries = [50, 150, 400];

/** Milliseconds before each further try after git was killed by a signal. */
const killRetries = [0, 100, 400];

/** Settings that hold for every call, whatever the user's configuration says. */
function settings(options: GitOptions): string[] {
  const values = [
    // A file system monitor would leave one daemon behind for each lane.
    'core.fsmonitor=false', 'gc.auto=0', 'maintenance.auto=false',
    // With autocrlf this would refuse what an agent wrote for its line ends.
    'core.safecrlf=false',
    'commit.gpgsign=false', 'i18n.commitEncoding=UTF-8', 'i18n.logOutputEncoding=UTF-8',
  ];
  if (!options.hooks) values.push('core.hooksPath=/dev/null');
  if (options.durable) values.push('core.fsync=objects,reference');
  return values.flatMap((value) => ['-c', value]);
}

interface Ended {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exitCode: number | null;
  /** What killed it, but for Braid itself; null when it came to an end of its own. */
  readonly signal: string | null;
  readonly problem: NodeJS.ErrnoException | null;
  /** Braid ended it, as it would not have come to an end; null when it did not. */
  readonly hung: Hung | null;
}

/** Milliseconds after TERM until KILL: git removes its locks in between. */
const termGrace = 2000;
const isWindows = process.platform === 'win32';

/** Signals a git and what it started: they are a group of their own, and have a session where the system knows such. */
function signalAll(child: ChildProcessWithoutNullStreams, name: NodeJS.Signals): void {
  if (isWindows || child.pid === undefined) child.kill(name);
  else signal(-child.pid, name);
}

function endAll(child: ChildProcessWithoutNullStreams): void {
  signalAll(child, 'SIGTERM');
  const kill = setTimeout(() => {
    signalAll(child, 'SIGKILL');
    // Whoever left the group may hold the pipes for ever.
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
  }, termGrace);
  child.once('close', () => clearTimeout(kill));
}

function spawnGit(args: readonly string[], options: GitOptions): Promise<Ended> {
  return new Promise((resolve) => {
    const index: Record<string, string> = options.indexFile === undefined ? {} : { GIT_INDEX_FILE: options.indexFile };
    const child = spawn('git', [...settings(options), ...args], {
      cwd: options.cwd, env: { ...gitEnvironment(), ...(options.search ? {} : noHigherThan(options.cwd)), ...index, ...options.env }, stdio: 'pipe', windowsHide: true, detached: !isWindows,
    });
    const guard = guardGit({ cwd: options.cwd, pid: child.pid, hooks: options.hooks ?? false, end: () => endAll(child) });
    const chunks: Buffer[] = [];
    let bytes = 0, stderr = '', overflowed = false;
    let problem: NodeJS.ErrnoException | null = null;
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= outputLimit) chunks.push(chunk);
      else if (child.kill()) {
        overflowed = true;
        stderr = `more than ${outputLimit} bytes of output`;
      }
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      if (stderr.length < errorLimit) stderr += chunk;
    });
    child.on('error', (error) => {
      problem = error;
    });
    // git may end before it has read everything; its exit code tells what that means.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') problem ??= error;
    });
    child.on('close', (code, signal) => {
      guard.over();
      resolve({ stdout: Buffer.concat(chunks), stderr, exitCode: problem ? null : code, signal: overflowed ? null : signal, problem, hung: guard.hung() });
    });
    child.stdin.end(options.input);
  });
}

const isFolder = (path: string): Promise<boolean> => stat(path).then((entry) => entry.isDirectory(), () => false);

async function spawnFailure(problem: NodeJS.ErrnoException, cwd: string): Promise<AppError> {
  // Node reports a missing working directory as a missing program.
  if (problem.code === 'ENOENT' && (await isFolder(cwd))) return { kind: 'git/missing' };
  const detail = problem.code === 'ENOENT' ? 'the folder does not exist' : problem.message;
  return { kind: 'io/failed', path: cwd, code: problem.code ?? 'UNKNOWN', detail };
}

/** `fatal: Unable to create '/repo/.git/index.lock': File exists.` and the same for refs -> the lock's path. */
function heldLock(stderr: string): string | null {
  return /Unable to create '([^\n]*\.lock)': File exists/.exec(stderr)?.[1] ?? null;
}

/** `fatal: failed to read .git/worktrees/a/commondir: Success`: another process is just making that worktree, and its file is still empty. */
const isHalfMade = (stderr: string): boolean => /failed to read \S*worktrees\/[^\n]*(?:commondir|gitdir|HEAD)/.test(stderr);

/**
 * Runs one git command. Exit codes outside `okCodes` give git/failed, a lock that stays held over three retries git/locked, no
 * program git/missing, a missing folder io/failed, one that would not end git/hung, a folder that is no checkout git/not-worktree. One that is killed is tried again three times; git/failed names the signal then.
 */
export async function git(args: readonly string[], options: GitOptions): Promise<Result<GitOutput, AppError>> {
  const killers: string[] = [];
  for (let attempt = 0; ; attempt += 1) {
    const ended = await spawnGit(args, options);
    if (ended.problem) return err(await spawnFailure(ended.problem, options.cwd));
    if (ended.hung && ended.exitCode !== 0) return err({ kind: 'git/hung', args, cwd: options.cwd, ...ended.hung });
    const { stdout, stderr, exitCode } = ended;
    if (ended.signal !== null) {
      const rest = killRetries[killers.length];
      killers.push(ended.signal);
      if (rest === undefined) return err({ kind: 'git/failed', args, exitCode, stderr, signal: ended.signal });
      attempt -= 1;
      await new Promise((resolve) => setTimeout(resolve, rest));
      continue;
    }
    if (exitCode !== null && (options.okCodes ?? [0]).includes(exitCode)) {
      return ok({ stdout, stderr, exitCode, get text() { return stdout.toString('utf8'); } });
    }
    if (!options.search && /not a git repository/.test(stderr)) return err({ kind: 'git/not-worktree', path: options.cwd });
    const lock = heldLock(stderr);
    const pause = lockRetries[attempt];
    if (lock === null && (pause === undefined || !isHalfMade(stderr))) return err({ kind: 'git/failed', args, exitCode, stderr, ...(killers[0] === undefined ? {} : { signal: killers[0] }) });
    if (pause === undefined) return err({ kind: 'git/locked', file: lock ?? '' });
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Runs a command that prints one value; resolves with it without its line break. Errors as `git`. */
export async function gitLine(args: readonly string[], options: GitOptions): Promise<Result<string, AppError>> {
  const done = await git(args, options);
  return done.ok ? ok(done.value.text.replace(/\r?\n$/, '')) : done;
}

/** Splits `-z` output (every item ends with NUL) into its items. */
export function splitNul(text: string): string[] {
  const items = text.split('\0');
  if (items.at(-1) === '') items.pop();
  return items;
}

/** Runs a command that prints a `-z` list. Errors as `git`. */
export async function gitList(args: readonly string[], options: GitOptions): Promise<Result<string[], AppError>> {
  const done = await git(args, options);
  return done.ok ? ok(splitNul(done.value.text)) : done;
}
