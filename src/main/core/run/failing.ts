/** From what an attempt left behind to a failure with its class, or to none. */
import { adapterOf } from '../agents/detect';
import { isDiskFull } from '../agents/failure-patterns';
import { signatureOf } from '../agents/signature';
import { checkFailureOf, failureOf, limitIn, type Failure } from '../agents/failure';
import type { CheckResult, Outcome } from '../../../shared/domain';
import { sentence, type AppError } from '../../../shared/errors';
import type { Run } from '../../../shared/run';
import { describeEnd, endedWell, type WatchedEnd } from './checks';
import type { EngineContext } from './engine';
import type { AgentVerdict } from './ports';
import type { Failing } from './triage';

/** A failure, with the limit that caused it where one did. */
export interface Recognised extends Failing {
  /** Of the agent's account or its way to the service; null for every other failure. */
  readonly limit: { readonly cause: 'rate-limit' | 'infrastructure'; readonly until: Date | null; readonly text: string } | null;
}

const limitOf = (failure: Failure | null): Recognised['limit'] =>
  (failure?.class === 'rate-limit' || failure?.class === 'infrastructure' ? { cause: failure.class, until: failure.until, text: failure.text } : null);

function recognised(outcome: Outcome, ended: string, failure: Failure | null): Recognised {
  const limit = limitOf(failure);
  const reason = limit && limit.text !== '' && !ended.includes(limit.text) ? `${ended}: ${limit.text.slice(0, 300)}` : ended;
  return { outcome, reason, failure: failure && { class: failure.class, signature: failure.signature, tree: null }, limit };
}

/** An attempt that was stopped from outside: by a person, or because the run's time is over. */
function stopped(context: EngineContext, during: string): Recognised {
  const run = context.run();
  return run.stopCause === 'run-timeout'
    ? recognised('timed-out', `${run.stopReason}${during}`, null)
    : recognised('interrupted', `stopped by you${during}`, null);
}

/** Seconds without output after which an attempt counts as stuck; 0 = never. */
export const patience = ({ options }: Run): number => options.silence ?? adapterOf(options.agent).silence;

/** Why the agent's end is not a success; null when it is one. */
export function agentFailing(context: EngineContext, watched: WatchedEnd, verdict: AgentVerdict): Recognised | null {
  const { cut, end, tail, lost } = watched;
  if (cut === 'interrupted') return stopped(context, '');
  if (lost && cut === null) return recognised('failed', 'the process that holds its terminal died, and the agent with it', { class: 'host-lost', signature: '', text: '', until: null });
  const { status, summary } = verdict.report;
  const asks = status === 'blocked' || status === 'needs-input';
  const failure = failureOf({ end, cut, verdict: verdict.said, asks, tail }, context.world.now());
  if (failure === null) return endedWell(end) ? null : recognised('failed', `the agent ended with ${describeEnd(end)}`, null);
  if (cut !== null) return recognised('timed-out', cut === 'silent' ? `no output for ${patience(context.run())} s` : 'no end within the time limit', failure);
  if (end.signal !== null) return recognised('failed', `the agent was ${describeEnd(end)}`, failure);
  if (asks) return recognised('blocked', summary || 'the agent says that it is blocked', failure);
  return recognised('failed', verdict.failure ?? `the agent ended with ${describeEnd(end)}`, failure);
}

/** An agent that ended well and changed nothing: it may have met a limit of its account and said so only in its output. */
export function noChange(context: EngineContext, watched: WatchedEnd, verdict: AgentVerdict): Recognised {
  const reason = 'the agent ended well but changed nothing';
  const limit = verdict.said === null ? limitIn(watched.tail, context.world.now()) : null;
  return recognised('no-change', reason, limit ?? { class: 'no-change', signature: '', text: '', until: null });
}

/** How a check that did not pass ends its task. */
export function checkFailing(context: EngineContext, check: CheckResult): Recognised {
  const where = check.where === 'lane' ? 'in the lane' : 'on the merged tree';
  if (context.isStopping()) return stopped(context, ` during check "${check.command}"`);
  const failure = checkFailureOf(check);
  if (check.timedOut) return recognised('timed-out', `check "${check.command}" did not end within the time limit ${where}`, failure);
  const end = check.exitCode === null && check.signal === null ? 'could not be started' : describeEnd(check);
  return recognised('failed', `check "${check.command}" failed ${where} (${end})`, failure);
}

/** A step of Braid's own that failed (git, the disk, starting the agent); `place` where it was a look at a task's work. Trying again is as good as any other attempt; a full disk may be emptied. */
export function ownFailing(error: AppError, place: { readonly task: string; readonly lane: string } | null = null): Recognised {
  const reason = sentence(error);
  if (error.kind === 'git/failed' && error.signal !== undefined) return recognised('failed', reason, { class: 'git-killed', signature: '', text: reason, until: null });
  const failing = failingStep(reason);
  // Where an agent went by itself is no cause that tasks have in common, however much its words are the same.
  if (error.kind === 'git/left-branch') return { ...failing, failure: failing.failure && { ...failing.failure, signature: '' } };
  if (error.kind !== 'git/failed' || place === null) return failing;
  return { ...failing, reason: `Braid could not look at the work in lane ${place.lane}, which stays there. ${reason} See what is wrong in the lane (git status), then try ${place.task} again; with --fresh it gets a new lane.` };
}

/** The same where nothing but words is known. */
export function failingStep(reason: string): Recognised {
  const kind = isDiskFull(reason) ? 'infrastructure' : 'unknown';
  return recognised('failed', reason, { class: kind, signature: signatureOf('own', [reason]), text: reason, until: null });
}
