/** From how an attempt ended to the class of its failure, in the order of agents.md section 9: what Braid did, signal, final event, exit code, error lines. Pure. */
import type { FailureClass } from '../../../shared/failure';
import type { AgentEnd, Trouble, Verdict } from './adapter';
import { classOfCheckLine, classOfError, classOfLine } from './failure-patterns';
import { resetTime, upcoming } from './reset-time';
import { errorLines, signatureOf, spokenLines } from './signature';

/** Everything that an attempt left to judge it by. */
export interface Ending {
  readonly end: AgentEnd;
  /** Braid ended it: too long, or silent for too long. */
  readonly cut: 'timed-out' | 'silent' | null;
  /** What the agent's own events say; null for an agent that prints none. */
  readonly verdict: Verdict | null;
  /** It says that it cannot go on without an answer. */
  readonly asks: boolean;
  /** End of its output, plain text. */
  readonly tail: string;
}

/** A failure that was recognised. */
export interface Failure {
  readonly class: FailureClass;
  /** Names the error, to know it again; '' when nothing tells it from others. */
  readonly signature: string;
  /** The line that gave it away; '' when there was none. */
  readonly text: string;
  /** When a rate limit ends, where the agent says so. */
  readonly until: Date | null;
}

/** Lines from the end within which an agent without events must have said what stopped it. */
const lastWords = 15;
/** Exit codes that shells give for SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGKILL and SIGSEGV. */
const crashCodes: ReadonlySet<number | null> = new Set([132, 134, 135, 136, 137, 139]);
/** Exit codes that shells give for a program that is not there or cannot be run. */
const missingCodes: ReadonlySet<number | null> = new Set([126, 127]);

const ofTrouble: Readonly<Record<Trouble, FailureClass | null>> = {
  auth: 'auth', 'rate-limited': 'rate-limit', 'context-full': 'context-full', overloaded: 'infrastructure', other: null,
};

interface Found {
  readonly class: FailureClass;
  readonly text: string;
  /** The line with those around it: the time of a reset may stand on the next one. */
  readonly around: string;
}

/** The last line that speaks of a known trouble. */
function findLine(tail: string, classOf: (line: string) => FailureClass | null): Found | null {
  const lines = spokenLines(tail).slice(-lastWords).map((line) => line.slice(0, 1000));
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const text = lines[at] ?? '';
    const found = classOf(text);
    if (found) return { class: found, text, around: [text, ...lines.slice(at + 1, at + 3), ...lines.slice(Math.max(0, at - 2), at)].join('\n') };
  }
  return null;
}

const failure = (kind: FailureClass, lines: readonly string[], more: { text?: string; until?: Date | null } = {}): Failure =>
  ({ class: kind, signature: signatureOf(kind, lines), text: more.text ?? lines[lines.length - 1] ?? '', until: more.until ?? null });

/** An agent that prints events is judged by them alone: its output is full of other programs' words. */
function byEvents(verdict: Extract<Verdict, { kind: 'failed' }>, now: Date): Failure {
  const kind = ofTrouble[verdict.trouble] ?? classOfError(verdict.reason) ?? 'unknown';
  const told = !verdict.resetsAt ? null : upcoming(verdict.resetsAt.getTime(), now);
  return failure(kind, [verdict.reason], { until: kind === 'rate-limit' ? told ?? resetTime(verdict.reason, now) : null });
}

function byOutput({ end, tail }: Ending, now: Date): Failure {
  const found = findLine(tail, classOfLine);
  const kind = found?.class ?? (missingCodes.has(end.exitCode) ? 'missing-dependency' : 'unknown');
  return failure(kind, errorLines(tail), found ? { text: found.text, until: kind === 'rate-limit' ? resetTime(found.around, now) : null } : {});
}

/** A rate limit that an agent without events met and then ended well, or went silent, without having done anything. */
export function limitIn(tail: string, now: Date): Failure | null {
  const found = findLine(tail, classOfLine);
  return found?.class === 'rate-limit' ? failure('rate-limit', errorLines(tail), { text: found.text, until: resetTime(found.around, now) }) : null;
}

/** Why an attempt failed; null when nothing of it says that it did. */
export function failureOf(ending: Ending, now: Date): Failure | null {
  const { end, cut, verdict, asks, tail } = ending;
  if (cut === 'silent') return (verdict === null ? limitIn(tail, now) : null) ?? failure('timed-out', []);
  if (cut !== null) return failure('timed-out', []);
  if (end.signal !== null || crashCodes.has(end.exitCode)) return failure('crashed', verdict === null ? errorLines(tail) : []);
  if (asks || verdict?.kind === 'blocked') return failure('unclear-spec', []);
  if (verdict?.kind === 'failed') return byEvents(verdict, now);
  return end.exitCode === 0 ? null : byOutput(ending, now);
}

/** Why a check failed. What its tools print is about the project: never about the agent's account or network. */
export function checkFailureOf(check: { readonly command: string; readonly tail: string; readonly timedOut: boolean }): Failure {
  if (check.timedOut) return failure('timed-out', []);
  // All of them: a run of tests that fails in fewer places is progress.
  const lines = errorLines(check.tail, 40);
  const missing = spokenLines(check.tail).slice(-40).map((line) => line.slice(0, 1000)).find((line) => classOfCheckLine(line) === 'missing-dependency');
  const kind = missing === undefined ? 'build-or-test' : 'missing-dependency';
  return { ...failure(kind, lines, { text: missing ?? lines[lines.length - 1] ?? '' }), signature: lines.length === 0 ? '' : signatureOf(`${kind} ${check.command}`, lines) };
}
