/** Where a run's host is found: `host.json` in the run's folder (0600), its socket in a private folder with a short path. */
import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdtemp, open, rename, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { readPlainText } from '../../plain-file';

const addressSchema = z.object({
  version: z.number(), socket: z.string(), token: z.string().min(32), pid: z.number().int().positive(),
  /** Start time of `pid`, as process-table.ts has it. */
  started: z.string(),
  /** While no Braid owns it: when it gives up (ISO time), and how many processes run in it. */
  alone: z.object({ until: z.string(), running: z.number() }).nullable().default(null),
});

export type HostAddress = z.infer<typeof addressSchema>;

/** Bytes of a socket's path, with its zero: 104 on macOS, 108 on Linux (man 7 unix). */
const pathLimit = 104;
const prefix = 'braid-host-';

/** Path of the file that says where the host of a run is. */
export const addressFile = (runFolder: string): string => join(runFolder, 'host.json');

/** A new secret that no other process can guess. */
export const newToken = (): string => randomBytes(32).toString('hex');

async function isPrivate(folder: string): Promise<boolean> {
  const entry = await lstat(folder).catch(() => null);
  return entry !== null && entry.isDirectory() && entry.uid === process.getuid?.() && (entry.mode & 0o077) === 0;
}

/** A path for a new socket in a new folder that only this user can open (a pipe's name on Windows). */
export async function newSocket(env: NodeJS.ProcessEnv): Promise<string> {
  if (process.platform === 'win32') return `\\\\.\\pipe\\${prefix}${randomBytes(16).toString('hex')}`;
  const runtime = env['XDG_RUNTIME_DIR'];
  const parents = [...(runtime && await isPrivate(runtime) ? [runtime] : []), tmpdir(), '/tmp'];
  const short = parents.find((parent) => Buffer.byteLength(join(parent, `${prefix}xxxxxx`, 's')) < pathLimit) ?? '/tmp';
  const folder = await mkdtemp(join(short, prefix));
  await chmod(folder, 0o700);
  return join(folder, 's');
}

/** Removes a socket that `newSocket` made, with its folder; any other path is left alone. */
export async function removeSocket(socket: string): Promise<void> {
  const folder = dirname(socket);
  if (process.platform === 'win32' || basename(socket) !== 's' || !basename(folder).startsWith(prefix) || !await isPrivate(folder)) return;
  await rm(folder, { recursive: true, force: true });
}

/** Writes the address, whole or not at all. */
export async function writeAddress(runFolder: string, address: HostAddress): Promise<void> {
  const path = addressFile(runFolder);
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(address));
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
}

/** The address of a run's host; null when there is none, or none that can be read. */
export async function readAddress(runFolder: string): Promise<HostAddress | null> {
  try {
    const parsed = addressSchema.safeParse(JSON.parse(await readPlainText(addressFile(runFolder))));
    return parsed.success ? parsed.data : null;
  } catch {
    // Missing or torn: no host.
    return null;
  }
}

/** Removes the address while it is still the one with this token: another host may have taken its place. */
export async function removeAddress(runFolder: string, token: string): Promise<void> {
  const now = await readAddress(runFolder);
  if (now?.token === token) await unlink(addressFile(runFolder)).catch((gone: unknown) => gone);
}
