/** What time and room say about a run: limits that end, a disk that fills, the run's own time. Pure; the clock is an argument. */
import type { RunEventDraft } from '../../../shared/events';
import { megabytes } from '../../../shared/waiting';
import type { Run } from '../../../shared/run';
import { isDiskFull } from '../agents/failure-patterns';

const firstWait = 60_000;
const longestWait = 15 * 60_000;
/** A time that an agent names may be over when it is read. */
const shortestWait = 1000;

/** Milliseconds to wait where an agent names no time: a minute, doubled each time in a row, at most a quarter of an hour. */
export const backOff = (times: number): number => Math.min(longestWait, firstWait * 2 ** Math.max(0, times - 1));

/** The event of a limit that a lane met; null when the run knows one already that lasts as long. */
export function limitEvent(run: Run, met: { readonly cause: 'rate-limit' | 'infrastructure'; readonly until: Date | null; readonly text: string }, now: Date): Extract<RunEventDraft, { type: 'agent.limited' }> | null {
  const { agent } = run.options;
  const known = run.limits[agent];
  const next = met.until === null ? now.getTime() + backOff((known?.times ?? 0) + (known?.active ? 0 : 1)) : Math.max(met.until.getTime(), now.getTime() + shortestWait);
  // Lanes that meet the same limit one after another must not add up their waits.
  if (known?.active && (met.until === null || next <= Date.parse(known.next))) return null;
  return { type: 'agent.limited', agent, cause: met.cause, until: met.until?.toISOString() ?? null, next: new Date(next).toISOString(), text: met.text.slice(0, 300) };
}

/** Limits that are over by now. */
export const releases = (run: Run, now: Date): readonly RunEventDraft[] =>
  Object.entries(run.limits).flatMap(([agent, limit]) => (limit.active && Date.parse(limit.next) <= now.getTime() ? [{ type: 'agent.released' as const, agent }] : []));

/** What the room on the disk changes; `free` null where it cannot be told. */
export function diskEvents(run: Run, free: number | null, needed: number): readonly RunEventDraft[] {
  if (free === null) return [];
  const isLow = free < needed;
  if (isLow === (run.lowDisk !== null)) return [];
  const text = isLow ? `Little disk space: ${megabytes(free)} free where the worktrees are, ${megabytes(needed)} are needed to start a task. What is at work goes on; the rest waits.` : `There is room on the disk again (${megabytes(free)}): tasks start again.`;
  const notice: RunEventDraft = { type: 'notice', level: isLow ? 'warning' : 'info', code: 'disk', text, task: null };
  // What a full disk had cut off waits for nothing else.
  const released = isLow ? [] : Object.entries(run.limits).flatMap(([agent, limit]) => (limit.active && limit.cause === 'infrastructure' && isDiskFull(limit.text) ? [{ type: 'agent.released' as const, agent }] : []));
  return [isLow ? { type: 'disk.low', free, needed } : { type: 'disk.enough', free }, notice, ...released];
}

/** The event of a run whose time is over; `began`: milliseconds, when this process took it up. */
export function timeOver(run: Run, began: number, now: Date): Extract<RunEventDraft, { type: 'run.stopping' }> | null {
  const { runTimeout } = run.options;
  if (runTimeout === 0 || now.getTime() < began + runTimeout * 1000) return null;
  return { type: 'run.stopping', after: 'now', because: 'run-timeout', reason: `the run's time limit of ${runTimeout} s is over` };
}

/** How often room on a full disk is looked for. */
const diskPause = 15_000;
/** Clocks jump when a machine wakes up, so none is trusted for longer. */
const longestSleep = 60_000;

/** Milliseconds until time may change anything; null when it cannot. */
export function nextLook(run: Run, began: number, now: Date): number | null {
  const { runTimeout } = run.options;
  const end = began + runTimeout * 1000;
  // A run that is being stopped anyway is not looked at again and again because its time is over.
  const isBounded = runTimeout > 0 && (run.state !== 'stopping' || end > now.getTime());
  const moments = [
    ...Object.values(run.limits).filter((limit) => limit.active).map((limit) => Date.parse(limit.next)),
    ...(isBounded ? [end] : []), ...(run.lowDisk === null ? [] : [now.getTime() + diskPause]),
  ];
  return moments.length === 0 ? null : Math.min(longestSleep, Math.max(0, Math.min(...moments) - now.getTime()));
}
