/** OpenSpec changes: archived ones, names, dependencies on other changes; and modes that do not fit (requirements B4, C1, C20). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { atTerminal } from './at-terminal';
import { createBench, runArgs, type Bench } from './braid';

let bench: Bench;
afterEach(() => bench.cleanup());

const changes = 'openspec/changes';
const runOf = (name: string, ...more: string[]): readonly string[] => runArgs(...more).map((arg) => (arg === 'specs/001-demo' ? name : arg));
const started = async (): Promise<string[]> => (await bench.log()).filter(({ event }) => event === 'start').map(({ task }) => task);

beforeEach(async () => {
  bench = await createBench('- [ ] T001 Write src/a.txt\n- [ ] T002 Write src/b.txt\n');
  const files: Record<string, string> = {
    'add-base/tasks.md': '## 1. A\n- [ ] 1.1 Write src/base.txt\n', 'add-base/proposal.md': '# Base\n',
    'add-top/tasks.md': '## 1. B\n- [ ] 2.1 Write src/top.txt\n', 'add-top/proposal.md': '# Top\n\n## Dependencies\n- depends_on: add-base\n',
    'archive/2025-01-02-add-old/tasks.md': '## 1. C\n- [ ] 3.1 Write src/old.txt\n',
  };
  for (const [path, text] of Object.entries(files)) await bench.write(`${changes}/${path}`, text);
  await bench.git('add', '-A');
  await bench.git('commit', '-qm', 'changes');
  await bench.plan({
    '1.1': { write: { 'src/base.txt': 'b\n' }, commit: true }, '2.1': { write: { 'src/top.txt': 't\n' }, commit: true }, '3.1': { write: { 'src/old.txt': 'o\n' }, commit: true },
    '*': { write: { 'src/{{task}}.txt': 'x\n' }, commit: true },
  });
});

describe('a change that depends on another', () => {
  test('waits for a person where nobody can be asked', async () => {
    const ended = await bench.braid(runOf('add-top'));
    expect([ended.code, ended.stdout]).toEqual([6, '']);
    expect(ended.stderr).toContain('add-top depends on a change that is not complete.');
    expect(ended.stderr).toContain('Not complete: add-base.');
    expect(await started()).toEqual([]);
  });

  test('runs all the same with --yes', async () => {
    const ended = await bench.braid(runOf('add-top', '--yes', '--land', 'never'));
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toContain('Running all the same, as --yes says.');
    expect(await started()).toEqual(['2.1']);
  });

  test.each([['3', 6, []], ['', 6, []], ['2', 0, ['2.1']], ['1', 0, ['1.1', '2.1']]] as const)('at a terminal, the answer "%s" ends with %i', async (answer, code, tasks) => {
    const ended = await atTerminal(bench, runOf('add-top', '--land', 'auto'), [['> ', answer]]);
    expect(ended.code, ended.shown).toBe(code);
    expect(ended.shown).toContain('[1] run add-base first');
    expect(await started()).toEqual(tasks);
    if (answer === '1') expect(await bench.git('ls-files', 'src')).toBe('src/base.txt\nsrc/top.txt');
  });

  test('is told of when the other one is complete', async () => {
    const run = await bench.braid(runOf('add-base', '--land', 'auto'));
    expect(run.code, run.stderr).toBe(0);
    expect(run.events().filter(({ type }) => type === 'notice').map((event) => event['text'])).toEqual(['add-base is complete. Waiting for it: add-top.']);
    expect((await bench.braid(runOf('add-top'))).code).toBe(0);
  });

  test('stays where the first one did not land', async () => {
    const ended = await atTerminal(bench, runOf('add-top', '--land', 'never'), [['> ', '1']]);
    expect(ended.code, ended.shown).toBe(6);
    expect(await started()).toEqual(['1.1']);
  });

  test('a circle of changes is named', async () => {
    await bench.write(`${changes}/add-base/proposal.md`, '# Base\n\n## Dependencies\n- depends_on: add-top\n');
    await bench.git('commit', '-qam', 'circle');
    const ended = await atTerminal(bench, runOf('add-top'), [['> ', '1'], ['> ', '1']]);
    expect(ended.code, ended.shown).toBe(3);
    expect(ended.shown).toContain('add-top -> add-base -> add-top');
    expect(await started()).toEqual([]);
  });
});

describe('names', () => {
  test('an archived change is asked about, and found by its id', async () => {
    const refused = await bench.braid(runOf('add-old'));
    expect([refused.code, refused.stdout]).toEqual([6, '']);
    expect(refused.stderr).toContain('add-old was archived on 2025-01-02.');
    expect((await atTerminal(bench, runOf('add-old'), [['[y/N]', 'n']])).code).toBe(6);
    expect(await started()).toEqual([]);
    expect((await bench.braid(runOf('add-old', '--yes', '--land', 'never'))).code).toBe(0);
  });

  test.each([['top', 0, ''], ['BASE', 0, ''], ['add', 3, 'add-base, add-top, add-old'], ['nothing-like-it', 3, 'add-base'], ['openspec/changes/add-top', 0, '']])('%s', async (name, code, said) => {
    const ended = await bench.braid(['plan', name, '--json']);
    expect(ended.code, ended.stderr).toBe(code);
    expect(ended.stderr).toContain(said);
  });

  test('a change without tasks stops', async () => {
    await bench.write(`${changes}/add-later/proposal.md`, '# Later\n');
    const ended = await bench.braid(['plan', 'add-later']);
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('has no tasks');
  });
});

describe('modes', () => {
  test('parallel for tasks that all wait for one another falls back to one at a time, said aloud', async () => {
    const ended = await bench.run(['--mode', 'parallel']);
    expect(ended.code, ended.stderr).toBe(0);
    const [first] = ended.events();
    expect(first?.['options']).toMatchObject({ mode: 'single' });
    expect(ended.events().filter(({ type }) => type === 'notice').map((event) => event['text'])).toContain('Parallel was chosen, but all 2 tasks wait for one another: they run one at a time.');
    expect((await bench.braid(['plan', 'specs/001-demo', '--mode', 'parallel'])).stderr).toContain('warning: Parallel was chosen');
  });

  test.each([['y', 'team'], ['n', 'single']] as const)('team for two tasks is asked about at a terminal: %s', async (answer, mode) => {
    const ended = await atTerminal(bench, runArgs('--mode', 'team', '--land', 'never'), [['Go on with team? [y/N]', answer]]);
    expect(ended.code, ended.shown).toBe(0);
    expect(ended.shown).toContain(`"mode":"${mode}"`);
  });

  test('elsewhere a team for two tasks runs with what speaks against it', async () => {
    const ended = await bench.run(['--mode', 'team']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.events().filter(({ type }) => type === 'notice').map((event) => event['text'])).toContain('Team was chosen for 2 tasks: one agent at a time is as fast, with less around it.');
  });
});
