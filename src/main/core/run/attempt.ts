/** One agent process for one task, from entering its lane to the integration of its work. */
import type { CheckResult, Evidence, Outcome } from '../../../shared/domain';
import { sentence } from '../../../shared/errors';
import { failureWords } from '../../../shared/failure';
import { terminalName } from '../../../shared/ipc';
import { err, ok, type Result } from '../../../shared/result';
import type { AppError } from '../../../shared/errors';
import type { TaskFailure } from '../../../shared/events';
import type { LaneRun, TaskRun } from '../../../shared/run';
import type { Adopted } from './adopt';
import { limitEvent } from './bounds';
import { describeEnd, passed, runChecks, runCommand, watch, type CommandPlace, type WatchedEnd } from './checks';
import type { EngineContext } from './engine';
import { agentFailing, checkFailing, failingStep, noChange, ownFailing, patience, type Recognised } from './failing';
import { inRepository, mergedPlace, restoredWords } from './names';
import { taskNote } from './note';
import type { AgentRequest, AgentVerdict, LaneProcess, LaneWork, PreparedAgent } from './ports';
import { mayRetry } from './retries';
import { triage, type Decision } from './triage';
import { untouchedFiles } from './verification';

export interface AttemptStart {
  readonly task: string;
  readonly lane: string;
  /** Called once the attempt is in the journal. */
  readonly claimed: () => void;
}

interface Attempt {
  readonly context: EngineContext;
  readonly task: TaskRun;
  readonly lane: LaneRun;
  readonly number: number;
  readonly log: string;
  readonly began: number;
}

const noEvidence: Evidence = { commits: [], files: [], checks: [], exitCode: null, signal: null, seconds: 0, tail: '' };
const notice = (context: EngineContext, code: string, text: string, task: string): Promise<void> =>
  context.emit({ type: 'notice', level: 'warning', code, text, task });

/** Locks that one step may meet: of the index, of HEAD, of a branch. */
const mostLocks = 5;

/** Does a step on the run's own places again after a killed git's lock was cleared from its way, which is said. */
async function pastLocks<T>(context: EngineContext, task: string, step: () => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> {
  for (let count = 0; ; count += 1) {
    const done = await step();
    if (done.ok || done.error.kind !== 'git/locked' || count === mostLocks) return done;
    if (!await context.world.unlock(context.run(), done.error.file)) return done;
    await notice(context, 'lock-cleared', `A git that was killed had left ${done.error.file}: no git holds it, so it was removed.`, task);
  }
}

/** Opens a new lane and prepares it once with `--setup`; a setup that fails is said and does not stop the lane (D15). */
async function openLane(context: EngineContext, name: string, task: string): Promise<Result<LaneRun, AppError>> {
  const { world } = context;
  const { path, branch, log } = world.laneFolder(name);
  const opened = await world.lanes.open({ path, branch, from: context.run().integrationTip });
  if (!opened.ok) return opened;
  const furnished = await world.furnish(path);
  if (!furnished.ok) return furnished;
  await context.emit({ type: 'lane.opened', lane: name, branch, worktree: path });
  const prepared = await setUp(context, { name, path, log }, { task, keeps: false });
  if (!prepared.ok) return prepared;
  const lane = context.run().lanes[name];
  return lane ? ok(lane) : err({ kind: 'internal', detail: `lane ${name} vanished` });
}

/** `keeps`: what stands uncommitted already is an agent's, whatever setup does beside it; else it is of a setup that was cut off. */
async function setUp(context: EngineContext, place: CommandPlace, { task, keeps }: { readonly task: string; readonly keeps: boolean }): Promise<Result<null, AppError>> {
  const { setup } = context.run().options;
  if (setup === null) return ok(null);
  const before = keeps ? await context.world.lanes.uncommitted({ path: place.path }) : ok([]);
  if (!before.ok) return before;
  const result = await runCommand(context, setup, 'lane', place);
  const disowned = await context.world.lanes.disown({ path: place.path, but: before.value });
  if (!disowned.ok) return disowned;
  if (!passed(result)) await notice(context, 'setup-failed', `Setup of lane ${place.name} failed (${describeEnd(result)}): ${setup}`, task);
  return ok(null);
}

/** Brings an open lane up to the integration tip; one that cannot follow is parked with its work. */
async function enterLane(context: EngineContext, task: TaskRun, name: string): Promise<Result<LaneRun | null, AppError>> {
  const lane = context.run().lanes[name];
  if (!lane) return openLane(context, name, task.id);
  const there = await context.world.lanes.restore({ path: lane.worktree, branch: lane.branch });
  if (!there.ok && there.error.kind === 'git/no-such-branch') {
    await context.emit({ type: 'lane.removed', lane: name });
    await notice(context, 'lane-lost', `The folder and the branch of lane ${name} are gone: ${task.id} gets another lane.`, task.id);
    return ok(null);
  }
  if (!there.ok) return there;
  const { made } = there.value;
  if (made) await notice(context, 'lane-restored', restoredWords(lane, there.value.aside), task.id);
  const furnished = made ? await context.world.furnish(lane.worktree) : ok(null);
  if (!furnished.ok) return furnished;
  const place = { name, path: lane.worktree, log: context.world.laneFolder(name).log };
  // A retry continues on its own work, which the integration branch has not got.
  if (task.attempts > 0 && task.ranIn === name) {
    const again = made || task.trail[task.trail.length - 1]?.class === 'missing-dependency' ? await setUp(context, place, { task: task.id, keeps: true }) : ok(null);
    return again.ok ? ok(lane) : again;
  }
  // Braid may have ended in the middle of its setup.
  const isUnused = Object.values(context.run().tasks).every((other) => other.ranIn !== name);
  const prepared = made || isUnused ? await setUp(context, place, { task: task.id, keeps: !isUnused }) : ok(null);
  if (!prepared.ok) return prepared;
  const forwarded = await pastLocks(context, task.id, () => context.world.lanes.forward({ path: lane.worktree, commit: context.run().integrationTip }));
  if (forwarded.ok) return ok(lane);
  await context.emit({ type: 'lane.parked', lane: name, reason: sentence(forwarded.error) });
  return ok(null);
}

async function finish(attempt: Attempt, outcome: Outcome, reason: string, { failure, ...evidence }: Partial<Evidence> & { readonly failure?: TaskFailure | undefined }): Promise<void> {
  const { context, task, lane, number } = attempt;
  const seconds = (context.world.now().getTime() - attempt.began) / 1000;
  await context.world.lanes.say({
    terminal: terminalName(context.run().id, lane.name), logFile: attempt.log,
    text: `${task.id} ${outcome}${reason ? `: ${reason}` : ''}`,
  });
  await context.emit({
    type: 'task.finished', task: task.id, lane: lane.name, attempt: number, outcome, reason, evidence: { ...noEvidence, ...evidence, seconds },
    ...(failure ? { failure } : {}),
  });
}

/** Parks a lane that holds work which is in no integration, so that nothing is ever mixed with or lost to the next task. */
async function parkIfUsed(attempt: Attempt, work: LaneWork | null): Promise<void> {
  const { context, lane, task } = attempt;
  const now = context.run().tasks[task.id];
  const goesOn = now !== undefined && (now.state === 'pending' || mayRetry(context.run(), now));
  if (goesOn || (work !== null && work.commits.length === 0 && work.dirty.length === 0)) return;
  await context.emit({ type: 'lane.parked', lane: lane.name, reason: `keeps the work of ${task.id}` });
}

const leftoversMessage = (task: TaskRun): string => `${task.id}: ${task.title}`;

async function laneWork(attempt: Attempt, commit: boolean): Promise<Result<LaneWork, AppError>> {
  const { context, lane, task } = attempt;
  const run = context.run();
  return pastLocks(context, task.id, () => context.world.lanes.work({
    path: lane.worktree, branch: lane.branch, integration: run.integrationTip,
    taskFiles: run.specIgnored ? [] : run.taskFiles.map((file) => inRepository(run.specPath, file)),
    message: commit ? leftoversMessage(task) : null,
  }));
}

/** Says what is done about a failure and why; a limit of the agent's account becomes known before anything else may start. */
async function decide({ context, task }: Pick<Attempt, 'context' | 'task'>, failing: Recognised): Promise<Decision> {
  const decision = triage(context.run(), context.run().tasks[task.id] ?? task, failing);
  const limited = decision.next === 'wait' && failing.limit ? limitEvent(context.run(), failing.limit, context.world.now()) : null;
  if (limited) await context.emit(limited);
  return decision;
}

const sayDecision = (context: EngineContext, task: TaskRun, { next, why }: Pick<Decision, 'next' | 'why'>): Promise<void> =>
  context.emit({ type: 'notice', level: next === 'retry' || next === 'wait' ? 'info' : 'warning', code: 'triage', text: why, task: task.id });

/** Uncommitted files that are named in the evidence of a failure; of more, their folders. */
const mostNamed = 500;

/** What a failed attempt touched, and a name for what it left; Braid's own failure to look is not said on top of the failure. */
async function traces({ context, lane }: Attempt, kept: LaneWork | null): Promise<{ readonly files: readonly string[]; readonly tree: string | null }> {
  if (kept === null) return { files: [], tree: null };
  const loose = await context.world.lanes.uncommitted({ path: lane.worktree });
  const named = loose.ok && loose.value.length <= mostNamed ? loose.value : kept.dirty;
  const content = await context.world.lanes.content({ path: lane.worktree });
  return { files: [...new Set([...kept.files, ...named])].sort(), tree: content.ok ? content.value : null };
}

async function concludeFailure(attempt: Attempt, failing: Recognised, facts: Partial<Evidence>): Promise<void> {
  const { context, task } = attempt;
  const work = await laneWork(attempt, false);
  const kept = work.ok ? work.value : null;
  const refused = facts.checks?.some((check) => !passed(check)) === true;
  const { files, tree } = await traces(attempt, kept);
  // An error that can be told from others says more than the content; without one, the same work again is no progress.
  const tells = refused || (failing.failure?.signature === '' && files.length > 0);
  const recognised = failing.failure && { ...failing.failure, tree: tells ? tree : null };
  const decision = await decide(attempt, { ...failing, failure: recognised });
  const failure = recognised ? { ...recognised, next: decision.next } : undefined;
  await finish(attempt, decision.outcome, decision.reason, {
    ...facts, commits: kept?.commits ?? [], files: decision.outcome === 'no-change' ? kept?.files ?? [] : files, ...(tree === null ? {} : { tree }), failure,
  });
  if (decision.why !== '') await sayDecision(context, task, decision);
  await parkIfUsed(attempt, kept);
}

const failedCheck = (checks: readonly CheckResult[]): CheckResult | undefined => checks.find((check) => !passed(check));

/** From an agent that ended well to an integration: evidence, checks in the lane, merge, checks on the merged tree. */
async function conclude(attempt: Attempt, watched: WatchedEnd, verdict: AgentVerdict, facts: Partial<Evidence>): Promise<void> {
  const { context, task, lane } = attempt;
  const work = await laneWork(attempt, true);
  if (!work.ok) return concludeFailure(attempt, ownFailing(work.error, { task: task.id, lane: lane.name }), facts);
  const { files, excluded, since } = work.value;
  for (const file of excluded) await notice(context, 'left-uncommitted', `${file.path} in lane ${lane.name} was not committed: ${file.reason}`, task.id);
  if (files.length === 0) {
    const failing = noChange(context, watched, verdict);
    // Without a file there is nothing to prove but that the agent and the checks end well.
    if (failing.failure?.class !== 'no-change' || task.verification !== true) return concludeFailure(attempt, failing, { ...facts, tail: watched.tail });
  }
  if (context.run().options.checks.length > 0) await context.emit({ type: 'task.checking', task: task.id, lane: lane.name });
  const laneChecks = await runChecks(context, 'lane', { name: lane.name, path: lane.worktree, log: attempt.log });
  const disowned = laneChecks.length > 0 ? await context.world.lanes.disown({ path: lane.worktree, but: [] }) : ok(null);
  if (!disowned.ok) return concludeFailure(attempt, ownFailing(disowned.error, { task: task.id, lane: lane.name }), facts);
  const bad = failedCheck(laneChecks);
  const untouched = files.length === 0 ? [] : untouchedFiles(task.files ?? [], files);
  const evidence = { ...facts, files, checks: laneChecks, ...(untouched.length > 0 ? { untouched } : {}) };
  if (bad) return concludeFailure(attempt, checkFailing(context, bad), evidence);
  const head = files.length > 0 ? ok(work.value.head) : await context.world.lanes.commitNothing({ path: lane.worktree, message: `${task.id}: verification, no change` });
  if (!head.ok) return concludeFailure(attempt, ownFailing(head.error, { task: task.id, lane: lane.name }), evidence);
  const commits = files.length > 0 ? work.value.commits : [...work.value.commits, head.value];
  await context.integrating(() => integrateWork(attempt, { head: head.value, since, evidence: { ...evidence, commits }, summary: verdict.report.summary }));
}

async function integrateWork(attempt: Attempt, done: { head: string; since: string; evidence: Partial<Evidence> & Pick<Evidence, 'commits' | 'files' | 'checks'>; summary: string }): Promise<void> {
  const { context, task, lane } = attempt;
  await context.emit({ type: 'task.integrating', task: task.id, lane: lane.name });
  const note = taskNote({ at: context.world.now(), agent: context.run().options.agent, evidence: { ...noEvidence, ...done.evidence }, summary: done.summary });
  const result = await pastLocks(context, task.id, () => context.world.integrate({
    run: context.run(), task, lane, head: done.head, since: done.since, note,
    verify: (scratch) => runChecks(context, 'merged', { name: mergedPlace, ...scratch }),
    accepted: (checks) => finish(attempt, 'done', '', { ...done.evidence, checks: [...done.evidence.checks, ...checks] }),
  }));
  if (!result.ok) return concludeFailure(attempt, ownFailing(result.error), done.evidence);
  switch (result.value.kind) {
    case 'integrated': {
      const { track } = result.value;
      for (const text of result.value.notices) await notice(context, 'integration', text, task.id);
      return context.emit({ type: 'task.integrated', task: task.id, lane: lane.name, commit: result.value.commit, note, laneCommit: done.head, ...(track ? { track } : {}) });
    }
    case 'check-failed': {
      const bad = failedCheck(result.value.checks);
      const checks = [...done.evidence.checks, ...result.value.checks];
      return concludeFailure(attempt, bad ? checkFailing(context, bad) : failingStep('a check failed on the merged tree'), { ...done.evidence, checks });
    }
    case 'conflict': {
      const { files } = result.value;
      await context.emit({ type: 'conflict.found', task: task.id, lane: lane.name, with: result.value.with, files, symbols: [] });
      await finish(attempt, 'blocked', `conflicts with ${result.value.with} in ${files.join(', ')}`, done.evidence);
      await context.emit({ type: 'lane.parked', lane: lane.name, reason: `keeps the work of ${task.id}` });
    }
  }
}

async function startAgent(attempt: Attempt, agent: PreparedAgent): Promise<Result<LaneProcess, AppError>> {
  const { context, task, lane, number } = attempt;
  const { world } = context;
  const process = await world.lanes.start({
    terminal: terminalName(context.run().id, lane.name), argv: agent.argv, cwd: lane.worktree, env: agent.env, logFile: attempt.log, reader: agent.reader,
    memo: {
      task: task.id, attempt: number, lane: lane.name, began: world.now().toISOString(),
      message: leftoversMessage(task), since: context.run().integrationTip, ...world.keeping(lane),
    },
  });
  if (process.ok) await context.emit({ type: 'task.started', task: task.id, lane: lane.name, attempt: number, pid: process.value.pid });
  return process;
}

/** From an agent at work to the end of its attempt. */
async function follow(attempt: Attempt, process: LaneProcess, limit: number): Promise<void> {
  const { context, task, number } = attempt;
  const watched = await watch(context, process, { time: limit, silence: patience(context.run()) });
  const verdict = await context.world.verdict({ task: task.id, number }, watched.conclusion);
  if (verdict.notice !== null) await notice(context, 'report', verdict.notice, task.id);
  const failing = agentFailing(context, watched, verdict);
  const facts = { exitCode: watched.end.exitCode, signal: watched.end.signal, ...(verdict.usage ? { usage: verdict.usage } : {}) };
  await (failing ? concludeFailure(attempt, failing, { ...facts, tail: watched.tail }) : conclude(attempt, watched, verdict, facts));
}

/** What the attempt before left behind, for the retry's prompt. */
function previousFailure(task: TaskRun, lane: string): AgentRequest['previous'] {
  if (task.attempts === 0) return null;
  const kept = task.ranIn === lane;
  const bad = task.evidence?.checks.find((check) => !passed(check));
  const last = task.trail[task.trail.length - 1];
  if (last?.next === 'wait') return { reason: `it was cut off by ${failureWords[last.class]}, not by its work`, tail: '', kept };
  return { reason: task.reason, tail: bad?.tail ?? task.evidence?.tail ?? '', kept };
}

/** An attempt that came to nothing before its agent ran: there is no work of it. */
async function refused(context: EngineContext, attempt: { readonly task: TaskRun; readonly lane: string; readonly number: number }, failing: Recognised): Promise<void> {
  const { task, lane, number } = attempt;
  const { outcome, reason, next, why } = await decide({ context, task }, failing);
  await context.emit({
    type: 'task.finished', task: task.id, lane, attempt: number, outcome, reason, evidence: noEvidence,
    ...(failing.failure ? { failure: { ...failing.failure, next } } : {}),
  });
  if (why !== '') await sayDecision(context, task, { next, why });
}

/** Runs one attempt from end to end. Every way out leaves the task in a state that says why. */
export async function runAttempt(context: EngineContext, start: AttemptStart): Promise<void> {
  const { world } = context;
  const task = context.run().tasks[start.task];
  if (!task) throw new Error(`Internal error: no task ${start.task}`);
  const began = world.now().getTime();
  const number = task.attempts + 1;
  const refuse = (error: AppError): Promise<void> => refused(context, { task, lane: start.lane, number }, ownFailing(error));
  const entered = await pastLocks(context, task.id, () => enterLane(context, task, start.lane));
  if (!entered.ok) return refuse(entered.error);
  if (entered.value === null || context.isStopping()) return;
  const attempt: Attempt = { context, task, lane: entered.value, number, log: world.laneFolder(start.lane).log, began };
  const agent = await world.prepareAgent(context.run(), { task, attempt: number, lane: entered.value, previous: previousFailure(task, start.lane), answer: task.answer });
  if (!agent.ok) return refuse(agent.error);
  await world.lanes.say({ terminal: terminalName(context.run().id, start.lane), logFile: attempt.log, text: `${task.id} ${task.title} (attempt ${number})` });
  const process = await startAgent(attempt, agent.value);
  start.claimed();
  return process.ok ? follow(attempt, process.value, context.run().options.timeout) : refuse(process.error);
}

/** Seconds that an attempt has left which began at `began` (ms since 1970), 0 = no limit; one that is over its time gets a moment and is then ended like any other. */
export function timeLeft(timeout: number, began: number, now: number): number {
  return timeout === 0 ? 0 : Math.max(timeout - (now - began) / 1000, 0.001);
}

/** Goes on with an attempt that another Braid began, from its agent at work, or just ended, to the end of the attempt. */
export async function followAttempt(context: EngineContext, { memo, process }: Adopted): Promise<void> {
  const { world } = context;
  const task = context.run().tasks[memo.task];
  const lane = context.run().lanes[memo.lane];
  if (!task || !lane) throw new Error(`Internal error: no task ${memo.task} or no lane ${memo.lane}`);
  const began = Date.parse(memo.began);
  const attempt: Attempt = { context, task, lane, number: memo.attempt, log: world.laneFolder(lane.name).log, began };
  await follow(attempt, process, timeLeft(context.run().options.timeout, began, world.now().getTime()));
}
