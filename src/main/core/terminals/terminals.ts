/**
 * The terminals of one Braid, wherever they live: those of a live run in its host, all others (past runs, checks of a landing) here. A
 * terminal that moves keeps its stream, so a viewer sees neither gap nor repeat.
 */
import type { AppError } from '../../../shared/errors';
import type { TerminalAttachment } from '../../../shared/ipc';
import { err, ok, type Result } from '../../../shared/result';
import { HostClient, ownStart } from './host/client';
import { findHost } from './host/find';
import { launchHost, type HostLaunch } from './host/launch';
import type { CommandInTerminal, ProcessInTerminal, ReaderOf, TerminalEnd } from './lane-process';
import { TerminalStore, type TerminalEvent } from './store';

export interface TerminalsOptions {
  readonly reader: ReaderOf;
  /** How hosts are started. */
  readonly host: () => HostLaunch;
}

/** A viewer has been given the stream up to the offset `sent`; `on`: it still watches. */
interface Viewer {
  sent: number;
  on: boolean;
}

/** A live run and where its terminals are; `client` is null where no host could be started: they are in this process then. */
interface Hosting {
  readonly run: string;
  readonly folder: string;
  client: Promise<HostClient | null>;
  /** The client once it is there, for what cannot wait. */
  now: HostClient | null;
  /** Terminals that are in the host. */
  readonly moved: Map<string, Promise<void>>;
  /** Terminals that a viewer has attached to. */
  readonly viewers: Map<string, Viewer>;
}

/** A process that a dead Braid started. */
export interface AdoptedProcess {
  readonly memo: unknown;
  /** Null: it runs. */
  readonly end: TerminalEnd | null;
  readonly process: ProcessInTerminal;
}

const runOf = (terminal: string): string => terminal.slice(0, Math.max(0, terminal.indexOf('/')));

/** Marks of a lane's processes, as core/run gives them to each. */
const lane = (run: string, terminal: string): Readonly<Record<string, string>> => ({ BRAID_RUN: run, BRAID_LANE: terminal.slice(terminal.indexOf('/') + 1) });

export class Terminals {
  readonly #options: TerminalsOptions;
  readonly #local: TerminalStore;
  readonly #runs = new Map<string, Hosting>();
  readonly #listeners = new Set<(event: TerminalEvent) => void>();

  constructor(options: TerminalsOptions) {
    this.#options = options;
    this.#local = new TerminalStore({ reader: options.reader });
    this.#local.subscribe((event) => this.#publish(event));
  }

  /** Calls the listener with batches and ends of all attached terminals. Returns the function that ends it. */
  subscribe(listener: (event: TerminalEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Starts the host of a run. Resolves with what is wrong where none can be started: its terminals are in this process then, and end with it. */
  async open(run: string, folder: string): Promise<AppError | null> {
    let trouble: AppError | null = null;
    const hosting = this.#host(run, folder, this.#launch(run, folder).then((client) => {
      if (!client.ok) trouble = client.error;
      return client.ok ? client.value : null;
    }));
    await hosting.client;
    return trouble;
  }

  /**
   * Takes over the host that a dead Braid left. Resolves with its processes: those that run, and the last one of each terminal that had a
   * memo; null without a host. Errors: run/busy (a living Braid has it), host/failed.
   */
  async adopt(run: string, folder: string): Promise<Result<readonly AdoptedProcess[] | null, AppError>> {
    const found = await findHost(folder, (event) => this.#fromHost(run, event));
    if (found.kind === 'none') return ok(null);
    if (found.kind === 'busy') return err({ kind: 'run/busy', run, pid: found.owner });
    const { client } = found;
    const listed = await client.list();
    if (!listed.ok) return listed;
    const hosting = this.#host(run, folder, Promise.resolve(client));
    for (const name of listed.value.terminals) hosting.moved.set(name, Promise.resolve());
    this.showAgain(run);
    return ok(listed.value.processes.map((entry) => ({ memo: entry.memo, end: entry.end, process: client.take(entry, lane(run, entry.terminal)) })));
  }

  /** Whether the terminals of a run outlive this process. */
  async outlives(run: string): Promise<boolean> {
    return await this.#runs.get(run)?.client.then((client) => client?.isOpen ?? false) ?? false;
  }

  /** Lets go of a run's host: what runs in it goes on. */
  async leave(run: string): Promise<void> {
    const client = await this.#runs.get(run)?.client;
    this.#runs.delete(run);
    client?.leave();
  }

  /** Ends the host of a run with all its processes; its terminals can still be looked at. */
  async close(run: string): Promise<void> {
    const hosting = this.#runs.get(run);
    if (!hosting) return;
    const client = await hosting.client;
    if (client) for (const [name, viewer] of hosting.viewers) await this.#takeBack(client, name, viewer);
    this.#runs.delete(run);
    await client?.shutdown();
  }

  /** Starts watching: the newest part of the stream, then chunks from there on. Null: no such terminal in memory. */
  async attach(name: string): Promise<TerminalAttachment | null> {
    const hosting = this.#runs.get(runOf(name));
    const client = hosting ? await this.#in(hosting, name) : null;
    if (!hosting || !client) return this.#local.attach(name);
    const attachment = await client.attach(name);
    if (attachment) hosting.viewers.set(name, { sent: attachment.seq + attachment.data.length, on: true });
    return attachment;
  }

  detach(name: string): void {
    const { client, viewer } = this.#near(name);
    if (viewer) viewer.on = false;
    if (client) client.detach(name);
    else this.#local.detach(name);
  }

  /** The viewer has shown everything up to the stream offset `seq`. */
  ack(name: string, seq: number): void {
    const { client } = this.#near(name);
    if (client) client.ack(name, seq);
    else this.#local.ack(name, seq);
  }

  /** Types into the terminal's process; nothing happens when none runs. */
  write(name: string, data: string): void {
    const { client } = this.#near(name);
    if (client) client.write(name, data);
    else this.#local.write(name, data);
  }

  /** Sets the size for the process that runs and those that follow. */
  resize(name: string, cols: number, rows: number): void {
    const { client } = this.#near(name);
    if (client) client.resize(name, cols, rows);
    else this.#local.resize(name, cols, rows);
  }

  /** Starts a process in a terminal, which is made when there is none of that name. Errors: agent/start, host/failed. */
  async startProcess(command: CommandInTerminal): Promise<Result<ProcessInTerminal, AppError>> {
    const hosting = this.#runs.get(runOf(command.terminal));
    const client = hosting ? await this.#into(hosting, command.terminal) : null;
    return client ? client.startProcess(command) : this.#local.startProcess(command);
  }

  /** Writes a line of the app's own into a terminal and its log. */
  async say(line: { readonly terminal: string; readonly logFile: string; readonly text: string }): Promise<void> {
    const hosting = this.#runs.get(runOf(line.terminal));
    const client = hosting ? await this.#into(hosting, line.terminal) : null;
    return client ? client.say(line) : this.#local.say(line);
  }

  /** Brings back a terminal of a past run from its log, to look at. Errors: io/failed. */
  openLog(name: string, file: string, reader: string | null): Promise<Result<null, AppError>> {
    return this.#local.openLog(name, file, reader);
  }

  /** What is shown here of a run from its logs is out of date: its viewers are told that they missed something, and attach again. */
  showAgain(run: string): void {
    const names = this.#local.names().filter((name) => runOf(name) === run && this.#local.isWatched(name));
    names.forEach((name) => this.#local.forget(name));
    if (names.length > 0) this.#publish({ type: 'terminal.data', chunks: names.map((terminal) => ({ terminal, seq: Number.MAX_SAFE_INTEGER, data: new Uint8Array() })) });
  }

  /** Ends every process with its tree, every host, and all sending. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#runs.keys()].map((run) => this.close(run)));
    await this.#local.dispose();
    this.#listeners.clear();
  }

  async #launch(run: string, folder: string): Promise<Result<HostClient, AppError>> {
    const address = await launchHost(this.#options.host(), { id: run, folder });
    if (!address.ok) return address;
    const client = await HostClient.connect(address.value, { started: await ownStart() }, (event) => this.#fromHost(run, event));
    return client.ok ? client : err({ kind: 'host/failed', detail: `It does not let Braid in (${client.error.reason}).` });
  }

  #host(run: string, folder: string, client: Promise<HostClient | null>): Hosting {
    const hosting: Hosting = { run, folder, client, now: null, moved: new Map(), viewers: new Map() };
    this.#runs.set(run, hosting);
    void client.then((there) => {
      hosting.now = there;
    });
    return hosting;
  }

  /** The run's client; a host that died is replaced by a new one. */
  async #client(hosting: Hosting): Promise<HostClient | null> {
    const client = await hosting.client;
    if (!client || client.isOpen) return client;
    if (hosting.now === client) {
      hosting.now = null;
      hosting.moved.clear();
      hosting.client = this.#launch(hosting.run, hosting.folder).then((again) => (again.ok ? again.value : null));
      hosting.now = await hosting.client;
    }
    return hosting.client;
  }

  /** The client, when the terminal is in its host. */
  async #in(hosting: Hosting, name: string): Promise<HostClient | null> {
    const client = await hosting.client;
    await hosting.moved.get(name);
    return hosting.moved.has(name) ? client : null;
  }

  /** The client, with the terminal in its host: one that was here before goes on there. */
  async #into(hosting: Hosting, name: string): Promise<HostClient | null> {
    const client = await this.#client(hosting);
    if (!client) return null;
    if (!hosting.moved.has(name)) hosting.moved.set(name, this.#move(hosting, client, name));
    await hosting.moved.get(name);
    return client;
  }

  async #move(hosting: Hosting, client: HostClient, name: string): Promise<void> {
    const viewer = hosting.viewers.get(name);
    // A host that died took its streams along: a viewer goes on at the offset it has reached.
    const past = this.#local.past(name) ?? (viewer ? { seq: viewer.sent, data: new Uint8Array() } : null);
    if (!past) return;
    const watched = this.#local.isWatched(name) || viewer?.on === true;
    this.#local.forget(name);
    await client.adopt(name, past);
    if (!watched) return;
    // What the viewer was not sent yet shows to it as a gap, and it attaches again.
    await client.attach(name);
    hosting.viewers.set(name, { sent: past.seq + past.data.length, on: true });
  }

  /** A terminal whose host is about to end goes on here; what its viewer was not sent yet follows. */
  async #takeBack(client: HostClient, name: string, viewer: Viewer): Promise<void> {
    const last = await client.attach(name);
    if (!last) return;
    this.#local.adopt(name, last);
    if (!viewer.on) return;
    this.#local.attach(name);
    const data = last.data.subarray(Math.max(viewer.sent - last.seq, 0));
    if (data.length > 0) this.#publish({ type: 'terminal.data', chunks: [{ terminal: name, seq: last.seq + last.data.length - data.length, data }] });
  }

  /** Where a terminal is at this moment, for what is not waited for. */
  #near(name: string): { readonly client: HostClient | null; readonly viewer: Viewer | null } {
    const hosting = this.#runs.get(runOf(name));
    const inHost = hosting?.now?.isOpen === true && hosting.moved.has(name);
    return { client: inHost ? hosting.now : null, viewer: hosting?.viewers.get(name) ?? null };
  }

  #fromHost(run: string, event: TerminalEvent): void {
    const viewers = this.#runs.get(run)?.viewers;
    for (const { terminal, seq, data } of event.type === 'terminal.data' ? event.chunks : []) {
      const viewer = viewers?.get(terminal);
      if (viewer) viewer.sent = seq + data.length;
    }
    this.#publish(event);
  }

  #publish(event: TerminalEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
