/** Finds the host that a dead Braid left behind, and clears away what a dead host left. */
import { stopTree } from '../kill';
import { startOf } from '../process-table';
import type { TerminalEvent } from '../store';
import { readAddress, removeAddress, removeSocket, type HostAddress } from './address';
import { awaitEnd } from './await-end';
import { HostClient, ownStart } from './client';

export type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'host'; readonly client: HostClient }
  /** Another Braid that lives owns it. */
  | { readonly kind: 'busy'; readonly owner: number };

/** Milliseconds for a host that ends by itself: it commits what its agents left. */
const endingTime = 120_000;

async function clear(runFolder: string, address: HostAddress): Promise<void> {
  await removeSocket(address.socket);
  await removeAddress(runFolder, address.token);
}

/** The living host of a run, as it describes itself; null where there is none. */
export async function livingHost(runFolder: string): Promise<Pick<HostAddress, 'pid' | 'alone'> | null> {
  const address = await readAddress(runFolder);
  return address !== null && await startOf(address.pid) === address.started ? address : null;
}

/** Whether the host of a run is alive. */
export const hasHost = async (runFolder: string): Promise<boolean> => await livingHost(runFolder) !== null;

/**
 * Becomes the owner of a run's host; `publish` is called with what happens in its attached terminals. One that is ending is waited for, one
 * that lives but does not answer is ended with its tree.
 */
export async function findHost(runFolder: string, publish: (event: TerminalEvent) => void): Promise<Found> {
  const address = await readAddress(runFolder);
  if (!address) return { kind: 'none' };
  if (await startOf(address.pid) === address.started) {
    const client = await HostClient.connect(address, { started: await ownStart() }, publish);
    if (client.ok) return { kind: 'host', client: client.value };
    const { reason, owner } = client.error;
    if (reason === 'busy') return { kind: 'busy', owner: owner ?? address.pid };
    if (reason === 'ending') await awaitEnd(address, endingTime);
    else await stopTree(address.pid, { start: address.started, interruptGrace: 0 });
  }
  await clear(runFolder, address);
  return { kind: 'none' };
}

/** Ends a run's host with all its processes. Resolves with the pid of another living Braid that owns it, else null. */
export async function endHost(runFolder: string): Promise<number | null> {
  const found = await findHost(runFolder, () => undefined);
  if (found.kind === 'host') await found.client.shutdown();
  return found.kind === 'busy' ? found.owner : null;
}
