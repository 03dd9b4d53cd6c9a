import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claim, claimant, giveBack } from './claim';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-claim-'));
  path = join(folder, 'owner.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Pid of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn('true', []);
  await new Promise((done) => child.once('close', done));
  return child.pid ?? 0;
}

const takenBy = async (): Promise<number | null> => {
  const claimed = await claim(path);
  if (!claimed.ok) throw new Error(claimed.error.kind);
  return claimed.value.takenBy;
};

describe('a claim', () => {
  test('is one process\'s until it is given back', async () => {
    expect(await takenBy()).toBeNull();
    expect(await takenBy()).toBe(process.pid);
    expect(await claimant(path)).toBe(process.pid);
    await giveBack(path);
    expect(await takenBy()).toBeNull();
    expect(await readdir(folder)).toEqual(['owner.json']);
  });

  test.each<[string, () => Promise<string>]>([
    ['of a dead process', async () => JSON.stringify({ pid: await deadPid(), started: '12' })],
    ['whose pid another process has by now', async () => JSON.stringify({ pid: process.pid, started: '1' })],
    ['that a full disk left empty', async () => ''],
    ['that a power loss tore', async () => '{"pid":12'],
    ['of zeros', async () => '\u0000'.repeat(40)],
  ])('%s is taken over', async (_name, text) => {
    await writeFile(path, await text());
    expect(await takenBy()).toBeNull();
    expect(await claimant(path)).toBe(process.pid);
    expect(await readdir(folder)).toEqual(['owner.json']);
  });

  test.runIf(process.platform === 'linux')('of a killed process that nobody has reaped yet is taken over', async () => {
    // The shell becomes a program that never asks for the end of its child.
    const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const pid = Number(String(await new Promise((said) => parent.stdout.once('data', said))));
      const stat = (): Promise<readonly string[]> => readFile(`/proc/${pid}/stat`, 'utf8').then((text) => text.slice(text.lastIndexOf(')') + 2).split(' '));
      await writeFile(path, JSON.stringify({ pid, started: (await stat())[19] }));
      expect(await takenBy()).toBe(pid);
      process.kill(pid, 'SIGKILL');
      while ((await stat())[0] !== 'Z') await new Promise(setImmediate);
      expect(await claimant(path)).toBeNull();
      expect(await takenBy()).toBeNull();
    } finally {
      parent.kill('SIGKILL');
    }
  });

  test('of a dead process is taken over by exactly one of many at once', async () => {
    for (let round = 0; round < 30; round += 1) {
      await writeFile(path, JSON.stringify({ pid: await deadPid(), started: String(round) }));
      const claims = await Promise.all(Array.from({ length: 12 }, () => takenBy()));
      expect(claims.filter((owner) => owner === null)).toHaveLength(1);
      expect(claims.filter((owner) => owner !== null && owner !== process.pid)).toEqual([]);
      await giveBack(path);
    }
  });

  test('whose taker died while it took over is free again', async () => {
    const dead = JSON.stringify({ pid: await deadPid(), started: '12' });
    await writeFile(path, dead);
    const { createHash } = await import('node:crypto');
    await writeFile(`${path}.${createHash('sha256').update(dead).digest('hex').slice(0, 12)}`, JSON.stringify({ pid: await deadPid(), started: '13' }));
    expect(await takenBy()).toBeNull();
  });

  test('that cannot be written says where', async () => {
    await writeFile(join(folder, 'file'), '');
    const claimed = await claim(join(folder, 'file', 'owner.json'));
    expect(!claimed.ok && claimed.error.kind).toBe('io/failed');
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('');
  });
});
