/** Tasks that their file has no box for: what landed is kept in the repository's git folder, and the file is never touched. */
import { afterEach, expect, test } from 'vitest';
import { createBench, spec, type Bench } from './braid';

let bench: Bench;
afterEach(() => bench.cleanup());

const table = '# Tasks\n\n| ID | Task | Depends on |\n|----|------|------------|\n| T001 | Write `src/a.txt` | - |\n| T002 | Write `src/b.txt` | T001 |\n';

const open = async (): Promise<string[]> => {
  const planned = await bench.braid(['plan', spec, '--json']);
  expect(planned.code, planned.stderr).toBe(0);
  return JSON.parse(planned.stdout).waves.flat();
};

test('a table: done once it landed, open again after a rollback, never run twice', async () => {
  bench = await createBench(table);
  await bench.plan({ T001: { write: { 'src/a.txt': 'a\n' }, commit: true }, T002: { write: { 'src/b.txt': 'b\n' }, commit: true } });
  const first = await bench.run(['--tasks', 'T001', '--land', 'auto']);
  expect(first.code, first.stderr).toBe(0);
  expect(first.events().filter(({ type }) => type === 'notice')).toEqual([]);
  expect(await open()).toEqual(['T002']);
  expect(await bench.git('show', `main:${spec}/tasks.md`)).toBe(table.trimEnd());
  expect(await bench.git('status', '--porcelain')).toBe('');

  const second = await bench.run(['--land', 'auto']);
  expect(second.code, second.stderr).toBe(0);
  expect(second.events().filter(({ type }) => type === 'task.started').map(({ task }) => task)).toEqual(['T002']);
  expect(await open()).toEqual([]);
  const third = await bench.run();
  expect([third.code, third.stdout]).toEqual([0, '']);
  expect(third.stderr).toContain('Nothing to do');

  expect((await bench.braid(['rollback', String(second.events()[0]?.['run']), '--yes'])).code).toBe(0);
  expect(await open()).toEqual(['T002']);
});

test('what was done and did not land stays open', async () => {
  bench = await createBench(table);
  await bench.plan({ T001: { write: { 'src/a.txt': 'a\n' }, commit: true } });
  expect((await bench.run(['--tasks', 'T001'])).code).toBe(0);
  expect(await open()).toEqual(['T001', 'T002']);
});
