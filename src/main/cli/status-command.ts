/** `braid status`: the runs of a repository with their tasks and lanes. */
import { resolve } from 'node:path';
import { idleDays } from '../../shared/cleanup';
import type { Usage } from '../../shared/domain';
import type { AppError } from '../../shared/errors';
import { ok, type Result } from '../../shared/result';
import { countTasks, type Run } from '../../shared/run';
import { usageWords } from '../../shared/usage';
import { whyWaiting } from '../../shared/waiting';
import { openRepository, type Repository } from '../core/git/repository';
import { diskBytes } from '../core/git/worktrees';
import { readSpecIn } from '../core/run/read-spec';
import { staleDiagnostics, staleTasks } from '../core/run/stale';
import { findRun, loadRuns, seen } from '../core/state/run-folder';
import { exitCodes } from './exit-code';
import { fail, print, printJson } from './output';
import { waveLine } from './progress';

/** Runs shown without `--all`. */
const shownRuns = 5;

interface RunStatusDocument {
  readonly run: string;
  readonly spec: string;
  readonly base: string;
  readonly state: string;
  readonly startedAt: string;
  readonly tasks: readonly { id: string; state: string; reason: string; attempts: number; lane: string | null }[];
  readonly lanes: readonly { lane: string; branch: string; worktree: string; state: string; bytes: number }[];
  /** Why the run is paused or ended before its time; '' otherwise. */
  readonly reason: string;
  readonly limits: readonly { agent: string; cause: string; until: string | null; next: string; text: string }[];
  /** Days since anything happened, from a week on, of a run that is neither landed nor set aside; null otherwise. */
  readonly idleDays: number | null;
  /** As far as agents report it. */
  readonly usage: Usage;
  readonly conflicts: readonly { task: string; lane: string; with: string; files: readonly string[] }[];
}

/** A run's state in one word: how it ended, or what it does. */
const stateOf = (run: Run): string => (run.state === 'finished' ? run.status ?? 'finished' : run.state);

async function describe(run: Run): Promise<RunStatusDocument> {
  const lanes = await Promise.all(Object.values(run.lanes).map(async (lane) => ({
    lane: lane.name, branch: lane.branch, worktree: lane.worktree, state: lane.state,
    bytes: lane.state === 'removed' ? 0 : (await diskBytes(lane.worktree)).bytes,
  })));
  return {
    run: run.id, spec: run.spec, base: run.base, state: stateOf(run), startedAt: run.startedAt,
    tasks: run.order.flatMap((id) => {
      const task = run.tasks[id];
      return task ? [{ id, state: task.state, reason: task.reason || (run.finishedAt === null ? whyWaiting(run, task) : ''), attempts: task.attempts, lane: task.ranIn }] : [];
    }),
    lanes, conflicts: run.conflicts, reason: run.stopReason || run.pauseReason, usage: run.usage, idleDays: idleDays(run, Date.now()),
    limits: Object.entries(run.limits).flatMap(([agent, { active, cause, until, next, text }]) => (active ? [{ agent, cause, until, next, text }] : [])),
  };
}

async function chosenRuns(repo: Repository, name: string | undefined, all: boolean): Promise<Result<readonly Run[], AppError>> {
  if (name !== undefined) {
    const run = await findRun(repo.commonDir, name);
    return run.ok ? ok([await seen(repo.commonDir, run.value)]) : run;
  }
  const runs = await loadRuns(repo.commonDir);
  return ok(all ? runs : runs.slice(0, shownRuns));
}

function printRun(run: Run, document: RunStatusDocument): void {
  const counts = countTasks(run);
  print(`${run.id}  ${document.state}  ${run.spec} on ${run.base}  ${counts.done}/${counts.total} done  started ${run.startedAt}`);
  if (document.reason) print(`  ${document.reason}`);
  if (document.idleDays !== null) print(`  nothing happened for ${document.idleDays} days: "braid cleanup" asks whether it is given up`);
  const used = usageWords(run.usage);
  if (used) print(`  used, as the agents report it: ${used}`);
  run.waves.forEach((_, index) => print(`  ${waveLine(run, index)}`));
  for (const task of document.tasks) if (task.reason) print(`  ${task.id} ${task.state}: ${task.reason}`);
  for (const lane of document.lanes) if (lane.state !== 'removed') print(`  lane ${lane.lane} (${lane.state}) ${Math.ceil(lane.bytes / 1024)} KB  ${lane.worktree}`);
}

interface StaleDocument {
  readonly spec: string;
  readonly task: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Tasks of these runs' specs that are marked as in progress although nothing works on them. A spec that is gone or broken has none. */
async function staleOf(repo: Repository, runs: readonly Run[]): Promise<readonly StaleDocument[]> {
  const found: StaleDocument[] = [];
  for (const folder of new Set(runs.map((run) => run.specFolder))) {
    const run = runs.find((one) => one.specFolder === folder);
    const spec = await readSpecIn(repo, folder, run?.taskFiles.length === 1 ? run.taskFiles[0] ?? null : null);
    if (!spec.ok) continue;
    const stale = await staleTasks(repo, spec.value);
    staleDiagnostics(stale).forEach(({ message }, index) => {
      const task = stale[index];
      if (task) found.push({ spec: spec.value.name, task: task.id, file: task.file, line: task.line, message });
    });
  }
  return found;
}

/** Prints one run, the newest ones, or all. */
export async function statusCommand(name: string | undefined, flags: { repo?: string; all: boolean; json: boolean }): Promise<number> {
  const repo = await openRepository(resolve(process.cwd(), flags.repo ?? '.'));
  if (!repo.ok) return fail(repo.error);
  const runs = await chosenRuns(repo.value, name, flags.all);
  if (!runs.ok) return fail(runs.error);
  const documents = await Promise.all(runs.value.map((run) => describe(run)));
  const stale = await staleOf(repo.value, runs.value);
  if (flags.json) printJson({ runs: documents, stale });
  else if (runs.value.length === 0) print('No runs yet.');
  else runs.value.forEach((run, index) => {
    const document = documents[index];
    if (document) printRun(run, document);
  });
  if (!flags.json) for (const { spec, message } of stale) print(`${spec}: ${message}`);
  return exitCodes.ok;
}
