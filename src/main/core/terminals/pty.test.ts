import { describe, expect, test } from 'vitest';
import { startPty, type PtyEnd, type PtyProcess } from './pty';

const env = { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' };

function start(argv: readonly string[], size = { cols: 80, rows: 24 }): PtyProcess {
  const started = startPty({ argv, cwd: '/tmp', env, ...size });
  if (!started.ok) throw new Error(JSON.stringify(started.error));
  return started.value;
}

const node = (script: string): readonly string[] => [process.execPath, '-e', script];

async function collect(pty: PtyProcess): Promise<{ end: PtyEnd; output: Buffer }> {
  const parts: Uint8Array[] = [];
  pty.onData((bytes) => parts.push(bytes));
  const end = await pty.ended;
  return { end, output: Buffer.concat(parts) };
}

/** Resolves when the output so far contains a text. */
function seen(pty: PtyProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    let all = '';
    pty.onData((bytes) => {
      all += Buffer.from(bytes).toString();
      if (all.includes(text)) resolve();
    });
  });
}

describe('how a process ended', () => {
  test.each<{ name: string; argv: readonly string[]; end: PtyEnd }>([
    { name: 'well', argv: ['/bin/sh', '-c', 'exit 0'], end: { exitCode: 0, signal: null } },
    { name: 'with a code', argv: ['/bin/sh', '-c', 'exit 3'], end: { exitCode: 3, signal: null } },
    { name: 'killed', argv: ['/bin/sh', '-c', 'kill -KILL $$'], end: { exitCode: null, signal: 'SIGKILL' } },
    { name: 'terminated', argv: ['/bin/sh', '-c', 'kill -TERM $$'], end: { exitCode: null, signal: 'SIGTERM' } },
    { name: 'at once', argv: ['/bin/true'], end: { exitCode: 0, signal: null } },
  ])('$name', async ({ argv, end }) => {
    expect(await start(argv).ended).toEqual(end);
  });

  test('is seen while a grandchild still holds the terminal open', async () => {
    const { end, output } = await collect(start(['/bin/sh', '-c', 'trap "" HUP; sleep 300 & echo $!; exit 4']));
    expect(end).toEqual({ exitCode: 4, signal: null });
    process.kill(Number(output.toString()), 'SIGKILL');
  });
});

describe('output', () => {
  test.each(Array.from({ length: 20 }, (_, round) => ({ round })))('is complete at exit, round $round', async ({ round }) => {
    const size = 50_000 + round * 7919;
    const { output } = await collect(start(node(`process.stdout.write('x'.repeat(${size}) + 'END')`)));
    expect(output.length).toBe(size + 3);
    expect(output.subarray(-3).toString()).toBe('END');
  });

  test('is complete when our event loop was busy for longer than node-pty waits', async () => {
    const pty = start(node(`process.stdout.write('x'.repeat(300000) + 'END')`));
    let busy = false;
    pty.onData((bytes) => {
      if (busy || !bytes.length) return;
      busy = true;
      for (const until = performance.now() + 500; performance.now() < until;);
    });
    const { output } = await collect(pty);
    expect(output.length).toBe(300_003);
  });

  test('is complete when the process ends while paused', async () => {
    const pty = start(node(`process.stdout.write('y'.repeat(2000) + 'END')`));
    pty.pause();
    const { output } = await collect(pty);
    expect(output.toString()).toBe(`${'y'.repeat(2000)}END`);
  });

  test('is bytes, not text', async () => {
    const { output } = await collect(start(['/usr/bin/printf', '\\303\\050\\377']));
    expect([...output]).toEqual([0xc3, 0x28, 0xff]);
  });
});

test('what is typed reaches the process', async () => {
  const pty = start(['/bin/sh', '-c', 'read line; echo "got <$line>"']);
  const { output } = await (pty.write('hello\r'), collect(pty));
  expect(output.toString()).toContain('got <hello>');
});

test('the size is set at the start and can be changed', async () => {
  const pty = start(node('const say = () => console.log(process.stdout.columns + " " + process.stdout.rows); process.stdout.on("resize", () => { say(); process.exit(); }); say(); setInterval(() => {}, 1e6)'), { cols: 91, rows: 17 });
  const all = collect(pty);
  await seen(pty, '91 17');
  pty.resize(120, 40);
  expect((await all).output.toString()).toBe('91 17\r\n120 40\r\n');
  pty.resize(10, 10);
  pty.write('nobody reads this');
});

test('variables of the terminal around us do not reach the process', async () => {
  const started = startPty({ argv: ['/usr/bin/env'], cwd: '/tmp', env: { ...env, COLUMNS: '5', TMUX: 'x', KEPT: 'yes' }, cols: 80, rows: 24 });
  if (!started.ok) throw new Error('not started');
  const { output } = await collect(started.value);
  expect(output.toString()).toContain('KEPT=yes');
  expect(output.toString()).toContain('TERM=xterm-256color');
  expect(output.toString()).not.toMatch(/COLUMNS|TMUX/);
});

test.each([
  { name: 'a missing folder', options: { argv: ['/bin/true'], cwd: '/nowhere/at/all' }, detail: /does not exist/ },
  { name: 'an empty command', options: { argv: [], cwd: '/tmp' }, detail: /empty/ },
  { name: 'a zero byte', options: { argv: ['/bin/echo', 'a\0b'], cwd: '/tmp' }, detail: /zero byte/ },
])('$name is an error', ({ options, detail }) => {
  const started = startPty({ ...options, env, cols: 80, rows: 24 });
  expect(started).toMatchObject({ ok: false, error: { kind: 'agent/start', detail: expect.stringMatching(detail) } });
});

