/** A process in a session: its output goes to log and screen, its end comes after its last byte, its stop takes the whole tree. */
import { realpath } from 'node:fs/promises';
import { stopTree, type StopOptions } from './kill';
import { Modes } from './modes';
import type { Families, Followed } from './families';
import type { Marker } from './marks';
import { startOf } from './process-table';
import type { PtyEnd, PtyProcess } from './pty';
import type { Session } from './session';
import { plainTail } from './tail';

/** What to run where. All of it is data, so that it can cross to another process. */
export interface CommandInTerminal {
  /** `<run>/<lane>`. */
  readonly terminal: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Name of the reader that its output goes through; null or unknown: shown as it is. */
  readonly reader: string | null;
  /** JSON that is kept with the process and told to whoever takes it over. Null: nobody asks for it after its end. */
  readonly memo: unknown;
}

/** Reads the output of one process: what is shown of it, and what it comes to. */
export interface OutputReader {
  /** Raw output in, terminal bytes out; an empty array asks for what it still holds back, at the end. */
  render(bytes: Uint8Array): Uint8Array;
  /** What the output says about the end, as JSON. */
  conclude(end: PtyEnd): unknown;
}

/** A new reader by name, for each process its own; null where output is shown as it is. */
export type ReaderOf = (name: string) => OutputReader | null;

export interface TerminalEnd extends PtyEnd {
  /** Shown output as plain text, newest part only. */
  readonly tail: string;
  /** What its reader concluded; null without one. */
  readonly conclusion: unknown;
  /** The host of its terminal died first: how it ended is not known. */
  readonly lost: boolean;
}

/** What a process printed so far as plain text (newest part), and milliseconds (monotonic) since its last raw byte. */
export interface Look {
  readonly tail: string;
  readonly silence: number;
}

/** A started process, here or in a host. */
export interface ProcessInTerminal {
  readonly pid: number;
  /** Resolves once, after the last byte was read and is in the log. */
  readonly ended: Promise<TerminalEnd>;
  look(): Promise<Look>;
  /** Ends the process and its whole tree and resolves when all is gone; after the end it sweeps up what was left behind. */
  stop(): Promise<void>;
}

export type Graces = Pick<StopOptions, 'interruptGrace' | 'termGrace'>;

/** Shown bytes that are enough for a tail of 4,000 characters even when most of them are colours. */
const tailBytes = 64 * 1024;

/** Descendants that lost their parents are known by the names that only they inherited. */
export function markerOf(env: Readonly<Record<string, string>>): Marker | null {
  const { BRAID_RUN, BRAID_LANE } = env;
  return BRAID_RUN && BRAID_LANE ? { env: { BRAID_RUN, BRAID_LANE } } : null;
}

/** Reads; a reader that fails costs the looks of these bytes, or the conclusion, and nothing else. */
function safely(session: Session, reader: OutputReader): OutputReader {
  const attempt = <T>(what: string, act: () => T, instead: T): T => {
    try {
      return act();
    } catch (cause) {
      session.say(`Internal error: this output cannot be ${what} (${String(cause)})`);
      return instead;
    }
  };
  return {
    render: (bytes) => attempt('rendered', () => reader.render(bytes), bytes),
    conclude: (end) => attempt('judged', () => reader.conclude(end), null),
  };
}

/** Connects a process that has just started with its session. */
export function runInSession(session: Session, pty: PtyProcess, command: CommandInTerminal, context: { readonly graces: Graces; readonly reader: OutputReader | null; readonly families: Families }): ProcessInTerminal {
  const began = session.end;
  const started = startOf(pty.pid);
  const family = context.families.follow(pty.pid);
  const modes = new Modes();
  const reader = context.reader && safely(session, context.reader);
  let lastByte = performance.now();
  let finalTail: string | null = null;
  const show = (bytes: Uint8Array): void => {
    modes.see(bytes);
    session.show(reader ? reader.render(bytes) : bytes);
  };
  const tail = (): string => finalTail ?? plainTail(session.since(began, tailBytes));
  session.runs(pty);
  pty.onData((bytes) => {
    lastByte = performance.now();
    session.record(bytes);
    show(bytes);
  });
  const ended = pty.ended.then(async (end): Promise<TerminalEnd> => {
    family.end();
    show(new Uint8Array());
    const conclusion = reader?.conclude(end) ?? null;
    finalTail = tail();
    session.record(modes.undo());
    session.show(modes.undo());
    session.runs(null);
    await session.settle();
    return { ...end, tail: finalTail, conclusion, lost: false };
  });
  const stop = stopper(session, { pty, command, graces: context.graces, started, family, isOver: () => finalTail !== null });
  return { pid: pty.pid, ended, look: async () => ({ tail: tail(), silence: performance.now() - lastByte }), stop };
}

interface Stoppable {
  readonly pty: PtyProcess;
  readonly command: CommandInTerminal;
  readonly graces: Graces;
  readonly started: Promise<string | null>;
  readonly family: Followed;
  isOver(): boolean;
}

/** Calls at the same time share one stop. */
function stopper(session: Session, target: Stoppable): () => Promise<void> {
  let going: Promise<void> | null = null;
  return () => {
    going ??= stopOnce(session, target).finally(() => {
      going = null;
    });
    return going;
  };
}

/**
 * After an end of its own only those are swept up that stayed in the terminal or work in the lane's folder: shared daemons
 * (watchers, build servers) leave both, and other lanes may be using them.
 */
async function stopOnce(session: Session, { pty, command, graces, started, family, isOver }: Stoppable): Promise<void> {
  const marker = markerOf(command.env);
  const over = isOver();
  const start = await started;
  const folder = await realpath(command.cwd).catch(() => command.cwd);
  const survivors = await stopTree(pty.pid, {
    ...graces, start, known: await family.look(), place: { terminal: pty.path, folder, since: start },
    ...(over ? { interruptGrace: 0, within: folder } : {}),
    ...(marker ? { marker } : {}),
  });
  if (survivors.length > 0) session.say(`These processes could not be ended: ${survivors.join(', ')}`);
  if (!over && !survivors.includes(pty.pid)) await pty.ended;
}
