import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createBench, runArgs, type Bench, type BraidEvent } from './braid';

const tasks = (count: number): string => `## Phase 1: Setup\n\n- [ ] T001 Write src/T001.txt\n\n## Phase 2: Work\n\n${Array.from({ length: count - 1 }, (_, n) => `- [ ] T00${n + 2} [P] Write src/T00${n + 2}.txt`).join('\n')}\n`;
const writes = { write: { 'src/{{task}}.txt': '{{task}}\n' }, commit: true };
const started = (id: string) => (event: BraidEvent): boolean => event.type === 'task.started' && event.task === id;
const of = (type: string) => (event: BraidEvent): boolean => event.type === type;

let bench: Bench;
afterEach(() => bench.cleanup());

describe('a hand on a run from another terminal', () => {
  test('hold, release, skip, pause and continue', async () => {
    bench = await createBench(tasks(4));
    const gate = bench.gate('T001-may-end');
    await bench.plan({ '*': writes, T001: { ...writes, until: gate.path } });
    const going = bench.start(runArgs());
    const run = String((await going.event(started('T001')))['run']);
    const tell = async (...args: string[]): Promise<number | null> => (await bench.braid([args[0] ?? '', run, ...args.slice(1)])).code;
    expect(await tell('hold', 'T002')).toBe(0);
    expect(await tell('skip', 'T003')).toBe(0);
    expect(await tell('skip', 'T001')).toBe(6);
    expect(await tell('skip', 'T999')).toBe(3);
    expect(await tell('pause')).toBe(0);
    await gate.open();
    await going.event((event) => event.type === 'task.integrated' && event.task === 'T001');
    expect(await tell('continue')).toBe(0);
    await going.event((event) => event.type === 'task.integrated' && event.task === 'T004');
    const status = JSON.parse((await bench.braid(['status', run, '--json'])).stdout) as { runs: { state: string; tasks: { id: string; state: string; reason: string }[] }[] };
    expect(status.runs[0]?.tasks.find((task) => task.id === 'T002')).toMatchObject({ state: 'pending', reason: 'held back by you' });
    expect(await tell('release', 'T002')).toBe(0);
    const ended = await going.ended;
    expect(ended.code).toBe(1);
    expect(ended.events().find((event) => event.type === 'task.skipped')).toMatchObject({ task: 'T003', reason: 'skipped by you' });
    expect(ended.events().at(-1)).toMatchObject({ done: 3, skipped: 1 });
  });

  test('a failed task is tried again while the run goes on, with those that were skipped because of it', async () => {
    bench = await createBench('## Phase 1: Work\n\n- [ ] T001 [P] Write src/T001.txt\n- [ ] T002 [P] Write src/T002.txt (depends on T001)\n- [ ] T003 [P] Write src/T003.txt\n');
    const gate = bench.gate('T003-may-end');
    await bench.plan({ '*': writes, T001: { attempts: [{ exit: 1 }, writes] }, T003: { ...writes, until: gate.path } });
    const going = bench.start(runArgs());
    const run = String((await going.event((event) => event.type === 'task.skipped' && event.task === 'T002'))['run']);
    expect((await bench.braid(['retry', run, 'T001'])).code).toBe(0);
    await going.event((event) => event.type === 'task.integrated' && event.task === 'T002');
    await gate.open();
    expect((await going.ended).code).toBe(0);
  });

  test('stop --after-current lets the agent come to its end; resume goes on', async () => {
    bench = await createBench(tasks(3));
    const gate = bench.gate('T001-may-end');
    await bench.plan({ '*': writes, T001: { ...writes, until: gate.path } });
    const going = bench.start(runArgs());
    const run = String((await going.event(started('T001')))['run']);
    expect((await bench.braid(['stop', run, '--after-current'])).code).toBe(0);
    await gate.open();
    const ended = await going.ended;
    expect(ended.code).toBe(130);
    expect(ended.events().filter(of('task.integrated')).map((event) => event.task)).toEqual(['T001']);
    expect((await bench.braid(['resume', '--json'])).code).toBe(0);
  });

  test('stop from another terminal ends the agents now', async () => {
    bench = await createBench(tasks(3));
    await bench.plan({ '*': writes, T001: { hang: true, ignore: true } });
    const going = bench.start(runArgs());
    const run = String((await going.event(started('T001')))['run']);
    expect((await bench.braid(['stop', run])).code).toBe(0);
    expect((await going.ended).code).toBe(130);
  });

  test('an answer reaches the agent that asked', async () => {
    bench = await createBench(tasks(2));
    await bench.plan({ '*': writes, T001: { attempts: [{ report: { status: 'needs-input', summary: 'Which colour?' } }, writes] } });
    const first = await bench.run();
    expect(first.code).toBe(6);
    const run = String(first.events()[0]?.['run']);
    const ended = await bench.braid(['answer', run, 'T001', 'Blue, please', '--json']);
    expect(ended.code).toBe(0);
    expect(ended.events().filter(of('task.integrated')).map((event) => event.task)).toEqual(['T001', 'T002']);
    expect(await readFile(join(bench.dir, '.git/braid/runs', run, 'prompts', 'T001-2.md'), 'utf8')).toContain('Blue, please');
  });

  test('a run that nobody drives says so', async () => {
    bench = await createBench(tasks(2));
    await bench.plan({ '*': writes });
    const run = String((await bench.run()).events()[0]?.['run']);
    const ended = await bench.braid(['pause', run]);
    expect([ended.code, ended.stderr]).toEqual([6, expect.stringContaining('nobody drives it')]);
  });
});

describe('styles', () => {
  test('guided without anybody to ask ends at the end of a phase with 6, and resume goes on to the next', async () => {
    bench = await createBench(tasks(8));
    await bench.plan({ '*': writes });
    const ended = await bench.run(['--style', 'guided', '--max-parallel', '1']);
    expect(ended.code).toBe(6);
    expect(ended.events().find(of('run.paused'))).toMatchObject({ checkpoint: true, reason: expect.stringContaining('Setup has ended'), commit: ended.events().find(of('task.integrated'))?.['commit'] });
    expect(ended.events().at(-1)).toMatchObject({ type: 'run.finished', status: 'waiting', done: 1 });
    // The next checkpoint is five tasks later; the last two are no reason to ask.
    const second = await bench.braid(['resume', '--json']);
    expect(second.events().find(of('run.paused'))).toMatchObject({ reason: expect.stringContaining('tasks are done') });
    const third = await bench.braid(['resume', '--json', '--yes']);
    expect(third.code).toBe(0);
    expect(third.events().at(-1)).toMatchObject({ type: 'run.finished', status: 'done', done: 8 });
  });

  test('debug says each decision with its reason', async () => {
    bench = await createBench(tasks(3));
    await bench.plan({ '*': writes });
    const ended = await bench.run(['--style', 'debug', '--max-parallel', '1']);
    expect(ended.code).toBe(0);
    const said = ended.events().filter((event) => event['code'] === 'decision').map((event) => String(event['text']));
    expect(said).toHaveLength(3);
    expect(said[0]).toContain('T001 starts in the new lane');
    expect(said[0]).toContain('T002 waits for T001');
  });
});
