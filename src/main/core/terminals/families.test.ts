import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { Families } from './families';
import { startOf } from './process-table';

const families = new Families();
const started: number[] = [];
afterEach(() => {
  families.close();
  for (const pid of started.splice(0)) process.kill(pid, 'SIGKILL');
});

/** A shell whose child leaves its session and says its pid; the shell ends when its input does. */
async function parent(): Promise<{ readonly pid: number; readonly child: number; end(): Promise<void> }> {
  const shell = spawn('sh', ['-c', "env -i setsid sh -c 'echo $$; exec sleep 300' & read line"], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [said] = await once(shell.stdout, 'data');
  const child = Number(String(said));
  started.push(child);
  return {
    pid: shell.pid ?? 0, child,
    end: async () => {
      shell.stdin.end();
      await once(shell, 'exit');
    },
  };
}

test('a child that was seen is known after its parent has ended; one that never was is not', async () => {
  const [seen, unseen] = [await parent(), await parent()];
  const [first, second] = [families.follow(seen.pid), families.follow(unseen.pid)];
  const keys = await first.look();
  expect(keys).toContain(`${seen.child} ${await startOf(seen.child)}`);
  await seen.end();
  first.end();
  expect([...await first.look()]).toEqual([`${seen.child} ${await startOf(seen.child)}`]);
  families.close();
  await unseen.end();
  second.end();
  expect([...await families.follow(unseen.pid).look()]).toEqual([]);
});

test('whoever gets the pid of one that has ended is a stranger', async () => {
  const { pid, end } = await parent();
  const followed = families.follow(process.pid);
  followed.end();
  expect([...await followed.look()]).toEqual([]);
  expect(await startOf(pid)).not.toBeNull();
  await end();
});
