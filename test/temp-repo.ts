import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sentence, type AppError } from '../src/shared/errors';
import type { Result } from '../src/shared/result';

/** A real repository in a temporary folder. Paths of `write` and `read` are relative to `dir`. */
export interface TempRepo {
  readonly dir: string;
  /** Runs raw git in `dir`; resolves with stdout without its last line break, rejects when git fails. */
  git(...args: string[]): Promise<string>;
  /** Writes a file and the folders above it. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  read(path: string): Promise<string>;
  /** Removes the repository and everything beside it (worktrees). */
  cleanup(): Promise<void>;
}

/** The user's environment without GIT_*, without his configuration files: tests see git's own defaults. */
function plainEnvironment(): Record<string, string> {
  const env: Record<string, string> = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' };
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith('GIT_') && name !== 'LC_ALL') env[name] = value;
  }
  return env;
}

/**
 * Runs raw git, for setting a test up and for looking at what Braid did; never through Braid's own git room.
 * Rejects with git's standard error when it fails.
 */
export function rawGit(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...plainEnvironment(), ...env }, maxBuffer: 256 * 1024 * 1024 };
    execFile('git', [...args], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`git ${args.join(' ')}: ${stderr || error.message}`));
      else resolve(stdout.replace(/\n$/, ''));
    });
  });
}

/**
 * Makes an empty repository (below `folder`, else the system's temporary one) on branch `main` (or `branch`) with an identity of its own and no commits, in
 * `<temporary folder>/<name>`; the folder around it is private to it, so `<name>.worktrees` is free too.
 */
export async function createTempRepo(options: { readonly name?: string; readonly branch?: string; readonly folder?: string } = {}): Promise<TempRepo> {
  // Resolved, because git prints resolved paths and tests compare with them.
  const around = await realpath(await mkdtemp(join(options.folder ?? tmpdir(), 'braid-test-')));
  const dir = join(around, options.name ?? 'repo');
  await mkdir(dir, { recursive: true });
  const git = (...args: string[]): Promise<string> => rawGit(dir, args);
  await git('init', '-q', '-b', options.branch ?? 'main');
  await git('config', 'user.name', 'Test Person');
  await git('config', 'user.email', 'person@example.org');
  await git('config', 'commit.gpgsign', 'false');
  return {
    dir,
    git,
    async write(path, content) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), content);
    },
    read: (path) => readFile(join(dir, path), 'utf8'),
    // The host of a run that a test left at work writes its last lines while it ends, and a folder that gets a file meanwhile is not empty.
    cleanup: () => rm(around, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  };
}

/** The value of a result that the test takes for granted; throws with the error's own sentence otherwise. */
export function valueOf<T>(result: Result<T, AppError>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.error.kind}: ${sentence(result.error)}`);
}

/** The error of a result; throws when there was none. */
export function errorOf(result: Result<unknown, AppError>): AppError {
  if (!result.ok) return result.error;
  throw new Error(`Expected an error, got ${JSON.stringify(result.value)}`);
}
