/** What the configuration of a repository says when a run begins, and what an agent makes of it, since all lanes share it. */
import { afterEach, expect, test } from 'vitest';
import { createBench, type Bench } from './braid';

const tasks = '## Phase 1: Work\n\n- [ ] T001 Write src/T001.txt\n- [ ] T002 Write src/T002.txt (depends on T001)\n';
const writes = { write: { 'src/{{task}}.txt': '{{task}}\n' } };

let bench: Bench;
afterEach(() => bench.cleanup());

test('line ends that git would refuse to change (core.safecrlf) fail no task', async () => {
  bench = await createBench(tasks);
  await bench.git('config', 'core.autocrlf', 'true');
  await bench.git('config', 'core.safecrlf', 'true');
  await bench.plan({ '*': writes });
  const ended = await bench.run();
  expect(ended.code, `${ended.stdout}${ended.stderr}`).toBe(0);
});

test('an agent that calls the repository bare (core.bare) costs no work, and the way back is said', async () => {
  bench = await createBench(tasks);
  await bench.plan({ '*': writes, T001: { ...writes, run: 'git config core.bare true' } });
  const ended = await bench.run();
  const run = String(ended.events()[0]?.['run']);
  const refused = await bench.braid(['land', run, '--yes']);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('"git config core.bare false" there sets it back');
  await bench.git('config', 'core.bare', 'false');
  const resumed = await bench.braid(['resume', run, '--choice', 'retry', '--yes', '--json']);
  expect(resumed.code, `${resumed.stdout}${resumed.stderr}`).toBe(0);
  const landed = await bench.braid(['land', run, '--yes']);
  expect(landed.code, landed.stderr).toBe(0);
});
