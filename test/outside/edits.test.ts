import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createBench, runArgs, spec, type Bench, type BraidEvent } from './braid';

const tasks = `# Tasks: Demo

## Phase 1: Work

- [ ] T001 Write src/a.txt
- [ ] T002 Write src/b.txt
- [ ] T003 Write src/c.txt
`;

let bench: Bench;
afterEach(() => bench.cleanup());

const file = (): string => join(bench.dir, spec, 'tasks.md');
const edit = async (change: (text: string) => string): Promise<void> => writeFile(file(), change(await readFile(file(), 'utf8')));
const added = (text: string): string => text.replace('- [ ] T002', '- [ ] T009 Write src/late.txt\n- [ ] T002');
const started = (events: readonly BraidEvent[]): unknown[] => events.filter((event) => event.type === 'task.started').map((event) => event.task);
const verbs: Readonly<Record<string, string>> = { 'task.started': 'starts', 'task.integrated': 'merges' };
/** Starts and merges in the order in which they happened. */
const steps = (events: readonly BraidEvent[]): string[] => events.flatMap((event) => { const verb = verbs[event.type]; return verb === undefined ? [] : [`${verb} ${event.task ?? ''}`]; });
const writes = { '*': { write: { 'src/{{task}}.txt': '{{task}}\n' }, commit: true } };

/** Runs with T001 held at a gate, edits meanwhile, then lets it go on. */
async function editedRun(change: (text: string) => string, how: { readonly tasks?: string; readonly code?: number; readonly args?: readonly string[] } = {}): Promise<readonly BraidEvent[]> {
  bench = await createBench(how.tasks ?? tasks);
  const gate = bench.gate('T001-may-end');
  await bench.plan({ ...writes, T001: { ...writes['*'], until: gate.path } });
  const going = bench.start(runArgs(...how.args ?? []));
  await going.event((event) => event.type === 'task.started');
  await edit(change);
  await gate.open();
  const ended = await going.ended;
  expect(ended.code).toBe(how.code ?? 0);
  return ended.events();
}

const said = (events: readonly BraidEvent[]): string => events.filter((event) => event.type === 'spec.edited').map((event) => String(event['text'])).join('\n');

describe('edits of the task file while a run goes on (D24)', () => {
  test('a task that was added is reported, the running plan is kept, and the edit survives the landing uncommitted', async () => {
    const events = await editedRun(added);
    expect(said(events)).toContain('T009 was added and is not part of this run');
    expect(started(events)).toEqual(['T001', 'T002', 'T003']);
    const landed = await bench.braid(['land', String(events[0]?.['run']), '--yes']);
    expect(landed.code).toBe(0);
    expect(await readFile(file(), 'utf8')).toContain('- [ ] T009 Write src/late.txt');
    expect(await bench.git('show', `HEAD:${spec}/tasks.md`)).not.toContain('T009');
    expect(await bench.git('status', '--porcelain')).toBe(` M ${spec}/tasks.md`);
  });

  test('--follow-edits runs it in its place, and it is ticked where it stands: in the checkout, after the landing', async () => {
    const events = await editedRun(added, { args: ['--follow-edits'] });
    expect(said(events)).toContain('T009 was added and is part of the run now');
    expect(started(events)).toEqual(['T001', 'T009', 'T002', 'T003']);
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', done: 4 });
    expect((await bench.braid(['land', String(events[0]?.['run']), '--yes'])).code).toBe(0);
    expect(await readFile(join(bench.dir, 'src/T009.txt'), 'utf8')).toBe('T009\n');
    expect((await readFile(file(), 'utf8')).match(/- \[[xX]\] T00\d/g)).toHaveLength(4);
  });

  test('a waiting task that is ticked by hand is not started, and those behind it go on', async () => {
    const events = await editedRun((text) => text.replace('[ ] T002', '[x] T002'));
    expect(said(events)).toContain('T002 was ticked by hand and is left out');
    expect(started(events)).toEqual(['T001', 'T003']);
    const status = JSON.parse((await bench.braid(['status', '--all', '--json'])).stdout) as { runs: { tasks: { id: string; state: string; reason: string }[] }[] };
    expect(status.runs[0]?.tasks.find((task) => task.id === 'T002')).toMatchObject({ state: 'done', reason: 'ticked by hand' });
    const branch = String(events[0]?.['integrationBranch']);
    // The run claims nothing that it has not done: the tick stays the person's own, in his checkout.
    expect(await bench.git('show', `${branch}:${spec}/tasks.md`)).toContain('- [ ] T002');
    expect((await bench.braid(['land', String(events[0]?.['run']), '--yes'])).code).toBe(0);
    // What is left uncommitted is that one edit: the other ticks look as they were committed.
    const left = (await bench.git('diff', '-U0', '--', `${spec}/tasks.md`)).split('\n').filter((line) => /^[-+] /.test(line) || /^[-+]-/.test(line)).filter((line) => !/^(?:---|\+\+\+) /.test(line));
    expect(left).toEqual(['-- [ ] T002 Write src/b.txt', '+- [x] T002 Write src/b.txt']);
  });

  /** The task as `status` has it. */
  const told = async (id: string): Promise<unknown> => {
    const status = JSON.parse((await bench.braid(['status', '--all', '--json'])).stdout) as { runs: { tasks: { id: string; state: string; reason: string }[] }[] };
    return status.runs[0]?.tasks.find((task) => task.id === id);
  };

  test('a waiting task that is marked as skipped is not started, and those behind it go on', async () => {
    const events = await editedRun((text) => text.replace('[ ] T002', '[-] T002'), { code: 1 });
    expect(said(events)).toContain('T002 was marked as skipped and is left out');
    expect(steps(events)).toEqual(['starts T001', 'merges T001', 'starts T003', 'merges T003']);
    expect(await told('T002')).toMatchObject({ state: 'skipped', reason: 'the task file marks it as skipped' });
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', done: 2, skipped: 1 });
  });

  test('a waiting task that is marked as blocked is not started, nor what waits for it; the run says why, and takes both up once the mark is gone', async () => {
    const named = tasks.replace('T002 W', 'T002 [P] W').replace('T003 Write src/c.txt', 'T003 [P] Write src/c.txt (depends on T002)');
    const events = await editedRun((text) => text.replace('[ ] T002', '[!] T002'), { tasks: named.replace('b.txt', 'b.txt (depends on T001)'), code: 6 });
    expect(said(events)).toContain('T002 was marked as blocked and does not start');
    expect(started(events)).toEqual(['T001']);
    expect(await told('T002')).toMatchObject({ state: 'blocked', reason: 'the task file marks it as blocked' });
    expect(await told('T003')).toMatchObject({ state: 'skipped', reason: 'dependency T002 is blocked in the task file' });
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'waiting' });
    const run = String(events[0]?.['run']);
    const same = (await bench.start(['resume', run, '--choice', 'retry', '--yes', '--json']).ended).events();
    expect(started(same)).toEqual([]);
    expect(same.at(-1)).toMatchObject({ type: 'run.finished', status: 'waiting' });
    await edit((text) => text.replace('[!] T002', '[ ] T002'));
    const again = await bench.start(['resume', run, '--choice', 'retry', '--yes', '--json']).ended;
    expect(said(again.events())).toContain('T002 is open again');
    expect(steps(again.events())).toEqual(['starts T002', 'merges T002', 'starts T003', 'merges T003']);
    expect(again.code).toBe(0);
  });

  test('a mark that is taken away while the run goes on lets the task start', async () => {
    bench = await createBench(tasks);
    const gates = { T001: bench.gate('T001-may-end'), T003: bench.gate('T003-may-end') };
    await bench.plan({ ...writes, T001: { ...writes['*'], until: gates.T001.path }, T003: { ...writes['*'], until: gates.T003.path } });
    const going = bench.start(runArgs());
    await going.event((event) => event.type === 'task.started' && event.task === 'T001');
    // T003 stands behind T002 by its place alone, which a task marked as skipped no longer holds.
    await edit((text) => text.replace('[ ] T002', '[-] T002'));
    await gates.T001.open();
    await going.event((event) => event.type === 'task.started' && event.task === 'T003');
    await edit((text) => text.replace('[-] T002', '[ ] T002'));
    await gates.T003.open();
    const ended = await going.ended;
    expect(started(ended.events())).toEqual(['T001', 'T003', 'T002']);
    expect(ended.code).toBe(0);
  });

  test('an added task that is not taken in leaves the order of what it stands before', async () => {
    const before = `${tasks.replace('Phase 1: Work', 'Phase 1: Setup').replace('- [ ] T003', '\n## Phase 2: Polish\n\n- [ ] T003')}`;
    const events = await editedRun((text) => text.replace('- [ ] T003', '- [ ] T004 [P] Added in docs/added.md\n- [ ] T003'), { tasks: before });
    expect(said(events)).toContain('T004 was added and is not part of this run');
    expect(steps(events)).toEqual(['starts T001', 'merges T001', 'starts T002', 'merges T002', 'starts T003', 'merges T003']);
  });

  test('the deleted line of a task at work is said, and what waits for it still does', async () => {
    bench = await createBench(tasks.replace('Phase 1: Work', 'Phase 1: Setup').replaceAll(/(T00[12]) /g, '$1 [P] ').replace('- [ ] T003', '\n## Phase 2: Polish\n\n- [ ] T003'));
    const gates = { T001: bench.gate('T001-may-end'), T002: bench.gate('T002-may-end') };
    await bench.plan({ ...writes, T001: { ...writes['*'], until: gates.T001.path }, T002: { ...writes['*'], until: gates.T002.path } });
    const going = bench.start(runArgs());
    for (const task of ['T001', 'T002']) await going.event((event) => event.type === 'task.started' && event.task === task);
    await edit((text) => text.replace(/- \[ \] T001.*\n/, ''));
    await gates.T002.open();
    await going.event((event) => event.type === 'spec.edited');
    await going.event((event) => event.type === 'task.integrated' && event.task === 'T002');
    await gates.T001.open();
    const ended = await going.ended;
    const events = ended.events();
    expect(ended.code).toBe(0);
    expect(said(events)).toContain('T001 is gone from the file while an agent works on it');
    // The first two start in lanes of their own, in either order.
    expect(steps(events).slice(2)).toEqual(['merges T002', 'merges T001', 'starts T003', 'merges T003']);
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', done: 3 });
  });

  test('the deleted line of a waiting task hands on what it waited for', async () => {
    const named = tasks.replace('T002 W', 'T002 [P] W').replace('T003 Write src/c.txt', 'T003 [P] Write src/c.txt (depends on T002)').replace('b.txt', 'b.txt (depends on T001)');
    const events = await editedRun((text) => text.replace(/- \[ \] T002.*\n/, ''), { tasks: named, code: 1 });
    expect(said(events)).toContain('T002 is gone from the file and is left out');
    expect(steps(events)).toEqual(['starts T001', 'merges T001', 'starts T003', 'merges T003']);
  });

  test('a renamed task reaches its agent with its new text', async () => {
    const events = await editedRun((text) => text.replace('T003 Write src/c.txt', 'T003 Write src/c.txt in verse'));
    expect(said(events)).toContain('T003 has a new text');
    const prompts = join(String(events[0]?.['journal']), '..', 'prompts');
    const name = (await readdir(prompts)).find((entry) => entry.includes('T003')) ?? '';
    expect(await readFile(join(prompts, name), 'utf8')).toContain('src/c.txt in verse');
  });

  test('a file that became nonsense is said, and the run goes on with its plan', async () => {
    const events = await editedRun(() => '\u0000\u0001\u0002');
    expect(said(events)).toMatch(/^The task file .*The run goes on with the plan it has\.$/);
    expect(said(events)).not.toContain('was edited');
    expect(started(events)).toEqual(['T001', 'T002', 'T003']);
  });

  test('another branch in the checkout is no edit', async () => {
    bench = await createBench(tasks);
    const gate = bench.gate('T001-may-end');
    await bench.plan({ ...writes, T001: { ...writes['*'], until: gate.path } });
    const going = bench.start(runArgs('--follow-edits'));
    await going.event((event) => event.type === 'task.started');
    await bench.git('switch', '-q', '-c', 'elsewhere');
    await edit((text) => added(text).replaceAll('[ ] T002', '[x] T002'));
    await gate.open();
    const events = (await going.ended).events();
    expect(said(events)).toBe('');
    expect(started(events)).toEqual(['T001', 'T002', 'T003']);
  });

  test('a task that an agent writes into the file is kept and reported, never started', async () => {
    bench = await createBench(tasks);
    await bench.plan({ ...writes, T001: { ...writes['*'], append: { [`${spec}/tasks.md`]: '- [ ] T077 Ask for more\n' } } });
    const ended = await bench.run(['--follow-edits']);
    const events = ended.events();
    expect(started(events)).toEqual(['T001', 'T002', 'T003']);
    expect(events.some((event) => event.type === 'notice' && String(event['text']).includes('added T077'))).toBe(true);
    expect(await bench.git('show', `${String(events[0]?.['integrationBranch'])}:${spec}/tasks.md`)).toContain('- [ ] T077 Ask for more');
  });
});
