/**
 * kill -9 at random moments of real runs, then resume: nothing lost, nothing twice, nothing left (Z8). A short form runs in CI;
 * `BRAID_KILLS=200 BRAID_SEED=7 npx vitest run test/outside/kill.test.ts` is the long one.
 */
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createBench, runArgs, spec, type Bench, type BraidEvent, type Going } from './braid';
import { hostOf, kill, marked } from './processes';

const kills = Number(process.env['BRAID_KILLS'] ?? 6);
const seed = Number(process.env['BRAID_SEED'] ?? Date.now() % 1_000_000);

/** mulberry32: small, and the same everywhere. */
function generator(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ids = ['T001', 'T002', 'T003', 'T004', 'T005', 'T006', 'T007', 'T008'];
const tasks = `# Tasks: Demo

## Phase 1: Setup

- [ ] T001 Write src/T001.txt

## Phase 2: Work

- [ ] T002 [P] Write src/T002.txt
- [ ] T003 [P] Write src/T003.txt
- [ ] T004 [P] Write src/T004.txt (depends on T002)
- [ ] T005 [P] Write src/T005.txt
- [ ] T006 [P] Write src/T006.txt (depends on T003, T005)

## Phase 3: Polish

- [ ] T007 Write src/T007.txt
- [ ] T008 Write src/T008.txt
`;

/** What is killed together with Braid: nothing else, its agents, the host of its terminals, or both. */
const victims = ['braid', 'braid and agents', 'braid and host', 'everything'] as const;
type Victims = (typeof victims)[number];

async function killOthers(run: string, what: Victims): Promise<void> {
  const host = await hostOf(join(bench.dir, '.git/braid/runs', run)).catch(() => null);
  if (host !== null && (what === 'braid and host' || what === 'everything')) kill(host);
  if (what === 'braid and agents' || what === 'everything') (await marked(run)).filter((pid) => pid !== host).forEach(kill);
}

/** Kills Braid, alone or with others, `after` events from now and `delay` milliseconds later. */
async function killAt(going: Going, at: { after: number; delay: number; what: Victims }): Promise<{ killed: boolean; run: string | null }> {
  let count = 0;
  let run: string | null = null;
  const seen = (event: BraidEvent): boolean => {
    run ??= String(event['run']);
    count += 1;
    return count > at.after;
  };
  const reached = await going.event(seen).then(() => true, () => false);
  if (!reached) return { killed: false, run };
  await new Promise((resolve) => setTimeout(resolve, at.delay));
  const killed = going.process.kill('SIGKILL');
  if (killed && run !== null) await killOthers(run, at.what);
  await going.ended;
  return { killed, run };
}

let bench: Bench;
afterEach(() => bench.cleanup());

/** What must hold after the last resume. */
async function prove(run: string): Promise<void> {
  const status = JSON.parse((await bench.braid(['status', run, '--json'])).stdout) as { runs: { tasks: { id: string; state: string }[]; lanes: { worktree: string; state: string }[] }[] };
  const [state] = status.runs;
  expect(state?.tasks.filter((task) => task.state !== 'done')).toEqual([]);
  const branch = `braid/001-demo/${run}/integration`;
  const log = (await bench.git('log', '--first-parent', '--reverse', '--format=%H %(trailers:key=Braid-Task,valueonly,separator=%x2C)', `main..${branch}`)).split('\n').map((line) => line.split(' '));
  expect(log.map(([, task]) => task).sort()).toEqual(ids);
  for (const [commit = '', task = ''] of log) {
    const names = (await bench.git('diff', '--name-only', `${commit}^1`, commit)).split('\n').sort();
    expect(names).toEqual([`${spec}/tasks.md`, `src/${task}.txt`]);
    expect(await bench.git('show', `${commit}:src/${task}.txt`)).toBe(task);
  }
  expect(await bench.git('show', `${branch}:${spec}/tasks.md`)).not.toContain('- [ ] T00');
  expect(await marked(run)).toEqual([]);
  const known = new Set([bench.dir, ...(state?.lanes ?? []).filter((lane) => lane.state !== 'removed').map((lane) => lane.worktree)]);
  const trees = (await bench.git('worktree', 'list', '--porcelain')).split('\n').filter((line) => line.startsWith('worktree ')).map((line) => line.slice(9));
  expect(trees.filter((tree) => !known.has(tree))).toEqual([]);
  expect(await bench.git('status', '--porcelain')).toBe('');
  expect(await bench.git('fsck', '--no-dangling')).toBe('');
}

describe('kill -9', () => {
  test(`at ${kills} random moments (seed ${seed})`, { timeout: 60_000 + kills * 20_000 }, async () => {
    const random = generator(seed);
    let done = 0;
    process.stdout.write(`kill test: seed ${seed}, ${kills} kills\n`);
    while (done < kills) {
      bench = await createBench(tasks);
      await bench.plan({ '*': { write: { 'src/{{task}}.txt': '{{task}}\n' }, ms: Math.floor(random() * 120), commit: random() < 0.5 } });
      let going = bench.start(runArgs('--max-parallel', '3', '--check', 'true'));
      let run: string | null = null;
      for (let round = 0; ; round += 1) {
        // After a few kills the run is let through to its end.
        const at = { after: round < 4 && done < kills ? Math.floor(random() * 30) : 1_000_000, delay: Math.floor(random() * 60), what: victims[Math.floor(random() * victims.length)] ?? 'braid' };
        const ended = await killAt(going, at);
        run ??= ended.run;
        if (!ended.killed) break;
        done += 1;
        going = bench.start(['resume', ...(run === null ? [] : [run]), '--choice', 'retry', '--json']);
      }
      const last = await going.ended;
      expect(last.code, `${last.stdout}\n${last.stderr}`).toBe(0);
      await prove(run ?? '');
      if (done < kills) await bench.cleanup();
    }
  });
});
