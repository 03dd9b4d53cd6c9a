/** Terminals that move between Braid and a real host: a viewer sees one stream, whatever happens to it. Needs the build (out/main/host.js). */
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startOf } from '../../src/main/core/terminals/process-table';
import { Terminals } from '../../src/main/core/terminals/terminals';
import { hostOf } from './processes';

const run = 'r-260101-000000-0001';
const name = `${run}/lane-1`;
const script = resolve(__dirname, '..', '..', 'out', 'main', 'host.js');
let dir = '';
let logFile = '';
let terminals: Terminals;

const withHost = (path: string): Terminals => new Terminals({ reader: () => null, host: () => ({ execPath: process.execPath, script: path, env: process.env, grace: 60 }) });

beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'braid-terminals-')));
  logFile = join(dir, 'logs', 'lane-1.log');
  await mkdir(join(dir, 'logs'));
  terminals = withHost(script);
});
afterEach(async () => {
  await terminals.dispose();
  await rm(dir, { recursive: true, force: true });
});

const env = { PATH: process.env['PATH'] ?? '', BRAID_RUN: run, BRAID_LANE: 'lane-1' };

/** Runs a command to its end in the terminal. */
async function type(...argv: readonly string[]): Promise<void> {
  const started = await terminals.startProcess({ terminal: name, argv, cwd: dir, env, logFile, reader: null, memo: null });
  if (!started.ok) throw new Error(JSON.stringify(started.error));
  await started.value.ended;
}

interface Viewer {
  text(): string;
  readonly gaps: number;
  /** Resolves when the text ends with this. */
  reads(ending: string): Promise<void>;
}

/** Follows the terminal as the window does, and counts where bytes are missing; what comes twice is trimmed. */
async function view(): Promise<Viewer> {
  let text = '';
  let next = 0;
  let looks: (() => void)[] = [];
  const viewer = { text: () => text, gaps: 0, reads: (ending: string) => new Promise<void>((done) => {
    const look = (): void => {
      if (!text.endsWith(ending)) return;
      looks = looks.filter((one) => one !== look);
      done();
    };
    looks.push(look);
    look();
  }) };
  terminals.subscribe((event) => {
    if (event.type === 'terminal.exit') return;
    for (const { seq, data } of event.chunks) {
      if (seq > next) viewer.gaps += 1;
      text += Buffer.from(data.subarray(Math.max(0, next - seq))).toString();
      next = Math.max(next, seq + data.length);
      terminals.ack(name, next);
    }
    looks.forEach((look) => look());
  });
  const attached = await terminals.attach(name);
  if (!attached) throw new Error('no such terminal');
  text = Buffer.from(attached.data).toString();
  next = attached.seq + attached.data.length;
  return viewer;
}

describe('a viewer sees one stream', () => {
  test('of a past run that is taken up in a host, ends, and is taken up again', async () => {
    await writeFile(logFile, 'from the log\r\n');
    await terminals.openLog(name, logFile, null);
    const viewer = await view();
    expect(await terminals.open(run, dir)).toBeNull();
    await type('echo', 'in the host');
    await terminals.close(run);
    await viewer.reads('in the host\r\n');
    await terminals.say({ terminal: name, logFile, text: 'here again' });
    await viewer.reads('here again\x1b[0m\r\n');
    expect(await terminals.open(run, dir)).toBeNull();
    await type('echo', 'in another host');
    await viewer.reads('in another host\r\n');
    expect(viewer.gaps).toBe(0);
    const whole = await terminals.attach(name);
    expect(Buffer.from(whole?.data ?? []).toString()).toBe(viewer.text());
    expect(viewer.text().startsWith('from the log\r\nin the host\r\n')).toBe(true);
  });

  test('although its host was killed: it goes on in a new one, at the offset that was reached', async () => {
    expect(await terminals.open(run, dir)).toBeNull();
    await terminals.say({ terminal: name, logFile, text: 'begin' });
    const viewer = await view();
    await type('echo', 'first');
    await viewer.reads('first\r\n');
    const old = await hostOf(dir);
    const started = await terminals.startProcess({ terminal: name, argv: ['sleep', '1000'], cwd: dir, env, logFile, reader: null, memo: null });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    process.kill(old, 'SIGKILL');
    expect(await started.value.ended).toMatchObject({ lost: true });
    expect(await startOf(started.value.pid)).toBeNull();
    await type('echo', 'second');
    await viewer.reads('second\r\n');
    expect(viewer.gaps).toBe(0);
    expect(await hostOf(dir)).not.toBe(old);
  });
});

describe('a host', () => {
  test('is gone with its files when its run is closed, however many terminals and processes it had', async () => {
    expect(await terminals.open(run, dir)).toBeNull();
    const started = await terminals.startProcess({ terminal: name, argv: ['sleep', '1000'], cwd: dir, env, logFile, reader: null, memo: null });
    const pid = await hostOf(dir);
    const { socket } = JSON.parse(await readFile(join(dir, 'host.json'), 'utf8'));
    await terminals.close(run);
    expect(await startOf(pid)).toBeNull();
    expect(started.ok && await startOf(started.value.pid)).toBeNull();
    await expect(readFile(join(dir, 'host.json'))).rejects.toThrow('ENOENT');
    await expect(readFile(socket)).rejects.toThrow('ENOENT');
  });

  test('that was let go of is taken over by the next Braid, with what runs in it', async () => {
    await terminals.open(run, dir);
    const started = await terminals.startProcess({ terminal: name, argv: ['sh', '-c', 'echo at work; read line; echo "got $line"'], cwd: dir, env, logFile, reader: null, memo: { task: 'T001' } });
    expect(started.ok).toBe(true);
    await terminals.leave(run);
    terminals = withHost(script);
    const adopted = await terminals.adopt(run, dir);
    const [one] = adopted.ok ? adopted.value ?? [] : [];
    expect(one).toMatchObject({ memo: { task: 'T001' }, end: null, process: { pid: started.ok ? started.value.pid : 0 } });
    const viewer = await view();
    await viewer.reads('at work\r\n');
    terminals.write(name, 'hello\r');
    expect((await one?.process.ended)?.tail).toContain('got hello');
    await viewer.reads('got hello\r\n');
    expect(viewer.text().startsWith('at work\r\n')).toBe(true);
  });

  test('that cannot be started is said, and the terminals are in Braid', async () => {
    const here = withHost(join(dir, 'no-such-host.js'));
    expect(await here.open(run, dir)).toMatchObject({ kind: 'host/failed', detail: expect.stringContaining('Cannot find module') });
    const started = await here.startProcess({ terminal: name, argv: ['echo', 'here'], cwd: dir, env, logFile, reader: null, memo: null });
    expect(started.ok && (await started.value.ended).tail).toBe('here');
    expect(await here.outlives(run)).toBe(false);
    await here.dispose();
  });
});
