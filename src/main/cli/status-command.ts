/** `braid status`: the runs of a repository with their tasks and lanes. */
import { resolve } from 'node:path';
import { idleDays } from '../../shared/cleanup';
import type { Usage } from '../../shared/domain';
import { sentence, type AppError } from '../../shared/errors';
import { ok, type Result } from '../../shared/result';
import { countTasks, type Run } from '../../shared/run';
import { isUnfinished } from '../../shared/unfinished';
import { usageWords } from '../../shared/usage';
import { whyWaiting } from '../../shared/waiting';
import { openRepository, type Repository } from '../core/git/repository';
import { diskBytes } from '../core/git/worktrees';
import { findRun, listRuns, loadRun, runFolder, runOwner, seen } from '../core/state/run-folder';
import { livingHost } from '../core/terminals/host/find';
import { exitCodes } from './exit-code';
import { fail, print, printJson, say } from './output';
import { waveLine } from './progress';
import { staleOf } from './stale-specs';

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
  /** The process in which agents go on although their Braid ended; null where there is none. */
  readonly host: { readonly pid: number; readonly running: number; readonly until: string | null } | null;
  /** Gates between phases (guided runs), in the order in which the phases ended; `commit` is the checkpoint once the gate is closed. */
  readonly gates: readonly {
    gate: number; phases: readonly string[]; state: string; commit: string | null; from: string; snapshot: string | null;
    checks: readonly { command: string; exitCode: number | null; seconds: number }[]; fixes: number; manual: readonly { title: string; file: string; line: number }[];
  }[];
  readonly conflicts: readonly { task: string; lane: string; with: string; files: readonly string[] }[];
}

/** A run's state in one word: how it ended, or what it does. */
const stateOf = (run: Run): string => (run.state === 'finished' ? run.status ?? 'finished' : run.state);

/** A run with the host that its Braid left behind, if that lives. */
interface Shown {
  readonly run: Run;
  readonly host: RunStatusDocument['host'];
}

/** What lost its Braid is interrupted; as long as its host lives, it can be taken over there. */
async function shown(repo: Repository, run: Run): Promise<Shown> {
  const isOwned = !isUnfinished(run) || await runOwner(repo.commonDir, run.id) !== null;
  const host = isOwned ? null : await livingHost(runFolder(repo.commonDir, run.id).path);
  if (!host) return { run: await seen(repo.commonDir, run), host: null };
  const { pid, alone } = host;
  return { run: { ...await seen(repo.commonDir, run), stopReason: leftAlone(run, pid, alone) }, host: { pid, running: alone?.running ?? 0, until: alone?.until ?? null } };
}

function leftAlone(run: Run, pid: number, alone: { readonly until: string; readonly running: number } | null): string {
  const until = alone === null ? '' : ` until ${alone.until}`;
  const agents = alone === null ? 'its agents go on' : alone.running === 0 ? 'its agents have come to their end' : `${alone.running} of its processes ${alone.running === 1 ? 'goes' : 'go'} on`;
  return `Its Braid ended, but ${agents} in a host (process ${pid}) that waits${until}: "braid resume ${run.id}" takes over.`;
}

async function describe({ run, host }: Shown): Promise<RunStatusDocument> {
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
    gates: run.gates.map(({ number, phases, state, commit, from, snapshot, checks, fixes, fixedBefore, manual }) => ({
      gate: number, phases, state, commit, from, snapshot: snapshot || null, fixes: fixedBefore + fixes.length, manual,
      checks: (checks ?? []).map(({ command, exitCode, seconds }) => ({ command, exitCode, seconds })),
    })),
    lanes, conflicts: run.conflicts, reason: run.stopReason || run.pauseReason, usage: run.usage, idleDays: idleDays(run, Date.now()), host,
    limits: Object.entries(run.limits).flatMap(([agent, { active, cause, until, next, text }]) => (active ? [{ agent, cause, until, next, text }] : [])),
  };
}

async function chosenRuns(repo: Repository, name: string | undefined, all: boolean): Promise<Result<readonly Shown[], AppError>> {
  if (name !== undefined) {
    const run = await findRun(repo.commonDir, name);
    return run.ok ? ok([await shown(repo, run.value)]) : run;
  }
  const runs: Shown[] = [];
  for (const id of await listRuns(repo.commonDir)) {
    if (!all && runs.length === shownRuns) break;
    const run = await loadRun(repo.commonDir, id);
    if (run.ok) runs.push(await shown(repo, run.value));
    // A run whose first line was torn has nothing to show; one of a newer Braid is not passed over in silence.
    else if (run.error.kind === 'run/newer') say(sentence(run.error));
  }
  return ok(runs);
}

function printRun(run: Run, document: RunStatusDocument): void {
  const counts = countTasks(run);
  print(`${run.id}  ${document.state}  ${run.spec} on ${run.base}  ${counts.done}/${counts.total} done  started ${run.startedAt}`);
  if (document.reason) print(`  ${document.reason}`);
  if (document.idleDays !== null) print(`  nothing happened for ${document.idleDays} days: "braid cleanup" asks whether it is given up`);
  const used = usageWords(run.usage);
  if (used) print(`  used, as the agents report it: ${used}`);
  for (const { phases, state, commit, snapshot } of document.gates) print(`  gate of ${phases.join(' and ')}: ${state}${commit === null ? '' : ` at ${commit.slice(0, 9)}`}${snapshot === null ? '' : `, kept as ${snapshot}`}`);
  run.waves.forEach((_, index) => print(`  ${waveLine(run, index)}`));
  for (const task of document.tasks) if (task.reason) print(`  ${task.id} ${task.state}: ${task.reason}`);
  for (const lane of document.lanes) if (lane.state !== 'removed') print(`  lane ${lane.lane} (${lane.state}) ${Math.ceil(lane.bytes / 1024)} KB  ${lane.worktree}`);
}

/** Prints one run, the newest ones, or all. */
export async function statusCommand(name: string | undefined, flags: { repo?: string; all: boolean; json: boolean }): Promise<number> {
  const repo = await openRepository(resolve(process.cwd(), flags.repo ?? '.'));
  if (!repo.ok) return fail(repo.error);
  const runs = await chosenRuns(repo.value, name, flags.all);
  if (!runs.ok) return fail(runs.error);
  const documents = await Promise.all(runs.value.map((one) => describe(one)));
  const stale = await staleOf(repo.value, runs.value.map(({ run }) => run));
  if (flags.json) printJson({ runs: documents, stale });
  else if (runs.value.length === 0) print('No runs yet.');
  else runs.value.forEach(({ run }, index) => {
    const document = documents[index];
    if (document) printRun(run, document);
  });
  if (!flags.json) for (const { spec, message } of stale) print(`${spec}: ${message}`);
  return exitCodes.ok;
}
