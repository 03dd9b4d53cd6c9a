/** What setup and crashes leave beside the work of agents: none of it is taken for work, and no work is taken for theirs. */
import { existsSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createBench, runArgs, spec, type Bench, type BraidEvent } from './braid';
import { kill, marked } from './processes';

const tasks = '## Phase 1: Work\n\n- [ ] T001 Write src/T001.txt\n- [ ] T002 Write src/T002.txt (depends on T001)\n';
const writes = { write: { 'src/{{task}}.txt': '{{task}}\n' } };

let bench: Bench;
afterEach(() => bench.cleanup());

const branch = (run: string): string => `braid/001-demo/${run}/integration`;
const files = async (run: string): Promise<readonly string[]> => (await bench.git('diff', '--name-only', 'main', branch(run))).split('\n');

describe('setup', () => {
  test('that runs again after a missing dependency leaves what the attempt before had written to its task', async () => {
    bench = await createBench(tasks);
    await bench.plan({
      '*': writes,
      T001: { attempts: [{ write: { 'src/T001.txt': 'T001\n', 'src/first.txt': 'first\n' }, say: "Error: Cannot find module 'left-pad'\n", exit: 1 }, { write: { 'src/second.txt': 'second\n' } }] },
    });
    const ended = await bench.run(['--retries', '1', '--setup', 'touch made-by-setup.txt']);
    expect(ended.code, ended.stderr).toBe(0);
    const run = String(ended.events()[0]?.['run']);
    expect(await files(run)).toEqual([`${spec}/tasks.md`, 'src/T001.txt', 'src/T002.txt', 'src/first.txt', 'src/second.txt']);
  });

  test('that was cut off by a crash runs to its end before an agent enters its lane, and nothing of it is work', async () => {
    bench = await createBench(tasks);
    const gate = bench.gate('go');
    const script = join(bench.outside, 'setup.sh');
    const log = join(bench.outside, 'setup.log');
    await writeFile(script, `echo half > half.txt\necho begun >> '${log}'\nwhile [ ! -e '${gate.path}' ]; do sleep 0.05; done\necho ready > ready.txt\necho ended >> '${log}'\n`);
    await bench.plan({ '*': { ...writes, run: 'test -e ready.txt' } });
    const going = bench.start(runArgs('--setup', `sh '${script}'`));
    const run = String((await going.event(({ type }) => type === 'lane.opened'))['run']);
    while (!existsSync(log)) await new Promise(setImmediate);
    going.process.kill('SIGKILL');
    await going.ended;
    (await marked(run)).forEach(kill);
    await gate.open();
    const resumed = await bench.braid(['resume', run, '--yes', '--json']);
    expect(resumed.code, `${resumed.stdout}${resumed.stderr}`).toBe(0);
    expect((await readFile(log, 'utf8')).split('\n').filter((line) => line === 'ended')).toHaveLength(1);
    expect(await files(run)).toEqual([`${spec}/tasks.md`, 'src/T001.txt', 'src/T002.txt']);
  });
});

describe('a crash', () => {
  test('while an agent works on a detached HEAD keeps its uncommitted files', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, T001: { write: {}, run: 'git checkout -q --detach; mkdir -p src; echo precious > src/T001.txt', hang: true } });
    const going = bench.start(runArgs());
    const event = await going.event(({ type, task }) => type === 'task.started' && task === 'T001');
    const run = String(event['run']);
    const worktree = String((await going.event(({ type }) => type === 'lane.opened'))['worktree']);
    while (!existsSync(join(worktree, 'src/T001.txt'))) await new Promise(setImmediate);
    going.process.kill('SIGKILL');
    await going.ended;
    (await marked(run)).forEach(kill);
    await bench.plan({ '*': writes, T001: { write: {} } });
    const resumed = await bench.braid(['resume', run, '--yes', '--json']);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(await bench.git('show', `${branch(run)}:src/T001.txt`)).toBe('precious');
  });
});

describe('a journal', () => {
  const events = (text: string): readonly BraidEvent[] => text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as BraidEvent);

  /** A run that was stopped after T001 was integrated; its journal is changed by `damage`. */
  async function stopped(damage: (text: string) => string): Promise<string> {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, T002: { hang: true } });
    const going = bench.start(runArgs());
    const run = String((await going.event(({ type, task }) => type === 'task.started' && task === 'T002'))['run']);
    going.process.kill('SIGINT');
    expect((await going.ended).code).toBe(130);
    const path = join(bench.dir, '.git/braid/runs', run, 'journal.jsonl');
    await writeFile(path, damage(await readFile(path, 'utf8')));
    await bench.plan({ '*': writes });
    return run;
  }

  const without = (fits: (event: BraidEvent) => boolean) => (text: string): string =>
    text.split('\n').map((line) => (line !== '' && events(line).some(fits) ? line.slice(0, 20) : line)).join('\n');

  test.each<[string, (text: string) => string]>([
    ['a torn last line', (text) => `${text}{"type":"task.st`],
    ['a tail of zeros', (text) => `${text}${'\0'.repeat(4096)}`],
    ['a torn line: an integration', without(({ type }) => type === 'task.integrated')],
    ['a torn line: the opening of a lane', without(({ type }) => type === 'lane.opened')],
    ['a torn line: the start of a task', without(({ type, task }) => type === 'task.started' && task === 'T001')],
    ['a torn line: the end of an attempt', without(({ type, task }) => type === 'task.finished' && task === 'T001')],
    ['only its first half', (text) => text.slice(0, Math.floor(text.length / 2))],
  ])('with %s does not do anything twice', async (_name, damage) => {
    const run = await stopped(damage);
    const resumed = await bench.braid(['resume', run, '--choice', 'retry', '--json']);
    expect(resumed.code, `${resumed.stdout}${resumed.stderr}`).toBe(0);
    expect((await bench.git('log', '--first-parent', '--reverse', '--format=%(trailers:key=Braid-Task,valueonly,separator=%x2C)', `main..${branch(run)}`)).split('\n')).toEqual(['T001', 'T002']);
    expect((await bench.log()).filter(({ event, task }) => event === 'start' && task === 'T001')).toHaveLength(1);
    const known = (await bench.git('worktree', 'list', '--porcelain')).split('\n').filter((line) => line.startsWith('worktree ')).map((line) => line.slice(9));
    const status = JSON.parse((await bench.braid(['status', run, '--json'])).stdout) as { runs: { lanes: { worktree: string }[] }[] };
    expect(known.filter((path) => path !== bench.dir && !(status.runs[0]?.lanes ?? []).some((lane) => lane.worktree === path))).toEqual([]);
    expect(await bench.git('fsck', '--no-dangling')).toBe('');
  });

  test.each([['of a newer Braid', (text: string) => text.replace('"version":1', '"version":2'), /newer Braid/], ['that is empty', () => '', /There is no run/]])('%s is refused with a sentence and left as it is', async (_name, damage, words) => {
    const run = await stopped(damage);
    const path = join(bench.dir, '.git/braid/runs', run, 'journal.jsonl');
    await appendFile(path, '{"torn');
    const before = await readFile(path, 'utf8');
    for (const args of [['resume', run, '--choice', 'retry'], ['status', run], ['land', run, '--yes']]) {
      const refused = await bench.braid(args);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(words);
      expect(refused.stderr).not.toContain('    at ');
    }
    if (before.length > 10) expect(await readFile(path, 'utf8')).toBe(before);
  });
});
