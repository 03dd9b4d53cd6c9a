/** The owner of simple-git: reads whose only failure is a throw (worktrees, log). Exit codes that are answers go through git.ts. */
import { randomUUID } from 'node:crypto';
import { simpleGit, type SimpleGit } from 'simple-git';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { gitEnvironment, noHigherThan } from './environment';
import { splitNul } from './git';
import { guardGit } from './guard';

/** simple-git refuses to start while one of these is set. */
const refused = new Set(['EDITOR', 'VISUAL', 'PAGER', 'PREFIX', 'SSH_ASKPASS']);
const allowed = ['GIT_OPTIONAL_LOCKS', 'GIT_TERMINAL_PROMPT', 'GIT_LITERAL_PATHSPECS', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM', 'GIT_CEILING_DIRECTORIES'];

function open(root: string, abort: AbortSignal): SimpleGit {
  const usable = Object.entries({ ...gitEnvironment(), ...noHigherThan(root) }).filter(
    ([name]) => !refused.has(name.toUpperCase()) && (!name.startsWith('GIT_') || allowed.includes(name)),
  );
  return simpleGit({ baseDir: root, abort, trimmed: false, allowEnvironment: allowed, unsafe: { allowUnsafeConfigPaths: true } }).env(Object.fromEntries(usable));
}

/** Resolves with the text that a reading command prints; whatever simple-git throws becomes git/failed. */
async function read(root: string, args: string[]): Promise<Result<string, AppError>> {
  const control = new AbortController();
  const guard = guardGit({ cwd: root, pid: undefined, hooks: false, end: () => control.abort() });
  try {
    return ok(await open(root, control.signal).raw(args));
  } catch (error) {
    const hung = guard.hung();
    if (hung) return err({ kind: 'git/hung', args, cwd: root, ...hung });
    return err({ kind: 'git/failed', args, exitCode: null, stderr: error instanceof Error ? error.message : String(error) });
  } finally {
    guard.over();
  }
}

/** One checkout of the repository; `branch` is null where HEAD is detached, `head` null where it is unborn. */
export interface Worktree {
  readonly path: string;
  readonly head: string | null;
  readonly branch: string | null;
  /** The first one, which `git worktree` never removes. */
  readonly main: boolean;
  /** Its folder is gone, but git still knows it. */
  readonly missing: boolean;
  readonly locked: boolean;
  /** git was cut off while it made this one: nothing in it is anybody's work. */
  readonly halfMade: boolean;
}

/*
 * worktree /repo NUL HEAD 1234.. NUL branch refs/heads/main NUL NUL
 * worktree /repo.worktrees/a NUL HEAD 1234.. NUL detached NUL prunable gitdir file points to.. NUL NUL
 */
function parseWorktree(fields: readonly string[], index: number): Worktree {
  const field = (name: string): string | null => {
    const found = fields.find((line) => line === name || line.startsWith(`${name} `));
    return found === undefined ? null : found.slice(name.length + 1);
  };
  const head = field('HEAD');
  return {
    path: field('worktree') ?? '',
    head: head === null || /^0+$/.test(head) ? null : head,
    branch: field('branch')?.replace(/^refs\/heads\//, '') ?? null,
    main: index === 0,
    missing: field('prunable') !== null,
    locked: field('locked') !== null,
    halfMade: field('locked') === 'initializing',
  };
}

/** Every checkout that git knows, the main one first (format: git-worktree(1), porcelain). */
export async function listWorktrees(root: string): Promise<Result<readonly Worktree[], AppError>> {
  const text = await read(root, ['worktree', 'list', '--porcelain', '-z']);
  if (!text.ok) return text;
  const records = text.value.split('\0\0').filter((record) => record !== '');
  return ok(records.map((record, index) => parseWorktree(splitNul(record), index)).filter((tree) => tree.path !== ''));
}

/** One commit as the log tells it. `tasks` are the values of its Braid-Task trailers, `files` what it changes against its first parent. */
export interface LogEntry {
  readonly commit: string;
  readonly parents: readonly string[];
  readonly author: string;
  /** ISO 8601. */
  readonly at: string;
  readonly subject: string;
  readonly tasks: readonly string[];
  readonly files: readonly string[];
}

const logFields = ['%H', '%P', '%an', '%cI', '%s', '%(trailers:key=Braid-Task,valueonly)'];

function parseLogEntry(fields: readonly string[]): LogEntry {
  const [commit = '', parents = '', author = '', at = '', subject = '', tasks = '', ...names] = fields;
  return {
    commit, author, at, subject,
    parents: parents.split(' ').filter(Boolean),
    tasks: tasks.split('\n').map((task) => task.trim()).filter(Boolean),
    // The text ends with an empty item, and a line break comes before the first file name.
    files: names.slice(1).map((name, index) => (index === 0 ? name.replace(/^\n/, '') : name)).filter(Boolean),
  };
}

/** The commits of `from..to`, newest first; with `firstParent` only the branch's own, each with its files. */
export async function readLog(
  root: string,
  range: { readonly from: string; readonly to: string; readonly firstParent?: boolean },
): Promise<Result<readonly LogEntry[], AppError>> {
  // File names may hold any byte but NUL, so only a mark that nobody can foresee tells where a commit begins.
  const mark = `commit-${randomUUID()}`;
  const chosen = range.firstParent ? ['--first-parent', '-m', '--name-only', '--no-renames'] : ['--topo-order'];
  const format = `--format=${[mark, ...logFields].join('%x00')}%x00`;
  const text = await read(root, ['log', '-z', '--no-show-signature', '--no-color', format, ...chosen, `${range.from}..${range.to}`, '--']);
  if (!text.ok) return text;
  const records = text.value.split(`${mark}\0`).slice(1);
  return ok(records.map((record) => parseLogEntry(splitNul(record))));
}
