import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { hostOf } from './processes';
import { appears, createBench, runArgs, type Bench, type BraidEvent, type Ended } from './braid';

const tasks = `# Tasks: Demo

## Phase 1: Setup

- [ ] T001 Write src/T001.txt

## Phase 2: Work

- [ ] T002 [P] Write src/T002.txt
- [ ] T003 [P] Write src/T003.txt

## Phase 3: Polish

- [ ] T004 Write src/T004.txt
`;
const writes = { write: { 'src/{{task}}.txt': '{{task}}\n' }, commit: true };

let bench: Bench;
afterEach(() => bench.cleanup());

const tasksOf = (events: readonly BraidEvent[], type: string): unknown[] => events.filter((event) => event.type === type).map((event) => event.task).sort();
const started = (id: string) => (event: BraidEvent): boolean => event.type === 'task.started' && event.task === id;

/** A run whose Braid is killed while the named tasks hang (the others end), with what was written into their lanes so far. */
async function killed(hanging: readonly string[], ...more: string[]): Promise<{ run: string; events: readonly BraidEvent[] }> {
  bench = await createBench(tasks);
  const hang = Object.fromEntries(hanging.map((id) => [id, { write: { [`src/${id}-half.txt`]: 'half\n' }, hang: true }]));
  await bench.plan({ '*': writes, ...hang });
  const going = bench.start(runArgs(...more));
  const events: BraidEvent[] = [];
  for (const id of hanging) events.push(await going.event(started(id)));
  // The half-written file is the proof that the agent is at work.
  const worktree = String((await going.event((event) => event.type === 'lane.opened' && event.lane === events[0]?.lane))['worktree']);
  const half = join(worktree, `src/${hanging[0] ?? ''}-half.txt`);
  await appears(half);
  // A file appears before its text does.
  while (await readFile(half, 'utf8') === '') await new Promise(setImmediate);
  // As if the machine had stopped: Braid, the host of its terminals, and the agents.
  const run = String(events[0]?.['run']);
  going.process.kill('SIGKILL');
  process.kill(await hostOf(join(bench.dir, '.git/braid/runs', run)), 'SIGKILL');
  const ended = await going.ended;
  await bench.plan({ '*': writes });
  return { run, events: ended.events() };
}

const resume = (...args: string[]): Promise<Ended> => bench.braid(['resume', '--json', ...args]);

describe('braid resume', () => {
  test('goes on where the run was killed: done tasks start no agent, interrupted work is kept in its lane', async () => {
    const { run } = await killed(['T002']);
    const ended = await resume('--yes');
    const events = ended.events();
    expect(ended.code).toBe(0);
    expect(events.map((event) => event['run']).every((id) => id === run)).toBe(true);
    expect(tasksOf(events, 'task.started')).not.toContain('T001');
    const again = events.find(started('T002'));
    expect(again).toMatchObject({ attempt: 2 });
    expect(await bench.git('show', `braid/001-demo/${run}/integration:src/T002-half.txt`)).toBe('half');
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'done', done: 4 });
    const prompt = await readFile(join(bench.dir, '.git/braid/runs', run, 'prompts', 'T002-2.md'), 'utf8');
    expect(prompt).toContain('Its work is still in this worktree');
  });

  test('Ctrl+C saves, says so, and resume goes on', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, T002: { hang: true } });
    const going = bench.start(runArgs());
    await going.event(started('T002'));
    going.process.kill('SIGINT');
    expect((await going.ended).code).toBe(130);
    await bench.plan({ '*': writes });
    const ended = await resume('--yes');
    expect(ended.code).toBe(0);
    expect(ended.events().at(-1)).toMatchObject({ type: 'run.finished', done: 4 });
  });

  test('skip-wave leaves the current wave out', async () => {
    await killed(['T002', 'T003'], '--max-parallel', '2');
    const ended = await resume('--choice', 'skip-wave');
    expect(tasksOf(ended.events(), 'task.skipped')).toEqual(['T002', 'T003', 'T004']);
    expect(ended.code).toBe(1);
  });

  test('fresh sets the run aside and starts the spec anew', async () => {
    const { run } = await killed(['T002']);
    const ended = await resume('--choice', 'fresh');
    const events = ended.events();
    expect(events.find((event) => event.type === 'run.abandoned')).toMatchObject({ run });
    expect(events.filter((event) => event.type === 'run.started')).toHaveLength(1);
    expect(tasksOf(events, 'task.started')).toEqual(['T001', 'T002', 'T003', 'T004']);
    expect(ended.code).toBe(0);
  });

  test('abort sets the run aside and keeps the work', async () => {
    const { run, events } = await killed(['T002']);
    const worktree = String(events.find((event) => event.type === 'lane.opened' && event.lane === events.find(started('T002'))?.lane)?.['worktree']);
    expect((await resume('--choice', 'abort')).code).toBe(0);
    expect(await readFile(join(worktree, 'src/T002-half.txt'), 'utf8')).toBe('half\n');
    expect(await bench.git('rev-parse', '--verify', `braid/001-demo/${run}/integration`)).not.toBe('');
    // Nothing is unfinished any more: the last run is reported.
    expect((await resume()).events().at(-1)).toMatchObject({ type: 'run.finished', run });
  });

  test('a worktree that vanished comes back from its branch, and a branch of the run that was deleted from the journal', async () => {
    const { run, events } = await killed(['T002']);
    const lane = events.find((event) => event.type === 'lane.opened' && event.lane === events.find(started('T002'))?.lane);
    await rm(String(lane?.['worktree']), { recursive: true });
    await bench.git('update-ref', '-d', `refs/heads/braid/001-demo/${run}/integration`);
    const ended = await resume('--yes');
    expect(ended.stderr).not.toContain('Internal error');
    expect(ended.code).toBe(0);
    expect(await bench.git('show', `braid/001-demo/${run}/integration:src/T004.txt`)).toBe('T004');
  });

  test('an integration that reached the branch but not the journal is not done again', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, T004: { hang: true } });
    const going = bench.start(runArgs());
    await going.event(started('T004'));
    const run = String((await going.event((event) => event.type === 'run.started'))['run']);
    going.process.kill('SIGKILL');
    process.kill(await hostOf(join(bench.dir, '.git/braid/runs', run)), 'SIGKILL');
    await going.ended;
    const journal = join(bench.dir, '.git/braid/runs', run, 'journal.jsonl');
    const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
    const last = lines.length - 1 - [...lines].reverse().findIndex((line) => line.includes('"task.integrated"'));
    const task = (JSON.parse(lines[last] ?? '{}') as BraidEvent).task;
    // As if the machine had stopped between the branch and the journal; the last line is torn as well.
    await writeFile(journal, `${lines.slice(0, last).join('\n')}\n${lines[last]?.slice(0, 40) ?? ''}`);
    await bench.plan({ '*': writes });
    const ended = await resume('--yes');
    expect(ended.code).toBe(0);
    expect(tasksOf(ended.events(), 'task.started')).not.toContain(task);
    const log = await bench.git('log', '--first-parent', '--format=%(trailers:key=Braid-Task,valueonly,separator=%x2C)', `main..braid/001-demo/${run}/integration`);
    expect(log.split('\n').sort()).toEqual(['T001', 'T002', 'T003', 'T004']);
  });

  test('stale locks of killed git processes in the run\'s own places do not stop it', async () => {
    const { run, events } = await killed(['T002']);
    const worktree = String(events.find((event) => event.type === 'lane.opened' && event.lane === events.find(started('T002'))?.lane)?.['worktree']);
    const gitDir = await bench.git('-C', worktree, 'rev-parse', '--absolute-git-dir');
    await writeFile(join(gitDir, 'index.lock'), '');
    await writeFile(join(bench.dir, '.git/refs/heads/braid/001-demo', run, 'integration.lock'), '');
    const ended = await resume('--yes');
    expect(ended.code).toBe(0);
  });

  test('a run in the checkout sets its half-done work aside and gives the checkout back', async () => {
    const { run } = await killed(['T002'], '--no-worktrees');
    expect(await bench.git('branch', '--show-current')).toContain(`braid/001-demo/${run}/integration`);
    const ended = await resume('--yes');
    expect(ended.stderr).not.toContain('Internal error');
    expect(ended.code).toBe(0);
    expect(await bench.git('branch', '--show-current')).toBe('main');
    expect(await bench.git('status', '--porcelain')).toBe('');
    const kept = await bench.git('branch', '--list', `braid/001-demo/${run}/lane/*`, '--format=%(refname:short)');
    expect(await bench.git('show', `${kept.split('\n')[0] ?? ''}:src/T002-half.txt`)).toBe('half');
  });

  test('a run that another Braid drives is left to it', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, T001: { hang: true } });
    const going = bench.start(runArgs());
    await going.event(started('T001'));
    const second = await resume('--choice', 'retry');
    expect(second.code).toBe(6);
    expect(second.stderr).toContain('in the hands of another Braid');
    going.process.kill('SIGINT');
    await going.ended;
  });

  test('a failed run that is named is tried again; without a run there is nothing to resume', async () => {
    bench = await createBench(tasks);
    expect((await resume()).code).toBe(3);
    await bench.plan({ '*': writes, T002: { exit: 3 } });
    const first = await bench.run();
    expect(first.code).toBe(1);
    // Not unfinished: reported, with the exit code of its result.
    expect((await resume()).code).toBe(1);
    await bench.plan({ '*': writes });
    const run = String(first.events()[0]?.['run']);
    const ended = await resume(run);
    expect(ended.code).toBe(0);
    expect(tasksOf(ended.events(), 'task.started')).toEqual(['T002', 'T004']);
  });
});
