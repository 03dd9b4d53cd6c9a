import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createBench, runArgs, spec, type Bench, type BraidEvent } from './braid';

const list = (count: number): string => `## Phase 1: Work\n\n${Array.from({ length: count }, (_, n) => `- [ ] T00${n + 1} [P] Write src/T00${n + 1}.txt`).join('\n')}\n`;
const writes = { write: { 'src/{{task}}.txt': '{{task}}\n' }, commit: true };
const of = (type: string) => (event: BraidEvent): boolean => event.type === type;
const finished = (id: string) => (event: BraidEvent): boolean => event.type === 'task.finished' && event.task === id;

interface Status { readonly runs: readonly { state: string; reason: string; usage: unknown; limits: readonly { agent: string }[]; tasks: readonly { id: string; state: string; reason: string; attempts: number }[] }[] }

let bench: Bench;
afterEach(() => bench.cleanup());
const status = async (): Promise<Status['runs'][number] | undefined> => (JSON.parse((await bench.braid(['status', '--json'])).stdout) as Status).runs[0];

const lanes = async (run: string): Promise<readonly string[]> => (await bench.git('for-each-ref', '--format=%(refname:short)', `refs/heads/braid/001-demo/${run}/lane`)).split('\n');

describe('a rate limit', () => {
  test('that an agent meets once ends in a done run, without an attempt spent and without a failure', async () => {
    bench = await createBench(list(3));
    const limit = { say: 'API Error: 429 Too Many Requests. Please try again in 1s.\n', exit: 1, write: {}, commit: false };
    await bench.plan({ '*': { ...writes, attempts: [limit, {}] } });
    const ended = await bench.run(['--max-parallel', '2']);
    expect(ended.code, ended.stderr).toBe(0);
    const events = ended.events();
    expect(events.find(of('agent.limited'))).toMatchObject({ agent: 'custom', cause: 'rate-limit', until: expect.stringContaining('T'), text: expect.stringContaining('429') });
    expect(events.filter(of('agent.released')).length).toBeGreaterThan(0);
    expect(events.find(finished('T001'))).toMatchObject({ outcome: 'interrupted', failure: { class: 'rate-limit', next: 'wait' } });
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'done', done: 3 });
  });

  test('lets nothing start and what is at work go on', async () => {
    bench = await createBench(list(3));
    const gate = bench.gate('T002-may-end');
    await bench.plan({ '*': writes, T001: { attempts: [{ say: '429 Too Many Requests, retry after 30 minutes\n', exit: 1, until: bench.gate('T001-may-end').path }, writes] }, T002: { ...writes, until: gate.path } });
    const going = bench.start(runArgs('--max-parallel', '2'));
    await Promise.all(['T001', 'T002'].map((id) => going.event((event) => event.type === 'task.started' && event.task === id)));
    await bench.gate('T001-may-end').open();
    await going.event(of('agent.limited'));
    await going.event(finished('T001'));
    await gate.open();
    await going.event((event) => event.type === 'task.integrated' && event.task === 'T002');
    const now = await status();
    expect(now?.limits).toMatchObject([{ agent: 'custom' }]);
    expect(now?.tasks.map(({ id, state, reason }) => [id, state, reason.replace(/\d\d:\d\d|[A-Z][a-z]{2} \d+ /g, '#')])).toEqual([
      ['T001', 'pending', 'custom: rate limited until #'], ['T002', 'done', ''], ['T003', 'pending', 'custom: rate limited until #'],
    ]);
    // A person who knows better tries at once.
    const run = String((await going.event(of('run.started')))['run']);
    expect((await bench.braid(['continue', run])).code).toBe(0);
    expect((await going.ended).code).toBe(0);
  });

  test('survives a stop: resume waits for the rest of it', async () => {
    bench = await createBench(list(2));
    await bench.plan({ '*': writes, T001: { attempts: [{ say: '429 Too Many Requests, retry in 6s\n', exit: 1, write: {}, commit: false }, writes] } });
    const going = bench.start(runArgs('--max-parallel', '1'));
    const limited = await going.event(of('agent.limited'));
    going.process.kill('SIGKILL');
    await going.ended;
    const ended = await bench.braid(['resume', '--yes', '--json']);
    expect(ended.code, ended.stderr).toBe(0);
    const events = ended.events();
    const released = events.find(of('agent.released'));
    expect(String(released?.['at']) >= String(limited['next'])).toBe(true);
    expect(events.findIndex(of('task.started'))).toBeGreaterThan(events.findIndex(of('agent.released')));
  });

  test('is told on the progress line', async () => {
    bench = await createBench(list(1));
    await bench.plan({ '*': { ...writes, attempts: [{ say: 'Rate limit reached. Try again in 1s\n', exit: 1, write: {}, commit: false }, {}] } });
    const ended = await bench.braid(runArgs().filter((arg) => arg !== '--json'));
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/custom: rate limited until \d\d:\d\d \(Rate limit reached/);
    expect(ended.stdout).toContain('custom: goes on');
  });
});

describe('failures', () => {
  test('of the same kind on two tasks end a run that nobody watches with 6, --yes goes on', async () => {
    bench = await createBench(list(4));
    await bench.plan({ '*': { say: 'Error: cannot open /tmp/{{task}}/db.sqlite: permission denied\n', exit: 1 } });
    const ended = await bench.run(['--max-parallel', '1']);
    expect(ended.code).toBe(6);
    expect(ended.events().find(of('run.paused'))).toMatchObject({ checkpoint: true, cause: 'common-cause', tasks: ['T001', 'T002'] });
    expect((await status())).toMatchObject({ state: 'waiting', reason: expect.stringContaining('T001 and T002 failed in the same way') });
    const second = await bench.run(['--max-parallel', '1', '--yes']);
    expect(second.code).toBe(1);
    expect(second.events().at(-1)).toMatchObject({ failed: 4 });
  });

  test('are followed as --on-failure says', async () => {
    bench = await createBench(list(3));
    await bench.plan({ '*': writes, T001: { ...writes, attempts: [{ write: { 'src/T001.txt': 'bad\n' } }, {}] } });
    await bench.write('check.sh', '#!/bin/sh\nif grep -q bad src/*.txt; then echo "FAIL: bad in it"; exit 1; fi\n');
    await bench.git('add', '-A');
    await bench.git('commit', '-m', 'check');
    const run = (policy: string, ...more: string[]) => bench.run(['--max-parallel', '1', '--check', 'sh check.sh', '--on-failure', policy, ...more]);
    const aborted = await run('abort');
    expect(aborted.code).toBe(1);
    expect(aborted.events().find(of('run.stopping'))).toMatchObject({ because: 'failure', after: 'current' });
    expect(aborted.events().at(-1)).toMatchObject({ status: 'failed', done: 0, failed: 1 });
    const prompted = await run('prompt');
    expect(prompted.code).toBe(6);
    expect(prompted.events().find(of('run.paused'))).toMatchObject({ cause: 'failure', tasks: ['T001'] });
    const fixed = await run('auto-fix');
    expect(fixed.code, fixed.stderr).toBe(0);
    expect(fixed.events().find((event) => event['code'] === 'triage')).toMatchObject({ task: 'T001', text: expect.stringContaining('tried again') });
    const id = String(fixed.events()[0]?.['run']);
    expect(await readFile(join(bench.dir, '.git/braid/runs', id, 'prompts/T001-2.md'), 'utf8')).toContain('FAIL: bad in it');
  });

  test('that repeat themselves are not tried as often as allowed', async () => {
    bench = await createBench(list(1));
    await bench.plan({ '*': { say: 'Error: boom at line {{attempt}}7\n', exit: 1 } });
    const ended = await bench.run(['--retries', '5']);
    expect(ended.code).toBe(6);
    expect(ended.events().filter(finished('T001'))).toHaveLength(2);
    expect((await status())?.tasks).toMatchObject([{ state: 'blocked', reason: expect.stringContaining('no progress: the same error again'), attempts: 2 }]);
  });

  test('that go in circles are told', async () => {
    bench = await createBench(list(1));
    const write = (text: string): object => ({ write: { 'src/T001.txt': `${text}\n` }, commit: true });
    await bench.plan({ T001: { attempts: [write('one'), write('two'), write('one'), write('two')] } });
    const ended = await bench.run(['--retries', '5', '--check', 'sh -c "echo error in $(cat src/T001.txt); exit 1"']);
    expect(ended.code).toBe(6);
    expect(ended.events().filter(finished('T001')).at(-1)).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('going in circles') });
  });

  test('can be mended in place or tried afresh, as a person says', async () => {
    bench = await createBench(list(1));
    await bench.plan({ T001: { ...writes, attempts: [{ write: { 'src/half.txt': 'half\n' }, exit: 1 }, { write: {}, exit: 1 }, {}] } });
    const run = String((await bench.run()).events()[0]?.['run']);
    const prompt = (attempt: number): Promise<string> => readFile(join(bench.dir, '.git/braid/runs', run, `prompts/T001-${attempt}.md`), 'utf8');
    expect((await bench.braid(['retry', run, 'T001'])).code).toBe(1);
    expect(await prompt(2)).toContain('Its work is still in this worktree');
    const ended = await bench.braid(['retry', run, 'T001', '--fresh', '--json']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(await prompt(3)).toContain('You begin anew');
    expect(ended.events().find(finished('T001'))?.['evidence']).toMatchObject({ files: ['src/T001.txt'] });
    // The work of before stays where it is.
    expect(await bench.git('show', `${(await lanes(run))[0] ?? ''}:src/half.txt`)).toBe('half');
  });

  test('that say nothing are tried as often as allowed', async () => {
    bench = await createBench(list(1));
    await bench.plan({ '*': { exit: 1 } });
    const ended = await bench.run(['--retries', '2']);
    expect([ended.code, ended.events().filter(finished('T001')).length]).toEqual([2, 3]);
  });

  test('by a missing dependency set the lane up again', async () => {
    bench = await createBench(list(1));
    await bench.plan({ '*': { ...writes, attempts: [{ say: "Error: Cannot find module 'left-pad'\n", exit: 1 }, {}] } });
    const ended = await bench.run(['--retries', '1', '--setup', 'sh -c "echo x >> ../setups"']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.events().find(finished('T001'))).toMatchObject({ failure: { class: 'missing-dependency', next: 'retry' } });
    const lane = String(ended.events().find(of('lane.opened'))?.['worktree']);
    expect(await readFile(join(lane, '../setups'), 'utf8')).toBe('x\nx\n');
  });
});

describe('bounds', () => {
  test('silence ends an attempt', async () => {
    bench = await createBench(list(1));
    await bench.plan({ '*': { say: 'thinking\n', hang: true } });
    const ended = await bench.run(['--silence', '1']);
    expect([ended.code, ended.events().find(finished('T001'))]).toMatchObject([5, { outcome: 'timed-out', reason: 'no output for 1 s' }]);
  });

  test("the run's time ends it with 5, resume goes on", async () => {
    bench = await createBench(list(2));
    await bench.plan({ '*': writes, T001: { ...writes, attempts: [{ hang: true, write: {}, commit: false }, {}] } });
    const ended = await bench.run(['--run-timeout', '8', '--max-parallel', '1']);
    expect(ended.code, ended.stderr).toBe(5);
    expect(ended.events().find(finished('T001'))).toMatchObject({ outcome: 'timed-out', reason: "the run's time limit of 8 s is over" });
    expect(ended.events().at(-1)).toMatchObject({ type: 'run.finished', status: 'timed-out' });
    for (const line of await bench.log()) expect(() => process.kill(line.pid, 0)).toThrow();
    expect((await status())?.reason).toContain('time limit of 8 s');
    // Its time is counted anew.
    const resumed = bench.start(['resume', '--json']);
    await resumed.event((event) => event.type === 'task.started' && event.task === 'T001' && event['attempt'] === 2);
    await resumed.ended;
  });

  test('a budget that is spent asks, also with --yes, and resume is a word for as much again', async () => {
    bench = await createBench(list(4));
    await bench.plan({ '*': { ...writes, report: { status: 'done', summary: 'ok', usage: { inputTokens: 900, outputTokens: 100, costUsd: 0.6 } } } });
    const ended = await bench.run(['--max-cost', '1', '--max-parallel', '1', '--yes']);
    expect(ended.code).toBe(6);
    expect(ended.events().find(of('run.paused'))).toMatchObject({ cause: 'budget', reason: '$1.20, 2,000 tokens are spent, --max-cost 1 is reached' });
    expect(ended.events().find(finished('T001'))?.['evidence']).toMatchObject({ usage: { inputTokens: 900, outputTokens: 100, costUsd: 0.6 } });
    expect((await status())?.usage).toEqual({ inputTokens: 1800, outputTokens: 200, costUsd: 1.2 });
    const resumed = await bench.braid(['resume', '--json']);
    expect([resumed.code, resumed.events().at(-1)]).toMatchObject([0, { done: 4 }]);
  });

  test('a budget counts what can be read of a report: a number in words costs no other', async () => {
    bench = await createBench(list(3));
    await bench.plan({ '*': { ...writes, report: { status: 'done', summary: 'ok', usage: { inputTokens: 900, outputTokens: 'abc', costUsd: 0.6 } } } });
    const ended = await bench.run(['--max-cost', '1', '--max-parallel', '1', '--yes']);
    expect(ended.events().find(of('run.paused'))).toMatchObject({ cause: 'budget', reason: '$1.20, 1,800 tokens are spent, --max-cost 1 is reached' });
    expect(ended.events().filter(of('notice')).map((event) => event['text'])).toContainEqual(expect.stringContaining('usage.outputTokens'));
  });

  test('little room on the disk keeps tasks back until there is more', async () => {
    bench = await createBench(list(1));
    await bench.plan({ '*': writes });
    const config = join(bench.outside, 'config');
    await mkdir(config, { recursive: true });
    await writeFile(join(config, 'settings.json'), JSON.stringify({ leastFreeMb: 1e9 }));
    const going = bench.start(runArgs());
    await going.event(of('disk.low'));
    const now = await status();
    expect(now?.tasks).toMatchObject([{ state: 'pending', reason: expect.stringContaining('little disk space') }]);
    const run = String((await going.event(of('run.started')))['run']);
    await bench.braid(['stop', run]);
    const ended = await going.ended;
    expect(ended.events().some(of('task.started'))).toBe(false);
    await writeFile(join(config, 'settings.json'), JSON.stringify({ leastFreeMb: 1 }));
    const resumed = await bench.braid(['resume', '--json']);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.events().some(of('disk.enough'))).toBe(true);
  });
});

describe('evidence', () => {
  test('names what was declared and not touched, and how the agent ended', async () => {
    bench = await createBench('## Phase 1: Work\n\n- [ ] T001 Write src/a.txt and src/b.txt\n');
    await bench.plan({ T001: { write: { 'src/a.txt': 'a\n' }, commit: true } });
    const ended = await bench.run(['--land', 'auto']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.events().find(finished('T001'))?.['evidence']).toMatchObject({ exitCode: 0, signal: null, untouched: ['src/b.txt'] });
    expect(await bench.read(`${spec}/tasks.md`)).toMatch(/1 file \(src\/a\.txt\); exit code 0; declared but not touched: src\/b\.txt/);
  });

  test.each([['--worktrees'], ['--no-worktrees']])('a verification may end well without a change (%s)', async (place) => {
    bench = await createBench('## Phase 1: Work\n\n- [ ] T001 Write src/a.txt\n- [ ] T002 Verify that all tests pass\n- [ ] T003 Write src/b.txt\n');
    await bench.plan({ '*': { write: {}, commit: false }, T001: { write: { 'src/a.txt': 'a\n' }, commit: true }, T003: { write: { 'src/b.txt': 'b\n' }, commit: true } });
    const ended = await bench.run(['--land', 'auto', '--check', 'test -f src/a.txt', place]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(await bench.read(`${spec}/tasks.md`)).toMatch(/\[X\] T002.*\n.*verification, no change; exit code 0; checks passed: test -f src\/a\.txt/);
    const commit = String(ended.events().find((event) => event.type === 'task.integrated' && event.task === 'T002')?.['commit']);
    expect(execFileSync('git', ['-C', bench.dir, 'show', '--format=%s|%P', '--name-only', '--first-parent', commit], { encoding: 'utf8' })).toMatch(/^T002: Verify that all tests pass\|\w+ \w+\n\nspecs\/001-demo\/tasks\.md\n$/);
  });

  test('a verification that fails its checks, or its agent, is no success', async () => {
    bench = await createBench('## Phase 1: Work\n\n- [ ] T001 [P] Verify that the API answers\n');
    await bench.plan({ '*': { write: {}, commit: false } });
    expect((await bench.run(['--check', 'test -f nothing'])).code).toBe(1);
    await bench.plan({ '*': { write: {}, commit: false, exit: 1 } });
    expect((await bench.run()).code).toBe(1);
  });
});
