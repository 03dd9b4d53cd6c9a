/** What is done about a failed attempt, from its class and what was tried before (docs/reference.md, "When an attempt fails"). Pure. */
import type { Outcome } from '../../../shared/domain';
import { failureWords, type FailureClass, type NextStep } from '../../../shared/failure';
import { gateOfFix } from '../../../shared/gates';
import type { TaskFailure } from '../../../shared/events';
import type { Run, TaskRun } from '../../../shared/run';
import { isDiskFull, isNetworkLost } from '../agents/failure-patterns';

/** A failed attempt as it was recognised. */
export interface Failing {
  readonly outcome: Outcome;
  readonly reason: string;
  /** Null where nothing failed: a person or a bound of the run stopped it. */
  readonly failure: {
    readonly class: FailureClass;
    readonly signature: string;
    /** Names the content of the lane that a check refused; null where no check did. */
    readonly tree: string | null;
  } | null;
}

export interface Decision {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly next: NextStep;
  /** Said in a notice: what is done and why; '' where the end itself says it all. */
  readonly why: string;
}

/** Failures after which `auto-fix` stops trying (B18). */
const mostFixes = 3;
/** Attempts that trouble of the service may cut off before that counts as a failure (B18), and trouble of the network before a person is asked (C23). */
const mostOutages = 1;
const mostCuts = 3;
/** The same for rate limits: with back-off alone this takes seven hours. */
const mostLimits = 30;
/** The same for hosts that die under their agents, and for git that is killed: more than that is no accident. */
const mostHosts = 3;

/** What another attempt may mend by itself: it is told the output that refused the one before. */
const mendable: ReadonlySet<FailureClass> = new Set(['build-or-test', 'missing-dependency']);

const waits = (trail: readonly TaskFailure[], kind: FailureClass): number => trail.filter((past) => past.class === kind && past.next === 'wait').length;

/** More attempts that this failure may have: what a person asked for, else what `auto-fix` allows. */
function allowed({ options }: Run, kind: FailureClass): number {
  if (options.retries > 0) return options.retries;
  return options.onFailure === 'auto-fix' && mendable.has(kind) ? mostFixes - 1 : 0;
}

/** Why another attempt would only repeat what was; null when it may help. */
function noProgress(trail: readonly TaskFailure[], { signature, tree }: NonNullable<Failing['failure']>): string | null {
  const tried = trail.filter((past) => past.next === 'retry');
  const last = tried[tried.length - 1];
  if (!last) return null;
  if (tree !== null && tree === last.tree) return 'no progress: the attempt left the work as it was';
  if (signature !== '' && signature === last.signature) return 'no progress: the same error again';
  const back = tree === null ? -1 : tried.findIndex((past) => past.tree === tree);
  return back === -1 ? null : `going in circles: the work is again as after failure ${back + 1}`;
}

function withRetries(run: Run, task: TaskRun, { outcome, reason, failure }: Failing & { failure: NonNullable<Failing['failure']> }): Decision {
  // A gate counts its fix attempts itself.
  const limit = gateOfFix(run, task.id) === null ? allowed(run, failure.class) : 0;
  const left = limit - task.spent;
  if (left <= 0) return { outcome, reason, next: 'stop', why: limit > 0 ? `${task.id} failed ${task.spent + 1} times and is not tried again: ${reason}.` : '' };
  const stuck = noProgress(task.trail, failure);
  if (stuck !== null) return { outcome: 'blocked', reason: `${stuck} (${reason})`, next: 'ask', why: `${task.id} is not tried again, although ${left} more were allowed: ${stuck}.` };
  const again = failure.class === 'missing-dependency' && run.options.setup !== null ? 'setup runs again, then it is tried again' : 'it is tried again, with the output in its prompt';
  return { outcome, reason, next: 'retry', why: `${task.id} failed by ${failureWords[failure.class]}: ${again} (${left} left).` };
}

/** Attempts that Braid's own trouble cut off: nothing is wrong with the agent, and a new host is there at once. */
function againInNewHost(task: TaskRun, { reason }: Failing): Decision {
  const before = waits(task.trail, 'host-lost');
  if (before >= mostHosts) return { outcome: 'failed', reason: `${reason} (${before + 1} times)`, next: 'stop', why: `${task.id} lost its host ${before + 1} times and is not tried again: see host.log in the folder of the run.` };
  return { outcome: 'interrupted', reason, next: 'wait', why: `${task.id} was cut off, as the process that holds its terminal died: it goes on in a new one, on the work that it left; that costs no attempt.` };
}

/** Attempts that ended because a git of Braid's own was killed: that says nothing about the work, so it never fails for it. */
function againWithGit(task: TaskRun, { reason }: Failing): Decision {
  const before = waits(task.trail, 'git-killed');
  if (before >= mostHosts) return { outcome: 'interrupted', reason: `${reason} (${before + 1} times)`, next: 'stop', why: `${task.id} was cut off ${before + 1} times as git was killed, and waits to be resumed: its work is kept, and no attempt was spent.` };
  return { outcome: 'interrupted', reason, next: 'wait', why: `${task.id} was cut off, as a git of Braid's own was killed: it goes on, on the work that it left; that costs no attempt.` };
}

function waited(run: Run, task: TaskRun, { outcome, reason, failure }: Failing & { failure: NonNullable<Failing['failure']> }): Decision {
  const before = waits(task.trail, failure.class);
  const isCut = failure.class === 'infrastructure' && isNetworkLost(reason);
  const most = failure.class === 'rate-limit' ? mostLimits : isCut ? mostCuts : mostOutages;
  if (before < most) return { outcome: 'interrupted', reason, next: 'wait', why: `${task.id} was cut off by ${isDiskFull(reason) ? 'a full disk' : `${failureWords[failure.class]} of ${run.options.agent}`}: it waits and goes on by itself; that costs no attempt.` };
  const often = { reason: `${reason} (${before + 1} times)`, why: `${task.id} was cut off by ${failureWords[failure.class]} ${before + 1} times and is not tried again.` };
  if (outcome === 'no-change') return { ...often, outcome, next: 'ask' };
  return isCut ? { ...often, outcome: 'blocked', next: 'ask' } : { ...often, outcome: 'failed', next: 'stop' };
}

/** The decision about a failed attempt of a task. */
export function triage(run: Run, task: TaskRun, failing: Failing): Decision {
  const { outcome, reason, failure } = failing;
  if (failure === null) return { outcome, reason, next: 'stop', why: '' };
  switch (failure.class) {
    case 'rate-limit': case 'infrastructure':
      return waited(run, task, { ...failing, failure });
    case 'host-lost':
      return againInNewHost(task, failing);
    case 'git-killed':
      return againWithGit(task, failing);
    case 'auth':
      return { outcome: 'blocked', reason, next: 'ask', why: `${task.id} needs a person: the agent could not log in.` };
    case 'unclear-spec': case 'no-change':
      return { outcome, reason, next: 'ask', why: '' };
    default:
      return withRetries(run, task, { ...failing, failure });
  }
}
