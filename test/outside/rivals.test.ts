/** Several Braids and one run: exactly one owns it, the others say who does and leave; what lost its Braid says so, and who takes it over. */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { atTerminal } from './at-terminal';
import { createBench, runArgs, type Bench, type BraidEvent, type Going } from './braid';
import { hostOf, marked } from './processes';

const tasks = '## Phase 1: Work\n\n- [ ] T001 [P] Write src/T001.txt\n- [ ] T002 [P] Write src/T002.txt\n- [ ] T003 Write src/T003.txt (depends on T001)\n';
const writes = { write: { 'src/{{task}}.txt': '{{task}}\n' } };

let bench: Bench;
afterEach(() => bench.cleanup());

const started = (id: string) => (event: BraidEvent): boolean => event.type === 'task.started' && event.task === id;
const runFolder = (run: string): string => join(bench.dir, '.git/braid/runs', run);
const owner = async (run: string): Promise<number> => Number(JSON.parse(await readFile(join(runFolder(run), 'owner.json'), 'utf8')).pid);

async function starts(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { event, task } of await bench.log()) if (event === 'start') counts[task] = (counts[task] ?? 0) + 1;
  return counts;
}

async function atWork(): Promise<{ going: Going; run: string; gate: ReturnType<Bench['gate']>; pid: number }> {
  bench = await createBench(tasks);
  const gate = bench.gate('go');
  await bench.plan({ '*': writes, T001: { ...writes, until: gate.path } });
  const going = bench.start(runArgs());
  const event = await going.event(started('T001'));
  return { going, run: String(event['run']), gate, pid: Number(event['pid']) };
}

describe('a run that a living Braid drives', () => {
  test.each([
    ['resume', '--yes', '--json'], ['resume', '--choice', 'abort'], ['resume', '--choice', 'fresh', '--yes'], ['land', '--yes'], ['rollback', '--yes'],
  ])('is left alone by %s %s %s', async (command, ...flags) => {
    const { going, run, gate } = await atWork();
    const pid = await owner(run);
    expect(pid).toBe(going.process.pid);
    const other = await bench.braid([command, run, ...flags]);
    expect(other.code).toBe(6);
    expect(other.stderr).toContain(String(pid));
    expect(other.stderr).toContain(run);
    await gate.open();
    expect((await going.ended).code).toBe(0);
    expect(await starts()).toEqual({ T001: 1, T002: 1, T003: 1 });
  });

  test('is not done a second time by another run of the same spec, but what it leaves out is', async () => {
    bench = await createBench(tasks);
    const gate = bench.gate('go');
    await bench.plan({ '*': writes, T001: { ...writes, until: gate.path } });
    const going = bench.start(runArgs('--tasks', 'T001,T003'));
    const run = String((await going.event(started('T001')))['run']);
    const same = await bench.run();
    expect(same.code).toBe(6);
    expect(same.stderr).toContain(`Process ${going.process.pid} does T001, T003 in run ${run}`);
    const rest = await bench.run(['--tasks', 'T002']);
    expect(rest.code, rest.stderr).toBe(0);
    await gate.open();
    expect((await going.ended).code).toBe(0);
    expect(await starts()).toEqual({ T001: 1, T002: 1, T003: 1 });
  });

  test('two that start in the same moment do not both do it', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': { ...writes, ms: 300 } });
    const ended = await Promise.all([bench.run(), bench.run(), bench.run()]);
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 6, 6]);
    expect(await starts()).toEqual({ T001: 1, T002: 1, T003: 1 });
    expect((await bench.git('branch', '--list', '*/integration')).split('\n')).toHaveLength(1);
  });
});

describe('a run whose Braid was killed', () => {
  test('is taken over by one of several that resume it at once', async () => {
    const { going, run, gate } = await atWork();
    going.process.kill('SIGKILL');
    await going.ended;
    await gate.open();
    const ended = await Promise.all(Array.from({ length: 4 }, () => bench.braid(['resume', run, '--yes', '--json'])));
    const codes = ended.map(({ code }) => code);
    expect(codes.filter((code) => code === 0).length, ended.map(({ stderr }) => stderr).join('\n')).toBeGreaterThanOrEqual(1);
    for (const { code, stderr } of ended.filter((one) => one.code !== 0)) expect([code, stderr]).toEqual([6, expect.stringMatching(/in the hands of another Braid[\s\S]*Process \d+/)]);
    expect(await starts()).toEqual({ T001: 1, T002: 1, T003: 1 });
    expect(existsSync(join(runFolder(run), 'owner.json'))).toBe(false);
    expect(await marked(run)).toEqual([]);
  });

  test('and whose pid another process has by now, is free', async () => {
    const { going, run, gate } = await atWork();
    going.process.kill('SIGKILL');
    await going.ended;
    await writeFile(join(runFolder(run), 'owner.json'), JSON.stringify({ pid: process.pid, started: '1' }));
    await gate.open();
    const ended = await bench.braid(['resume', run, '--yes', '--json']);
    expect(ended.code, ended.stderr).toBe(0);
  });

  test('says that its agents go on, in which process and until when', async () => {
    const { going, run, gate } = await atWork();
    await going.event((event) => event.type === 'task.integrated' && event.task === 'T002');
    const host = await hostOf(runFolder(run));
    const before = Date.now();
    going.process.kill('SIGKILL');
    await going.ended;
    interface Status { state: string; reason: string; host: { pid: number; running: number; until: string | null } | null; tasks: { id: string; state: string }[] }
    const look = async (): Promise<Status> => {
      // The document's shape is that of docs/reference.md; the test looks at its fields.
      const status = (JSON.parse((await bench.braid(['status', run, '--json'])).stdout) as { runs: Status[] }).runs[0];
      if (!status) throw new Error('no run');
      return status;
    };
    let status = await look();
    // The host notices the end of its owner a moment later.
    while (status.host?.until === null) status = await look();
    expect(status).toMatchObject({ state: 'interrupted', host: { pid: host, running: 1 }, tasks: [{ id: 'T001', state: 'interrupted' }, { id: 'T002', state: 'done' }, { id: 'T003' }] });
    expect(Date.parse(status.host?.until ?? '') - before).toBeGreaterThan(1_790_000);
    expect(status.reason).toContain(`braid resume ${run}`);
    expect((await bench.braid(['status', run])).stdout).toContain(`process ${host}`);
    await gate.open();
    expect((await bench.braid(['resume', run, '--yes', '--json'])).code).toBe(0);
    expect((await look()).host).toBeNull();
  });

  test('is not begun a second time while its agents go on; resume takes it over', async () => {
    const { going, run, gate } = await atWork();
    going.process.kill('SIGKILL');
    await going.ended;
    const host = await hostOf(runFolder(run));
    const again = await bench.run();
    expect(again.code).toBe(6);
    for (const word of [run, String(host), 'T001', `braid resume ${run}`, `braid stop ${run}`]) expect(again.stderr).toContain(word);
    expect(await readdir(join(bench.dir, '.git/braid/runs'))).toEqual([run]);
    await gate.open();
    expect((await bench.braid(['resume', run, '--yes', '--json'])).code).toBe(0);
    expect(await starts()).toEqual({ T001: 1, T002: 1, T003: 1 });
  });

  test('is ended by stop with all that it left at work', async () => {
    const { going, run, gate, pid } = await atWork();
    going.process.kill('SIGKILL');
    await going.ended;
    const stopped = await bench.braid(['stop', run, '--json']);
    expect(stopped.code, stopped.stderr).toBe(0);
    expect(stopped.events().filter(({ type }) => type === 'task.finished').map(({ task, outcome }) => [task, outcome])).toContainEqual(['T001', 'interrupted']);
    // An agent that had begun when Braid died is journaled now; none begins.
    expect(new Set(Object.values(await starts()))).toEqual(new Set([1]));
    expect(await marked(run)).not.toContain(pid);
    expect(await marked(run)).toEqual([]);
    await gate.open();
    const fresh = await bench.run();
    expect(fresh.code, fresh.stderr).toBe(0);
    // A script gets its run; what the one before holds is said.
    expect(fresh.stderr).toContain(`Run ${run} of 001-demo was left before its end`);
    expect(fresh.stderr).toContain(`braid resume ${run}`);
  });

  test('is asked about at a terminal: resumed there on the word of a person', async () => {
    const { going, run, gate } = await atWork();
    going.process.kill('SIGINT');
    expect((await going.ended).code).toBe(130);
    await gate.open();
    const { code, shown } = await atTerminal(bench, runArgs(), [['[c] Cancel', 'r'], ['Land', 'n']]);
    expect(code, shown).toBe(0);
    expect(shown).toContain(`Run ${run} of 001-demo was left before its end`);
    expect(await readdir(join(bench.dir, '.git/braid/runs'))).toEqual([run]);
  });

  test('while it was to end with what was at work: that goes on under the same attempt', async () => {
    const { going, run, gate, pid } = await atWork();
    expect((await bench.braid(['stop', run, '--after-current'])).code).toBe(0);
    going.process.kill('SIGKILL');
    await going.ended;
    const resumed = bench.start(['resume', run, '--yes', '--json']);
    await resumed.event((event) => event.type === 'run.resumed');
    expect(await marked(run)).toContain(pid);
    await gate.open();
    expect((await resumed.ended).code).toBe(0);
    expect(await starts()).toEqual({ T001: 1, T002: 1, T003: 1 });
  });
});
