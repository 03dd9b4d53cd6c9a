import { afterEach, describe, expect, test } from 'vitest';
import { createBench, runArgs, spec, type Bench } from './braid';

const tasks = '## Phase 1: Work\n\n- [ ] T001 Write src/a.txt\n- [ ] T002 Write src/b.txt\n';

let bench: Bench;
afterEach(() => bench.cleanup());

async function ran(args: readonly string[] = [], text = tasks): Promise<string> {
  bench = await createBench(text);
  await bench.plan({ T001: { write: { 'src/a.txt': 'a\n' }, commit: true }, T002: { write: { 'src/b.txt': 'b\n' }, commit: true } });
  const ended = await bench.run(args);
  expect(ended.code, ended.stderr).toBe(0);
  return String(ended.events()[0]?.['run']);
}

describe('landing', () => {
  test('moves the base by one merge with a backup tag, and back again', async () => {
    const run = await ran();
    const before = await bench.git('rev-parse', 'main');
    const landed = await bench.braid(['land', run, '--yes', '--json']);
    expect(landed.code, landed.stderr).toBe(0);
    const event = landed.events().find(({ type }) => type === 'run.landed');
    expect(await bench.git('rev-parse', 'main')).toBe(event?.['commit']);
    expect(await bench.git('rev-parse', String(event?.['tag']))).toBe(before);
    expect(String(event?.['tag'])).toMatch(/^before-merge-001-demo-/);
    expect(await bench.git('log', '-1', '--format=%(trailers:key=Braid-Run,valueonly)%(trailers:key=Braid-Landing,valueonly)', 'main')).toContain(run);
    expect(await bench.git('log', '-1', '--format=%P', 'main')).toContain(before);
    expect(await bench.read('src/b.txt')).toBe('b\n');
    expect(await bench.read(`${spec}/tasks.md`)).toContain('- [X] T002');
    expect(await bench.git('status', '--porcelain')).toBe('');

    const back = await bench.braid(['rollback', run, '--yes', '--json']);
    expect(back.code, back.stderr).toBe(0);
    expect(await bench.git('rev-parse', 'main')).toBe(before);
    expect(await bench.git('status', '--porcelain')).toBe('');

    expect((await bench.braid(['land', run, '--yes'])).code).toBe(0);
    expect(await bench.read('src/a.txt')).toBe('a\n');
  });

  test('after later commits a rollback reverts, and landing again restores', async () => {
    const run = await ran(['--land', 'auto']);
    await bench.write('later.txt', 'later');
    await bench.git('add', '-A');
    await bench.git('commit', '-m', 'later');
    expect((await bench.braid(['rollback', run, '--yes'])).code).toBe(0);
    expect(await bench.git('ls-files')).toBe(`README.md\nlater.txt\n${spec}/spec.md\n${spec}/tasks.md`);
    expect(await bench.read(`${spec}/tasks.md`)).toBe(tasks);
    expect((await bench.braid(['land', run, '--yes'])).code).toBe(0);
    expect(await bench.read('src/a.txt')).toBe('a\n');
    expect(await bench.read('later.txt')).toBe('later');
  });

  test('a rollback keeps what is staged and what is changed', async () => {
    const run = await ran(['--land', 'auto']);
    await bench.write('README.md', 'staged\n');
    await bench.write('new.txt', 'new\n');
    await bench.git('add', 'README.md', 'new.txt');
    await bench.write('README.md', 'changed after\n');
    const before = await bench.git('status', '--porcelain');
    expect((await bench.braid(['rollback', run, '--yes'])).code).toBe(0);
    expect(await bench.git('status', '--porcelain')).toBe(before);
    expect(await bench.git('show', ':README.md')).toBe('staged');
    expect(await bench.read('README.md')).toBe('changed after\n');
    expect(await bench.git('ls-files', 'src')).toBe('');
  });

  test('two runs that land at the same time both land', async () => {
    bench = await createBench('## Phase 1: Work\n\n- [ ] T001 [P] Write src/a.txt\n- [ ] T002 [P] Write src/b.txt\n');
    await bench.plan({ T001: { write: { 'src/a.txt': 'a\n' }, commit: true }, T002: { write: { 'src/b.txt': 'b\n' }, commit: true } });
    const runs = [await bench.run(['--tasks', 'T001']), await bench.run(['--tasks', 'T002'])].map((ended) => String(ended.events()[0]?.['run']));
    const landed = await Promise.all(runs.map((run) => bench.braid(['land', run, '--yes'])));
    expect(landed.map(({ code, stderr }) => [code, stderr])).toEqual([[0, ''], [0, '']]);
    expect(await bench.git('ls-files', 'src')).toBe('src/a.txt\nsrc/b.txt');
    expect(await bench.read(`${spec}/tasks.md`)).toMatch(/\[X\] T001[\s\S]*\[X\] T002/);
    expect(await bench.git('status', '--porcelain')).toBe('');
  });

  test('a dirty file in the way is refused with its name, and nothing changes', async () => {
    const run = await ran();
    const before = await bench.git('rev-parse', 'main');
    await bench.write('src/a.txt', 'mine\n');
    const landed = await bench.braid(['land', run, '--yes']);
    expect(landed.code).toBe(6);
    expect(landed.stderr).toContain('src/a.txt');
    expect(await bench.read('src/a.txt')).toBe('mine\n');
    expect(await bench.git('rev-parse', 'main')).toBe(before);
    expect(await bench.git('tag')).toBe('');
  });

  test('a task file edited by hand is merged and stays uncommitted', async () => {
    const run = await ran();
    await bench.write(`${spec}/tasks.md`, `# My heading\n\n${tasks}`);
    const landed = await bench.braid(['land', run, '--yes']);
    expect(landed.code, landed.stderr).toBe(0);
    const text = await bench.read(`${spec}/tasks.md`);
    expect(text).toMatch(/^# My heading\n/);
    expect(text).toContain('- [X] T001');
    expect(await bench.git('status', '--porcelain')).toBe(` M ${spec}/tasks.md`);
  });

  test.each([
    ['appended below a ticked line', `${tasks}- [ ] T003 By hand\n`, /- \[X\] T002.*\n.*\n- \[ \] T003 By hand/],
    ['ticked by hand too', tasks.replace('- [ ] T001', '- [x] T001'), /- \[x\] T001[\s\S]*- \[[xX]\] T002/],
  ])('a task file edited beside the ticks merges: %s, uncommitted or committed', async (_name, edited, expected) => {
    for (const commit of [false, true]) {
      const run = await ran();
      await bench.write(`${spec}/tasks.md`, edited);
      if (commit) await bench.git('commit', '-qam', 'by hand');
      const landed = await bench.braid(['land', run, '--yes']);
      expect(landed.code, landed.stderr).toBe(0);
      expect(await bench.read(`${spec}/tasks.md`)).toMatch(expected);
      if (!commit) await bench.cleanup();
    }
  });

  test('a run whose process died can be landed with what it integrated', async () => {
    bench = await createBench(tasks);
    await bench.plan({ T001: { write: { 'src/a.txt': 'a\n' }, commit: true }, T002: { hang: true } });
    const going = bench.start(runArgs());
    const begun = await going.event(({ type }) => type === 'run.started');
    const hanging = await going.event(({ type, task }) => type === 'task.started' && task === 'T002');
    going.process.kill('SIGKILL');
    await going.ended;
    process.kill(Number(hanging['pid']), 'SIGKILL');
    const status = JSON.parse((await bench.braid(['status', '--json'])).stdout);
    expect(status.runs[0]).toMatchObject({ state: 'interrupted', tasks: [{ id: 'T001', state: 'done' }, { id: 'T002', state: 'interrupted' }] });
    const landed = await bench.braid(['land', String(begun['run']), '--yes']);
    expect(landed.code, landed.stderr).toBe(0);
    expect(await bench.read('src/a.txt')).toBe('a\n');
  });

  test('a base that moved apart conflicts, by name, and nothing changes', async () => {
    const run = await ran();
    await bench.write('src/a.txt', 'other\n');
    await bench.git('add', '-A');
    await bench.git('commit', '-m', 'other');
    const before = await bench.git('rev-parse', 'main');
    const landed = await bench.braid(['land', run, '--yes']);
    expect(landed.code).toBe(6);
    expect(landed.stderr).toContain('src/a.txt');
    expect(await bench.git('rev-parse', 'main')).toBe(before);
  });

  test('a base that is not checked out moves without touching the checkout', async () => {
    const run = await ran();
    await bench.git('switch', '-q', '-c', 'elsewhere');
    expect((await bench.braid(['land', run, '--yes'])).code).toBe(0);
    expect(await bench.git('show', 'main:src/a.txt')).toBe('a');
    expect(await bench.git('ls-files', 'src')).toBe('');
    expect(await bench.git('status', '--porcelain')).toBe('');
  });

  test('checks run again on a base that moved, and stop the landing', async () => {
    const run = await ran(['--check', 'test ! -f poison.txt']);
    await bench.write('poison.txt', '');
    await bench.git('add', '-A');
    await bench.git('commit', '-m', 'poison');
    const landed = await bench.braid(['land', run, '--yes']);
    expect(landed.code).toBe(6);
    expect(landed.stderr).toContain('test ! -f poison.txt');
    expect(await bench.git('tag')).toBe('');
    expect(await bench.git('worktree', 'list')).not.toContain('_merged');
  });

  test('asks for a yes where nobody can give it', async () => {
    const run = await ran();
    const landed = await bench.braid(['land', run]);
    expect(landed.code).toBe(6);
    expect(landed.stdout).toContain('src/a.txt');
    expect((await bench.braid(['land', 'nonsense', '--yes'])).code).toBe(3);
    expect((await bench.braid(['rollback', run, '--yes'])).code).toBe(3);
  });

  test.each([
    [['--land', 'never'], 0, false], [['--land', 'ask'], 6, false], [['--land', 'ask', '--yes'], 0, true], [['--land', 'auto'], 0, true],
  ])('run %j', async (args, code, lands) => {
    bench = await createBench(tasks);
    await bench.plan({ T001: { write: { 'src/a.txt': 'a\n' }, commit: true }, T002: { write: { 'src/b.txt': 'b\n' }, commit: true } });
    const ended = await bench.run(args);
    expect(ended.code).toBe(code);
    expect((await bench.git('ls-files', 'src')) !== '').toBe(lands);
  });

  test('that was asked for and could not be is made up for by resume, and is no success before', async () => {
    bench = await createBench(tasks);
    const gate = bench.gate('go');
    await bench.plan({ T001: { write: { 'src/a.txt': 'a\n' }, commit: true }, T002: { write: { 'src/b.txt': 'b\n' }, commit: true, until: gate.path } });
    const base = await bench.git('rev-parse', 'main');
    await bench.git('checkout', '-q', '-b', 'aside');
    const going = bench.start(runArgs('--base', 'main', '--land', 'auto'));
    const run = String((await going.event(({ type }) => type === 'run.started'))['run']);
    await going.event(({ type, task }) => type === 'task.started' && task === 'T002');
    await bench.git('branch', '-D', 'main');
    await gate.open();
    expect((await going.ended).code).toBe(6);
    const again = await bench.braid(['resume', run, '--json']);
    expect(again.code).toBe(6);
    expect(again.stderr).toContain('main');
    await bench.git('branch', 'main', base);
    const landed = await bench.braid(['resume', run]);
    expect(landed.code, landed.stderr).toBe(0);
    expect(landed.stdout).toContain('Landed on main');
    expect(await bench.git('ls-tree', '--name-only', 'main', 'src/')).toBe('src/a.txt\nsrc/b.txt');
  });

  test('a spec that git ignores is ticked in place after the landing', async () => {
    bench = await createBench(tasks, { commit: false });
    await bench.write('.gitignore', 'specs/\n');
    await bench.git('add', '-A');
    await bench.git('commit', '-m', 'ignore');
    await bench.plan({ T001: { write: { 'src/a.txt': 'a\n' }, commit: true }, T002: { write: { 'src/b.txt': 'b\n' }, commit: true } });
    const ended = await bench.run(['--land', 'auto']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(await bench.read(`${spec}/tasks.md`)).toMatch(/- \[X\] T001[\s\S]*- \[X\] T002/);
    expect(await bench.git('ls-files', 'specs')).toBe('');
    expect(await bench.git('status', '--porcelain')).toBe('');
  });
});
