/** Waits until a host that said goodbye is really gone, and ends one that hangs. */
import { setTimeout as wait } from 'node:timers/promises';
import { stopTree } from '../kill';
import { startOf } from '../process-table';
import type { HostAddress } from './address';

const pause = 10;

/** Resolves when the host's process is gone; one that is still there after `limit` milliseconds is ended with its tree. */
export async function awaitEnd({ pid, started }: Pick<HostAddress, 'pid' | 'started'>, limit = 5000): Promise<void> {
  const deadline = performance.now() + limit;
  while (await startOf(pid) === started) {
    if (performance.now() >= deadline) {
      await stopTree(pid, { start: started, interruptGrace: 0 });
      return;
    }
    await wait(pause);
  }
}
