/**
 * What would happen if jobs were started in a given order: list scheduling simulated with expected durations (the parallel schedule
 * generation scheme; Graham 1969, Kolisch 1996). Works on positions instead of ids, since the search of `priorities` runs it often.
 */

/** A piece of work that has not ended. Positions are those of the list that holds the job. */
export interface Job {
  /** Expected duration, above 0; all jobs in one unit. */
  readonly weight: number;
  /** How urgent the job is by itself, the higher the earlier: its longest remaining path, or Infinity to put it before all others. */
  readonly remaining: number;
  /** The jobs that must have ended before it starts. */
  readonly waits: readonly number[];
  /** The jobs that it must not run beside; each of them names it as well. */
  readonly clashes: readonly number[];
  /** Runs beside no other job. */
  readonly alone: boolean;
}

/** What is going on now: how many jobs may run at once, and the running ones with the time that is expected to be left. */
export interface Moment {
  readonly slots: number;
  readonly running: ReadonlyMap<number, number>;
}

/** Jobs and moment, looked through once for many forecasts. */
export interface Net {
  readonly jobs: readonly Job[];
  readonly moment: Moment;
  /** By job, the jobs that wait for it. */
  readonly users: readonly (readonly number[])[];
  /** By job, how many it waits for. */
  readonly waiting: Int32Array;
  /** The jobs that wait for nothing and do not run yet, in order of their positions. */
  readonly ready: readonly number[];
  /** By job, the expected time until the end of the longest chain that it begins. */
  readonly tails: Float64Array;
  /** No order ends before this. */
  readonly bound: number;
}

const leftOf = (job: number, { jobs, moment }: Pick<Net, 'jobs' | 'moment'>): number => moment.running.get(job) ?? jobs[job]?.weight ?? 0;

/** Looks through jobs and moment. Linear. Jobs that wait for each other in a circle never start and count nothing. */
export function netOf(jobs: readonly Job[], moment: Moment): Net {
  const users: number[][] = jobs.map(() => []);
  const waiting = Int32Array.from(jobs, (job) => job.waits.length);
  jobs.forEach((job, at) => job.waits.forEach((other) => users[other]?.push(at)));
  const left = waiting.slice();
  const order = jobs.flatMap((job, at) => (job.waits.length === 0 ? [at] : []));
  for (let at = 0; at < order.length; at += 1) {
    for (const user of users[order[at] ?? 0] ?? []) {
      left[user] = (left[user] ?? 0) - 1;
      if (left[user] === 0) order.push(user);
    }
  }
  const tails = new Float64Array(jobs.length);
  let longest = 0;
  let beside = 0;
  let alone = 0;
  for (const job of order.reverse()) {
    let behind = 0;
    for (const user of users[job] ?? []) behind = Math.max(behind, tails[user] ?? 0);
    const own = leftOf(job, { jobs, moment });
    tails[job] = behind + own;
    longest = Math.max(longest, behind + own);
    if (jobs[job]?.alone === true) alone += own;
    else beside += own;
  }
  const ready = jobs.flatMap((job, at) => (job.waits.length === 0 && !moment.running.has(at) ? [at] : []));
  return { jobs, moment, users, waiting, ready, tails, bound: Math.max(longest, alone + beside / moment.slots) };
}

/** Puts a job among the ready ones: highest priority first, then position. */
function insert(ready: number[], job: number, priorities: Float64Array): void {
  const own = priorities[job] ?? 0;
  let at = ready.length;
  ready.push(job);
  for (; at > 0; at -= 1) {
    const other = ready[at - 1] ?? 0;
    const ahead = priorities[other] ?? 0;
    if (ahead > own || (ahead === own && other < job)) break;
    ready[at] = other;
  }
  ready[at] = job;
}

/** Whether a job may start beside running ones of which none runs alone. */
function mayStart(job: Job | undefined, running: readonly number[]): boolean {
  if (running.length === 0 || job === undefined) return true;
  if (job.alone) return false;
  if (job.clashes.length > 0) for (const other of running) if (job.clashes.includes(other)) return false;
  return true;
}

/**
 * Time from now until all jobs have ended when each free slot takes the ready job of the highest priority that may start. Gives up with
 * Infinity as soon as the end cannot be before `limit`.
 */
export function forecast({ jobs, moment, users, waiting, ready: first, tails }: Net, priorities: Float64Array, limit = Infinity): number {
  const left = waiting.slice();
  // Infinite priorities have no difference; sorting is stable.
  const ready = [...first].sort((a, b) => ((priorities[a] ?? 0) === (priorities[b] ?? 0) ? 0 : (priorities[b] ?? 0) > (priorities[a] ?? 0) ? 1 : -1));
  const running = [...moment.running.keys()];
  const ends = running.map((job) => moment.running.get(job) ?? 0);
  for (let now = 0; ;) {
    let isAlone = running.some((job) => jobs[job]?.alone === true);
    for (let at = 0; at < ready.length && running.length < moment.slots && !isAlone;) {
      const job = ready[at] ?? 0;
      if (!mayStart(jobs[job], running)) {
        at += 1;
        continue;
      }
      if (now + (tails[job] ?? 0) >= limit) return Infinity;
      ready.splice(at, 1);
      running.push(job);
      isAlone = jobs[job]?.alone === true;
      ends.push(now + (jobs[job]?.weight ?? 0));
    }
    if (running.length === 0) return now;
    now = ends[0] ?? 0;
    for (const end of ends) if (end < now) now = end;
    for (let at = running.length - 1; at >= 0; at -= 1) {
      if ((ends[at] ?? 0) > now) continue;
      const job = running[at] ?? 0;
      running.splice(at, 1);
      ends.splice(at, 1);
      for (const user of users[job] ?? []) {
        left[user] = (left[user] ?? 0) - 1;
        if (left[user] === 0) insert(ready, user, priorities);
      }
    }
  }
}
