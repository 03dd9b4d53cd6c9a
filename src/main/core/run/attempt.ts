/** One agent process for one task, from entering its lane to the integration of its work. */
import type { CheckResult, Evidence, Outcome } from '../../../shared/domain';
import { sentence } from '../../../shared/errors';
import { terminalName } from '../../../shared/ipc';
import { err, ok, type Result } from '../../../shared/result';
import type { AppError } from '../../../shared/errors';
import type { LaneRun, TaskRun } from '../../../shared/run';
import { describeEnd, endedWell, passed, runChecks, runCommand, watch, type WatchedEnd } from './checks';
import type { EngineContext } from './engine';
import { inRepository } from './names';
import { taskNote } from './note';
import type { AgentReport, AgentVerdict, LaneProcess, LaneWork, PreparedAgent } from './ports';

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

/** Opens a new lane and prepares it once with `--setup`; a setup that fails is said and does not stop the lane (D15). */
async function openLane(context: EngineContext, name: string, task: string): Promise<Result<LaneRun, AppError>> {
  const { world } = context;
  const { path, branch, log } = world.laneFolder(name);
  const opened = await world.lanes.open({ path, branch, from: context.run().integrationTip });
  if (!opened.ok) return opened;
  const furnished = await world.furnish(path);
  if (!furnished.ok) return furnished;
  await context.emit({ type: 'lane.opened', lane: name, branch, worktree: path });
  const { setup } = context.run().options;
  if (setup !== null) {
    const result = await runCommand(context, setup, 'lane', { name, path, log });
    const disowned = await world.lanes.disown({ path });
    if (!disowned.ok) return disowned;
    if (!passed(result)) await notice(context, 'setup-failed', `Setup of lane ${name} failed (${describeEnd(result)}): ${setup}`, task);
  }
  const lane = context.run().lanes[name];
  return lane ? ok(lane) : err({ kind: 'internal', detail: `lane ${name} vanished` });
}

/** Brings an open lane up to the integration tip; one that cannot follow is parked with its work. */
async function enterLane(context: EngineContext, task: TaskRun, name: string): Promise<Result<LaneRun | null, AppError>> {
  const lane = context.run().lanes[name];
  if (!lane) return openLane(context, name, task.id);
  // A retry continues on its own work, which the integration branch has not got.
  if (task.attempts > 0 && task.ranIn === name) return ok(lane);
  const forwarded = await context.world.lanes.forward({ path: lane.worktree, commit: context.run().integrationTip });
  if (forwarded.ok) return ok(lane);
  await context.emit({ type: 'lane.parked', lane: name, reason: sentence(forwarded.error) });
  return ok(null);
}

async function finish(attempt: Attempt, outcome: Outcome, reason: string, evidence: Partial<Evidence>): Promise<void> {
  const { context, task, lane, number } = attempt;
  const seconds = (context.world.now().getTime() - attempt.began) / 1000;
  await context.world.lanes.say({
    terminal: terminalName(context.run().id, lane.name), logFile: attempt.log,
    text: `${task.id} ${outcome}${reason ? `: ${reason}` : ''}`,
  });
  await context.emit({ type: 'task.finished', task: task.id, lane: lane.name, attempt: number, outcome, reason, evidence: { ...noEvidence, ...evidence, seconds } });
}

/** Parks a lane that holds work which is in no integration, so that nothing is ever mixed with or lost to the next task. */
async function parkIfUsed(attempt: Attempt, work: LaneWork | null): Promise<void> {
  const { context, lane, task } = attempt;
  const now = context.run().tasks[task.id];
  const willRetry = now !== undefined && (now.state === 'failed' || now.state === 'timed-out') && now.attempts <= context.run().options.retries;
  if (willRetry || (work !== null && work.commits.length === 0 && work.dirty.length === 0)) return;
  await context.emit({ type: 'lane.parked', lane: lane.name, reason: `keeps the work of ${task.id}` });
}

/** Why the agent's end is not a success; null when it is one. */
function failureOf(watched: WatchedEnd, verdict: AgentVerdict): { outcome: Outcome; reason: string } | null {
  if (watched.cut === 'interrupted') return { outcome: 'interrupted', reason: 'stopped by you' };
  if (watched.cut === 'timed-out') return { outcome: 'timed-out', reason: 'no end within the time limit' };
  if (watched.lost) return { outcome: 'failed', reason: 'the process that holds its terminal died, and the agent with it' };
  if (watched.end.signal !== null) return { outcome: 'failed', reason: `the agent was ${describeEnd(watched.end)}` };
  const { status, summary } = verdict.report;
  if (status === 'blocked' || status === 'needs-input') return { outcome: 'blocked', reason: summary || 'the agent says that it is blocked' };
  if (verdict.failure !== null) return { outcome: 'failed', reason: verdict.failure };
  return endedWell(watched.end) ? null : { outcome: 'failed', reason: `the agent ended with ${describeEnd(watched.end)}` };
}

const leftoversMessage = (task: TaskRun): string => `${task.id}: ${task.title}`;

async function laneWork(attempt: Attempt, commit: boolean): Promise<Result<LaneWork, AppError>> {
  const { context, lane, task } = attempt;
  const run = context.run();
  return context.world.lanes.work({
    path: lane.worktree, branch: lane.branch, integration: run.integrationTip,
    taskFiles: run.specIgnored ? [] : run.taskFiles.map((file) => inRepository(run.specPath, file)),
    message: commit ? leftoversMessage(task) : null,
  });
}

async function concludeFailure(attempt: Attempt, failure: { outcome: Outcome; reason: string }, facts: Partial<Evidence>): Promise<void> {
  const work = await laneWork(attempt, false);
  const kept = work.ok ? work.value : null;
  await finish(attempt, failure.outcome, failure.reason, { ...facts, commits: kept?.commits ?? [], files: kept?.files ?? [] });
  await parkIfUsed(attempt, kept);
}

const failedCheck = (checks: readonly CheckResult[]): CheckResult | undefined => checks.find((check) => !passed(check));
/** How a check that did not pass ends its task. */
function checkFailure(context: EngineContext, check: CheckResult): { outcome: Outcome; reason: string } {
  const where = check.where === 'lane' ? 'in the lane' : 'on the merged tree';
  if (context.isStopping()) return { outcome: 'interrupted', reason: `stopped by you during check "${check.command}"` };
  if (check.timedOut) return { outcome: 'timed-out', reason: `check "${check.command}" did not end within the time limit ${where}` };
  const end = check.exitCode === null && check.signal === null ? 'could not be started' : describeEnd(check);
  return { outcome: 'failed', reason: `check "${check.command}" failed ${where} (${end})` };
}

/** From an agent that ended well to an integration: evidence, checks in the lane, merge, checks on the merged tree. */
async function conclude(attempt: Attempt, watched: WatchedEnd, report: AgentReport): Promise<void> {
  const { context, task, lane } = attempt;
  const facts = { exitCode: watched.end.exitCode, signal: watched.end.signal };
  const work = await laneWork(attempt, true);
  if (!work.ok) return concludeFailure(attempt, { outcome: 'failed', reason: sentence(work.error) }, facts);
  const { commits, files, excluded, head, since } = work.value;
  for (const file of excluded) await notice(context, 'left-uncommitted', `${file.path} in lane ${lane.name} was not committed: ${file.reason}`, task.id);
  if (files.length === 0) return concludeFailure(attempt, { outcome: 'no-change', reason: 'the agent ended well but changed nothing' }, facts);
  if (context.run().options.checks.length > 0) await context.emit({ type: 'task.checking', task: task.id, lane: lane.name });
  const laneChecks = await runChecks(context, 'lane', { name: lane.name, path: lane.worktree, log: attempt.log });
  const disowned = laneChecks.length > 0 ? await context.world.lanes.disown({ path: lane.worktree }) : ok(null);
  if (!disowned.ok) return concludeFailure(attempt, { outcome: 'failed', reason: sentence(disowned.error) }, facts);
  const bad = failedCheck(laneChecks);
  const evidence = { ...facts, commits, files, checks: laneChecks };
  if (bad) return concludeFailure(attempt, checkFailure(context, bad), evidence);
  await context.integrating(() => integrateWork(attempt, { head, since, evidence, report }));
}

async function integrateWork(attempt: Attempt, done: { head: string; since: string; evidence: Omit<Evidence, 'seconds' | 'tail'>; report: AgentReport }): Promise<void> {
  const { context, task, lane } = attempt;
  await context.emit({ type: 'task.integrating', task: task.id, lane: lane.name });
  const note = taskNote({ at: context.world.now(), agent: context.run().options.agent, lane: lane.name, evidence: done.evidence, summary: done.report.summary });
  const result = await context.world.integrate({
    run: context.run(), task, lane, head: done.head, since: done.since, note,
    verify: (scratch) => runChecks(context, 'merged', { name: 'integration', ...scratch }),
    accepted: (checks) => finish(attempt, 'done', '', { ...done.evidence, checks: [...done.evidence.checks, ...checks] }),
  });
  if (!result.ok) return concludeFailure(attempt, { outcome: 'failed', reason: sentence(result.error) }, done.evidence);
  switch (result.value.kind) {
    case 'integrated': {
      const { track } = result.value;
      for (const text of result.value.notices) await notice(context, 'integration', text, task.id);
      return context.emit({ type: 'task.integrated', task: task.id, lane: lane.name, commit: result.value.commit, note, laneCommit: done.head, ...(track ? { track } : {}) });
    }
    case 'check-failed': {
      const bad = failedCheck(result.value.checks);
      const checks = [...done.evidence.checks, ...result.value.checks];
      return concludeFailure(attempt, bad ? checkFailure(context, bad) : { outcome: 'failed', reason: 'a check failed on the merged tree' }, { ...done.evidence, checks });
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
      task: task.id, attempt: number, lane: lane.name, began: world.now().toISOString(), worktree: lane.worktree, branch: lane.branch,
      message: leftoversMessage(task), author: world.author, since: context.run().integrationTip,
    },
  });
  if (process.ok) await context.emit({ type: 'task.started', task: task.id, lane: lane.name, attempt: number, pid: process.value.pid });
  return process;
}

/** From an agent at work to the end of its attempt. */
async function follow(attempt: Attempt, process: LaneProcess, limit: number): Promise<void> {
  const { context, task, number } = attempt;
  const watched = await watch(context, process, limit);
  const verdict = await context.world.verdict({ task: task.id, number }, watched.conclusion);
  if (verdict.notice !== null) await notice(context, 'report', verdict.notice, task.id);
  const failure = failureOf(watched, verdict);
  const facts = { exitCode: watched.end.exitCode, signal: watched.end.signal };
  await (failure ? concludeFailure(attempt, failure, { ...facts, tail: watched.tail }) : conclude(attempt, watched, verdict.report));
}

/** What the attempt before left behind, for the retry's prompt. */
function previousFailure(task: TaskRun): { reason: string; tail: string } | null {
  if (task.attempts === 0) return null;
  const bad = task.evidence?.checks.find((check) => !passed(check));
  return { reason: task.reason, tail: bad?.tail ?? task.evidence?.tail ?? '' };
}

/** Runs one attempt from end to end. Every way out leaves the task in a state that says why. */
export async function runAttempt(context: EngineContext, start: AttemptStart): Promise<void> {
  const { world } = context;
  const task = context.run().tasks[start.task];
  if (!task) throw new Error(`Internal error: no task ${start.task}`);
  const began = world.now().getTime();
  const number = task.attempts + 1;
  const refuse = (error: AppError): Promise<void> => context.emit({
    type: 'task.finished', task: task.id, lane: start.lane, attempt: number, outcome: 'failed', reason: sentence(error), evidence: noEvidence,
  });
  const entered = await enterLane(context, task, start.lane);
  if (!entered.ok) return refuse(entered.error);
  if (entered.value === null || context.isStopping()) return;
  const attempt: Attempt = { context, task, lane: entered.value, number, log: world.laneFolder(start.lane).log, began };
  const agent = await world.prepareAgent(context.run(), { task, attempt: number, lane: entered.value, previous: previousFailure(task), answer: task.answer });
  if (!agent.ok) return refuse(agent.error);
  await world.lanes.say({ terminal: terminalName(context.run().id, start.lane), logFile: attempt.log, text: `${task.id} ${task.title} (attempt ${number})` });
  const process = await startAgent(attempt, agent.value);
  start.claimed();
  return process.ok ? follow(attempt, process.value, context.run().options.timeout) : refuse(process.error);
}
