/** Processes that an agent leaves behind and that hide where they came from: they end with its attempt, and what is a person's own does not. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startOf } from '../../src/main/core/terminals/process-table';
import { createBench, runArgs, type Bench, type Ended } from './braid';
import { kill } from './processes';

let bench: Bench;
let pids: number[] = [];
afterEach(async () => {
  pids.forEach(kill);
  pids = [];
  await bench.cleanup();
});

const tasks = '## Phase 1: Work\n\n- [ ] T001 Write src/T001.txt\n- [ ] T002 Write src/T002.txt (depends on T001)\n';

/** Says its pid, ends only by KILL, and writes into the folder that it stands in for as long as it lives. */
const straggler = (pid: string): string => `trap '' TERM INT HUP; echo $$ > ${pid}.part; mv ${pid}.part ${pid}; while :; do echo more >> stray.txt; /bin/sleep 0.05; done\n`;

/** Runs T001, whose agent starts the straggler by this line (`{}`: its script), waits until it lives, and ends; T002 follows in the same lane. */
async function left(line: string): Promise<{ readonly ended: Ended; readonly pid: number }> {
  bench = await createBench(tasks);
  const [script, pidFile] = [join(bench.outside, 'stray.sh'), join(bench.outside, 'pid')];
  await writeFile(script, straggler(pidFile));
  await bench.plan({
    '*': { write: { 'src/{{task}}.txt': '{{task}}\n' } },
    T001: { write: { 'src/T001.txt': 'T001\n' }, run: `${line.replace('{}', `/bin/sh ${script}`)}\nwhile [ ! -e ${pidFile} ]; do sleep 0.05; done` },
  });
  const ended = await bench.run(['--max-parallel', '1']);
  const pid = Number(await readFile(pidFile, 'utf8'));
  pids.push(pid);
  return { ended, pid };
}

describe.runIf(process.platform === 'linux')('a child of an agent, in a session of its own, ends with the attempt', () => {
  test.each([
    ['with an empty environment, whose parent ended at once', '( env -i setsid {} & )'],
    ['with an empty environment and no terminal, whose parent ended at once', '( env -i setsid {} < /dev/null > /dev/null 2>&1 & )'],
    ['without the names of its run and no terminal, that was seen while its parent lived', 'env -u BRAID_RUN -u BRAID_LANE setsid {} < /dev/null > /dev/null 2>&1 &\nsleep 2'],
  ])('%s', async (_what, line) => {
    const { ended, pid } = await left(line);
    expect(ended.code, ended.stderr).toBe(0);
    expect(await startOf(pid)).toBeNull();
    const run = String(ended.events()[0]?.['run']);
    const [ofSecond] = (await bench.git('log', '--format=%H', '--grep', 'Braid-Task: T002', `braid/001-demo/${run}/integration`)).split('\n');
    expect((await bench.git('show', '--format=', '--name-only', '-m', '--first-parent', ofSecond ?? '')).split('\n').filter((path) => path.includes('stray'))).toEqual([]);
  });
});

test("a person's own process that stands in a lane lives on", async () => {
  bench = await createBench(tasks);
  const gate = bench.gate('go');
  await bench.plan({ '*': { write: { 'src/{{task}}.txt': '{{task}}\n' } }, T001: { write: { 'src/T001.txt': 'T001\n' }, until: gate.path } });
  const going = bench.start(runArgs());
  const worktree = String((await going.event(({ type }) => type === 'lane.opened'))['worktree']);
  await going.event(({ type, task }) => type === 'task.started' && task === 'T001');
  while (!existsSync(join(worktree, 'src/T001.txt'))) await new Promise(setImmediate);
  const own = spawn('sleep', ['300'], { cwd: worktree, detached: true, stdio: 'ignore' });
  pids.push(own.pid ?? 0);
  await gate.open();
  const ended = await going.ended;
  expect(ended.code, ended.stderr).toBe(0);
  expect(await startOf(own.pid ?? 0)).not.toBeNull();
});
