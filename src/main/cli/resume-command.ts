/** `braid resume`: drives a run on that was interrupted. */
import { resolve } from 'node:path';
import type { AppError } from '../../shared/errors';
import { err, ok, type Result } from '../../shared/result';
import { countTasks, isBarred, isLeftOut, type Run } from '../../shared/run';
import { isUnfinished, openWave, unresumable, type ResumeChoice } from '../../shared/unfinished';
import { openRepository, type Repository } from '../core/git/repository';
import { abandonRun } from '../core/run/landing';
import { reopenings } from '../core/run/reopen';
import { resumeRun } from '../core/run/resume';
import type { Site } from '../core/run/site';
import { findRun, loadRuns, runFolder, runOwner, seen } from '../core/state/run-folder';
import { endHost } from '../core/terminals/host/find';
import { exitCodes, runExitCode } from './exit-code';
import { canAsk, choose, fail, print, printJson } from './output';
import { summary } from './progress';
import { answerByResuming } from './gate-command';
import { driveRun, landLate, runCommand } from './run-command';
import { openSpec } from './spec-argument';
import { staleOf } from './stale-specs';

export interface ResumeFlags {
  readonly repo?: string;
  readonly choice: ResumeChoice | null;
  readonly yes: boolean;
  readonly json: boolean;
}

interface Found {
  readonly run: Run;
  /** Meant by the person: by its name, or by asking for another try of what failed. False: found as the newest unfinished one. */
  readonly named: boolean;
}

/** Whether a run that came to its end has something that a person may want tried again. */
const mayTryAgain = (run: Run): boolean => unresumable(run) === null && (reopenings(run, 'retry', true).length > 0 || Object.values(run.tasks).some((task) => isBarred(task) || isLeftOut(task)));

/** The run that is meant: by name, else the newest unfinished one, else for `retry` the newest with something to try again, else the newest. Error: run/not-found. */
async function chosenRun(repo: Repository, name: string | null, choice: ResumeChoice | null): Promise<Result<Found, AppError>> {
  if (name !== null) {
    const run = await findRun(repo.commonDir, name);
    return run.ok ? ok({ run: await seen(repo.commonDir, run.value), named: true }) : run;
  }
  const runs = await loadRuns(repo.commonDir);
  const unfinished = runs.find(isUnfinished);
  const again = unfinished || choice !== 'retry' ? undefined : runs.find(mayTryAgain);
  if (again) return ok({ run: again, named: true });
  const run = unfinished ?? runs[0];
  return run ? ok({ run, named: false }) : err({ kind: 'run/not-found', run: '', known: [] });
}

function report(run: Run, json: boolean): number {
  const { done, failed, skipped } = countTasks(run);
  if (json) printJson({ type: 'run.finished', at: run.finishedAt ?? run.startedAt, run: run.id, status: run.status ?? 'interrupted', done, failed, skipped });
  else summary(run).forEach(print);
  return runExitCode(run, false);
}

const labels: Readonly<Record<ResumeChoice, string>> = {
  retry: 'Retry what is not done', 'skip-wave': 'Skip the current wave', fresh: 'Start fresh', abort: 'Abort: set the run aside, keep its work',
};

/** Spec, start, wave n of m and counts, then what to do (autospec's R, W, S, A). */
async function askChoice(repo: Repository, run: Run): Promise<ResumeChoice | null> {
  const { done, failed, skipped, pending, total } = countTasks(run);
  print(`Run ${run.id} of ${run.spec}, started ${run.startedAt}: wave ${openWave(run) + 1} of ${run.waves.length}, ${done} of ${total} done, ${failed} failed, ${skipped} skipped, ${pending} not started.`);
  for (const id of run.order) {
    const task = run.tasks[id];
    if (task?.state === 'interrupted') print(`  ${id} was interrupted${task.ranIn === null ? '' : `; its work is kept in lane ${task.ranIn}: ${run.lanes[task.ranIn]?.worktree ?? ''}`}`);
  }
  for (const { file, line, message } of await staleOf(repo, [run])) print(`  ${file}, line ${line}: ${message} "braid reset" sets the mark back.`);
  const answer = await choose('Go on?', [['r', labels.retry], ['w', labels['skip-wave']], ['s', labels.fresh], ['a', labels.abort]], 'r');
  return ({ r: 'retry', w: 'skip-wave', s: 'fresh', a: 'abort' } as const)[answer ?? ''] ?? null;
}

async function setAside(site: Site, repo: Repository, run: Run, flags: ResumeFlags): Promise<number | null> {
  const aside = await abandonRun(repo, run.id, { now: site.now(), env: site.env, publish: (event) => { if (flags.json) printJson(event); } });
  return aside.ok ? null : fail(aside.error);
}

async function startFresh(site: Site, repo: Repository, run: Run, flags: ResumeFlags): Promise<number> {
  const opened = await openSpec(run.specFolder, repo.root);
  if (!opened.ok) return fail(opened.error);
  const failed = await setAside(site, repo, run, flags);
  if (failed !== null) return failed;
  return runCommand(site, opened.value, run.options, { yes: flags.yes, json: flags.json, dryRun: false, landGiven: false, checklistsAsked: true });
}

async function resume(site: Site, repo: Repository, run: Run, how: { choice: 'retry' | 'skip-wave'; asked: boolean; flags: ResumeFlags }): Promise<number> {
  return driveRun(site, repo, {
    open: async (publish) => {
      const live = await resumeRun(site, repo, { run: run.id, choice: how.choice, asked: how.asked }, publish);
      if (live.ok && !how.flags.yes && !canAsk()) await answerByResuming(live.value);
      return live;
    },
    title: (now) => `Run ${now.id} goes on: ${countTasks(now).pending} tasks to do on ${now.integrationBranch}`,
    flags: { yes: how.flags.yes, json: how.flags.json, dryRun: false }, landGiven: false,
  });
}

/** Resumes a run and resolves with its exit code; without an unfinished one it reports the last. */
export async function resumeCommand(site: Site, name: string | null, flags: ResumeFlags): Promise<number> {
  const repo = await openRepository(resolve(process.cwd(), flags.repo ?? '.'));
  if (!repo.ok) return fail(repo.error);
  const found = await chosenRun(repo.value, name, flags.choice);
  if (!found.ok) return fail(found.error);
  const { run, named } = found.value;
  const isOver = unresumable(run) !== null || run.order.every((id) => run.tasks[id]?.state === 'done');
  if (!isUnfinished(run) && (isOver || !named)) {
    // Killed in the moment after its end: its host is not left behind.
    if (await runOwner(repo.value.commonDir, run.id) === null) await endHost(runFolder(repo.value.commonDir, run.id).path);
    return landLate(site, repo.value, run, { flags: { yes: flags.yes, json: flags.json, dryRun: false }, code: report(run, flags.json) });
  }
  const asks = flags.choice === null && !flags.yes && canAsk();
  const choice = flags.choice ?? (asks ? await askChoice(repo.value, run) : 'retry');
  if (choice === null) return exitCodes.waiting;
  if (choice === 'abort') return await setAside(site, repo.value, run, flags) ?? exitCodes.ok;
  if (choice === 'fresh') return startFresh(site, repo.value, run, flags);
  return resume(site, repo.value, run, { choice, asked: named || asks || flags.choice !== null, flags });
}
