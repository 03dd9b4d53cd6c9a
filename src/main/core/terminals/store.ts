/** The terminals of one process by name: processes write into them, one viewer watches them, and what it is sent leaves in batches. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { AppError } from '../../../shared/errors';
import type { AppEvent, TerminalAttachment, TerminalChunk } from '../../../shared/ipc';
import { err, ok, type Result } from '../../../shared/result';
import { openPlain, readPlain } from '../plain-file';
import { Families } from './families';
import { runInSession, type CommandInTerminal, type Graces, type ProcessInTerminal, type ReaderOf } from './lane-process';
import { startPty } from './pty';
import { resolveCommand } from './resolve-command';
import { Session, type Past } from './session';

/** The part of the app's events that terminals send. */
export type TerminalEvent = Extract<AppEvent, { type: 'terminal.data' | 'terminal.exit' }>;

export interface TerminalStoreOptions {
  /** Bytes of each terminal's stream kept in memory. */
  readonly ringBytes?: number;
  /** How long INT and TERM are waited for (ms) before the next step. */
  readonly graces?: Graces;
  /** Readers of output, by the names that commands use. */
  readonly reader?: ReaderOf;
  /** Trouble with a terminal that is no error of its process, such as a log that cannot be written. */
  readonly notice?: (terminal: string, text: string) => void;
}

/** One frame of a screen, and the size from which a batch does not wait for it. */
const batchMilliseconds = 16;
const batchBytes = 64 * 1024;

/** Ended terminals beyond this number are dropped from memory, oldest first; their logs bring them back. */
const keptSessions = 48;

/** The terminals of one process: of a host, or of Braid itself where there is none. */
export class TerminalStore {
  readonly #options: TerminalStoreOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #running = new Map<string, ProcessInTerminal>();
  readonly #listeners = new Set<(event: TerminalEvent) => void>();
  readonly #dirty = new Set<Session>();
  readonly #families = new Families();
  #timer: NodeJS.Timeout | null = null;
  #disposed = false;

  constructor(options: TerminalStoreOptions = {}) {
    this.#options = options;
  }

  /** Calls the listener with batches and ends of all attached terminals. Returns the function that ends it. */
  subscribe(listener: (event: TerminalEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Names of all terminals in memory. */
  names(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  /** Starts watching: the newest part of the stream, then chunks from there on. Null: no such terminal in memory. */
  attach(name: string): TerminalAttachment | null {
    return this.#sessions.get(name)?.attach() ?? null;
  }

  detach(name: string): void {
    this.#sessions.get(name)?.detach();
  }

  /** The viewer has shown everything up to the stream offset `seq`. */
  ack(name: string, seq: number): void {
    this.#sessions.get(name)?.ack(seq);
  }

  /** Types into the terminal's process; nothing happens when none runs. */
  write(name: string, data: string): void {
    this.#sessions.get(name)?.process?.write(data);
  }

  /** Sets the size for the process that runs and those that follow. */
  resize(name: string, cols: number, rows: number): void {
    const session = this.#sessions.get(name);
    if (!session) return;
    session.cols = cols;
    session.rows = rows;
    session.process?.resize(cols, rows);
  }

  /** Starts a process in a terminal, which is made when there is none of that name. Errors: `agent/start`. */
  async startProcess(command: CommandInTerminal): Promise<Result<ProcessInTerminal, AppError>> {
    const session = this.#open(command.terminal, command.logFile);
    const [name, ...args] = command.argv;
    const path = await resolveCommand(name ?? '', command.cwd, command.env);
    if (!path.ok) return path;
    if (this.#disposed) return err({ kind: 'agent/start', command: command.argv.join(' '), detail: 'Braid is closing.' });
    if (session.process) throw new Error(`Internal error: two processes at once in terminal ${command.terminal}`);
    const pty = startPty({ argv: [path.value, ...args], cwd: command.cwd, env: command.env, cols: session.cols, rows: session.rows });
    if (!pty.ok) return pty;
    const process = runInSession(session, pty.value, command, { graces: this.#options.graces ?? {}, reader: this.#reader(command.reader), families: this.#families });
    this.#running.set(session.name, process);
    void process.ended.then(() => this.#onEnded(session));
    return ok(process);
  }

  /** Writes a line of the app's own into a terminal and its log. */
  async say(line: { readonly terminal: string; readonly logFile: string; readonly text: string }): Promise<void> {
    const session = this.#open(line.terminal, line.logFile);
    session.say(line.text);
    if (!session.process) await session.settle();
  }

  /** Brings back a terminal of a past run from its log, to look at. One that is in memory stays as it is. Errors: `io/failed`. */
  async openLog(name: string, file: string, readerName: string | null): Promise<Result<null, AppError>> {
    if (this.#sessions.has(name)) return ok(null);
    const bytes = await readEnd(file, this.#ringBytes);
    if (!bytes.ok) return bytes;
    const session = this.#create(name);
    const reader = this.#reader(readerName);
    session.show(reader ? Buffer.concat([reader.render(bytes.value), reader.render(new Uint8Array())]) : bytes.value);
    return ok(null);
  }

  /** The newest part of a terminal's stream, to go on elsewhere; null without such a terminal. */
  past(name: string): Past | null {
    return this.#sessions.get(name)?.past() ?? null;
  }

  /** Makes a terminal whose stream began elsewhere; one that is here already is replaced, unless a process runs in it. */
  adopt(name: string, past: Past): void {
    if (this.#sessions.get(name)?.process) return;
    this.#create(name, past);
  }

  isWatched(name: string): boolean {
    return this.#sessions.get(name)?.watched ?? false;
  }

  /** Drops a terminal that goes on elsewhere. */
  forget(name: string): void {
    this.#sessions.delete(name);
  }

  /** Ends every process with its tree, and all sending. Resolves when all is gone and every log is complete. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await Promise.all([...this.#running.values()].map((process) => process.stop()));
    this.#families.close();
    await Promise.all([...this.#sessions.values()].map((session) => session.settle()));
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#listeners.clear();
  }

  get #ringBytes(): number {
    return this.#options.ringBytes ?? 2 * 1024 * 1024;
  }

  #open(name: string, logFile: string): Session {
    const session = this.#sessions.get(name) ?? this.#create(name);
    session.logTo(logFile);
    return session;
  }

  #reader(name: string | null): ReturnType<ReaderOf> {
    return name === null ? null : this.#options.reader?.(name) ?? null;
  }

  #create(name: string, past: Past | null = null): Session {
    const session = new Session(name, this.#ringBytes, {
      onShown: (shown) => this.#onShown(shown),
      onNotice: (troubled, text) => {
        troubled.say(text);
        this.#options.notice?.(name, text);
      },
    }, past);
    this.#sessions.set(name, session);
    for (const [old, { process, watched }] of this.#sessions) {
      if (this.#sessions.size <= keptSessions) break;
      if (process === null && !watched && old !== name) this.#sessions.delete(old);
    }
    return session;
  }

  #onEnded(session: Session): void {
    this.#running.delete(session.name);
    this.#flush();
    if (session.watched) this.#publish({ type: 'terminal.exit', terminal: session.name });
  }

  #onShown(session: Session): void {
    this.#dirty.add(session);
    if (session.backlog >= batchBytes) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), batchMilliseconds);
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const sessions = [...this.#dirty];
    this.#dirty.clear();
    const chunks: TerminalChunk[] = [];
    for (const session of sessions) {
      for (let chunk = session.take(); chunk !== null; chunk = session.take()) chunks.push(chunk);
    }
    if (chunks.length > 0) this.#publish({ type: 'terminal.data', chunks });
  }

  #publish(event: TerminalEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** The newest bytes of a file, from the start of a line where it was cut. */
async function readEnd(path: string, limit: number): Promise<Result<Uint8Array, AppError>> {
  // Old logs are compressed; whole, as gzip cannot be read from its end.
  const packed = await readPlain(`${path}.gz`).catch(() => null);
  if (packed !== null) return ok((await promisify(gunzip)(packed)).subarray(-limit));
  try {
    const handle = await openPlain(path);
    try {
      const { size } = await handle.stat();
      const from = Math.max(0, size - limit);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
      const bytes = buffer.subarray(0, bytesRead);
      return ok(from === 0 ? bytes : bytes.subarray(bytes.indexOf(0x0a) + 1));
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    return err({ kind: 'io/failed', path, code, detail: cause instanceof Error ? cause.message : String(cause) });
  }
}
