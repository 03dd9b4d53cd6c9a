/** Terminals outlive Braid: what becomes of agents, their host and their work when Braid is killed (Z8). */
import { existsSync, watch } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { appears, createBench, runArgs, type Bench, type BraidEvent, type Going } from './braid';
import { hostOf, marked } from './processes';

const tasks = `# Tasks: Demo

## Phase 1: Setup

- [ ] T001 Write src/T001.txt

## Phase 2: Work

- [ ] T002 [P] Write src/T002.txt
- [ ] T003 [P] Write src/T003.txt
`;
const writes = { write: { 'src/{{task}}.txt': '{{task}}\n' }, commit: true };

let bench: Bench;
afterEach(() => bench.cleanup());

const started = (id: string) => (event: BraidEvent): boolean => event.type === 'task.started' && event.task === id;
const of = (events: readonly BraidEvent[], type: string): readonly BraidEvent[] => events.filter((event) => event.type === type);
const runFolder = (run: string): string => join(bench.dir, '.git/braid/runs', run);

/** Resolves when a file is gone. */
async function vanishes(path: string): Promise<void> {
  await new Promise<void>((done) => {
    const watcher = watch(join(path, '..'), () => look());
    const look = (): void => {
      if (existsSync(path)) return;
      watcher.close();
      done();
    };
    look();
  });
}

async function journal(run: string): Promise<readonly BraidEvent[]> {
  // Lines of the journal are events; the tests look at their fields.
  return (await readFile(join(runFolder(run), 'journal.jsonl'), 'utf8')).split('\n').filter(Boolean).map((line) => JSON.parse(line) as BraidEvent);
}

interface Killed {
  readonly run: string;
  readonly pid: number;
  readonly worktree: string;
  readonly host: number;
}

/** Kills Braid while T002 works: it has written half of what it wants and goes on when the gate opens. */
async function killed(more: { readonly task?: object; readonly args?: readonly string[]; readonly env?: Record<string, string> } = {}): Promise<Killed & { readonly gate: ReturnType<Bench['gate']> }> {
  bench = await createBench(tasks);
  const gate = bench.gate('go');
  await bench.plan({ '*': writes, T002: { write: { 'src/T002.txt': 'T002\n' }, say: 'half way\n', until: gate.path, commit: false, ...more.task } });
  const going: Going = bench.start(runArgs(...more.args ?? []), more.env ?? {});
  const event = await going.event(started('T002'));
  const run = String(event['run']);
  const opened = await going.event((other) => other.type === 'lane.opened' && other.lane === event.lane);
  const worktree = String(opened['worktree']);
  await appears(join(worktree, 'src/T002.txt'));
  const host = await hostOf(runFolder(run));
  going.process.kill('SIGKILL');
  await going.ended;
  return { run, pid: Number(event['pid']), worktree, host, gate };
}

/** Nothing of the run is alive, and its host left no address behind. */
async function expectNothingLeft(run: string): Promise<void> {
  expect(await marked(run)).toEqual([]);
  expect(existsSync(join(runFolder(run), 'host.json'))).toBe(false);
}

describe('an agent whose Braid is killed', () => {
  test('goes on, and the Braid that resumes takes it over: same process, same attempt', async () => {
    const { run, pid, gate, host } = await killed();
    expect(await marked(run)).toEqual(expect.arrayContaining([pid, host]));
    expect((await stat(join(runFolder(run), 'host.json'))).mode & 0o777).toBe(0o600);
    const going = bench.start(['resume', '--yes', '--json']);
    await going.event((event) => event.type === 'run.resumed');
    await gate.open();
    const ended = await going.ended;
    expect(ended.code, ended.stderr).toBe(0);
    const events = await journal(run);
    expect(of(events, 'task.started').filter(({ task }) => task === 'T002').map((event) => [event['attempt'], event['pid']])).toEqual([[1, pid]]);
    expect(of(events, 'task.finished').map(({ task, outcome }) => [task, outcome]).sort()).toEqual([['T001', 'done'], ['T002', 'done'], ['T003', 'done']]);
    expect((await bench.log()).filter(({ event, task }) => event === 'start' && task === 'T002').map((line) => line.pid)).toHaveLength(1);
    await expectNothingLeft(run);
  });

  test('and that ends while nobody is there is not started again', async () => {
    const { run, gate, worktree } = await killed();
    await gate.open();
    while (!(await bench.log()).some(({ event, task }) => event === 'end' && task === 'T002')) await new Promise(setImmediate);
    const ended = await bench.braid(['resume', '--yes', '--json']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(of(ended.events(), 'task.started').map(({ task }) => task)).not.toContain('T002');
    expect(of(ended.events(), 'task.integrated').map(({ task }) => task)).toContain('T002');
    expect(existsSync(worktree)).toBe(true);
    await expectNothingLeft(run);
  });

  test('in the checkout is taken over there', async () => {
    const { run, pid, gate } = await killed({ args: ['--no-worktrees'] });
    const going = bench.start(['resume', '--yes', '--json']);
    await going.event((event) => event.type === 'run.resumed');
    await gate.open();
    expect((await going.ended).code).toBe(0);
    expect(of(await journal(run), 'task.started').filter(({ task }) => task === 'T002').map((event) => event['pid'])).toEqual([pid]);
    expect(await bench.git('branch', '--show-current')).toBe('main');
    await expectNothingLeft(run);
  });

  test('and was taken over is stopped like any other', async () => {
    const { run, pid } = await killed();
    const going = bench.start(['resume', '--yes', '--json']);
    await going.event((event) => event.type === 'run.resumed');
    going.process.kill('SIGINT');
    const ended = await going.ended;
    expect(ended.code, ended.stderr).toBe(130);
    expect(of(ended.events(), 'task.finished').filter(({ task }) => task === 'T002').map(({ outcome }) => outcome)).toEqual(['interrupted']);
    expect(await marked(run)).not.toContain(pid);
    await expectNothingLeft(run);
  });

  test('before the journal knew of it is taken over all the same', async () => {
    const { run, pid, gate } = await killed();
    const path = join(runFolder(run), 'journal.jsonl');
    await writeFile(path, (await readFile(path, 'utf8')).split('\n').filter((line) => !(line.includes('"task.started"') && line.includes('"T002"'))).join('\n'));
    const going = bench.start(['resume', '--yes', '--json']);
    expect((await going.event(started('T002')))['pid']).toBe(pid);
    await gate.open();
    expect((await going.ended).code).toBe(0);
    expect((await bench.log()).filter(({ event, task }) => event === 'start' && task === 'T002')).toHaveLength(1);
    await expectNothingLeft(run);
  });

  test('during a check: the agent is not started again, the check is', async () => {
    bench = await createBench(tasks);
    const hold = join(bench.outside, 'check');
    await bench.plan({ '*': writes });
    const script = join(bench.outside, 'check.sh');
    await writeFile(script, `echo "$$" >> "${hold}"; [ -e "${hold}.open" ] || sleep 1000\n`);
    const going = bench.start(runArgs('--check', `sh ${script}`));
    const run = String((await going.event((event) => event.type === 'task.checking'))['run']);
    await appears(hold);
    going.process.kill('SIGKILL');
    await going.ended;
    await writeFile(`${hold}.open`, '');
    const ended = await bench.braid(['resume', '--yes', '--json']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(of(await journal(run), 'task.started').filter(({ task }) => task === 'T001')).toHaveLength(1);
    await expectNothingLeft(run);
  });
});

describe('a host that nobody comes back to', () => {
  test('ends its agents, commits what they left, says so, and goes', async () => {
    const { run, pid, worktree } = await killed({ env: { BRAID_HOST_GRACE: '1' }, task: { write: { 'src/T002.txt': 'half\n', '.env': 'SECRET=1\n' }, ignore: true } });
    await vanishes(join(runFolder(run), 'host.json'));
    while ((await marked(run)).length > 0) await new Promise(setImmediate);
    expect(await marked(run)).not.toContain(pid);
    expect(await bench.git('-C', worktree, 'log', '-1', '--format=%s')).toBe('T002: Write src/T002.txt (interrupted)');
    expect(await bench.git('-C', worktree, 'show', '--name-only', '--format=', 'HEAD')).toBe('src/T002.txt');
    expect(await readFile(join(runFolder(run), 'host.log'), 'utf8')).toContain('No Braid came back in 1 seconds');
    await bench.plan({ '*': writes });
    const ended = await bench.braid(['resume', '--yes', '--json']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(of(ended.events(), 'notice').map((event) => String(event['text']))).toEqual(expect.arrayContaining([expect.stringMatching(/^T002: its agent was ended .* committed on .* but not \.env/)]));
    expect(of(ended.events(), 'task.started').filter(({ task }) => task === 'T002').map((event) => event['attempt'])).toEqual([2]);
    await expectNothingLeft(run);
  });

  test('keeps the end of an agent that came to it by itself', async () => {
    const { run, gate } = await killed({ env: { BRAID_HOST_GRACE: '2' } });
    await gate.open();
    await vanishes(join(runFolder(run), 'host.json'));
    const ended = await bench.braid(['resume', '--yes', '--json']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(of(ended.events(), 'task.started').map(({ task }) => task)).not.toContain('T002');
    expect(of(ended.events(), 'task.integrated').map(({ task }) => task)).toContain('T002');
    await expectNothingLeft(run);
  });
});

describe('a run whose Braid is dead', () => {
  test.each([
    ['resume', '--choice', 'abort'],
    ['resume', '--choice', 'skip-wave', '--json'],
    ['land', '--yes'],
  ])('%s %s %s ends what still works for it first', async (command, ...flags) => {
    const { run, pid, worktree } = await killed();
    expect(await marked(run)).toContain(pid);
    const ended = await bench.braid([command, run, ...flags]);
    expect(ended.stderr).not.toContain('Internal error');
    expect(await marked(run)).not.toContain(pid);
    await expectNothingLeft(run);
    // Its half-done work stays in the lane.
    expect(await readFile(join(worktree, 'src/T002.txt'), 'utf8')).toBe('T002\n');
  });
});

describe('a host that is killed alone', () => {
  test('costs the task at work no attempt: it goes on in a new host, with the reason said', async () => {
    bench = await createBench(tasks);
    const gate = bench.gate('go');
    await bench.plan({ '*': writes, T002: { ...writes, attempts: [{ until: gate.path }, {}] } });
    const going = bench.start(runArgs('--max-parallel', '1'));
    const event = await going.event(started('T002'));
    const run = String(event['run']);
    process.kill(await hostOf(runFolder(run)), 'SIGKILL');
    const ended = await going.ended;
    expect(ended.code, ended.stderr).toBe(0);
    const finished = of(ended.events(), 'task.finished').filter(({ task }) => task === 'T002');
    expect(finished.map(({ outcome }) => outcome)).toEqual(['interrupted', 'done']);
    expect(finished[0]?.reason).toContain('holds its terminal died');
    await expectNothingLeft(run);
  });
});
