/** Pseudo-terminals: the one owner of node-pty. Bytes in, bytes out, and nothing of the tail is lost. */
import { readSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import type { ReadStream } from 'node:tty';
import { spawn, type IPty } from 'node-pty';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';

export interface PtyOptions {
  /** `argv[0]` is the absolute path that `resolveCommand` found. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cols: number;
  readonly rows: number;
}

/** A signalled process has no exit code; `signal` is its name (`SIGKILL`), or its number where it has none. */
export interface PtyEnd {
  readonly exitCode: number | null;
  readonly signal: number | string | null;
}

export interface PtyProcess {
  readonly pid: number;
  /** Path of its terminal, as `/dev/pts/4`; null on Windows. */
  readonly path: string | null;
  /** Calls the listener for all output from now on; the array is the listener's to keep. */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Resolves once, after the last byte was handed to the listeners. */
  readonly ended: Promise<PtyEnd>;
  /** Types into the terminal; does nothing after the end. */
  write(data: string): void;
  resize(cols: number, rows: number): void;
  /** Stops reading, so that the process waits as for a slow terminal. Nothing is lost when it ends meanwhile. */
  pause(): void;
  resume(): void;
}

/** What node-pty 1.1 has on Unix beyond its published types (unixTerminal.js). */
interface UnixParts {
  readonly fd: number;
  readonly _socket: ReadStream;
  readonly ptsName: string;
}

/** Most bytes read synchronously at the end: a grandchild that still writes must not keep us there. */
const drainLimit = 8 * 1024 * 1024;

/** Describe the terminal around us and not the new one; node-pty sets its own size and PWD. */
const foreign = new Set(['TMUX', 'TMUX_PANE', 'STY', 'WINDOW', 'WINDOWID', 'TERMCAP', 'COLUMNS', 'LINES']);

const signalName = (number: number): number | string =>
  Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? number;

/** node-pty reports a signalled child as `{ exitCode: 0, signal: N }`, so the signal is looked at first. */
const toEnd = (exitCode: number, signal: number | undefined): PtyEnd =>
  signal ? { exitCode: null, signal: signalName(signal) } : { exitCode, signal: null };

function readRest(fd: number, deliver: (bytes: Uint8Array) => void): void {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  for (let total = 0; total < drainLimit;) {
    let count: number;
    try {
      count = readSync(fd, buffer);
    } catch {
      // EAGAIN: read everything and somebody still holds the terminal open. EIO: read everything and nobody does.
      return;
    }
    if (count === 0) return;
    total += count;
    deliver(new Uint8Array(buffer.subarray(0, count)));
  }
}

/**
 * node-pty destroys its stream 200 ms after the child's exit even if the event loop was too busy, or the stream paused, to
 * read what the child wrote last. So what is left is read at that moment, before the descriptor is closed.
 */
function keepTail(terminal: IPty, deliver: (bytes: Uint8Array) => void): void {
  // The published types leave these out; all exist on every Unix version of node-pty 1.x.
  const { fd, _socket: socket } = terminal as unknown as UnixParts;
  const destroy = socket.destroy.bind(socket);
  // node-pty ends the terminal on any error of the stream, and throws the rare ones unless somebody else listens.
  socket.on('error', () => socket.destroy());
  let destroyed = false;
  socket.destroy = (cause?: Error) => {
    if (!destroyed) {
      destroyed = true;
      // A paused stream may hold bytes of its own; read() hands them to the ordinary listener.
      while (socket.read() !== null);
      readRest(fd, deliver);
    }
    return destroy(cause);
  };
}

function wrap(terminal: IPty): PtyProcess {
  const listeners: ((bytes: Uint8Array) => void)[] = [];
  const deliver = (bytes: Uint8Array): void => listeners.forEach((listener) => listener(bytes));
  let open = true;
  // With `encoding: null` node-pty hands over buffers, although its types always say string.
  terminal.onData((data) => deliver(data as unknown as Uint8Array));
  if (process.platform !== 'win32') keepTail(terminal, deliver);
  const ended = new Promise<PtyEnd>((resolve) => {
    terminal.onExit(({ exitCode, signal }) => {
      open = false;
      resolve(toEnd(exitCode, signal));
    });
  });
  const whileOpen = (act: () => void): void => {
    if (open) act();
  };
  return {
    pid: terminal.pid,
    // As above.
    path: process.platform === 'win32' ? null : (terminal as unknown as UnixParts).ptsName,
    ended,
    onData: (listener) => void listeners.push(listener),
    write: (data) => whileOpen(() => terminal.write(data)),
    resize: (cols, rows) => whileOpen(() => resizeQuietly(terminal, cols, rows)),
    pause: () => whileOpen(() => terminal.pause()),
    resume: () => whileOpen(() => terminal.resume()),
  };
}

function resizeQuietly(terminal: IPty, cols: number, rows: number): void {
  try {
    terminal.resize(cols, rows);
  } catch (cause) {
    // The descriptor may close between the child's end and the event that tells of it: nothing left to resize.
    if (!(cause instanceof Error && /EBADF|ENOTTY/.test(cause.message))) throw cause;
  }
}

/** Starts a process in a new pseudo-terminal. Errors: `agent/start`. */
export function startPty(options: PtyOptions): Result<PtyProcess, AppError> {
  const [file, ...args] = options.argv;
  const fail = (detail: string): Result<never, AppError> => err({ kind: 'agent/start', command: options.argv.join(' ').slice(0, 500), detail });
  if (file === undefined) return fail('The command is empty.');
  // node-pty tells of a missing folder only by an exit code of 1.
  if (!statSync(options.cwd, { throwIfNoEntry: false })?.isDirectory()) return fail(`The folder ${options.cwd} does not exist.`);
  if ([...options.argv, ...Object.values(options.env)].some((text) => text.includes('\0'))) return fail('An argument contains a zero byte.');
  const env = Object.fromEntries(Object.entries(options.env).filter(([name]) => !foreign.has(name)));
  try {
    return ok(wrap(spawn(file, args, {
      name: 'xterm-256color', cols: options.cols, rows: options.rows, cwd: options.cwd, env: { COLORTERM: 'truecolor', ...env }, encoding: null,
    })));
  } catch (cause) {
    return fail(cause instanceof Error ? cause.message : String(cause));
  }
}
