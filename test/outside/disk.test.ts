/** A disk that is really full: nothing is claimed that is not on it, the run says so, and after there is room again everything is done exactly once. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createBench, runArgs, spec, type Bench, type BraidEvent, type Ended, type Going } from './braid';
import { marked } from './processes';
import { smallDisk, type SmallDisk } from './small-disk';

const ids = ['T001', 'T002', 'T003', 'T004'];
const tasks = `## Phase 1: Setup\n\n- [ ] T001 Write src/T001.txt\n\n## Phase 2: Work\n\n${ids.slice(1).map((id) => `- [ ] ${id} [P] Write src/${id}.txt`).join('\n')}\n`;
const writes = { write: { 'src/{{task}}.txt': '{{task}}\n' } };

let disk: SmallDisk | null = null;
let bench: Bench | null = null;
afterEach(async () => {
  await bench?.cleanup();
  await disk?.remove();
  bench = null;
  disk = null;
});

const started = (id: string) => (event: BraidEvent): boolean => event.type === 'task.started' && event.task === id;

/** Everything is done, once, and nothing is broken or left. */
async function prove(on: Bench, run: string): Promise<void> {
  const lines = (await readFile(join(on.dir, '.git/braid/runs', run, 'journal.jsonl'), 'utf8')).split('\n').filter(Boolean);
  const events = lines.map((line) => JSON.parse(line) as BraidEvent);
  expect(events.filter(({ type }) => type === 'task.integrated').map(({ task }) => task).sort()).toEqual(ids);
  const branch = `braid/001-demo/${run}/integration`;
  expect((await on.git('log', '--first-parent', '--format=%(trailers:key=Braid-Task,valueonly,separator=%x2C)', `main..${branch}`)).split('\n').sort()).toEqual(ids);
  for (const id of ids) expect(await on.git('show', `${branch}:src/${id}.txt`)).toBe(id);
  expect(await on.git('show', `${branch}:${spec}/tasks.md`)).not.toContain('- [ ] T');
  expect(await on.git('fsck', '--no-dangling')).toBe('');
  expect(await marked(run)).toEqual([]);
}

/** The run ended before its time and said why and what to do. */
function expectEnded({ code, stderr }: Ended, run: string): void {
  expect(code).toBe(1);
  expect(stderr).toMatch(/ENOSPC|no space left/i);
  expect(stderr).toContain(`braid resume ${run}`);
}

/** There is room again: a run that waits goes on by a word, one that ended is resumed. */
async function finish(on: Bench, going: Going, run: string): Promise<void> {
  if (going.process.exitCode === null) await on.braid(['continue', run]);
  const first = await going.ended;
  if (first.code === 0) return;
  const resumed = await on.braid(['resume', run, '--yes', '--json']);
  expect(resumed.code, `${resumed.stdout}\n${resumed.stderr}`).toBe(0);
}

describe('a full disk', () => {
  test.each(['ext4', 'tmpfs'] as const)('(%s) while agents work ends the run with a sentence, or lets it wait, and resume does the rest', { timeout: 120_000 }, async (kind) => {
    disk = await smallDisk(kind, 32);
    if (disk === null) return;
    bench = await createBench(tasks, { folder: disk.path });
    const gate = bench.gate('go');
    await bench.plan({ '*': writes, T002: { ...writes, until: gate.path } });
    const going = bench.start(runArgs('--max-parallel', '2'));
    const run = String((await going.event(started('T002')))['run']);
    await going.event(({ type, task }) => type === 'task.integrated' && task === 'T003');
    await disk.fill();
    await gate.open();
    // Either not even the journal finds room, or Braid waits for some; both say so.
    const over = await going.event(({ type, task }) => type === 'task.finished' && task === 'T002').catch(() => going.ended);
    if (!('type' in over)) expectEnded(over, run);
    const branch = `braid/001-demo/${run}/integration`;
    const ticked = ((await bench.git('show', `${branch}:${spec}/tasks.md`)).match(/- \[X\] T\d+/g) ?? []).map((line) => line.slice(6));
    for (const id of ticked) expect(await bench.git('show', `${branch}:src/${id}.txt`)).toBe(id);
    await disk.free();
    await finish(bench, going, run);
    await prove(bench, run);
  });

  test('that an agent fills is its trouble and no failure of the others', { timeout: 120_000 }, async () => {
    disk = await smallDisk('ext4', 32);
    if (disk === null) return;
    bench = await createBench(tasks, { folder: disk.path });
    await bench.plan({ '*': writes, T002: { fill: 'huge.bin' } });
    const going = bench.start(runArgs('--max-parallel', '2'));
    const opened = await going.event(started('T002'));
    const run = String(opened['run']);
    const worktree = await going.event(({ type, lane }) => type === 'lane.opened' && lane === opened.lane);
    // Either the journal finds no room, or Braid waits for some.
    const over = await going.event(({ type }) => type === 'agent.limited' || type === 'disk.low').catch(() => going.ended);
    await rm(join(String(worktree['worktree']), 'huge.bin'), { force: true });
    await bench.plan({ '*': writes });
    if (!('type' in over)) expectEnded(over, run);
    await finish(bench, going, run);
    await prove(bench, run);
  });

  test.each(['ext4', 'tmpfs'] as const)('(%s) refuses a run and a landing with a sentence, and changes nothing', { timeout: 120_000 }, async (kind) => {
    disk = await smallDisk(kind, 32);
    if (disk === null) return;
    bench = await createBench(tasks, { folder: disk.path });
    await bench.plan({ '*': writes });
    await disk.fill();
    const refused = await bench.run();
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/ENOSPC|no space left/i);
    expect(refused.stderr).not.toContain('    at ');
    expect(await bench.git('branch', '--list', 'braid/*')).toBe('');
    await disk.free();
    const ran = await bench.run();
    expect(ran.code, ran.stderr).toBe(0);
    const run = String(ran.events()[0]?.['run']);
    const before = await bench.git('rev-parse', 'main');
    await disk.fill();
    const landed = await bench.braid(['land', run, '--yes']);
    expect(landed.code).not.toBe(0);
    expect(landed.stderr).toMatch(/ENOSPC|no space left/i);
    expect(await bench.git('rev-parse', 'main')).toBe(before);
    await disk.free();
    expect(await bench.git('status', '--porcelain')).toBe('');
    const again = await bench.braid(['land', run, '--yes']);
    expect(again.code, again.stderr).toBe(0);
    expect(await bench.git('ls-files', 'src')).toBe(ids.map((id) => `src/${id}.txt`).join('\n'));
    expect(await bench.git('status', '--porcelain')).toBe('');
    expect(await bench.git('fsck', '--no-dangling')).toBe('');
  });

  test('under the settings folder does not stop a run', { timeout: 60_000 }, async () => {
    disk = await smallDisk('tmpfs', 1);
    if (disk === null) return;
    bench = await createBench(tasks);
    await bench.plan({ '*': writes });
    await disk.fill();
    const ended = await bench.run([], { BRAID_CONFIG_DIR: join(disk.path, 'config') });
    expect(ended.code, ended.stderr).toBe(0);
    await prove(bench, String(ended.events()[0]?.['run']));
  });
});
