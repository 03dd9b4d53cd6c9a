import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createBench, runArgs, spec, type Bench } from './braid';

const phases = `# Tasks: Demo

## Phase 1: Setup

- [ ] T001 Create the frame in src/a.txt

## Phase 2: Work

- [ ] T002 [P] Write src/b.txt
- [ ] T003 [P] Write src/c.txt
- [ ] T004 [P] Write src/d.txt (depends on T002)
`;

let bench: Bench;
afterEach(() => bench.cleanup());

const started = (id: string) => (event: { type: string; task?: string }): boolean => event.type === 'task.started' && event.task === id;
const finished = (id: string) => (event: { type: string; task?: string }): boolean => event.type === 'task.finished' && event.task === id;

/** Each task writes one file of its own. */
const writes = (names: Record<string, string>, more: Record<string, object> = {}): Record<string, object> =>
  Object.fromEntries(Object.entries(names).map(([id, file]) => [id, { write: { [file]: `${id}\n` }, commit: true, ...more[id] }]));
const files = { T001: 'src/a.txt', T002: 'src/b.txt', T003: 'src/c.txt', T004: 'src/d.txt' };

describe('a run', () => {
  test('integrates each task as one merge with its tick, and leaves the base alone', async () => {
    bench = await createBench(phases);
    await bench.plan(writes(files));
    const before = await bench.git('rev-parse', 'main');
    const ended = await bench.run();
    expect(ended.stderr).not.toContain('Internal error');
    expect(ended.code).toBe(0);
    const events = ended.events();
    const begun = events.find((event) => event.type === 'run.started');
    const branch = String(begun?.['integrationBranch']);
    expect(await bench.git('rev-parse', 'main')).toBe(before);
    expect(await bench.git('status', '--porcelain')).toBe('');
    const log = (await bench.git('log', '--first-parent', '--format=%s|%(trailers:key=Braid-Task,valueonly,separator=%x2C)|%P', `main..${branch}`)).split('\n');
    expect(log.map((line) => line.split('|')[1]).sort()).toEqual(['T001', 'T002', 'T003', 'T004']);
    for (const line of log) expect(line.split('|')[2]?.split(' ')).toHaveLength(2);
    for (const event of events.filter(({ type }) => type === 'task.integrated')) {
      const diff = await bench.git('diff', '--name-only', `${String(event['commit'])}^1`, String(event['commit']));
      expect(diff.split('\n').sort()).toEqual([`${spec}/tasks.md`, files[event.task as keyof typeof files]].sort());
    }
    const tasks = await bench.git('show', `${branch}:${spec}/tasks.md`);
    expect(tasks.match(/- \[X\] T00/g)).toHaveLength(4);
  });

  test('starts a task when its own dependency is integrated, while its wave still works (Z1)', async () => {
    bench = await createBench(phases);
    const gate = bench.gate('T003-may-end');
    await bench.plan(writes(files, { T003: { until: gate.path } }));
    const going = bench.start(runArgs('--max-parallel', '2'));
    // T004 waits for T002 only: with a barrier it would wait for T003, which waits for this.
    await going.event(started('T004'));
    await gate.open();
    expect((await going.ended).code).toBe(0);
  });

  test('never runs more agents than allowed', async () => {
    bench = await createBench(phases.replace(' (depends on T002)', ''));
    await bench.plan(writes(files));
    expect((await bench.run(['--max-parallel', '2'])).code).toBe(0);
    let now = 0, peak = 0;
    for (const line of await bench.log()) {
      now += line.event === 'start' ? 1 : line.event === 'end' ? -1 : 0;
      peak = Math.max(peak, now);
    }
    expect(peak).toBeLessThanOrEqual(2);
  });

  test('a failure skips its dependants by name and lets siblings finish (D9)', async () => {
    bench = await createBench(phases);
    await bench.plan(writes(files, { T002: { exit: 3 } }));
    const ended = await bench.run();
    expect(ended.code).toBe(1);
    const events = ended.events();
    expect(events.find(finished('T002'))).toMatchObject({ outcome: 'failed', reason: 'the agent ended with exit code 3' });
    expect(events.find(({ type, task }) => type === 'task.skipped' && task === 'T004')).toMatchObject({ reason: 'dependency T002 failed' });
    expect(events.some(({ type, task }) => type === 'task.integrated' && task === 'T003')).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'failed', done: 2, failed: 1, skipped: 1 });
  });

  test.each([
    ['a signal', { signal: 'SIGKILL' }, [], 1, { outcome: 'failed', reason: 'the agent was ended by signal SIGKILL' }],
    ['no change', { write: {}, commit: false }, [], 6, { outcome: 'no-change' }],
    ['no change and nobody to ask', { write: {}, commit: false }, ['--yes'], 1, { outcome: 'no-change' }],
    ['a hang', { hang: true }, ['--timeout', '1'], 5, { outcome: 'timed-out' }],
    ['failures beyond the retries', { exit: 1 }, ['--retries', '1'], 2, { outcome: 'failed' }],
    ['a report that says blocked', { report: { status: 'blocked', summary: 'Which key?' } }, [], 6, { outcome: 'blocked', reason: 'Which key?' }],
  ])('%s is told apart', async (_name, behaviour, args, code, outcome) => {
    bench = await createBench('## Phase 1: Setup\n\n- [ ] T001 Write src/a.txt\n');
    await bench.plan({ T001: { write: { 'src/a.txt': 'x' }, commit: true, ...behaviour } });
    const ended = await bench.run(args);
    expect(ended.events().filter(finished('T001')).at(-1)).toMatchObject(outcome);
    expect(ended.code).toBe(code);
  });

  test('commits leftovers, keeps secrets out, and puts the proof into the note', async () => {
    bench = await createBench('## Phase 1: Setup\n\n- [ ] T001 Write src/a.txt\n');
    await bench.plan({ T001: { write: { 'src/a.txt': 'x', '.env': 'KEY=1' }, commit: false } });
    const ended = await bench.run(['--check', 'test -f src/a.txt', '--yes', '--land', 'auto']);
    expect(ended.code).toBe(0);
    expect(ended.events().find(({ type }) => type === 'notice')?.['text']).toContain('.env');
    expect(await bench.read('src/a.txt')).toBe('x');
    expect(await bench.git('ls-files', '.env')).toBe('');
    expect(await bench.read(`${spec}/tasks.md`)).toMatch(/- \[X\] T001.*\n {2,}- .*1 commit, 1 file \(src\/a\.txt\).*checks passed: test -f src\/a\.txt/);
  });

  test('files that setup or a check makes are no evidence and belong to no task', async () => {
    bench = await createBench('## Phase 1: Work\n\n- [ ] T001 Write src/a.txt\n- [ ] T002 [P] Write src/b.txt\n');
    await bench.plan({ T001: { write: { 'src/a.txt': 'a' }, commit: false }, T002: { write: {}, commit: false } });
    const ended = await bench.run(['--max-parallel', '1', '--setup', 'sh -c "echo built > built.txt; echo more >> README.md"', '--check', 'sh -c "date +%N > gen.txt"']);
    expect(ended.code).toBe(6);
    expect(ended.events().find(finished('T001'))).toMatchObject({ outcome: 'done', evidence: { files: ['src/a.txt'] } });
    expect(ended.events().find(finished('T002'))).toMatchObject({ outcome: 'no-change' });
  });

  test('a lane that is called like the integration does not meet it: checks of the merged tree have a place of their own', async () => {
    bench = await createBench('## Phase 1: Integration\n\n- [ ] T001 Write src/T001.txt\n- [ ] T002 [P] Write src/T002.txt\n- [ ] T003 [P] Write src/T003.txt\n');
    await bench.plan({ '*': { write: { 'src/{{task}}.txt': '{{task}}\n' }, ms: 50 } });
    const ended = await bench.run(['--check', 'true', '--land', 'auto']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.events().some(({ type, lane }) => type === 'lane.opened' && lane === 'integration')).toBe(true);
    expect(await bench.git('worktree', 'list')).not.toContain('_merged');
  });

  test('a check that does not end is a timeout', async () => {
    bench = await createBench('## Phase 1: Work\n\n- [ ] T001 Write src/a.txt\n');
    await bench.plan(writes({ T001: 'src/a.txt' }));
    const ended = await bench.run(['--check', 'sleep 1000', '--timeout', '2']);
    expect([ended.code, ended.events().find(finished('T001'))?.outcome]).toEqual([5, 'timed-out']);
  });

  test('a reader that goes away ends nothing', async () => {
    bench = await createBench('## Phase 1: Work\n\n- [ ] T001 Write src/a.txt\n');
    const gate = bench.gate('go');
    await bench.plan(writes({ T001: 'src/a.txt' }, { T001: { until: gate.path } }));
    const going = bench.start(runArgs('--land', 'auto'));
    await going.event(started('T001'));
    going.process.stdout?.destroy();
    await gate.open();
    expect((await going.ended).code).toBe(0);
    expect(await bench.read('src/a.txt')).toBe('T001\n');
  });

  test('a check that fails only on the merged tree fails the task that broke it (N11)', async () => {
    bench = await createBench('## Phase 1: Work\n\n- [ ] T001 [P] Write src/a.txt\n- [ ] T002 [P] Write src/b.txt\n');
    const both = bench.gate('both');
    await bench.plan(writes({ T001: 'src/a.txt', T002: 'src/b.txt' }, { T001: { until: both.path }, T002: { until: both.path } }));
    await bench.write('not-both.sh', '#!/bin/sh\n! { test -f src/a.txt && test -f src/b.txt; }\n');
    await bench.git('add', '-A');
    await bench.git('commit', '-m', 'check');
    const going = bench.start(runArgs('--check', 'sh not-both.sh'));
    await Promise.all([going.event(started('T001')), going.event(started('T002'))]);
    await both.open();
    const ended = await going.ended;
    const outcomes = ended.events().filter(({ type }) => type === 'task.finished').map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual(['done', 'failed']);
    expect(ended.events().find(({ outcome }) => outcome === 'failed')?.reason).toContain('failed on the merged tree');
    expect(ended.code).toBe(1);
  });

  test('a conflict is kept for a person and the rest goes on', async () => {
    bench = await createBench('## Phase 1: Work\n\n- [ ] T001 [P] Write src/a.txt\n- [ ] T002 [P] Write src/b.txt\n- [ ] T003 [P] Write src/c.txt\n');
    const both = bench.gate('both');
    await bench.plan({
      T001: { write: { 'src/shared.txt': 'one' }, commit: true, until: both.path }, T002: { write: { 'src/shared.txt': 'two' }, commit: true, until: both.path },
      T003: { write: { 'src/c.txt': 'c' }, commit: true },
    });
    const going = bench.start(runArgs());
    await Promise.all([going.event(started('T001')), going.event(started('T002'))]);
    await both.open();
    const ended = await going.ended;
    expect(ended.code).toBe(6);
    const conflict = ended.events().find(({ type }) => type === 'conflict.found');
    expect(conflict?.['files']).toEqual(['src/shared.txt']);
    expect(ended.events().some(({ type, task }) => type === 'task.integrated' && task === 'T003')).toBe(true);
    const lane = ended.events().find(({ type, lane: name }) => type === 'lane.opened' && name === conflict?.lane);
    expect(await bench.git('show', `${String(lane?.['branch'])}:src/shared.txt`)).toMatch(/one|two/);
  });

  test("takes an agent's own ticks back and keeps its other edits of the task file", async () => {
    bench = await createBench(phases);
    const edited = phases.replaceAll('- [ ]', '- [x]').replace('# Tasks: Demo', '# Tasks: Demo\n\nA word of the agent.');
    await bench.plan({ ...writes(files), T001: { write: { 'src/a.txt': 'a', [`${spec}/tasks.md`]: edited }, commit: true, exit: 0 }, T002: { exit: 1 } });
    const ended = await bench.run();
    const branch = String(ended.events()[0]?.['integrationBranch']);
    const tasks = await bench.git('show', `${branch}:${spec}/tasks.md`);
    expect(tasks).toContain('A word of the agent.');
    expect(tasks).toContain('- [X] T001');
    expect(tasks).toContain('- [ ] T002');
  });

  test('two lanes that append tasks both keep theirs', async () => {
    bench = await createBench('## Phase 1: Work\n\n- [ ] T001 [P] Write src/a.txt\n- [ ] T002 [P] Write src/b.txt\n');
    const both = bench.gate('both');
    await bench.plan({
      T001: { append: { [`${spec}/tasks.md`]: '- [ ] T101 From one\n' }, write: { 'src/a.txt': 'a' }, commit: true, until: both.path },
      T002: { append: { [`${spec}/tasks.md`]: '- [ ] T102 From two\n' }, write: { 'src/b.txt': 'b' }, commit: true, until: both.path },
    });
    const going = bench.start(runArgs('--land', 'auto'));
    await Promise.all([going.event(started('T001')), going.event(started('T002'))]);
    await both.open();
    const ended = await going.ended;
    expect(ended.code, ended.stderr).toBe(0);
    const text = await bench.read(`${spec}/tasks.md`);
    expect(text).toMatch(/\[X\] T001[\s\S]*\[X\] T002/);
    expect(text).toContain('- [ ] T101 From one');
    expect(text).toContain('- [ ] T102 From two');
  });

  test('Ctrl+C ends every process, keeps the work and exits with 130', async () => {
    bench = await createBench('## Phase 1: Setup\n\n- [ ] T001 Write src/a.txt\n');
    await bench.plan({ T001: { write: { 'src/a.txt': 'x' }, grandchild: "stubborn", hang: true } });
    const going = bench.start(runArgs());
    await going.event(started('T001'));
    going.process.kill('SIGINT');
    const ended = await going.ended;
    expect(ended.code).toBe(130);
    expect(ended.events().at(-1)).toMatchObject({ type: 'run.finished', status: 'interrupted' });
    for (const line of await bench.log()) expect(() => process.kill(line.pid, 0)).toThrow();
    const status = JSON.parse((await bench.braid(['status', '--json'])).stdout);
    expect(status.runs[0]).toMatchObject({ state: 'interrupted', tasks: [{ id: 'T001', state: 'interrupted' }] });
  });

  test('works in the checkout without worktrees and comes back to the base', async () => {
    bench = await createBench(phases);
    await bench.plan(writes(files, { T002: { exit: 1 } }));
    const ended = await bench.run(['--no-worktrees']);
    expect(ended.code).toBe(1);
    expect(await bench.git('branch', '--show-current')).toBe('main');
    expect(await bench.git('status', '--porcelain')).toBe('');
    expect((await bench.git('worktree', 'list')).split('\n')).toHaveLength(1);
    const branch = String(ended.events()[0]?.['integrationBranch']);
    expect(await bench.git('ls-tree', '-r', '--name-only', branch, 'src')).toBe('src/a.txt\nsrc/c.txt');
    expect(await bench.git('for-each-ref', '--format=%(refname:short)', '--contains', branch, 'refs/heads')).toContain('/integration');
    const kept = (await bench.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/braid')).split('\n').filter((name) => name.includes('/lane/'));
    expect(await bench.git('show', `${kept[0]}:src/b.txt`)).toBe('T002');
  });

  test('writes nothing that others can read', async () => {
    bench = await createBench('## Phase 1: Setup\n\n- [ ] T001 Write src/a.txt\n');
    await bench.plan(writes({ T001: 'src/a.txt' }));
    const ended = await bench.run();
    const journal = String(ended.events()[0]?.['journal']);
    expect((await stat(journal)).mode & 0o077).toBe(0);
    expect((await readFile(journal, 'utf8')).trim().split('\n').map((line) => JSON.parse(line).type)).toEqual(ended.events().map(({ type }) => type));
    expect((await stat(join(journal, '..', 'report.json'))).mode & 0o077).toBe(0);
  });

  test('writes the state of an OpenSpec change for the tools of that world, out of sight of git (C4, C25)', async () => {
    bench = await createBench(phases);
    await bench.write('openspec/changes/add-x/proposal.md', '# Add x\n');
    await bench.write('openspec/changes/add-x/tasks.md', '## 1. Work\n\n- [ ] 1.1 Write src/a.txt\n');
    await bench.git('add', '-A');
    await bench.git('commit', '-m', 'change');
    await bench.plan({ '*': { write: { 'src/a.txt': 'a\n' }, commit: true } });
    const args = runArgs('--land', 'auto').map((word) => (word === spec ? 'add-x' : word));
    expect((await bench.start(args).ended).code).toBe(0);
    expect(JSON.parse(await readFile(join(bench.dir, 'openspec/changes/add-x/.exec-state.json'), 'utf8'))).toMatchObject({ change_id: 'add-x', status: 'MERGED', current_task: 1, domain: 'src' });
    expect(await bench.git('status', '--porcelain')).toBe('');
  });
});
