/** What `braid plan`, `reset`, `status` and the refusals around them show of a spec. */
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { atTerminal } from './at-terminal';
import { createBench, runArgs, spec, type Bench } from './braid';

let bench: Bench;
const tasks = '## Phase 1: Setup\n- [x] T001 a\n- [ ] T002 b\n- [ ] T003 c\n## Phase 2: Work\n- [ ] T004 [P] d in src/d.ts\n- [ ] T005 [P] e in src/e.ts\n- [ ] T006 [P] f in src/f.ts (depends on T003)\n- [ ] T007 [P] g in src/g.ts\n- [ ] T008 [P] h in src/../src/d.ts\n';
beforeEach(async () => { bench = await createBench(tasks); });
afterEach(() => bench.cleanup());
const json = async (...args: string[]) => JSON.parse((await bench.braid([...args, '--json'])).stdout);

describe('a part of the plan', () => {
  test('as JSON: waves, critical path, lanes and mode are of the tasks asked for', async () => {
    const part = await json('plan', spec, '--tasks', 'T004,T005');
    expect([part.waves, part.criticalPath, part.mode.recommended, part.tasks.length]).toEqual([[['T004', 'T005']], ['T004'], 'single', 8]);
    expect(part.lanes.flatMap((lane: { tasks: string[] }) => lane.tasks).sort()).toEqual(['T004', 'T005']);
    const rest = await json('plan', spec, '--from', 'T004');
    expect([rest.waves, rest.mode.recommended]).toEqual([[['T004', 'T005', 'T006', 'T007', 'T008']], 'parallel']);
  });

  test('as text, with what would be skipped', async () => {
    const shown = await bench.braid(['plan', spec, '--tasks', 'T004,T006']);
    expect([shown.code, shown.stderr]).toEqual([0, 'T006 would be skipped: dependency T003 is open and was not asked for\n']);
    expect(shown.stdout).toContain('8 tasks: 1 done, 2 of 7 open asked for; 1 wave, 1 batch at 4 in parallel.');
    expect(shown.stdout).toContain('Recommended mode: single. Only 2 open tasks');
    const dry = await bench.braid(['run', spec, '--dry-run', '--tasks', 'T004,T006']);
    expect(dry.stdout).toBe(shown.stdout);
  });

  test('an unknown id', async () => {
    const ended = await bench.braid(['plan', spec, '--tasks', 'T099', '--json']);
    expect(ended.code).toBe(3);
    expect(JSON.parse(ended.stdout).diagnostics).toMatchObject([{ severity: 'error', code: 'plan-unknown-task' }]);
  });
});

test('a folder without git, also one that --repo names', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'braid-plain-'));
  await mkdir(join(folder, 'specs', '002-plain'), { recursive: true });
  await writeFile(join(folder, 'specs', '002-plain', 'tasks.md'), '- [ ] T001 a\n- [ ] T002 b (depends on T001)\n');
  for (const name of ['002-plain', 'specs/002-plain', join(folder, 'specs', '002-plain')]) expect((await json('plan', name, '--repo', folder)).waves).toEqual([['T001'], ['T002']]);
  const run = await bench.braid(['run', '002-plain', '--repo', folder, '--agent', 'demo']);
  expect([run.code, run.stderr]).toEqual([4, expect.stringContaining(`"${folder}" is not in a git repository`)]);
  const nowhere = await bench.braid(['plan', spec, '--repo', join(folder, 'nowhere')]);
  expect([nowhere.code, nowhere.stdout]).toEqual([4, '']);
  await rm(folder, { recursive: true });
});

test('one file under two names is one file', async () => {
  const plan = await json('plan', spec);
  expect(plan.tasks.find((task: { id: string }) => task.id === 'T008')).toMatchObject({ files: ['src/d.ts'], conflictsWith: [{ id: 'T004', path: 'src/d.ts' }] });
});

describe('a mark of work in progress that nothing works on', () => {
  const stale = tasks.replace('[ ] T005', '[~] T005').replace('[ ] T007', '[~] T007');
  beforeEach(() => bench.write(`${spec}/tasks.md`, stale));

  test('is named by plan, run as open, and told by status', async () => {
    const plan = await json('plan', spec);
    expect(plan.diagnostics.map((one: { code: string; line: number }) => [one.code, one.line])).toEqual([['stale-active', 7], ['stale-active', 9]]);
    expect(plan.waves.flat()).toContain('T005');
    expect((await bench.braid(['plan', spec])).stdout).toContain('warning: tasks.md:7: T005 is marked as in progress, but nothing works on it');
    await bench.plan({ '*': { write: { 'src/{{task}}.txt': 'x\n' }, commit: true } });
    const run = await bench.run(['--yes', '--tasks', 'T005', '--land', 'never']);
    expect(run.code, run.stderr).toBe(0);
    expect(run.events().filter(({ type }) => type === 'task.integrated').map(({ task }) => task)).toEqual(['T005']);
    const status = await json('status');
    expect(status.stale).toMatchObject([{ spec: '001-demo', task: 'T005', line: 7 }, { task: 'T007', line: 9 }]);
    expect((await bench.braid(['status'])).stdout).toContain('001-demo: T007 is marked as in progress');
  });

  test('is told by resume before it asks', async () => {
    await bench.plan({ '*': { write: { 'src/x.txt': 'x\n' }, hang: true } });
    const going = bench.start(runArgs('--yes', '--tasks', 'T002'));
    await going.event(({ type }) => type === 'task.started');
    going.process.kill('SIGINT');
    expect((await going.ended).code).toBe(130);
    const shown = await atTerminal(bench, ['resume'], [['> ', 'a']]);
    expect(shown.shown).toContain('tasks.md, line 7: T005 is marked as in progress, but nothing works on it');
  });

  test('is set back by reset, after a word', async () => {
    const file = () => bench.read(`${spec}/tasks.md`);
    const asked = await bench.braid(['reset', spec]);
    expect([asked.code, await file()]).toEqual([6, stale]);
    expect(asked.stderr).toContain('Nothing was changed.');
    expect((await bench.braid(['reset', spec, '--tasks', 'T001', '--yes'])).code).toBe(3);
    expect(await json('reset', spec, '--tasks', 'T007', '--yes')).toMatchObject({ reset: [{ id: 'T007', file: 'tasks.md', line: 9, left: null }] });
    expect(await file()).toBe(stale.replace('[~] T007', '[ ] T007'));
    const terminal = await atTerminal(bench, ['reset', spec], [['[y/N]', 'y']]);
    expect([terminal.code, await file()]).toEqual([0, tasks]);
    expect((await bench.braid(['reset', spec])).stdout).toContain('Nothing is marked as in progress');
  });
});

test('changes in a circle are told with the path, by plan and by run', async () => {
  const change = async (id: string, other: string): Promise<void> => {
    await bench.write(`openspec/changes/${id}/tasks.md`, '## 1. A\n- [ ] 1.1 Write src/a.txt\n');
    await bench.write(`openspec/changes/${id}/proposal.md`, `# P\n\n## Dependencies\n- depends_on: ${other}\n`);
  };
  await change('add-a', 'add-b');
  await change('add-b', 'add-c');
  await change('add-c', 'add-a');
  const ended = await bench.braid(['plan', 'add-b', '--json']);
  expect(ended.code).toBe(3);
  expect(JSON.parse(ended.stdout).diagnostics).toContainEqual(expect.objectContaining({ severity: 'error', code: 'change-cycle', file: 'proposal.md', line: 4, message: 'These changes wait for each other: add-b -> add-c -> add-a -> add-b.' }));
  const run = await bench.braid(['run', 'add-b', '--agent', 'demo', '--yes', '--json']);
  expect([run.code, run.stdout]).toEqual([3, '']);
  expect(run.stderr).toContain('The changes wait for each other in a circle.');
  expect(run.stderr).toContain('add-b -> add-c -> add-a -> add-b.');
});

test('a spec that cannot be read says why when it is named', async () => {
  await bench.write('specs/002-binary/tasks.md', '- [ ] T001 \0\n');
  await bench.write('specs/003-large/tasks.md', tasks);
  await truncate(join(bench.dir, 'specs/003-large/tasks.md'), 20_000_001);
  await bench.write('specs/004-empty/spec.md', '# S\n');
  for (const [name, words] of [['002', 'NUL bytes'], ['003-large', 'larger than 20 MB'], ['empty', 'has no tasks']] as const) {
    const ended = await bench.braid(['plan', name, '--json']);
    expect([name, ended.code], ended.stderr).toEqual([name, 3]);
    expect(ended.stderr).toContain(words);
    expect(ended.stderr).not.toContain('No spec found');
  }
});
