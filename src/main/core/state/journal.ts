/** The append-only record of a run: one JSON event a line. The source of truth that everything else is folded from. */
import { isAscii } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { journalVersion, runEventSchema, type RunEvent } from '../../../shared/events';
import { err, ok, type Result } from '../../../shared/result';
import { openToAppend, readPlain } from '../plain-file';
import { ioError, makeFolder, syncFolder } from './atomic-write';
import { unchanged } from './unchanged';

/** What a journal holds. `validBytes` ends after the last whole line; `skipped` counts unreadable lines inside. */
export interface JournalContent {
  readonly events: readonly RunEvent[];
  readonly validBytes: number;
  readonly torn: boolean;
  readonly skipped: number;
  /** As the first line says it; 1 where it says nothing. */
  readonly version: number;
}

/** The version stands outside the schema of events: a newer one may have changed that. */
function versionIn(line: string): number {
  const found = /^\{"type":"run\.started","version":(\d{1,9})[,}]/.exec(line)?.[1];
  return found === undefined ? 1 : Number(found);
}

const isEvent = unchanged(runEventSchema);

function parseLine(line: string): RunEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    // What the schema would give back as it is needs no copy; it is what the schema's type says.
    if (isEvent(value)) return value as RunEvent;
    const parsed = runEventSchema.safeParse(value);
    return parsed.success ? parsed.data : null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

/** Where the last whole line ends: a last line without its newline was torn by a crash and does not count. */
const endOfWhole = (bytes: Buffer): number => bytes.lastIndexOf(0x0a) + 1;

/** The version that the first line of journal bytes states. */
export function versionOf(bytes: Buffer): number {
  return versionIn(bytes.toString('utf8', 0, Math.max(0, bytes.indexOf(0x0a))));
}

/** Bytes that are decoded at a time: the text of a long journal is never held whole. */
const pieceBytes = 128 * 1024;

/** The whole lines of journal bytes as texts of some lines each. A newline is never part of a longer character, so no character is cut. */
function* piecesOf(bytes: Buffer): Generator<string, void, undefined> {
  const end = endOfWhole(bytes);
  for (let from = 0; from < end;) {
    const to = from + pieceBytes >= end ? end : bytes.indexOf(0x0a, from + pieceBytes) + 1;
    const piece = bytes.subarray(from, to);
    // For these bytes the same text, in a fifth of the time.
    yield piece.toString(isAscii(piece) ? 'latin1' : 'utf8');
    from = to;
  }
}

/**
 * The events of journal bytes one by one. Whoever folds them as they come never holds them all, and half of the time to read a long journal
 * back went into keeping them. `onUnreadable` is called for each line inside that is no event.
 */
export function* eventsOf(bytes: Buffer, onUnreadable: () => void = () => undefined): Generator<RunEvent, void, undefined> {
  for (const text of piecesOf(bytes)) {
    for (let from = 0, to = text.indexOf('\n'); to >= 0; from = to + 1, to = text.indexOf('\n', from)) {
      if (to === from) continue;
      const event = parseLine(text.slice(from, to));
      if (event) yield event;
      else onUnreadable();
    }
  }
}

/** Parses journal bytes whole. */
export function parseJournal(bytes: Buffer): JournalContent {
  let skipped = 0;
  const events = [...eventsOf(bytes, () => { skipped += 1; })];
  const validBytes = endOfWhole(bytes);
  return { events, validBytes, torn: validBytes < bytes.length, skipped, version: versionOf(bytes) };
}

/** The bytes of a journal; a missing file is an `io/failed` with ENOENT. */
export async function readJournal(path: string): Promise<Result<Buffer, AppError>> {
  try {
    return ok(await readPlain(path));
  } catch (cause) {
    return err(ioError(path, cause));
  }
}

interface Waiting {
  readonly line: string;
  readonly done: (result: Result<null, AppError>) => void;
}

/** Appends events durably. Appends that arrive while a sync is under way share the next one. */
export class Journal {
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | null = null;

  private constructor(readonly path: string, readonly handle: FileHandle) {}

  /** Opens or makes the file (0600, folder 0700) and cuts a torn last line off. Errors: run/newer (nothing is changed then), `io/failed`. */
  static async open(path: string): Promise<Result<Journal, AppError>> {
    try {
      await makeFolder(dirname(path));
      const handle = await openToAppend(path);
      const bytes = await handle.readFile();
      const version = versionOf(bytes);
      if (version > journalVersion) {
        await handle.close();
        return err({ kind: 'run/newer', run: basename(dirname(path)), version });
      }
      if (endOfWhole(bytes) < bytes.length) await handle.truncate(endOfWhole(bytes));
      await syncFolder(dirname(path));
      return ok(new Journal(path, handle));
    } catch (cause) {
      return err(ioError(path, cause));
    }
  }

  /** Resolves when the event is on disk (fdatasync). An error means that it must not be shown or acted upon. */
  append(event: RunEvent): Promise<Result<null, AppError>> {
    return new Promise((done) => {
      this.#waiting.push({ line: `${JSON.stringify(event)}\n`, done });
      this.#flushing ??= this.#flush();
    });
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const result = await this.#write(batch.map((entry) => entry.line).join(''));
      for (const entry of batch) entry.done(result);
    }
    this.#flushing = null;
  }

  async #write(lines: string): Promise<Result<null, AppError>> {
    let size: number | null = null;
    try {
      ({ size } = await this.handle.stat());
      await this.handle.appendFile(lines);
      await this.handle.datasync();
      return ok(null);
    } catch (cause) {
      // A half-written line (full disk) would hide the next one: take it back.
      if (size !== null) await this.handle.truncate(size).catch((ignored: unknown) => ignored);
      return err(ioError(this.path, cause));
    }
  }

  /** Waits for appends under way, then closes the file. */
  async close(): Promise<void> {
    while (this.#flushing) await this.#flushing;
    await this.handle.close();
  }
}
