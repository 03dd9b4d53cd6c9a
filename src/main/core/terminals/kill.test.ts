import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPuppets, type Puppets } from '../../../../test/puppet';
import { processTree, stopTree } from './kill';
import { startOf } from './process-table';
import { startPty } from './pty';

const quick = { interruptGrace: 200, termGrace: 200 };
const marker = { BRAID_RUN: 'kill-test', BRAID_LANE: `lane-${process.pid}` };

let puppets: Puppets;
beforeEach(async () => {
  puppets = await createPuppets();
});
afterEach(() => puppets.cleanup());

async function startPuppet(behaviour: Readonly<Record<string, unknown>>): Promise<{ pid: number; ended: Promise<unknown> }> {
  await puppets.plan({ '*': behaviour });
  const env = { PATH: process.env['PATH'] ?? '', ...puppets.env, ...marker, BRAID_TASK_ID: 'T001' };
  const pty = startPty({ argv: [process.execPath, puppets.script], cwd: puppets.dir, env, cols: 80, rows: 24 });
  if (!pty.ok) throw new Error(JSON.stringify(pty.error));
  return pty.value;
}

const isGone = async (pid: number): Promise<boolean> => (await startOf(pid)) === null;

describe('stopTree', () => {
  test('Ctrl-C is enough for a process that obeys', async () => {
    const { pid, ended } = await startPuppet({ hang: true });
    await puppets.waitFor((line) => line.event === 'start');
    expect(await stopTree(pid, { interruptGrace: 30_000 })).toEqual([]);
    expect(await ended).toEqual({ exitCode: 130, signal: null });
  });

  test.each(['stubborn', 'session'])('a grandchild that ignores INT and TERM is ended: %s', async (grandchild) => {
    const { pid, ended } = await startPuppet({ grandchild, hang: true });
    const child = await puppets.waitFor((line) => line.event === 'grandchild');
    const tree = await processTree(pid);
    expect(tree.map((entry) => entry.pid).sort()).toEqual([pid, child.pid].sort());
    expect(await stopTree(pid, quick)).toEqual([]);
    expect(await isGone(child.pid)).toBe(true);
    await ended;
  });

  test('a process that ignores INT and TERM is ended', async () => {
    const { pid, ended } = await startPuppet({ ignore: true, hang: true });
    await puppets.waitFor((line) => line.event === 'start');
    expect(await stopTree(pid, quick)).toEqual([]);
    expect(await ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
    const signals = (await puppets.lines()).filter((line) => line.event === 'signalled').map((line) => line.signal);
    expect(signals).toEqual(['SIGINT', 'SIGTERM']);
  });

  test.runIf(process.platform === 'linux')('an orphan in a session of its own is found by its marker, and only inside the folder when one is named', async () => {
    const { pid, ended } = await startPuppet({ grandchild: 'session' });
    const start = await startOf(pid);
    await ended;
    const orphan = await puppets.waitFor((line) => line.event === 'grandchild');
    const options = { ...quick, start };
    expect(await stopTree(pid, options)).toEqual([]);
    await stopTree(pid, { ...options, marker: { env: { ...marker, BRAID_LANE: 'another' } } });
    await stopTree(pid, { ...options, marker: { env: marker }, within: '/somewhere/else' });
    expect(await isGone(orphan.pid)).toBe(false);
    await stopTree(pid, { ...options, marker: { env: marker }, within: puppets.dir });
    expect(await isGone(orphan.pid)).toBe(true);
  });

  test('a pid that was reused by another process is left alone', async () => {
    const { pid, ended } = await startPuppet({ hang: true });
    await puppets.waitFor((line) => line.event === 'start');
    expect(await stopTree(pid, { ...quick, start: 'another start' })).toEqual([]);
    expect(await stopTree(pid, { ...quick, start: null })).toEqual([]);
    expect(await isGone(pid)).toBe(false);
    await stopTree(pid, quick);
    await ended;
  });

  test('never ends Braid itself, even when it carries the marker', async () => {
    const tree = await processTree(process.pid);
    expect(tree.map((entry) => entry.pid)).not.toContain(process.pid);
  });
});
