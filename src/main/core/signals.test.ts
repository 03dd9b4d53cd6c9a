import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isAlive, signal } from './signals';

test('a process lives until it is ended; what is gone is signalled without a word', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { detached: true });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  expect(isAlive(pid)).toBe(true);
  signal(-pid, 'SIGKILL');
  await once(child, 'close');
  expect(isAlive(pid)).toBe(false);
  signal(pid, 'SIGTERM');
  expect(() => signal(process.pid, 'SIGNOTHING' as NodeJS.Signals)).toThrow(/SIGNOTHING/);
});
