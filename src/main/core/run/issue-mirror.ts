/**
 * Keeps the issues of a maestro track in step with a run (B25): `br update <id> --claim` when a task starts, `br close <id> --reason "sha:..."` once
 * it is merged, `br update <id> --status open` when it is given up or taken back. The plan stays the truth: where `br` is missing or refuses, the run
 * goes on and says so once. Commands: br-integration.md of maestro; br is https://github.com/Dicklesworthstone/beads_rust.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { stripControl } from '../../../shared/plain-text';
import { isActiveState, type Run } from '../../../shared/run';
import { readPlainText } from '../plain-file';
import { findBinary, pathWith } from '../agents/find-binary';
import type { Repository } from '../git/repository';
import { issuesOf } from '../spec/issue-map';
import { parseTaskFile } from '../spec/parse';
import { trackFilesOf } from './track-files';

export interface IssueMirror {
  /** The run has changed. */
  changed(run: Run): void;
  /** Resolves with what went wrong first, '' for nothing, once br has been told everything. */
  settled(): Promise<string>;
}

/** What an issue should be: open, claimed or closed with a reason; '' where it is not the run's to say. */
type Wish = '' | 'open' | 'claimed' | `sha:${string}`;

/** Milliseconds after which br is given up for this one command. */
const patience = 30_000;
const outputLimit = 4096;
const noBr = 'br was not found';

/** What the issue of a task should be now. */
export function wishOf(run: Run, id: string): Wish {
  const task = run.tasks[id];
  if (!task) return '';
  const isOurs = task.commit !== null;
  if (task.state === 'done' && !isOurs) return '';
  if (run.state === 'rolled-back' || run.state === 'abandoned') return isOurs || task.attempts > 0 ? 'open' : '';
  if (task.state === 'done') return `sha:${(task.laneCommit || task.commit || '').slice(0, 7)} | merged by Braid run ${run.id}`;
  return isActiveState(task.state) ? 'claimed' : 'open';
}

/** The words behind `br` that make an issue what it should be. */
export function wordsFor(issue: string, wish: Exclude<Wish, ''>): readonly string[] {
  if (wish === 'open') return ['update', issue, '--status', 'open', '--json'];
  return wish === 'claimed' ? ['update', issue, '--claim', '--json'] : ['close', issue, '--reason', wish, '--json'];
}

/** Runs br; resolves with '' or what it said against it. */
function tell(path: string, words: readonly string[], place: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const child = spawn(path, [...words], { cwd: place.cwd, env: { ...place.env, ...pathWith(path, place.env) }, stdio: ['ignore', 'pipe', 'pipe'], timeout: patience, killSignal: 'SIGKILL' });
    const hear = (chunk: Buffer): void => {
      if (said.length < outputLimit) said += chunk.toString('utf8');
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', (cause) => resolve(cause.message));
    child.on('close', (code, signal) => resolve(code === 0 ? '' : `${stripControl(said).replace(/\s+/g, ' ').trim().slice(0, 300) || 'It said nothing'} (${signal ?? `exit code ${code}`})`));
  });
}

/** Issue ids by task, from the checkout's own files; none for other specs. */
async function readIssues(repo: Pick<Repository, 'root'>, run: Run): Promise<ReadonlyMap<string, string>> {
  const files = trackFilesOf(run);
  const [plan] = run.taskFiles;
  // Agents that work in the checkout would commit what br writes there.
  if (files === null || plan === undefined || !run.options.worktrees) return new Map();
  const metadata = await readPlainText(join(repo.root, files.metadata)).catch(() => '');
  const text = await readPlainText(join(run.specFolder, plan)).catch(() => '');
  return issuesOf(metadata, parseTaskFile(text, { file: plan, dialect: 'track' }).tasks);
}

/**
 * Tells br of a run's changes, one command at a time. `known`: what it was told of this run last; null for a run that begins or is resumed, whose
 * attempted tasks are told again, as a crash may have come between.
 */
export function issueMirror(repo: Pick<Repository, 'root'>, env: NodeJS.ProcessEnv, known: Run | null): IssueMirror {
  const told = new Map<string, Wish>();
  let tracker: { readonly path: string | null; readonly issues: ReadonlyMap<string, string> } | null | undefined;
  let telling: Promise<void> = Promise.resolve();
  let trouble = '';

  const find = async (run: Run): Promise<typeof tracker> => {
    const issues = await readIssues(repo, run);
    if (issues.size === 0) return null;
    for (const id of issues.keys()) told.set(id, known ? wishOf(known, id) : run.tasks[id]?.attempts === 0 ? 'open' : '');
    return { path: await findBinary('br', env), issues };
  };
  /** Each state in its turn, so that a task that ends while br is at work was claimed all the same. */
  const tellOf = async (run: Run): Promise<void> => {
    if (tracker === undefined) tracker = await find(run);
    for (const [id, issue] of tracker?.issues ?? []) {
      const wish = wishOf(run, id);
      if (!tracker || wish === '' || wish === told.get(id)) continue;
      const words = wordsFor(issue, wish);
      const refused = tracker.path === null ? noBr : await tell(tracker.path, words, { cwd: repo.root, env });
      told.set(id, wish);
      if (refused !== '') trouble ||= `The issues of this track are not kept up to date: br ${words.slice(0, 2).join(' ')}: ${refused}`;
    }
  };
  return {
    changed: (run) => {
      telling = telling.then(() => tellOf(run));
    },
    settled: async () => {
      for (let seen: unknown = null; seen !== telling; await seen) seen = telling;
      return trouble;
    },
  };
}
