/**
 * Brings one terminal's bytes from the main process to its screen: attaches, follows by sequence number, attaches
 * again after a gap, writes once a frame and acknowledges what was parsed. Knows neither xterm nor the bridge.
 */
import type { AppError } from '../../../shared/errors';
import type { Result } from '../../../shared/result';
import { concat, follow, join, type Piece } from './cursor';

/** Unwritten bytes above which a viewer that gets no frames (hidden window) lets go and attaches again later. */
const MAX_PENDING = 2_000_000;

/** ESC c, full reset: sent through the stream, so that it stays in order with bytes still being parsed. */
const RESET = new Uint8Array([0x1b, 0x63]);

/** The main process's side of one terminal. */
export interface FeedLink {
  attach(): Promise<Result<Piece | null, AppError>>;
  detach(): void;
  /** Says that every byte before stream offset `seq` was parsed. */
  ack(seq: number): void;
}

/** The screen's side. `replay` marks bytes from the past, whose terminal queries must not be answered again. */
export interface FeedSink {
  write(data: Uint8Array, replay: boolean, parsed: () => void): void;
}

export type FeedState =
  /** Not shown: nothing is asked for. */
  | { readonly kind: 'off' }
  | { readonly kind: 'attaching' }
  /** The main process has no such terminal (yet). */
  | { readonly kind: 'absent' }
  | { readonly kind: 'on' }
  | { readonly kind: 'failed'; readonly error: AppError };

/** How a feed reaches the outside. `frame` runs its argument before the next paint. */
export interface FeedDoors {
  readonly link: FeedLink;
  readonly sink: FeedSink;
  readonly frame: (run: () => void) => void;
  readonly changed: (state: FeedState) => void;
}

/*
 *  off ──show──► attaching ──► on ──gap──► attaching
 *   ▲                │ └─────► absent ──a chunk or show──► attaching
 *   └──hide── (any)  └───────► failed ──show──► attaching
 */
export class Feed {
  private state: FeedState = { kind: 'off' };
  /** Stream offset of the next wanted byte; null before the first attachment. */
  private next: number | null = null;
  /** Stream offset up to which bytes were handed to the screen. */
  private written: number | null = null;
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  /** Pieces that arrived while an attachment was on its way. */
  private early: Piece[] = [];
  private stale = false;
  private framed = false;
  private parsedTo = 0;
  private ackedTo = 0;
  /** Tells an answer to an attach that was given up from the current one. */
  private turn = 0;

  constructor(private readonly doors: FeedDoors) {}

  /** Starts or resumes following; harmless when it already follows. */
  async show(): Promise<void> {
    if (this.state.kind !== 'attaching' && this.state.kind !== 'on') await this.attach();
  }

  /** Stops following and forgets unwritten bytes; the next `show` fetches them again. */
  hide(): void {
    if (this.state.kind === 'off') return;
    this.turn += 1;
    this.drop();
    this.become({ kind: 'off' });
    this.doors.link.detach();
  }

  /** Takes a piece as it arrives. */
  async take(piece: Piece): Promise<void> {
    if (this.state.kind === 'absent') return this.attach();
    if (this.state.kind === 'attaching') this.early.push(piece);
    else if (this.state.kind === 'on' && !this.stale) await this.follow(piece);
  }

  private become(state: FeedState): void {
    this.state = state;
    this.doors.changed(state);
  }

  private drop(): void {
    this.pending = [];
    this.pendingBytes = 0;
    this.early = [];
    this.stale = false;
    this.next = this.written;
  }

  private async attach(): Promise<void> {
    const turn = (this.turn += 1);
    this.early = [];
    this.become({ kind: 'attaching' });
    const answer = await this.doors.link.attach();
    if (turn !== this.turn) return;
    if (!answer.ok) return this.become({ kind: 'failed', error: answer.error });
    if (answer.value === null) return this.become({ kind: 'absent' });
    this.joinTo(answer.value);
    this.become({ kind: 'on' });
    const early = this.early;
    this.early = [];
    for (const piece of early) await this.take(piece);
  }

  private joinTo(piece: Piece): void {
    this.flush();
    const joined = join(this.next, piece);
    this.next = joined.next;
    this.write(joined.reset ? concat([RESET, joined.data]) : joined.data, true);
  }

  private async follow(piece: Piece): Promise<void> {
    const step = follow(this.next ?? piece.seq, piece);
    if (step.kind === 'gap') return this.attach();
    if (step.kind === 'repeat') return;
    this.pending.push(step.data);
    this.pendingBytes += step.data.length;
    this.next = step.next;
    if (this.pendingBytes > MAX_PENDING) {
      this.drop();
      this.stale = true;
    }
    this.schedule();
  }

  private schedule(): void {
    if (this.framed) return;
    this.framed = true;
    this.doors.frame(() => {
      this.framed = false;
      this.onFrame();
    });
  }

  private onFrame(): void {
    if (this.state.kind === 'off') return;
    if (this.stale) {
      this.stale = false;
      void this.attach();
      return;
    }
    this.flush();
    if (this.parsedTo !== this.ackedTo) {
      this.ackedTo = this.parsedTo;
      this.doors.link.ack(this.parsedTo);
    }
  }

  private flush(): void {
    if (this.pending.length === 0) return;
    const data = concat(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    this.write(data, false);
  }

  private write(data: Uint8Array, replay: boolean): void {
    const upTo = this.next ?? 0;
    this.written = upTo;
    if (data.length === 0) return;
    this.doors.sink.write(data, replay, () => {
      this.parsedTo = upTo;
      this.schedule();
    });
  }
}
