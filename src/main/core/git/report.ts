/** What a person approves: the difference between merge base and integration branch, and whether it merges. */
import type { ChangedFile, CommitSummary, FileStatus, MergeReport } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { gitLine, gitList } from './git';
import { mergeTrees, type TaskFileAid } from './integrate';
import { prepareLanding } from './landing-commit';
import { branchTip, mergeBase, type InRepository } from './repository';
import { readLog, type LogEntry } from './simple';

/** The part of the report that git knows. */
export type GitReport = Pick<
  MergeReport,
  'baseCommit' | 'integrationCommit' | 'mergeBase' | 'files' | 'added' | 'removed' | 'commits' | 'conflicts' | 'baseMoved'
>;

type FileChange = Omit<ChangedFile, 'tasks'>;

const statuses: readonly FileStatus[] = ['A', 'M', 'D', 'R', 'T'];
const statusOf = (letter: string): FileStatus => statuses.find((status) => status === letter[0]) ?? 'M';

/*
 * git-diff(1) with --raw --numstat -z: first every raw record, then every count; a rename has both paths in each.
 * :100644 100644 <oid> <oid> M NUL path NUL
 * :100644 100644 <oid> <oid> R086 NUL old NUL new NUL
 * 3 TAB 1 TAB path NUL            binary: - TAB - TAB path NUL
 * 0 TAB 0 TAB NUL old NUL new NUL
 */
function parseRaw(items: readonly string[]): { readonly changes: readonly { readonly status: FileStatus; readonly path: string; readonly oldPath: string | null }[]; readonly rest: readonly string[] } {
  const changes = [];
  let at = 0;
  for (; items[at]?.startsWith(':'); ) {
    const status = statusOf(items[at]?.split(' ')[4] ?? 'M');
    const first = items[at + 1] ?? '';
    const renamed = status === 'R';
    changes.push({ status, path: renamed ? (items[at + 2] ?? '') : first, oldPath: renamed ? first : null });
    at += renamed ? 3 : 2;
  }
  return { changes, rest: items.slice(at) };
}

function parseCounts(items: readonly string[]): Map<string, { readonly added: number | null; readonly removed: number | null }> {
  const counts = new Map<string, { added: number | null; removed: number | null }>();
  for (let at = 0; at < items.length; at += 1) {
    const [added = '', removed = '', ...name] = (items[at] ?? '').split('\t');
    const plain = name.join('\t');
    const path = plain === '' ? (items[at + 2] ?? '') : plain;
    if (plain === '') at += 2;
    counts.set(path, { added: added === '-' ? null : Number(added), removed: removed === '-' ? null : Number(removed) });
  }
  return counts;
}

/** Changed files between two commits, with counts equal to `git diff --numstat`; renames are found at git's usual 50 %. Errors as `git`. */
export async function changedFiles(repo: InRepository, from: string, to: string): Promise<Result<readonly FileChange[], AppError>> {
  const args = ['diff', '--raw', '--numstat', '-z', '-M', '--no-abbrev', '--no-ext-diff', '--no-color', '--no-relative', from, to, '--'];
  const items = await gitList(args, { cwd: repo.root });
  if (!items.ok) return items;
  const { changes, rest } = parseRaw(items.value);
  const counts = parseCounts(rest);
  return ok(changes.map((change) => ({ ...change, added: null, removed: null, ...counts.get(change.path) })));
}

/** Commit -> task: each integration commit names its task, and the commits that it alone brought in belong to it too. */
function tasksOfCommits(log: readonly LogEntry[], integrations: readonly LogEntry[]): Map<string, string> {
  const known = new Map(log.map((entry) => [entry.commit, entry]));
  const tasks = new Map<string, string>();
  const visited = new Set<string>();
  for (const integration of [...integrations].reverse()) {
    const task = integration.tasks[0];
    const waiting = [integration.commit, ...integration.parents.slice(1)];
    for (let commit = waiting.pop(); commit !== undefined; commit = waiting.pop()) {
      const entry = known.get(commit);
      if (entry === undefined || visited.has(commit)) continue;
      visited.add(commit);
      if (task !== undefined) tasks.set(commit, task);
      if (commit !== integration.commit) waiting.push(...entry.parents);
    }
  }
  return tasks;
}

function tasksOfFiles(integrations: readonly LogEntry[]): Map<string, string[]> {
  const tasks = new Map<string, string[]>();
  for (const { files, tasks: ids } of [...integrations].reverse()) {
    for (const file of files) tasks.set(file, [...new Set([...(tasks.get(file) ?? []), ...ids])]);
  }
  return tasks;
}

function withTasks(files: readonly FileChange[], tasks: ReadonlyMap<string, readonly string[]>): ChangedFile[] {
  return files.map((file) => ({
    ...file,
    tasks: [...new Set([...(tasks.get(file.oldPath ?? file.path) ?? []), ...(tasks.get(file.path) ?? [])])],
  }));
}

async function readHistory(repo: InRepository, from: string, to: string): Promise<Result<{ readonly commits: readonly CommitSummary[]; readonly tasks: ReadonlyMap<string, readonly string[]> }, AppError>> {
  const log = await readLog(repo.root, { from, to });
  if (!log.ok) return log;
  const integrations = await readLog(repo.root, { from, to, firstParent: true });
  if (!integrations.ok) return integrations;
  const tasks = tasksOfCommits(log.value, integrations.value);
  const commits = log.value.map(({ commit, subject, author, at }) => ({ commit, subject, author, at, task: tasks.get(commit) ?? null }));
  return ok({ commits, tasks: tasksOfFiles(integrations.value) });
}

interface Comparison {
  /** The two sides of the shown difference. */
  readonly from: string;
  readonly to: string;
  readonly mergeBase: string;
  /** Start of the history that is shown. */
  readonly since: string;
  readonly conflicts: readonly string[];
}

/** After a rollback by revert the branches' merge base hides the work, so the report compares the base with what would land on it. */
async function compareAgain(repo: InRepository, request: { readonly base: string; readonly integration: string; readonly rolledBack: string; readonly aid?: TaskFileAid }): Promise<Result<Comparison | null, AppError>> {
  const { base } = request;
  const prepared = await prepareLanding(repo, { ...request, identity: { name: 'Braid', email: 'braid@localhost' }, run: '' });
  if (!prepared.ok) return prepared;
  if (prepared.value.reapplied === null) return ok(null);
  const { merge, reapplied } = prepared.value;
  const clean = merge.kind === 'clean';
  return ok({ from: base, to: clean ? merge.tree : reapplied.of, mergeBase: base, since: reapplied.before, conflicts: clean ? [] : merge.files });
}

async function compare(repo: InRepository, base: string, integration: string, aid: TaskFileAid | undefined): Promise<Result<Comparison, AppError>> {
  const common = await mergeBase(repo, base, integration);
  if (!common.ok) return common;
  const merged = await mergeTrees(repo, base, integration, aid);
  if (!merged.ok) return merged;
  const conflicts = merged.value.kind === 'conflict' ? merged.value.files : [];
  const start = common.value ?? base;
  return ok({ from: start, to: integration, mergeBase: start, since: start, conflicts });
}

const sum = (files: readonly FileChange[], side: 'added' | 'removed'): number => files.reduce((total, file) => total + (file[side] ?? 0), 0);

/**
 * The report of landing branch `integration` on branch `base`: files from the merge base on (changes that only the base has do not
 * show), commits newest first, conflicts by exit code. `rolledBack` is the commit of this run's rollback, if there was one. Errors:
 * git/no-such-branch, as `git`.
 */
export async function mergeReport(
  repo: InRepository,
  request: { readonly base: string; readonly integration: string; readonly rolledBack?: string | null; readonly aid?: TaskFileAid },
): Promise<Result<GitReport, AppError>> {
  const base = await branchTip(repo, request.base);
  if (!base.ok) return base;
  if (base.value === null) return err({ kind: 'git/no-such-branch', branch: request.base });
  const integration = await branchTip(repo, request.integration);
  if (!integration.ok) return integration;
  if (integration.value === null) return err({ kind: 'git/no-such-branch', branch: request.integration });
  const again = request.rolledBack ? await compareAgain(repo, { base: base.value, integration: integration.value, rolledBack: request.rolledBack, ...(request.aid ? { aid: request.aid } : {}) }) : ok(null);
  if (!again.ok) return again;
  const compared = again.value === null ? await compare(repo, base.value, integration.value, request.aid) : ok(again.value);
  if (!compared.ok) return compared;
  const { from, to, since, conflicts } = compared.value;
  const files = await changedFiles(repo, from, to);
  if (!files.ok) return files;
  const history = await readHistory(repo, since, integration.value);
  if (!history.ok) return history;
  const moved = await gitLine(['rev-list', '--count', `${compared.value.mergeBase}..${base.value}`], { cwd: repo.root });
  if (!moved.ok) return moved;
  return ok({
    baseCommit: base.value, integrationCommit: integration.value, mergeBase: compared.value.mergeBase,
    files: withTasks(files.value, history.value.tasks), added: sum(files.value, 'added'), removed: sum(files.value, 'removed'),
    commits: history.value.commits, conflicts, baseMoved: Number(moved.value),
  });
}
