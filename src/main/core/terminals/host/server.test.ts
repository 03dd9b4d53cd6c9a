import { createHash } from 'node:crypto';
import { mkdtemp, readFile, realpath, rm, stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPuppets, type Puppets } from '../../../../../test/puppet';
import type { CommandInTerminal, ProcessInTerminal } from '../lane-process';
import { startOf } from '../process-table';
import { TerminalStore, type TerminalEvent } from '../store';
import { newSocket, newToken, removeSocket, type HostAddress } from './address';
import { HostClient, ownStart } from './client';
import { encodeFrame, FrameReader } from './frames';
import { HostedProcesses } from './hosted';
import { protocolVersion } from './messages';
import { HostServer } from './server';

const terminal = 'run-1/lane-1';
let dir = '';
let logFile = '';
let puppets: Puppets;
let store: TerminalStore;
let server: HostServer;
let address: HostAddress;
let over = 0;
let changes: (() => void)[] = [];

beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'braid-server-')));
  logFile = join(dir, 'logs/lane-1.log');
  puppets = await createPuppets();
  store = new TerminalStore({ graces: { interruptGrace: 300, termGrace: 300 } });
  over = 0;
  changes = [];
  const changed = (): void => changes.forEach((tell) => tell());
  address = { version: protocolVersion, socket: await newSocket({}), token: newToken(), pid: process.pid, alone: null, started: await ownStart() };
  server = new HostServer({ store, processes: new HostedProcesses(store, changed), token: address.token, changed, over: () => { over += 1; } });
  await server.listen(address.socket);
});
afterEach(async () => {
  await store.dispose();
  await server.close();
  await removeSocket(address.socket);
  await puppets.cleanup();
  await rm(dir, { recursive: true, force: true });
});

/** Resolves when the host has an owner, or has none. */
const owned = (wanted: boolean): Promise<void> => new Promise((done) => {
  const look = (): void => {
    if (server.owned === wanted) done();
  };
  changes.push(look);
  look();
});

async function enter(publish: (event: TerminalEvent) => void = () => undefined): Promise<HostClient> {
  const client = await HostClient.connect(address, { started: await ownStart() }, publish);
  if (!client.ok) throw new Error(client.error.reason);
  return client.value;
}

const command = (argv: readonly string[], more: Partial<CommandInTerminal> = {}): CommandInTerminal => ({
  terminal, argv, cwd: dir, logFile, reader: null, memo: null,
  env: { PATH: process.env['PATH'] ?? '', ...puppets.env, BRAID_RUN: 'run-1', BRAID_LANE: 'lane-1', BRAID_TASK_ID: 'T001' }, ...more,
});

async function start(client: HostClient, argv: readonly string[], more: Partial<CommandInTerminal> = {}): Promise<ProcessInTerminal> {
  const started = await client.startProcess(command(argv, more));
  if (!started.ok) throw new Error(JSON.stringify(started.error));
  return started.value;
}

/** Says raw bytes to the host and resolves with the headers of its answer when it hangs up. */
function stranger(bytes: Uint8Array, then?: (socket: Socket) => void): Promise<readonly unknown[]> {
  return new Promise((done) => {
    const reader = new FrameReader();
    const heard: unknown[] = [];
    const socket = connect(address.socket, () => {
      socket.write(bytes);
      then?.(socket);
    });
    socket.on('data', (data) => heard.push(...(reader.push(data) ?? []).map(({ header }) => header)));
    socket.on('error', () => undefined);
    socket.on('close', () => done(heard));
  });
}

const hello = (more: object = {}): object => ({ type: 'hello', version: protocolVersion, token: address.token, pid: process.pid, started: 'x', ...more });

describe('the door', () => {
  test('is for this user only', async () => {
    expect((await stat(address.socket)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(address.socket))).mode & 0o777).toBe(0o700);
    expect(Buffer.byteLength(address.socket)).toBeLessThan(104);
  });

  test.each([
    ['a wrong token', { token: 'f'.repeat(64) }, 'token'],
    ['a token of another length', { token: 'f' }, 'token'],
    ['no token', { token: null }, 'token'],
    ['another version', { version: 99 }, 'version'],
  ])('%s is refused', async (_, change, reason) => {
    expect(await stranger(encodeFrame(hello(change)))).toEqual([{ type: 'refused', reason, owner: null }]);
    expect(server.owned).toBe(false);
  });

  test.each([
    ['noise', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a first message that is too long', encodeFrame({ type: 'hello', token: 'x'.repeat(5000) })],
    ['a request before the greeting', Buffer.concat([encodeFrame({ type: 'hello', version: protocolVersion, token: 'f'.repeat(64), pid: 1, started: '' }), encodeFrame({ type: 'list', id: 1 })])],
  ])('%s is hung up on', async (_, bytes) => {
    expect((await stranger(bytes)).filter((header) => JSON.stringify(header).includes('answer'))).toEqual([]);
    expect(server.owned).toBe(false);
  });

  test('an owner that says something unknown is hung up on, and the host goes on', async () => {
    await stranger(encodeFrame(hello({ started: await ownStart() })), (socket) => socket.once('data', () => socket.write(encodeFrame({ type: 'format-disk', id: 1 }))));
    await owned(false);
    const client = await enter();
    expect(await client.list()).toEqual({ ok: true, value: { processes: [], terminals: [] } });
    client.leave();
  });

  test('a second owner is refused while the first lives, and let in when its connection is gone', async () => {
    const first = await enter();
    expect(await HostClient.connect(address, { started: await ownStart() }, () => undefined)).toEqual({ ok: false, error: { reason: 'busy', owner: process.pid } });
    expect((await first.list()).ok).toBe(true);
    first.leave();
    await owned(false);
    (await enter()).leave();
  });

  test('a second owner replaces one whose process is dead although its socket is open', async () => {
    const dead = connect(address.socket);
    await new Promise<void>((done) => dead.once('connect', done));
    dead.write(encodeFrame(hello({ started: 'the same pid, long ago' })));
    await owned(true);
    const gone = new Promise<void>((done) => dead.resume().once('close', () => done()));
    const client = await enter();
    await gone;
    expect((await client.list()).ok).toBe(true);
    client.leave();
  });

  test('nobody is let in when the host is about to end', async () => {
    server.refuseAll();
    expect(await HostClient.connect(address, { started: await ownStart() }, () => undefined)).toEqual({ ok: false, error: { reason: 'ending', owner: null } });
  });

  test('nobody there is told apart from somebody who refuses', async () => {
    const nobody = { ...address, socket: join(dir, 'nobody') };
    expect(await HostClient.connect(nobody, { started: '' }, () => undefined)).toMatchObject({ ok: false, error: { reason: 'gone' } });
  });
});

describe('an owner', () => {
  test('starts, hears the end after the last byte is in the log, and gets errors as they are', async () => {
    const client = await enter();
    const process = await start(client, ['sh', '-c', 'printf "%04000d" 7; exit 3']);
    expect(await process.ended).toEqual({ exitCode: 3, signal: null, tail: `${'0'.repeat(3999)}7`, conclusion: null, lost: false });
    expect((await readFile(logFile, 'utf8')).length).toBe(4000);
    expect(await client.startProcess(command(['no-such-program-here']))).toMatchObject({ ok: false, error: { kind: 'agent/start', command: 'no-such-program-here' } });
    client.leave();
  });

  test('types, resizes, looks and stops with all children', async () => {
    const client = await enter();
    await client.say({ terminal, logFile, text: 'begin' });
    client.resize(terminal, 77, 11);
    const first = await start(client, ['sh', '-c', 'read line; echo "got $line"; stty size']);
    client.write(terminal, 'something\r');
    expect((await first.ended).tail).toContain('got something\n11 77');
    await puppets.plan({ '*': { grandchild: 'session', ignore: true, hang: true } });
    const second = await start(client, ['node', puppets.script]);
    const child = await puppets.waitFor((line) => line.event === 'grandchild');
    expect((await second.look()).silence).toBeGreaterThanOrEqual(0);
    await Promise.all([second.stop(), second.stop()]);
    expect(await second.ended).toMatchObject({ signal: 'SIGKILL' });
    expect(await startOf(child.pid)).toBeNull();
    client.leave();
  });

  test('that comes back finds what runs and what ended meanwhile', async () => {
    const client = await enter();
    await puppets.plan({ '*': { say: 'at work', until: puppets.flag('go') } });
    const one = await start(client, ['node', puppets.script], { memo: { task: 'T001' } });
    const there = { terminal: 'run-1/lane-2', env: { PATH: globalThis.process.env['PATH'] ?? '', BRAID_RUN: 'run-1', BRAID_LANE: 'lane-2' } };
    await start(client, ['true'], { ...there, memo: { task: 'T002' } }).then(({ ended }) => ended);
    await start(client, ['true'], there).then(async (check) => {
      await check.ended;
      await check.stop();
    });
    client.leave();
    await owned(false);
    const again = await enter();
    const listed = await again.list();
    const entries = listed.ok ? listed.value.processes : [];
    expect(entries.map(({ memo, end }) => [memo, end?.exitCode ?? null])).toEqual([[{ task: 'T001' }, null], [{ task: 'T002' }, 0]]);
    const running = entries[0];
    if (!running) throw new Error('nothing is listed');
    expect(running.pid).toBe(one.pid);
    const taken = again.take(running, {});
    await puppets.release('go');
    expect(await taken.ended).toMatchObject({ exitCode: 0, tail: 'at work' });
    again.leave();
  });

  test('that asks for the end gets it when all is gone', async () => {
    const client = await enter();
    const process = await start(client, ['sleep', '1000']);
    void client.shutdown();
    expect(await process.ended).toMatchObject({ exitCode: null });
    await new Promise<void>((done) => {
      const look = (): void => (over > 0 ? done() : void setImmediate(look));
      look();
    });
    expect(await startOf(process.pid)).toBeNull();
    client.leave();
  });

  test('of a host that dies hears of the loss, and the processes are ended', async () => {
    const client = await enter();
    const process = await start(client, ['node', '-e', 'process.on("SIGHUP",()=>{});console.log("on");setInterval(()=>{},1e6)']);
    await server.close();
    expect(await process.ended).toMatchObject({ lost: true, exitCode: null, signal: null });
    expect(await startOf(process.pid)).toBeNull();
    expect(await client.startProcess(command(['true']))).toMatchObject({ ok: false, error: { kind: 'host/failed' } });
    await server.listen(`${address.socket}2`);
  });
});

describe('a flood of 20 MB', () => {
  test('reaches log and viewer whole although the owner is cut off in the middle', async () => {
    let stream = Buffer.alloc(0);
    let next = 0;
    let gaps = 0;
    // What comes on the heels of an attachment may be here before its answer was taken up.
    let early: (() => void)[] | null = null;
    const follow = async (): Promise<{ client: HostClient; jumped: Promise<void> }> => {
      let tell: () => void = () => undefined;
      const jumped = new Promise<void>((done) => { tell = done; });
      const parts: Buffer[] = [];
      const client = await enter((event) => {
        if (event.type === 'terminal.exit') return;
        const take = (): void => {
          for (const { seq, data } of event.chunks) {
            if (seq !== next) gaps += 1;
            parts.push(Buffer.from(data));
            next = seq + data.length;
            client.ack(terminal, next);
          }
          if (next > 4_000_000) tell();
        };
        if (early) early.push(take);
        else take();
      });
      void client.closed.then(() => { stream = Buffer.concat([stream, ...parts]); });
      return { client, jumped };
    };
    const first = await follow();
    await first.client.say({ terminal, logFile, text: 'begin' });
    next = (await first.client.attach(terminal))?.data.length ?? 0;
    const from = next;
    await puppets.plan({ '*': { flood: 20 } });
    const process = await start(first.client, ['node', puppets.script], { memo: {} });
    await first.jumped;
    first.client.leave();
    await first.client.closed;
    await owned(false);
    const second = await follow();
    // The window attaches again by sequence number: what it has is not drawn twice, what it missed is in the host's memory or on disk.
    early = [];
    const attachment = await second.client.attach(terminal);
    if (!attachment) throw new Error('the terminal is gone');
    const missed = attachment.seq > next;
    const log = async (): Promise<Buffer> => readFile(logFile);
    if (missed) stream = Buffer.concat([stream, (await log()).subarray(next, attachment.seq)]);
    stream = Buffer.concat([stream, attachment.data.subarray(Math.max(0, next - attachment.seq))]);
    next = attachment.seq + attachment.data.length;
    const held: (() => void)[] = early;
    early = null;
    for (const take of held) take();
    const listed = await second.client.list();
    const entry = listed.ok ? listed.value.processes[0] : undefined;
    if (!entry) throw new Error('the process is not listed');
    expect(entry.pid).toBe(process.pid);
    expect(await second.client.take(entry, {}).ended).toMatchObject({ exitCode: 0, signal: null });
    // Everything that was sent before this answer has arrived.
    await second.client.list();
    second.client.leave();
    await second.client.closed;
    const bytes = await log();
    expect(gaps).toBe(0);
    expect(bytes.length - from).toBeGreaterThan(20 * 1024 * 1024);
    const hash = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
    expect(hash(stream)).toBe(hash(bytes.subarray(from)));
  });
});
