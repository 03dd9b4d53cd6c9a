/** Braid's side of the socket to one host. */
import { connect, type Socket } from 'node:net';
import type { AppError } from '../../../../shared/errors';
import type { TerminalAttachment, TerminalChunk } from '../../../../shared/ipc';
import { err, ok, type Result } from '../../../../shared/result';
import { stopTree } from '../kill';
import { markerOf, type CommandInTerminal, type Look, type ProcessInTerminal, type TerminalEnd } from '../lane-process';
import { startOf } from '../process-table';
import type { Past } from '../session';
import type { TerminalEvent } from '../store';
import { awaitEnd } from './await-end';
import type { HostAddress } from './address';
import { encodeFrame, FrameReader, type Frame } from './frames';
import { answers, greetingSchema, protocolVersion, reportSchema, type AnswerTo, type HostedEntry, type Report, type Request } from './messages';

/** Why there is no connection: `gone`, nobody listens there; `busy`, a living Braid (`owner`) has the host; `ending`, it ends by itself. */
export type NoHost = { readonly reason: 'gone' | 'busy' | 'ending' | 'stranger'; readonly owner: number | null };

/** Milliseconds for a greeting: a host that is alive answers at once. */
const greetingTime = 10_000;

/** Milliseconds for the end of all processes: each of the three steps of a stop is bounded (kill.ts). */
const shutdownTime = 30_000;

type Question = keyof typeof answers;
type Answer = Result<{ readonly value: unknown; readonly payload: Uint8Array }, AppError>;
type Draft<K extends Request['type']> = Omit<Extract<Request, { type: K }>, 'id' | 'type'>;

interface Followed {
  readonly pid: number;
  readonly started: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly settle: (end: TerminalEnd) => void;
}

const lostError: AppError = { kind: 'host/failed', detail: 'The process that holds the terminals of this run has ended.' };
const lostEnd: TerminalEnd = { exitCode: null, signal: null, tail: '', conclusion: null, lost: true };

export class HostClient {
  readonly address: HostAddress;
  readonly #socket: Socket;
  readonly #publish: (event: TerminalEvent) => void;
  readonly #asked = new Map<number, (answer: Answer) => void>();
  readonly #followed = new Map<number, Followed>();
  /** Ends that arrived together with the answer that tells of their process. */
  readonly #early = new Map<number, TerminalEnd>();
  #next = 1;
  #left = false;
  /** Resolves when the connection is over. */
  readonly closed: Promise<void>;

  private constructor(address: HostAddress, socket: Socket, context: { publish: (event: TerminalEvent) => void; reader: FrameReader }) {
    this.address = address;
    this.#socket = socket;
    this.#publish = context.publish;
    socket.removeAllListeners('data');
    socket.on('data', (bytes: Buffer) => {
      const frames = context.reader.push(bytes);
      if (frames === null) socket.destroy();
      else this.#onFrames(frames);
    });
    this.closed = new Promise((done) => socket.once('close', () => done()));
    void this.closed.then(() => this.#onLost());
  }

  /** Becomes the owner of a host. `publish` is called with what happens in the attached terminals. */
  static connect(address: HostAddress, self: { readonly started: string }, publish: (event: TerminalEvent) => void): Promise<Result<HostClient, NoHost>> {
    return new Promise((done) => {
      const socket = connect(address.socket);
      const reader = new FrameReader();
      const give = (reason: NoHost['reason'], owner: number | null = null): void => {
        clearTimeout(late);
        socket.destroy();
        done(err({ reason, owner }));
      };
      const late = setTimeout(() => give('stranger'), greetingTime);
      socket.on('error', () => give('gone'));
      socket.on('close', () => give('gone'));
      socket.once('connect', () => socket.write(encodeFrame({ type: 'hello', version: protocolVersion, token: address.token, pid: process.pid, started: self.started })));
      socket.on('data', (bytes: Buffer) => {
        const frames = reader.push(bytes);
        const [first] = frames ?? [];
        // A host says nothing more before it is asked.
        if (frames !== null && first === undefined) return;
        const greeting = greetingSchema.safeParse(first?.header);
        if (!greeting.success) return give('stranger');
        if (greeting.data.type === 'refused') return give(greeting.data.reason === 'busy' || greeting.data.reason === 'ending' ? greeting.data.reason : 'stranger', greeting.data.owner);
        clearTimeout(late);
        done(ok(new HostClient(address, socket, { publish, reader })));
      });
    });
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** Processes that run, and the last one of each terminal that had a memo, with its end. */
  async list(): Promise<Result<AnswerTo<'list'>, AppError>> {
    const answer = await this.#ask('list', {});
    return answer.ok ? ok(answer.value.value) : answer;
  }

  /** Starts a process in a terminal of the host. Errors: agent/start, host/failed. */
  async startProcess(command: CommandInTerminal): Promise<Result<ProcessInTerminal, AppError>> {
    const { terminal, argv, cwd, env, logFile, reader, memo } = command;
    const answer = await this.#ask('start', { command: { terminal, argv: [...argv], cwd, env, logFile, reader, memo } });
    if (!answer.ok) return answer;
    const { process, pid, started } = answer.value.value;
    return ok(this.#follow({ id: process, pid, started, env, end: null }));
  }

  /** Takes up a process that the host listed. */
  take({ process, pid, started, end }: HostedEntry, env: Readonly<Record<string, string>>): ProcessInTerminal {
    return this.#follow({ id: process, pid, started, env, end });
  }

  /** Writes a line of the app's own. */
  async say(line: { readonly terminal: string; readonly logFile: string; readonly text: string }): Promise<void> {
    await this.#ask('say', line);
  }

  /** Starts watching a terminal; null without one of that name. */
  async attach(terminal: string): Promise<TerminalAttachment | null> {
    const answer = await this.#ask('attach', { terminal });
    return answer.ok && answer.value.value ? { terminal, ...answer.value.value, data: answer.value.payload } : null;
  }

  /** A terminal goes on in the host that began elsewhere. */
  async adopt(terminal: string, past: Past): Promise<void> {
    await this.#ask('adopt', { terminal, seq: past.seq }, past.data);
  }

  detach(terminal: string): void {
    this.#send({ type: 'detach', terminal });
  }

  ack(terminal: string, seq: number): void {
    this.#send({ type: 'ack', terminal, seq });
  }

  write(terminal: string, data: string): void {
    this.#send({ type: 'write', terminal, data });
  }

  resize(terminal: string, cols: number, rows: number): void {
    this.#send({ type: 'resize', terminal, cols, rows });
  }

  /** Ends every process of the host and the host itself; resolves when it is verified gone. One that hangs is ended with its tree. */
  async shutdown(): Promise<void> {
    const late = setTimeout(() => this.#socket.destroy(), shutdownTime);
    await this.#ask('shutdown', {});
    await this.closed;
    clearTimeout(late);
    await awaitEnd(this.address);
  }

  /** Lets go of the host: its processes run on. */
  leave(): void {
    this.#left = true;
    this.#followed.clear();
    this.#socket.destroy();
  }

  #follow(of: { readonly id: number; readonly pid: number; readonly started: string | null; readonly env: Readonly<Record<string, string>>; readonly end: TerminalEnd | null }): ProcessInTerminal {
    const end = of.end ?? this.#early.get(of.id);
    this.#early.delete(of.id);
    const ended = new Promise<TerminalEnd>((settle) => {
      if (end) settle(end);
      else if (this.isOpen) this.#followed.set(of.id, { pid: of.pid, started: of.started, env: of.env, settle });
      else settle(lostEnd);
    });
    const stop = async (): Promise<void> => {
      const stopped = await this.#ask('stop', { process: of.id });
      if (!stopped.ok && !this.#left) await endOrphans(of);
    };
    const look = async (): Promise<Look> => {
      const answer = await this.#ask('look', { process: of.id });
      return answer.ok ? answer.value.value : { tail: '', silence: 0 };
    };
    return { pid: of.pid, ended, stop, look };
  }

  async #ask<K extends Question>(type: K, draft: Draft<K>, payload?: Uint8Array): Promise<Result<{ readonly value: AnswerTo<K>; readonly payload: Uint8Array }, AppError>> {
    if (!this.isOpen) return err(lostError);
    const id = this.#next;
    this.#next += 1;
    const answer = await new Promise<Answer>((done) => {
      this.#asked.set(id, done);
      this.#socket.write(encodeFrame({ ...draft, type, id }, payload));
    });
    if (!answer.ok) return answer;
    const value = answers[type].safeParse(answer.value.value);
    if (!value.success) return err({ kind: 'host/failed', detail: `Its answer to "${type}" is not understood.` });
    // The schema of this very question has just accepted it; the compiler cannot follow that through the table.
    return ok({ value: value.data as AnswerTo<K>, payload: answer.value.payload });
  }

  #send(message: Request): void {
    if (this.isOpen) this.#socket.write(encodeFrame(message));
  }

  /** Chunks that arrived together leave together, in their order with everything else. */
  #onFrames(frames: readonly Frame[]): void {
    let chunks: TerminalChunk[] = [];
    const flush = (): void => {
      if (chunks.length > 0) this.#publish({ type: 'terminal.data', chunks });
      chunks = [];
    };
    for (const { header, payload } of frames) {
      const report = reportSchema.safeParse(header);
      if (!report.success) return void this.#socket.destroy();
      if (report.data.type === 'data') chunks.push({ terminal: report.data.terminal, seq: report.data.seq, data: payload });
      else {
        flush();
        this.#onReport(report.data, payload);
      }
    }
    flush();
  }

  #onReport(report: Exclude<Report, { type: 'data' }>, payload: Uint8Array): void {
    if (report.type === 'exit') return this.#publish({ type: 'terminal.exit', terminal: report.terminal });
    if (report.type === 'ended') {
      const followed = this.#followed.get(report.process);
      this.#followed.delete(report.process);
      if (followed) followed.settle(report.end);
      else this.#early.set(report.process, report.end);
      return;
    }
    const asked = this.#asked.get(report.id);
    this.#asked.delete(report.id);
    asked?.(report.type === 'answer' ? ok({ value: report.value, payload }) : err(report.error));
  }

  /** The host died: what it held lost its terminals, and is ended where it did not end by itself. */
  async #onLost(): Promise<void> {
    for (const done of this.#asked.values()) done(err(lostError));
    this.#asked.clear();
    const orphans = [...this.#followed.values()];
    this.#followed.clear();
    await Promise.all(orphans.map(async (orphan) => {
      await endOrphans(orphan);
      orphan.settle(lostEnd);
    }));
  }
}

/** Without its host a process is ended from here: it can be seen no more. */
async function endOrphans({ pid, started, env }: { readonly pid: number; readonly started: string | null; readonly env: Readonly<Record<string, string>> }): Promise<void> {
  const marker = markerOf(env);
  await stopTree(pid, { start: started, interruptGrace: 0, ...(marker ? { marker } : {}) });
}

/** This process's own start time, for the hello. */
export const ownStart = async (): Promise<string> => await startOf(process.pid) ?? '';
