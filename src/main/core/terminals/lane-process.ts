/** A process in a session: its output goes to log and screen, its end comes after its last byte, its stop takes the whole tree. */
import { realpath } from 'node:fs/promises';
import { stopTree, type StopOptions } from './kill';
import { Modes } from './modes';
import { startOf, type Marker } from './process-table';
import type { PtyEnd, PtyProcess } from './pty';
import type { Session } from './session';
import { plainTail } from './tail';

/** What to run where; the same shape as the engine's `LaneCommand`. */
export interface CommandInTerminal {
  /** `<run>/<lane>`. */
  readonly terminal: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Turns raw output into what is shown; an empty array asks for what it still holds back, at the end. */
  readonly render?: (bytes: Uint8Array) => Uint8Array;
}

/** A started process; the same shape as the engine's `LaneProcess`. */
export interface ProcessInTerminal {
  readonly pid: number;
  /** Resolves once, after the last byte was read and is in the log. */
  readonly ended: Promise<PtyEnd>;
  /** Shown output so far as plain text, newest part only. */
  tail(): string;
  /** Milliseconds (monotonic) since the last raw byte. */
  silence(): number;
  /** Ends the process and its whole tree and resolves when all is gone; after the end it sweeps up what was left behind. */
  stop(): Promise<void>;
}

export type Graces = Pick<StopOptions, 'interruptGrace' | 'termGrace'>;

/** Shown bytes that are enough for a tail of 4,000 characters even when most of them are colours. */
const tailBytes = 64 * 1024;

/** Descendants that lost their parents are known by the names that only they inherited. */
function markerOf(env: Readonly<Record<string, string>>): Marker | null {
  const { BRAID_RUN, BRAID_LANE } = env;
  return BRAID_RUN && BRAID_LANE ? { env: { BRAID_RUN, BRAID_LANE } } : null;
}

/** Renders; a renderer that fails costs the looks of these bytes and nothing else. */
function renderSafely(session: Session, render: NonNullable<CommandInTerminal['render']>, bytes: Uint8Array): Uint8Array {
  try {
    return render(bytes);
  } catch (cause) {
    session.say(`Internal error: this output cannot be rendered (${String(cause)})`);
    return bytes;
  }
}

/** Connects a process that has just started with its session. */
export function runInSession(session: Session, pty: PtyProcess, command: CommandInTerminal, graces: Graces): ProcessInTerminal {
  const began = session.end;
  const started = startOf(pty.pid);
  const modes = new Modes();
  let lastByte = performance.now();
  let finalTail: string | null = null;
  const show = (bytes: Uint8Array): void => {
    modes.see(bytes);
    session.show(command.render ? renderSafely(session, command.render, bytes) : bytes);
  };
  const tail = (): string => finalTail ?? plainTail(session.since(began, tailBytes));
  session.runs(pty);
  pty.onData((bytes) => {
    lastByte = performance.now();
    session.record(bytes);
    show(bytes);
  });
  const ended = pty.ended.then(async (end) => {
    show(new Uint8Array());
    finalTail = tail();
    session.record(modes.undo());
    session.show(modes.undo());
    session.runs(null);
    await session.settle();
    return end;
  });
  const stop = stopper(session, { pty, command, graces, started, isOver: () => finalTail !== null });
  return { pid: pty.pid, ended, tail, silence: () => performance.now() - lastByte, stop };
}

interface Stoppable {
  readonly pty: PtyProcess;
  readonly command: CommandInTerminal;
  readonly graces: Graces;
  readonly started: Promise<string | null>;
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
async function stopOnce(session: Session, { pty, command, graces, started, isOver }: Stoppable): Promise<void> {
  const marker = markerOf(command.env);
  const over = isOver();
  const start = await started;
  const cwd = over ? await realpath(command.cwd).catch(() => command.cwd) : undefined;
  const survivors = await stopTree(pty.pid, {
    ...graces, start,
    ...(over ? { interruptGrace: 0 } : {}),
    ...(marker ? { marker: cwd === undefined ? marker : { ...marker, cwd } } : {}),
  });
  if (survivors.length > 0) session.say(`These processes could not be ended: ${survivors.join(', ')}`);
  if (!over && !survivors.includes(pty.pid)) await pty.ended;
}
