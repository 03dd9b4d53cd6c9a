/** What happens to a repository while a run goes on: branches deleted and moved, folders removed, locks left behind. Each has its sentence, and nothing is lost. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createBench, runArgs, type Bench, type BraidEvent, type Ended, type Going } from './braid';
import { marked } from './processes';

const ids = ['T001', 'T002', 'T003'];
const tasks = '## Phase 1: Work\n\n- [ ] T001 Write src/T001.txt\n- [ ] T002 Write src/T002.txt (depends on T001)\n- [ ] T003 Write src/T003.txt (depends on T002)\n';
const writes = { write: { 'src/{{task}}.txt': '{{task}}\n' } };

let bench: Bench;
afterEach(() => bench.cleanup());

const branch = (run: string, what = 'integration'): string => `braid/001-demo/${run}/${what}`;
const started = (id: string) => (event: BraidEvent): boolean => event.type === 'task.started' && event.task === id;

interface AtWork {
  readonly going: Going;
  readonly run: string;
  readonly lane: string;
  readonly worktree: string;
  readonly gate: ReturnType<Bench['gate']>;
}

/** A run whose T002 works until the gate opens; T001 is integrated. */
async function atWork(behaviour: object = {}, args: readonly string[] = []): Promise<AtWork> {
  bench = await createBench(tasks);
  const gate = bench.gate('go');
  await bench.plan({ '*': writes, T002: { ...writes, until: gate.path, ...behaviour } });
  const going = bench.start(runArgs(...args));
  const event = await going.event(started('T002'));
  const opened = await going.event((other) => other.type === 'lane.opened' && other.lane === event.lane);
  const worktree = String(opened['worktree']);
  while (!existsSync(join(worktree, 'src/T002.txt'))) await new Promise(setImmediate);
  return { going, run: String(event['run']), lane: String(event.lane), worktree, gate };
}

async function expectDone(run: string): Promise<void> {
  const log = await bench.git('log', '--first-parent', '--reverse', '--format=%(trailers:key=Braid-Task,valueonly,separator=%x2C)', `main..${branch(run)}`);
  expect(log.split('\n')).toEqual(ids);
  for (const id of ids) expect(await bench.git('show', `${branch(run)}:src/${id}.txt`)).toBe(id);
  expect(await bench.git('fsck', '--no-dangling')).toBe('');
  expect(await marked(run)).toEqual([]);
}

const outcome = (ended: Ended, id: string): BraidEvent | undefined => ended.events().filter((event) => event.type === 'task.finished' && event.task === id).at(-1);

describe('the base', () => {
  test('that is deleted while the run goes is missed at the landing, which says so and works once it is back', async () => {
    const { going, run, gate } = await atWork();
    await bench.git('switch', '-q', '-c', 'elsewhere');
    const tip = await bench.git('rev-parse', 'main');
    await bench.git('branch', '-D', 'main');
    await gate.open();
    const ended = await going.ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.events().filter(({ type, text }) => type === 'notice' && /^Branch main, .* is gone.*git branch main/.test(String(text)))).toHaveLength(1);
    const landed = await bench.braid(['land', run, '--yes']);
    expect(landed.code).not.toBe(0);
    expect(landed.stderr).toContain('There is no local branch "main"');
    await bench.git('branch', 'main', tip);
    expect((await bench.braid(['land', run, '--yes'])).code).toBe(0);
    expect(await bench.git('show', 'main:src/T003.txt')).toBe('T003');
  });

  test('that is renamed and comes back by another name is found under the old one again', async () => {
    const { going, run, gate } = await atWork();
    await bench.git('branch', '-m', 'main', 'trunk');
    going.process.kill('SIGKILL');
    await going.ended;
    await gate.open();
    const resumed = await bench.braid(['resume', run, '--yes', '--json']);
    expect(resumed.code, resumed.stderr).toBe(0);
    const landed = await bench.braid(['land', run, '--yes']);
    expect(landed.stderr).toContain('There is no local branch "main"');
    await bench.git('branch', '-m', 'trunk', 'main');
    expect((await bench.braid(['land', run, '--yes'])).code).toBe(0);
    expect(await bench.git('ls-files', 'src')).toBe(ids.map((id) => `src/${id}.txt`).join('\n'));
  });

  test('that is forced to another history is merged into as it is now, or refused with a sentence', async () => {
    const { going, run, gate } = await atWork();
    const before = await bench.git('rev-parse', 'main');
    const other = await bench.git('commit-tree', '-m', 'rewritten', 'HEAD^{tree}');
    await bench.git('reset', '-q', '--hard', other);
    await gate.open();
    expect((await going.ended).code).toBe(0);
    const landed = await bench.braid(['land', run, '--yes']);
    if (landed.code !== 0) {
      expect(landed.stderr).toMatch(/\w{10,}/);
      expect(await bench.git('rev-parse', 'main')).toBe(other);
      await bench.git('reset', '-q', '--hard', before);
      expect((await bench.braid(['land', run, '--yes'])).code).toBe(0);
    }
    expect(await bench.git('show', 'main:src/T003.txt')).toBe('T003');
  });
});

describe('a branch of the run', () => {
  test('for integration that is deleted comes back where the journal knows it', async () => {
    const { going, run, gate } = await atWork();
    await bench.git('update-ref', '-d', `refs/heads/${branch(run)}`);
    await gate.open();
    const ended = await going.ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.events().some(({ type, text }) => type === 'notice' && String(text).includes('had been deleted'))).toBe(true);
    await expectDone(run);
  });

  test('for integration that is deleted before a resume comes back as well', async () => {
    const { going, run, gate } = await atWork();
    going.process.kill('SIGKILL');
    await going.ended;
    await bench.git('update-ref', '-d', `refs/heads/${branch(run)}`);
    await gate.open();
    const resumed = await bench.braid(['resume', run, '--yes', '--json']);
    expect(resumed.code, resumed.stderr).toBe(0);
    await expectDone(run);
  });

  test('for integration that is reset below its tip fails the task with both commits named, and what it held is kept', async () => {
    const { going, run, gate } = await atWork();
    const tip = await bench.git('rev-parse', branch(run));
    await bench.git('update-ref', `refs/heads/${branch(run)}`, 'main');
    await gate.open();
    const ended = await going.ended;
    expect(outcome(ended, 'T002')).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(`Expected ${tip.slice(0, 9)}`) });
    expect(await bench.git('rev-parse', `refs/braid/snapshots/${run}-integration`)).toBe(tip);
    await bench.git('update-ref', `refs/heads/${branch(run)}`, tip);
    const resumed = await bench.braid(['resume', run, '--choice', 'retry', '--json']);
    expect(resumed.code, resumed.stderr).toBe(0);
    await expectDone(run);
  });

  test('of a lane that is deleted while its agent works is made again with its work', async () => {
    const { going, run, lane, gate } = await atWork();
    await bench.git('update-ref', '-d', `refs/heads/${branch(run, `lane/${lane}`)}`);
    await gate.open();
    const ended = await going.ended;
    expect(ended.code, ended.stderr).toBe(0);
    await expectDone(run);
  });
});

describe('the folder of a lane', () => {
  test('that is removed while its agent works fails the task with a sentence; the next attempt has it back', async () => {
    const { going, run, worktree, gate } = await atWork({ attempts: [{}, { until: '/dev/null' }] }, ['--retries', '1']);
    await rm(worktree, { recursive: true, force: true });
    await gate.open();
    const ended = await going.ended;
    const [first] = ended.events().filter((event) => event.type === 'task.finished' && event.task === 'T002');
    expect(first).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(worktree) });
    expect(ended.code, `${ended.stdout}\n${ended.stderr}`).toBe(0);
    await expectDone(run);
  });
});

describe('a lock that was left behind', () => {
  test.each([
    ['in the index of a lane', ({ gitDir }: { readonly gitDir: string }) => join(gitDir, 'index.lock')],
    ['on the HEAD of a lane', ({ gitDir }: { readonly gitDir: string }) => join(gitDir, 'HEAD.lock')],
    ['on the branch of a lane', ({ run, lane }: { readonly run: string; readonly lane: string }) => join(bench.dir, '.git/refs/heads', `${branch(run, `lane/${lane}`)}.lock`)],
    ['on the integration branch', ({ run }: { readonly run: string }) => join(bench.dir, '.git/refs/heads', `${branch(run)}.lock`)],
  ] as const)('%s by a git that is dead is cleared, which is said', async (_where, place) => {
    const { going, run, lane, worktree, gate } = await atWork();
    const lock = place({ gitDir: /^gitdir: (.+)\n?$/.exec(await readFile(join(worktree, '.git'), 'utf8'))?.[1] ?? '', run, lane });
    await mkdir(dirname(lock), { recursive: true });
    await writeFile(lock, '');
    await gate.open();
    const ended = await going.ended;
    expect(ended.code, JSON.stringify(outcome(ended, 'T002'))).toBe(0);
    expect(ended.events().filter(({ type, code, text }) => type === 'notice' && code === 'lock-cleared' && String(text).includes(lock))).toHaveLength(1);
    await expectDone(run);
  });

  test('in the index of a lane where a git lives is left alone', async () => {
    const { going, run, worktree, gate } = await atWork();
    const lock = join(/^gitdir: (.+)\n?$/.exec(await readFile(join(worktree, '.git'), 'utf8'))?.[1] ?? '', 'index.lock');
    await writeFile(lock, '');
    // It waits for its input for as long as nobody ends that.
    const alive = spawn('git', ['hash-object', '--stdin'], { cwd: worktree, stdio: 'pipe' });
    await new Promise((begun) => alive.once('spawn', begun));
    await gate.open();
    const ended = await going.ended;
    expect(outcome(ended, 'T002')?.reason).toContain('index.lock');
    expect(existsSync(lock)).toBe(true);
    alive.stdin.end();
    await new Promise((done) => alive.once('close', done));
    const resumed = await bench.braid(['resume', '--choice', 'retry', '--json']);
    expect(resumed.code, resumed.stderr).toBe(0);
    await expectDone(run);
  });

  test('in the checkout or on all refs stops a landing with its path, nothing else, and the landing works without it', async () => {
    const { going, run, gate } = await atWork();
    await gate.open();
    expect((await going.ended).code).toBe(0);
    const before = await bench.git('rev-parse', 'main');
    const lock = join(bench.dir, '.git/index.lock');
    await writeFile(lock, '');
    const landed = await bench.braid(['land', run, '--yes']);
    expect(landed.code).not.toBe(0);
    expect(landed.stderr).toContain('index.lock');
    expect(await bench.git('rev-parse', 'main')).toBe(before);
    await rm(lock);
    await writeFile(join(bench.dir, '.git/packed-refs.lock'), '');
    const again = await bench.braid(['land', run, '--yes']);
    await rm(join(bench.dir, '.git/packed-refs.lock'));
    if (again.code !== 0) expect((await bench.braid(['land', run, '--yes'])).code).toBe(0);
    expect(await bench.read('src/T003.txt')).toBe('T003\n');
    expect(await bench.git('status', '--porcelain')).toBe('');
  });

  test('on a worktree (git worktree lock) keeps cleanup from removing it, with a sentence', async () => {
    const { going, run, worktree, gate } = await atWork({}, ['--land', 'auto']);
    await gate.open();
    expect((await going.ended).code).toBe(0);
    await bench.git('worktree', 'lock', '--reason', 'mine', worktree);
    const folder = join(bench.dir, '.git/braid/runs', run);
    const past = new Date(Date.now() - 3 * 86_400_000);
    await writeFile(join(folder, 'journal.jsonl'), (await readFile(join(folder, 'journal.jsonl'), 'utf8')).replace(/"at":"[^"]+"/g, `"at":"${past.toISOString()}"`));
    await utimes(worktree, past, past);
    const cleaned = await bench.braid(['cleanup', '--json']);
    expect(existsSync(worktree)).toBe(true);
    expect(`${cleaned.stdout}${cleaned.stderr}`).toMatch(/locked/);
  });
});

describe('a git of Braid that is killed', () => {
  /** A git before the real one that dies in the middle of `commit-tree` as often as the file says; resolves with the environment that finds it first. */
  async function deadly(times: number): Promise<{ readonly env: Record<string, string>; readonly left: () => Promise<number> }> {
    const folder = join(bench.outside, 'deadly');
    const count = join(folder, 'count');
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    await mkdir(folder);
    await writeFile(count, String(times));
    await writeFile(join(folder, 'git'), `#!/bin/sh\ncase " $* " in *" commit-tree "*) n=$(cat '${count}'); if [ "$n" -gt 0 ]; then echo $((n - 1)) > '${count}'; kill -9 $$; fi;; esac\nexec '${real}' "$@"\n`, { mode: 0o755 });
    return { env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` }, left: async () => Number(await readFile(count, 'utf8')) };
  }

  test('a few times is run again, and nobody notices', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes });
    const { env, left } = await deadly(3);
    const ended = await bench.run([], env);
    expect(await left()).toBe(0);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.events().filter(({ type }) => type === 'task.started')).toHaveLength(ids.length);
    await expectDone(String(ended.events()[0]?.['run']));
  });

  test('again and again interrupts the task, which is not its failure; resume goes on with its work', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes });
    const ended = await bench.run(['--retries', '1'], (await deadly(1000)).env);
    expect(outcome(ended, 'T001')).toMatchObject({ outcome: 'interrupted', reason: expect.stringMatching(/killed by SIGKILL/) });
    expect(ended.events().filter(({ type, outcome: how }) => type === 'task.finished' && how === 'failed')).toEqual([]);
    expect(ended.code).toBe(130);
    const resumed = await bench.braid(['resume', '--choice', 'retry', '--json']);
    expect(resumed.code, resumed.stderr).toBe(0);
    await expectDone(String(ended.events()[0]?.['run']));
  });
});
