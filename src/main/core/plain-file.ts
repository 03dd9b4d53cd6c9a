/**
 * The one way to open a file that an agent or a repository may have put there: only plain files, and nothing waits for somebody else. Opened like any
 * file, a named pipe holds the call until somebody opens its other end, for ever, and one of the few threads that Node has for files with it.
 */
import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';

/** Windows has no such flag, and no named pipes among its files. */
const { O_NONBLOCK = 0, O_NOFOLLOW = 0 }: { readonly O_NONBLOCK?: number; readonly O_NOFOLLOW?: number } = constants;

function refusal(path: string, isFolder: boolean): NodeJS.ErrnoException {
  const [code, words] = isFolder ? ['EISDIR', 'A folder is in its place.'] : ['EFTYPE', 'It is no plain file: a named pipe, a socket or a device.'];
  return Object.assign(new Error(words), { code, path });
}

async function openOnly(path: string, flags: number, mode?: number): Promise<FileHandle> {
  // A look first, as merely opening a device may do something; a look at what was opened, as it may have been changed in between.
  const before = await stat(path).catch(() => null);
  if (before !== null && !before.isFile()) throw refusal(path, before.isDirectory());
  const handle = await open(path, flags | O_NONBLOCK, mode);
  const entry = await handle.stat();
  if (entry.isFile()) return handle;
  await handle.close();
  throw refusal(path, entry.isDirectory());
}

/** Opens a plain file to read it; with `links: false` not through a symbolic link. Rejects as `open` of Node does, with EISDIR for a folder and EFTYPE for anything else. */
export const openPlain = (path: string, { links = true }: { readonly links?: boolean } = {}): Promise<FileHandle> =>
  openOnly(path, constants.O_RDONLY | (links ? 0 : O_NOFOLLOW));

/** Opens a plain file to append to it and to read it, made (0600) where there is none. Rejects as `openPlain`. */
export const openToAppend = (path: string): Promise<FileHandle> => openOnly(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);

/** The bytes of a plain file. Rejects as `openPlain`. */
export async function readPlain(path: string): Promise<Buffer> {
  const handle = await openPlain(path);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** The same as UTF-8. */
export const readPlainText = async (path: string): Promise<string> => (await readPlain(path)).toString('utf8');
