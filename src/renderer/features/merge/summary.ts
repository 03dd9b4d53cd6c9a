/** What the Merge dialog says about a report and its run, as plain data. Pure. */
import type { ChangedFile, CheckResult, CommitSummary, MergeReport } from '../../../shared/domain';
import type { Run, TaskRun } from '../../../shared/run';
import type { Tally } from '../../tally';
import { stateWords } from '../../tasks';
import { counted, shortCommit } from '../../ui/format';
import type { Mark } from '../../ui/status-mark';

/** One cell of the strip on top of the dialog. */
export interface Fact {
  readonly mark: Mark;
  readonly title: string;
  readonly detail: string;
}

/** A span in words: `0.4 s`, `38 s`, `1 min 9 s`, `41 min`, `2 h 5 min`. Takes seconds. */
export function span(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0, Math.round(seconds * 10) / 10)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 600) return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A count with thousands separated, as diff totals show it. */
export const grouped = (count: number): string => count.toLocaleString('en-US');

/** Why Merge now is not possible; null when it is. */
export function obstacle(report: MergeReport): string | null {
  if (report.conflicts.length > 0) return `Conflicts with ${report.base} in ${counted(report.conflicts.length, 'file')}. Merge ${report.base} by hand or run the tasks again on the new base.`;
  if (report.files.length === 0 && report.commits.length === 0) return 'There is nothing to land: no task was integrated.';
  return null;
}

function checkFact(checks: readonly CheckResult[]): Fact {
  if (checks.length === 0) return { mark: 'skipped', title: 'No checks', detail: 'none were set for this run' };
  const failed = checks.filter((check) => check.exitCode !== 0 || check.signal !== null);
  const merged = checks.some((check) => check.where === 'merged');
  if (failed.length > 0) return { mark: 'failed', title: `${counted(failed.length, 'check')} failed`, detail: `of ${checks.length}, see below` };
  return { mark: 'done', title: 'Checks passed', detail: merged ? 'on the merged tree' : 'in the lanes' };
}

function restFact(rest: readonly Tally[]): Fact {
  const [worst] = rest;
  if (worst === undefined) return { mark: 'done', title: 'Nothing failed', detail: 'nothing was skipped' };
  return { mark: worst.tone, title: rest.map(({ text }) => text).join(', '), detail: 'not part of this merge' };
}

/** The strip: how much is done, whether it merges, whether it was checked, what is missing (`rest`, in the words of the panel). */
export function factsOf(report: MergeReport, rest: readonly Tally[]): readonly Fact[] {
  const moved = report.baseMoved > 0 ? `, ${counted(report.baseMoved, 'commit')} since the run began` : '';
  const clean = report.conflicts.length === 0;
  return [
    {
      mark: report.done === report.total ? 'done' : 'waiting', title: `${report.done} of ${report.total} tasks done`,
      detail: `in ${span(report.seconds)}, ${counted(workOf(commitGroups(report.commits)), 'commit')}`,
    },
    {
      mark: clean ? 'done' : 'conflict', title: clean ? 'Merges cleanly' : `Conflicts in ${counted(report.conflicts.length, 'file')}`,
      detail: `with ${report.base} at ${shortCommit(report.baseCommit)}${moved}`,
    },
    checkFact(report.checks),
    restFact(rest),
  ];
}

/** What one task brought in: the commit that merged it and, behind it, the commits of its lane. `task` is null for a commit of no task. */
export interface CommitGroup {
  readonly task: string | null;
  readonly head: CommitSummary;
  readonly own: readonly CommitSummary[];
}

/** Commits (newest first) by task, in the order they were merged, newest first. The newest commit of a task is its merge: it has the others as its parents. */
export function commitGroups(commits: readonly CommitSummary[]): readonly CommitGroup[] {
  const groups = new Map<string, CommitGroup>();
  for (const commit of commits) {
    const key = commit.task ?? commit.commit;
    const group = groups.get(key);
    groups.set(key, group === undefined ? { task: commit.task, head: commit, own: [] } : { ...group, own: [...group.own, commit] });
  }
  return [...groups.values()];
}

/** How many commits hold work; a merge of a task's commits is not one of them. */
export const workOf = (groups: readonly CommitGroup[]): number => groups.reduce((sum, { own }) => sum + Math.max(1, own.length), 0);

/** A task that is not part of the merge, or only after a second try. */
export interface Remark {
  readonly task: string;
  readonly title: string;
  readonly mark: Mark;
  readonly text: string;
  /** Output of the check that failed; empty when none did. */
  readonly tail: string;
}

function failedTail(task: TaskRun): string {
  const check = task.evidence?.checks.find((entry) => entry.exitCode !== 0 || entry.signal !== null);
  return check ? `$ ${check.command}\n${check.tail}` : '';
}

/** What failed, was skipped or never ran, and why, in file order. */
export function remarksOf(run: Run): readonly Remark[] {
  return run.order.flatMap((id) => {
    const task = run.tasks[id];
    if (!task || task.state === 'done') return [];
    const { mark, word } = stateWords[task.state];
    return [{ task: id, title: task.title, mark, text: task.reason ? `${word}: ${task.reason}` : word, tail: failedTail(task) }];
  });
}

/** Tasks that are done but needed more than one attempt. */
export const retriedOf = (run: Run): readonly TaskRun[] =>
  run.order.flatMap((id) => { const task = run.tasks[id]; return task && task.state === 'done' && task.attempts > 1 ? [task] : []; });

/** All runs of one check command in one place, as one row. */
export interface CheckRow {
  readonly command: string;
  readonly where: CheckResult['where'];
  readonly times: number;
  readonly failed: number;
  readonly seconds: number;
  /** Output of the last failure, else of the last run. */
  readonly tail: string;
}

/** Check results grouped by command and tree, those on the merged tree first. */
export function checkRows(checks: readonly CheckResult[]): readonly CheckRow[] {
  const rows = new Map<string, CheckRow>();
  for (const check of checks) {
    const key = `${check.where} ${check.command}`;
    const row = rows.get(key) ?? { command: check.command, where: check.where, times: 0, failed: 0, seconds: 0, tail: '' };
    const bad = check.exitCode !== 0 || check.signal !== null;
    rows.set(key, { ...row, times: row.times + 1, failed: row.failed + (bad ? 1 : 0), seconds: row.seconds + check.seconds, tail: bad || row.failed === 0 ? check.tail : row.tail });
  }
  return [...rows.values()].sort((a, b) => Number(b.where === 'merged') - Number(a.where === 'merged'));
}

/** A path as folder (with its slash) and name, so that the name can stand out. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const cut = path.lastIndexOf('/') + 1;
  return { folder: path.slice(0, cut), name: path.slice(cut) };
}

/** How many of five little blocks are added, removed and neither; a change of any size shows at least one. */
export function blocksOf(file: Pick<ChangedFile, 'added' | 'removed'>): { readonly added: number; readonly removed: number } {
  const added = file.added ?? 0, removed = file.removed ?? 0;
  if (added + removed === 0) return { added: 0, removed: 0 };
  if (added === 0 || removed === 0) return { added: added > 0 ? 5 : 0, removed: removed > 0 ? 5 : 0 };
  const share = Math.min(4, Math.max(1, Math.round((5 * added) / (added + removed))));
  return { added: share, removed: 5 - share };
}

/** The tasks of a file in few words: `T006`, `T001, T002`, `14 tasks`. */
export const taskWords = (tasks: readonly string[]): string => (tasks.length <= 2 ? tasks.join(', ') : `${tasks.length} tasks`);

export const statusWords: Readonly<Record<ChangedFile['status'], string>> = { A: 'Added', M: 'Modified', D: 'Deleted', R: 'Renamed', T: 'Type changed' };
