import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPuppets, type Puppets } from '../../../../test/puppet';
import type { CommandInTerminal, ProcessInTerminal, ReaderOf } from './lane-process';
import { startOf } from './process-table';
import { TerminalStore, type TerminalEvent } from './store';

const terminal = 'run-1/lane-1';
let dir = '';
let logFile = '';
let puppets: Puppets;
let notices: string[] = [];
let store = new TerminalStore();

beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'braid-store-')));
  logFile = join(dir, 'logs/lane-1.log');
  puppets = await createPuppets();
  notices = [];
  store = new TerminalStore({ reader: readers, graces: { interruptGrace: 300, termGrace: 300 }, notice: (_, text) => notices.push(text) });
});
afterEach(async () => {
  await store.dispose();
  await puppets.cleanup();
  await rm(dir, { recursive: true, force: true });
});

const env = (): Record<string, string> => ({ PATH: process.env['PATH'] ?? '', ...puppets.env, BRAID_RUN: 'run-1', BRAID_LANE: 'lane-1', BRAID_TASK_ID: 'T001' });

async function start(argv: readonly string[], more: Partial<CommandInTerminal> = {}): Promise<ProcessInTerminal> {
  const started = await store.startProcess({ terminal, argv, cwd: dir, env: env(), logFile, reader: null, memo: null, ...more });
  if (!started.ok) throw new Error(JSON.stringify(started.error));
  return started.value;
}

async function puppet(behaviour: Readonly<Record<string, unknown>>): Promise<ProcessInTerminal> {
  await puppets.plan({ '*': behaviour });
  return start(['node', puppets.script]);
}

/** Puts a viewer's stream together, attaching again at each gap, as the window does. */
function follow(name: string, options: { readonly ack: boolean }): { text(): string; jumps(): number; events: TerminalEvent[] } {
  const events: TerminalEvent[] = [];
  let stream = '';
  let next = 0;
  let jumps = 0;
  const join = (): void => {
    const attachment = store.attach(name);
    if (!attachment) return;
    stream = Buffer.from(attachment.data).toString('latin1');
    next = attachment.seq + attachment.data.length;
  };
  store.subscribe((event) => {
    events.push(event);
    if (event.type !== 'terminal.data') return;
    for (const { seq, data } of event.chunks.filter((chunk) => chunk.terminal === name)) {
      if (seq !== next) jumps += 1;
      if (seq === next) stream += Buffer.from(data).toString('latin1');
      next = seq + data.length;
      if (options.ack) store.ack(name, next);
    }
  });
  join();
  return { text: () => stream, jumps: () => jumps, events };
}

/** Readers as agents have them: one that changes what is shown and judges the end, one that fails. */
const readers: ReaderOf = (name) => {
  const broken = (): never => { throw new Error('broken'); };
  if (name === 'broken') return { render: broken, conclude: broken };
  let seen = 0;
  return {
    render: (bytes) => {
      seen += bytes.length;
      return Buffer.from(bytes.length === 0 ? '!' : Buffer.from(bytes).toString().toUpperCase());
    },
    conclude: ({ exitCode }) => ({ seen, exitCode }),
  };
};

describe('the log', () => {
  test('has every byte of a 20 MB flood, in order, and so has a viewer that keeps up', async () => {
    await store.say({ terminal, logFile, text: 'begin' });
    const viewer = follow(terminal, { ack: true });
    const before = (await stat(logFile)).size;
    const process = await puppet({ flood: 20 });
    expect(await process.ended).toMatchObject({ exitCode: 0, signal: null });
    const log = (await readFile(logFile)).subarray(before);
    const lines = log.toString('latin1').split('\r\n');
    const numbers = lines.map((line) => Number(/^T001 line (\d+) /.exec(line)?.[1]));
    expect(numbers.slice(0, -1).every((number, index) => number === index)).toBe(true);
    expect(log.length - (lines.length - 1)).toBe(20 * 1024 * 1024);
    expect(viewer.jumps()).toBe(0);
    const hash = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
    expect(hash(Buffer.from(viewer.text().slice(before), 'latin1'))).toBe(hash(log));
    expect((await stat(logFile)).mode & 0o777).toBe(0o600);
  });

  test.each(Array.from({ length: 20 }, (_, round) => round))('is complete when the process has ended, round %i', async (round) => {
    const size = 20_000 + round * 6007;
    const process = await start(['node', '-e', `process.stdout.write('z'.repeat(${size}))`]);
    await process.ended;
    expect((await readFile(logFile)).equals(Buffer.alloc(size, 'z'))).toBe(true);
  });

  test('that cannot be written is a notice, and the terminal goes on', async () => {
    await writeFile(join(dir, 'logs'), 'a file in the way');
    const process = await start(['echo', 'still here']);
    await process.ended;
    expect(notices).toEqual([expect.stringMatching(/cannot be written/)]);
    expect((await process.ended).tail).toContain('still here');
  });
});

describe('viewers', () => {
  test('one that never answers gets 1 MB and stops nobody', async () => {
    await store.say({ terminal, logFile, text: 'begin' });
    const viewer = follow(terminal, { ack: false });
    const process = await puppet({ flood: 8 });
    await process.ended;
    expect(viewer.text().length).toBeLessThan(2 * 1024 * 1024);
    expect((await stat(logFile)).size).toBeGreaterThan(8 * 1024 * 1024);
    const [jumped] = await new Promise<TerminalEvent[]>((resolve) => {
      store.subscribe((event) => resolve([event]));
      store.ack(terminal, Number.MAX_SAFE_INTEGER);
    });
    expect(jumped?.type).toBe('terminal.data');
    expect(viewer.jumps()).toBe(1);
    const again = store.attach(terminal);
    expect(again?.data.length).toBeGreaterThan(2 * 1024 * 1024 - 8 * 1024);
    expect(again?.running).toBe(false);
  });

  test('learn of the end after the last byte', async () => {
    await store.say({ terminal, logFile, text: 'begin' });
    const { events } = follow(terminal, { ack: true });
    const exited = new Promise<void>((resolve) => {
      store.subscribe((event) => event.type === 'terminal.exit' && resolve());
    });
    const process = await start(['echo', 'last words']);
    await process.ended;
    await exited;
    expect(events.at(-1)).toEqual({ type: 'terminal.exit', terminal });
    expect(events.filter((event) => event.type === 'terminal.data').length).toBeGreaterThan(0);
  });

  test('type into the process and set its size for it and its successor', async () => {
    const process = await start(['sh', '-c', 'read line; echo "got $line"']);
    store.write(terminal, 'something\r');
    await process.ended;
    expect((await process.ended).tail).toContain('got something');
    store.resize(terminal, 77, 11);
    const next = await start(['stty', 'size']);
    await next.ended;
    expect((await next.ended).tail).toBe('11 77');
  });

  test('of an unknown terminal get nothing', () => {
    expect(store.attach('nobody')).toBeNull();
    store.write('nobody', 'x');
    store.resize('nobody', 1, 1);
    store.ack('nobody', 1);
    store.detach('nobody');
  });
});

describe('a process', () => {
  test('that cannot be started is an error', async () => {
    const started = await store.startProcess({ terminal, argv: ['no-such-program-here'], cwd: dir, env: env(), logFile, reader: null, memo: null });
    expect(started).toMatchObject({ ok: false, error: { kind: 'agent/start', detail: expect.stringContaining('PATH') } });
  });

  test('has a tail of its own, without that of the one before', async () => {
    const first = await start(['printf', '\\033[31mone\\033[0m\\n']);
    await first.ended;
    const second = await start(['echo', 'two']);
    await second.ended;
    expect([(await first.ended).tail, (await second.ended).tail]).toEqual(['one', 'two']);
  });

  test('is silent from its last byte on', async () => {
    const process = await puppet({ say: 'hello', until: puppets.flag('go') });
    await puppets.waitFor((line) => line.event === 'start');
    expect((await process.look()).silence).toBeGreaterThanOrEqual(0);
    await puppets.release('go');
    await process.ended;
  });

  test('is shown as its renderer says, and logged as it is', async () => {
    const process = await start(['echo', 'text'], { reader: 'upper' });
    expect((await process.ended).conclusion).toEqual({ seen: 6, exitCode: 0 });
    expect((await process.ended).tail).toBe('TEXT\n!');
    expect(await readFile(logFile, 'utf8')).toBe('text\r\n');
  });

  test('whose renderer fails is shown as it is, with a sentence', async () => {
    const process = await start(['echo', 'text'], { reader: 'broken' });
    await process.ended;
    expect((await process.ended).tail).toMatch(/cannot be rendered.*broken/);
    expect((await process.ended).tail).toContain('text');
  });

  test('is stopped with the children that ignore everything', async () => {
    const process = await puppet({ grandchild: 'session', ignore: true, hang: true });
    const child = await puppets.waitFor((line) => line.event === 'grandchild');
    await Promise.all([process.stop(), process.stop()]);
    expect(await process.ended).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    expect(await startOf(child.pid)).toBeNull();
  });

  test.runIf(globalThis.process.platform === 'linux')('that ended by itself leaves nobody in its folder after stop', async () => {
    const process = await puppet({ grandchild: 'session' });
    await process.ended;
    const child = await puppets.waitFor((line) => line.event === 'grandchild');
    expect(await startOf(child.pid)).not.toBeNull();
    await process.stop();
    expect(await startOf(child.pid)).toBeNull();
  });

  test('is ended when the store is disposed, and none starts after that', async () => {
    const process = await puppet({ hang: true });
    await puppets.waitFor((line) => line.event === 'start');
    await store.dispose();
    expect(await startOf(process.pid)).toBeNull();
    const late = await store.startProcess({ terminal, argv: ['true'], cwd: dir, env: env(), logFile, reader: null, memo: null });
    expect(late).toMatchObject({ ok: false, error: { kind: 'agent/start' } });
  });
});

describe('a terminal of a past run', () => {
  test('comes back from its log, from the start of a line', async () => {
    const small = new TerminalStore({ ringBytes: 12 });
    await writeFile(join(dir, 'old.log'), 'first\nsecond\nthird\n');
    await appendFile(join(dir, 'old.log'), 'x');
    expect(await small.openLog('past/lane', join(dir, 'old.log'), null)).toEqual({ ok: true, value: null });
    expect(Buffer.from(small.attach('past/lane')?.data ?? []).toString()).toBe('third\nx');
    await small.dispose();
  });

  test('stays as it is when it is in memory, and is an error without a log', async () => {
    await store.say({ terminal, logFile, text: 'in memory' });
    expect(await store.openLog(terminal, join(dir, 'missing.log'), null)).toMatchObject({ ok: true });
    expect(await store.openLog('past/lane', join(dir, 'missing.log'), null)).toMatchObject({ ok: false, error: { kind: 'io/failed', code: 'ENOENT' } });
    expect(store.names()).toEqual([terminal]);
  });
});
