/** A marker that wants a person (Auto Run's HITL): what stands above it is done, then the run waits, whatever `--yes` says. */
import { afterEach, expect, test } from 'vitest';
import { atTerminal } from './at-terminal';
import { createBench, runArgs, spec, type Bench } from './braid';

let bench: Bench;
afterEach(() => bench.cleanup());

const tasks = '## Phase 1: Setup\n\n- [ ] T001 Write src/a.txt\n<!-- MAESTRO:HITL reason="Look at the mockups" artifact="docs/a.png" -->\n- [ ] T002 Write src/b.txt\n- [ ] T003 [P] Write src/c.txt\n';
const writes = (name: string) => ({ write: { [`src/${name}.txt`]: `${name}\n` }, commit: true });

async function arrange(): Promise<void> {
  bench = await createBench(tasks);
  await bench.plan({ T001: writes('a'), T002: writes('b'), T003: writes('c') });
}

test.each([[[]], [['--yes']]])('nobody can be asked: %o', async (more) => {
  await arrange();
  const ended = await bench.run(more);
  expect(ended.code, ended.stderr).toBe(6);
  expect(ended.stderr).toContain('A person is needed before T002: Look at the mockups (see docs/a.png), line 4. The run ends here');
  expect(ended.events().flatMap((event) => (event.type === 'task.integrated' ? [event.task] : []))).toEqual(['T001']);
  // Resuming is the person's word.
  const again = await bench.braid(['resume', '--yes', '--json']);
  expect(again.code, again.stderr).toBe(0);
  expect(again.events().flatMap((event) => (event.type === 'task.integrated' ? [event.task] : [])).sort()).toEqual(['T002', 'T003']);
});

test.each([['y', 0], ['n', 6]] as const)('at a terminal the person is asked: %s', async (answer, code) => {
  await arrange();
  const ended = await atTerminal(bench, runArgs('--land', 'never'), [['line 4. Go on? [y/N]', answer]]);
  expect(ended.code, ended.shown).toBe(code);
  expect(ended.shown).toContain('A marker in the task file: A person is needed before T002');
});

test('the plan shows the gate, and a ticked box below it opens it', async () => {
  await arrange();
  const planned = JSON.parse((await bench.braid(['plan', spec, '--json'])).stdout);
  expect(planned.gates).toEqual([{ title: 'Look at the mockups (see docs/a.png)', file: 'tasks.md', line: 4, done: false }]);
  expect(planned.diagnostics).toMatchObject([{ severity: 'warning', line: 4, code: 'human-needed', message: 'A person is needed here: Look at the mockups (see docs/a.png).', hint: 'A run does what stands above, then asks before T002.' }]);
  await bench.write(`${spec}/tasks.md`, tasks.replace('[ ] T002', '[X] T002'));
  const again = JSON.parse((await bench.braid(['plan', spec, '--json'])).stdout);
  expect([again.gates[0].done, again.diagnostics]).toEqual([true, []]);
});
