/** Which attempts of a dead Braid go on: their agents run in a host that lived on, or came to an end of their own there. */
import type { AppError } from '../../../shared/errors';
import type { RunEventDraft } from '../../../shared/events';
import { err, ok, type Result } from '../../../shared/result';
import { isActiveState, type Run } from '../../../shared/run';
import type { AdoptedProcess } from '../terminals/terminals';
import { leftSentences, readLeft, type Left } from './left';
import { attemptMemoSchema, type AttemptMemo } from './memo';
import type { LaneEnd, LaneProcess } from './ports';
import type { Site } from './site';

/** An attempt whose process is taken over instead of being interrupted. */
export interface Adopted {
  readonly memo: AttemptMemo;
  readonly process: LaneProcess;
  /** Null: it runs. */
  readonly end: LaneEnd | null;
}

export interface Adoption {
  readonly attempts: readonly Adopted[];
  /** What the journal does not know yet. */
  readonly events: readonly RunEventDraft[];
  /** Whether the run has a living host; without one its processes have ended, or must be ended. */
  readonly hosted: boolean;
}

/** How an attempt stands to the journal: `known`, it is the one at work; `unsaid`, it began and the journal could not say so; null, it is over. */
export function standing(run: Run, memo: AttemptMemo): 'known' | 'unsaid' | null {
  const task = run.tasks[memo.task];
  const lane = run.lanes[memo.lane];
  if (!task || !lane || lane.state === 'removed') return null;
  if (isActiveState(task.state)) return task.attempts === memo.attempt && task.ranIn === memo.lane ? 'known' : null;
  const waits = task.state === 'pending' || task.state === 'failed' || task.state === 'timed-out';
  return waits && lane.state === 'idle' && task.attempts + 1 === memo.attempt ? 'unsaid' : null;
}

function started({ memo, process }: Adopted): RunEventDraft {
  return { type: 'task.started', task: memo.task, lane: memo.lane, attempt: memo.attempt, pid: process.pid };
}

function choose(run: Run, candidates: readonly (Omit<Adopted, 'memo'> & { readonly memo: unknown })[], leave: ReadonlySet<string>): Pick<Adoption, 'attempts' | 'events'> {
  const attempts: Adopted[] = [];
  const events: RunEventDraft[] = [];
  // Agents that were being ended are not taken up in the middle of it.
  if (run.state === 'stopping' && run.ending !== 'current') return { attempts, events };
  for (const candidate of candidates) {
    const memo = attemptMemoSchema.safeParse(candidate.memo);
    const stands = memo.success && !leave.has(memo.data.task) ? standing(run, memo.data) : null;
    // What a signal ended while no Braid was there was ended with it: interrupted, and not the agent's failure.
    if (!memo.success || stands === null || (candidate.end !== null && candidate.end.signal !== null)) continue;
    const adopted = { ...candidate, memo: memo.data };
    attempts.push(adopted);
    if (stands === 'unsaid') events.push(started(adopted));
  }
  return { attempts, events };
}

/** Agents that came to an end of their own before their host gave up: nothing of them runs any more. */
function ended(left: Left): readonly AdoptedProcess[] {
  return left.attempts.flatMap(({ memo, pid, end }) => (end === null ? [] : [{
    memo, end,
    process: { pid, ended: Promise.resolve(end), look: () => Promise.resolve({ tail: end.tail, silence: 0 }), stop: () => Promise.resolve() },
  }]));
}

function said(run: Run, left: Left): readonly RunEventDraft[] {
  const known = new Set(run.notices.map(({ text }) => text));
  // What the journal knows the end of needs no words.
  const open = { ...left, attempts: left.attempts.filter(({ memo }) => standing(run, memo) !== null) };
  return leftSentences(open).filter((text) => !known.has(text)).map((text) => ({ type: 'notice', level: 'info', code: 'host-left', text, task: null }));
}

/**
 * Takes over what a dead Braid left of a run; whatever of it is not taken over has ended when this resolves. `leave`: tasks that are not
 * to go on. Errors: run/busy, host/failed.
 */
export async function adopt(site: Site, run: Run, context: { readonly folder: string; readonly leave: ReadonlySet<string> }): Promise<Result<Adoption, AppError>> {
  const processes = await site.terminals.adopt(run.id, context.folder);
  if (!processes.ok) return processes;
  if (processes.value === null) {
    const left = await readLeft(context.folder);
    if (!left) return ok({ attempts: [], events: [], hosted: false });
    const { attempts, events } = choose(run, ended(left), context.leave);
    return ok({ attempts, events: [...said(run, left), ...events], hosted: false });
  }
  const { attempts, events } = choose(run, processes.value, context.leave);
  const kept = new Set<LaneProcess>(attempts.map(({ process }) => process));
  await Promise.all(processes.value.filter(({ process, end }) => end === null && !kept.has(process)).map(({ process }) => process.stop()));
  if (!await site.terminals.outlives(run.id)) return err({ kind: 'host/failed', detail: 'It died while its agents were taken over. Resume again.' });
  return ok({ attempts, events, hosted: true });
}
