/** `braid run`: prepare, ask what must be asked, run, land where asked. */
import type { AppError } from '../../shared/errors';
import type { RunEvent } from '../../shared/events';
import { wentOnRed } from '../../shared/gates';
import type { RunOptions } from '../../shared/options';
import { countTasks, hasIntegrated, type Run } from '../../shared/run';
import { ok, type Result } from '../../shared/result';
import type { Repository } from '../core/git/repository';
import { landRun } from '../core/run/landing';
import type { Preparation } from '../core/run/prepare';
import { reportOf } from '../core/run/report';
import type { Site } from '../core/run/site';
import { blockedAmong } from '../core/run/asked';
import { resumeRun } from '../core/run/resume';
import { startRun, wantedOf, type LiveRun } from '../core/run/start';
import { settleRun, type RunFlags } from './before-run';
import { dryRun } from './plan-command';
import { ask, canAsk, fail, print, printJson, say } from './output';
import { atCheckpoint } from './checkpoint';
import { exitCodes, runExitCode } from './exit-code';
import { aboutLeftRun } from './left-run';
import { Progress, summary } from './progress';
import type { OpenedSpec } from './spec-argument';

/** Signals that end a run: state is saved, processes are ended, exit code 130. */
const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Says once for each repository that agents run with full permissions. */
async function sayPermissions(site: Site, preparation: Preparation): Promise<void> {
  const { repo, options } = preparation;
  if (options.agent === 'demo' || site.settings.get().permissionsSaid.includes(repo.root)) return;
  const restricted = preparation.agent.restrictable ? ' Choose --restricted for less.' : '';
  say(`Agents run with full permissions of your account, in ${options.worktrees ? `worktrees of ${repo.root}` : repo.root}.${options.restricted ? ' This run is restricted.' : restricted}`);
  await site.settings.update((settings) => ({ ...settings, permissionsSaid: [...settings.permissionsSaid, repo.root] }));
}

const landedLine = (run: Run, { commit, tag }: Extract<RunEvent, { type: 'run.landed' }>): string => `Landed on ${run.base}: ${commit.slice(0, 9)} (backup tag ${tag}).`;

function show(live: LiveRun, flags: RunFlags): (event: RunEvent) => void {
  if (flags.json) return (event) => printJson(event);
  const progress = new Progress({
    isTerminal: process.stdout.isTTY === true, columns: process.stdout.columns ?? 80, write: (text) => void process.stdout.write(text),
  });
  return (event) => {
    const run = live.run();
    if (event.type === 'run.finished') {
      progress.end();
      for (const line of summary(run)) print(line);
    } else if (event.type === 'run.landed') print(landedLine(run, event));
    else progress.update(run, event);
  };
}

/** Stops the run on the first signal, also on one that comes while it is being opened; a second one changes nothing, as stopping is bounded. */
function stopOnSignal(): { readonly follow: (live: LiveRun) => void; readonly unhook: () => void } {
  let going: LiveRun | null = null;
  let asked = false;
  const stop = (): void => {
    if (!asked) say('Stopping: agents are ended, all work is kept.');
    asked = true;
    void going?.stop();
  };
  for (const signal of endSignals) process.on(signal, stop);
  return {
    follow: (live) => {
      going = live;
      if (asked) void live.stop();
    },
    unhook: () => endSignals.forEach((signal) => process.removeListener(signal, stop)),
  };
}

type Landing = 'landed' | 'waiting' | 'not-asked' | { readonly error: AppError };

async function landIfAsked(site: Site, run: Run, repo: Repository, context: { flags: RunFlags; publish: (event: RunEvent) => void; landGiven: boolean }): Promise<Landing> {
  const { flags } = context;
  const counts = countTasks(run);
  const policy = run.options.land;
  if (policy === 'never' || !hasIntegrated(run)) return 'not-asked';
  const whole = counts.done === counts.total;
  const clean = run.report !== null && run.report.conflicts.length === 0;
  // What the checks refused is no clean result.
  if (wentOnRed(run) && (policy === 'auto' || flags.yes)) return 'waiting';
  if (policy === 'auto' && (!whole || !clean)) return whole ? 'waiting' : 'not-asked';
  if (policy === 'ask' && !flags.yes) {
    if (!canAsk()) return context.landGiven ? 'waiting' : 'not-asked';
    if (!await ask(`Land ${counts.done} of ${counts.total} tasks of ${run.spec} on ${run.base}?`)) return 'not-asked';
  }
  if (policy === 'ask' && flags.yes && (!clean || !whole)) return clean ? 'not-asked' : 'waiting';
  const landed = await landRun(site, repo, run.id, context.publish);
  return landed.ok ? 'landed' : { error: landed.error };
}

function landingExit(outcome: Landing, code: number): number {
  if (outcome === 'waiting') return code === exitCodes.ok ? exitCodes.waiting : code;
  if (typeof outcome === 'object') {
    const landingCode = fail(outcome.error);
    return code === exitCodes.ok ? landingCode : code;
  }
  return code;
}

/**
 * Lands a run that has ended well and was to land by itself, but has not: its Braid died before, or its base was not there. `code`: its exit code
 * so far; resolves with the one that counts.
 */
export async function landLate(site: Site, repo: Repository, run: Run, { flags, code }: { readonly flags: RunFlags; readonly code: number }): Promise<number> {
  if (run.options.land !== 'auto' || run.state !== 'finished' || !hasIntegrated(run)) return code;
  // What a landing would do is not known where its base was not there at the end.
  const report = run.report === null ? await reportOf(repo, run, site.now()) : ok(run.report);
  if (!report.ok) {
    fail(report.error);
    return landingExit('waiting', code);
  }
  const publish = (event: RunEvent): void => {
    if (flags.json) printJson(event);
    else if (event.type === 'run.landed') print(landedLine(run, event));
  };
  const outcome = await landIfAsked(site, { ...run, report: report.value }, repo, { flags, publish, landGiven: true });
  if (outcome === 'waiting') say(`It has not landed as it was to: braid land ${run.id}`);
  return landingExit(outcome, code);
}

interface Driven {
  readonly run: Run;
  readonly publish: (event: RunEvent) => void;
}

/** A way to a live run: it publishes its first events while it is opened. */
export type OpenRun = (publish: (event: RunEvent) => void) => Promise<Result<LiveRun, AppError>>;

/** Opens the run, shows its events, stops it on a signal; resolves when it is finished. */
async function drive(open: OpenRun, title: (run: Run) => string, flags: RunFlags): Promise<Result<Driven, AppError>> {
  const early: RunEvent[] = [];
  let publish: (event: RunEvent) => void = (event) => void early.push(event);
  const signals = stopOnSignal();
  const started = await open((event) => publish(event));
  if (!started.ok) {
    signals.unhook();
    return started;
  }
  const live = started.value;
  const shown = show(live, flags);
  publish = (event) => {
    shown(event);
    if (event.type === 'run.paused' && event.checkpoint === true) void atCheckpoint(live, event, flags.yes);
  };
  if (!flags.json) print(title(live.run()));
  // What was published while it was opened may already ask for an answer, which a run takes once it has begun.
  live.begin();
  early.forEach(publish);
  signals.follow(live);
  const finished = await live.finished;
  signals.unhook();
  if (finished.ok) return ok({ run: finished.value, publish });
  say(`Run ${live.run().id} cannot go on; its agents were ended and all work is kept. Afterwards: braid resume ${live.run().id}`);
  return finished;
}

/** Drives a run to its end, lands it where that was asked, and resolves with the exit code. */
export async function driveRun(site: Site, repo: Repository, how: { open: OpenRun; title: (run: Run) => string; flags: RunFlags; landGiven: boolean }): Promise<number> {
  const { flags, landGiven } = how;
  const driven = await drive(how.open, how.title, flags);
  if (!driven.ok) return fail(driven.error);
  const { run, publish } = driven.value;
  const code = runExitCode(run, flags.yes);
  if (code === exitCodes.interrupted) return code;
  const outcome = await landIfAsked(site, run, repo, { flags, publish, landGiven });
  if (outcome === 'not-asked' && !flags.json && hasIntegrated(run)) print(`To land it: braid land ${run.id}`);
  return landingExit(outcome, code);
}

/** Runs a spec from start to exit code. `above` names the changes that wait for this one, where it runs first for them. */
export async function runCommand(site: Site, opened: OpenedSpec, options: RunOptions, flags: RunFlags & { landGiven: boolean }, above: readonly string[] = []): Promise<number> {
  if (flags.dryRun) return dryRun(opened, options, flags.json);
  const runFirst = (change: OpenedSpec): Promise<number> => runCommand(site, change, { ...options, tasks: null, from: null }, flags, [...above, opened.spec.name]);
  const settled = await settleRun(site, opened, { options, flags, above, runFirst });
  if ('exit' in settled) return settled.exit;
  const { preparation } = settled;
  if (preparation.selection.tasks.length === 0) {
    const blocked = blockedAmong(preparation.spec, options);
    say(blocked.length === 0 ? 'Nothing to do: every task asked for is done already.' : `Nothing to do: ${blocked.join(', ')} ${blocked.length === 1 ? 'is' : 'are'} marked as blocked in the task file, and the rest is done.`);
    return blocked.length === 0 ? exitCodes.ok : exitCodes.failed;
  }
  const left = flags.checklistsAsked === true ? 'new' : await aboutLeftRun(opened.repo, wantedOf(preparation), flags);
  if (left === 'cancel') return exitCodes.waiting;
  await sayPermissions(site, preparation);
  if (left !== 'new') {
    return driveRun(site, opened.repo, {
      open: (publish) => resumeRun(site, opened.repo, { run: left.id, choice: 'retry', asked: true }, publish), flags, landGiven: flags.landGiven,
      title: (run) => `Run ${run.id} goes on: ${countTasks(run).pending} tasks to do on ${run.integrationBranch}`,
    });
  }
  return driveRun(site, opened.repo, {
    open: (publish) => startRun(site, preparation, publish), flags, landGiven: flags.landGiven,
    title: (run) => `Run ${run.id}: ${preparation.selection.tasks.length} tasks by ${preparation.agent.name} on ${run.integrationBranch}`,
  });
}
