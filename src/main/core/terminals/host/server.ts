/** The host's side of the socket: one owner at a time, known by the token, is answered and told what happens in the terminals. */
import { timingSafeEqual } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { startOf } from '../process-table';
import type { TerminalEvent, TerminalStore } from '../store';
import { encodeFrame, frameLimit, FrameReader, type Frame } from './frames';
import type { Hosted, HostedProcesses } from './hosted';
import { helloSchema, protocolVersion, requestSchema, type Greeting, type Report, type Request } from './messages';
import { perform, type Answer } from './requests';

export interface HostServerOptions {
  readonly store: TerminalStore;
  readonly processes: HostedProcesses;
  readonly token: string;
  /** An owner came or went. */
  readonly changed: () => void;
  /** The owner asked for the end; called after all processes were ended and the answer has been sent. */
  readonly over: () => void;
}

interface Owner {
  readonly socket: Socket;
  readonly pid: number;
  readonly started: string;
}

/** Most bytes of a first message, and milliseconds for it: whoever does not know the token gets no memory and no time. */
const helloLimit = 4096;
const helloTime = 5000;

function sameToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export class HostServer {
  readonly #options: HostServerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #owner: Owner | null = null;
  #ending = false;

  constructor(options: HostServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#onConnection(socket));
    options.store.subscribe((event) => this.#onTerminal(event));
  }

  get owned(): boolean {
    return this.#owner !== null;
  }

  /** Listens on a socket that only this user can open; rejects when the system refuses. */
  async listen(path: string): Promise<void> {
    await new Promise<void>((done, fail) => {
      this.#server.once('error', fail);
      this.#server.listen(path, () => done());
    });
    if (process.platform !== 'win32') await chmod(path, 0o600);
  }

  /** Takes no owner any more: the host is about to be gone. */
  refuseAll(): void {
    this.#ending = true;
  }

  /** Ends all connections; resolves when the socket is gone. */
  async close(): Promise<void> {
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #onConnection(socket: Socket): void {
    const reader = new FrameReader(helloLimit);
    let state: 'strange' | 'greeting' | 'owner' = 'strange';
    const late = setTimeout(() => socket.destroy(), helloTime);
    this.#sockets.add(socket);
    // A broken connection shows as its close.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(late);
      this.#sockets.delete(socket);
      this.#onClosed(socket);
    });
    socket.on('data', (bytes: Buffer) => {
      const frames = reader.push(bytes);
      if (frames === null || (state === 'greeting' && frames.length > 0)) return void socket.destroy();
      for (const frame of frames) {
        if (state === 'owner') this.#onRequest(socket, frame);
        else if (state === 'greeting') return void socket.destroy();
        else {
          state = 'greeting';
          void this.#greet(socket, frame).then((taken) => {
            clearTimeout(late);
            if (taken) {
              state = 'owner';
              reader.limit = frameLimit;
            } else socket.end();
          });
        }
      }
    });
  }

  /** Resolves with whether the stranger became the owner; says so to it. */
  async #greet(socket: Socket, { header }: Frame): Promise<boolean> {
    const hello = helloSchema.safeParse(header);
    const refuse = (reason: Extract<Greeting, { type: 'refused' }>['reason']): false => {
      this.#send(socket, { type: 'refused', reason, owner: reason === 'busy' ? this.#owner?.pid ?? null : null });
      return false;
    };
    if (!hello.success || !sameToken(hello.data.token, this.#options.token)) return refuse('token');
    if (hello.data.version !== protocolVersion) return refuse('version');
    const owner = this.#owner;
    // The socket of a process that was killed may take a moment to close.
    if (owner && await startOf(owner.pid) === owner.started) return refuse('busy');
    if (this.#ending) return refuse('ending');
    if (this.#owner !== owner || socket.destroyed) return refuse('busy');
    owner?.socket.destroy();
    this.#owner = { socket, pid: hello.data.pid, started: hello.data.started };
    this.#send(socket, { type: 'welcome', version: protocolVersion });
    this.#options.changed();
    return true;
  }

  #onClosed(socket: Socket): void {
    if (this.#owner?.socket !== socket) return;
    this.#owner = null;
    for (const name of this.#options.store.names()) this.#options.store.detach(name);
    this.#options.changed();
  }

  #onRequest(socket: Socket, frame: Frame): void {
    if (this.#owner?.socket !== socket) return;
    const request = requestSchema.safeParse(frame.header);
    if (!request.success) return void socket.destroy();
    void this.#answer(socket, request.data, frame.payload);
  }

  async #answer(socket: Socket, request: Request, payload: Uint8Array): Promise<void> {
    const { store, processes } = this.#options;
    let answer: Answer;
    try {
      answer = await perform({ store, processes }, request, payload);
    } catch (cause) {
      answer = { ok: false, error: { kind: 'internal', detail: cause instanceof Error ? cause.message : String(cause) } };
    }
    if (!('id' in request)) return;
    if (answer.ok) this.#send(socket, { type: 'answer', id: request.id, value: answer.value }, answer.payload);
    else this.#send(socket, { type: 'error', id: request.id, error: answer.error });
    // Only now, so that the owner knows of a process before it hears of its end.
    if (answer.ok && answer.hosted) this.#announce(answer.hosted);
    if (request.type === 'shutdown') this.#options.over();
  }

  #onTerminal(event: TerminalEvent): void {
    const socket = this.#owner?.socket;
    if (!socket) return;
    if (event.type === 'terminal.exit') return this.#send(socket, { type: 'exit', terminal: event.terminal });
    socket.cork();
    for (const { terminal, seq, data } of event.chunks) this.#send(socket, { type: 'data', terminal, seq }, data);
    socket.uncork();
  }

  #announce({ id, ended }: Hosted): void {
    void ended.then((end) => this.#tell({ type: 'ended', process: id, end }));
  }

  #tell(report: Report): void {
    if (this.#owner) this.#send(this.#owner.socket, report);
  }

  #send(socket: Socket, message: Report | Greeting, payload?: Uint8Array): void {
    if (!socket.destroyed) socket.write(encodeFrame(message, payload));
  }
}
