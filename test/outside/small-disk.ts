/** A file system of a few megabytes that a test may fill: the only honest way to a disk without room. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile, appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const command = promisify(execFile);

export interface SmallDisk {
  readonly path: string;
  /** Leaves no byte free. */
  fill(): Promise<void>;
  /** Takes back what `fill` did. */
  free(): Promise<void>;
  remove(): Promise<void>;
}

async function fillUp(file: string): Promise<void> {
  await writeFile(file, '');
  // Ever smaller pieces, until not one byte fits.
  for (const size of [1 << 20, 1 << 16, 1 << 12, 1]) {
    const block = Buffer.alloc(size);
    for (let fits = true; fits;) fits = await appendFile(file, block).then(() => true, () => false);
  }
}

export type Kind = 'tmpfs' | 'ext4';

async function mount(kind: Kind, megabytes: number, path: string): Promise<void> {
  if (kind === 'tmpfs') return void await command('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]);
  await command('truncate', ['-s', `${megabytes}M`, `${path}.img`]);
  await command('mkfs.ext4', ['-q', '-m', '0', '-O', '^has_journal', `${path}.img`]);
  await command('mount', ['-o', 'loop', `${path}.img`, path]);
}

/** Mounts one; null, with a sentence on the terminal, where this user or this machine may not. */
export async function smallDisk(kind: Kind, megabytes: number): Promise<SmallDisk | null> {
  const path = await mkdtemp(join(tmpdir(), 'braid-disk-'));
  const mounted = await mount(kind, megabytes, path).then(() => true, () => false);
  if (!mounted) {
    await rm(path, { recursive: true });
    await rm(`${path}.img`, { force: true });
    process.stdout.write(`No ${kind} can be mounted here (that takes root): a test of a full disk did not run.\n`);
    return null;
  }
  const file = join(path, 'filler');
  return {
    path,
    fill: () => fillUp(file),
    free: () => rm(file, { force: true }),
    remove: async () => {
      await command('umount', ['-l', path]);
      await rm(path, { recursive: true, force: true });
      await rm(`${path}.img`, { force: true });
    },
  };
}
