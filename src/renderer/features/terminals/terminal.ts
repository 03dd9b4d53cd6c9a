/** The one owner of xterm: a lane's screen, living outside React so that neither bytes nor scrollback pass through it. */
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { AppError } from '../../../shared/errors';
import type { Result } from '../../../shared/result';
import type { Piece } from './cursor';
import { Feed, type FeedLink, type FeedState } from './feed';
import { keepsKey } from './keys';
import type { Palette } from './palette';

/** Milliseconds between updates of the text that assistive technology reads in place of the canvas. */
const READER_DELAY = 200;

/** The main process's side of a lane's terminal. */
export interface TerminalLink extends FeedLink {
  write(data: string): Promise<Result<null, AppError>>;
  resize(cols: number, rows: number): void;
}

/** What React shows around a screen. */
export interface TerminalStatus {
  readonly feed: FeedState;
  /** An address in the output that the person clicked and may copy. */
  readonly address: string | null;
  /** Why the last keystrokes did not reach the process. */
  readonly problem: AppError | null;
  readonly matches: { readonly index: number; readonly count: number };
}

export interface Look {
  readonly palette: Palette;
  /** Pixels. */
  readonly fontSize: number;
}

/** Milliseconds after which a shown terminal that main does not have yet is asked for again: a setup command announces itself by no event. */
const ABSENT_DELAY = 700;

/** Once a graphics context was lost or refused, every terminal stays with the DOM renderer. */
let webglUsable = true;

export class LaneTerminal {
  private readonly term: Terminal;
  private readonly fit = new FitAddon();
  private readonly finder = new SearchAddon();
  private readonly feed: Feed;
  private readonly host = document.createElement('div');
  private readonly reader = document.createElement('pre');
  private readonly observer = new ResizeObserver(() => this.refit());
  private readonly listeners = new Set<() => void>();
  private webgl: WebglAddon | null = null;
  private status: TerminalStatus = { feed: { kind: 'off' }, address: null, problem: null, matches: { index: -1, count: 0 } };
  private replays = 0;
  private readerTimer: ReturnType<typeof setTimeout> | null = null;
  private absentTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(readonly lane: string, private readonly link: TerminalLink, private look: Look) {
    this.host.className = 'terminal-host';
    this.reader.className = 'terminal-reader';
    this.reader.setAttribute('aria-label', `Screen of ${lane}`);
    this.term = new Terminal({
      allowProposedApi: true, cursorBlink: false, cursorInactiveStyle: 'outline', drawBoldTextInBrightColors: false,
      fontFamily: look.palette.fontFamily, fontSize: look.fontSize, lineHeight: 1.25, scrollback: 10_000, overviewRuler: { width: 10 },
      theme: look.palette.theme, minimumContrastRatio: 4.5,
      linkHandler: { activate: (_event, text) => this.offer(text) },
    });
    this.term.loadAddon(this.fit);
    this.term.loadAddon(this.finder);
    this.term.loadAddon(new Unicode11Addon());
    this.term.unicode.activeVersion = '11';
    this.term.loadAddon(new WebLinksAddon((_event, address) => this.offer(address)));
    this.feed = new Feed({
      link,
      sink: { write: (data, replay, parsed) => this.write(data, replay, parsed) },
      frame: (run) => { requestAnimationFrame(run); },
      changed: (feed) => this.onFeed(feed),
    });
    this.listen();
  }

  /** What React shows; the same object until something changes. */
  readonly getStatus = (): TerminalStatus => this.status;

  /** Calls `listener` after each change of the status; returns the function that ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  };

  /** Puts the screen into `parent` and follows the stream. */
  show(parent: HTMLElement): void {
    parent.append(this.host, this.reader);
    if (this.term.element === undefined) this.term.open(this.host);
    this.useWebgl();
    this.refit();
    this.observer.observe(this.host);
    void this.feed.show();
  }

  /** Takes the screen out of `parent`; it keeps its text and stops following. Harmless when it is elsewhere by now. */
  hide(parent: HTMLElement): void {
    if (this.host.parentElement !== parent) return;
    this.observer.disconnect();
    this.feed.hide();
    this.webgl?.dispose();
    this.webgl = null;
    this.host.remove();
    this.reader.remove();
  }

  /** Takes bytes from the main process. */
  take(piece: Piece): void {
    void this.feed.take(piece);
  }

  /** Asks for the terminal again where it was absent or failed: something happened in its lane. */
  wake(): void {
    if (this.status.feed.kind === 'absent' || this.status.feed.kind === 'failed') void this.feed.show();
  }

  setLook(look: Look): void {
    this.look = look;
    this.term.options.theme = look.palette.theme;
    this.term.options.fontFamily = look.palette.fontFamily;
    this.term.options.fontSize = look.fontSize;
    if (this.host.isConnected) this.refit();
  }

  focus(): void {
    this.term.focus();
  }

  /** The selected text; empty when nothing is selected. */
  selection(): string {
    return this.term.getSelection();
  }

  /** The whole scrollback as text; wrapped lines are one line. */
  text(): string {
    return linesOf(this.term, 0, this.term.buffer.active.length);
  }

  /** Moves to the next or previous match of `query` and highlights all; an empty query clears. */
  find(query: string, direction: 'next' | 'previous'): void {
    if (query === '') return this.endFind();
    const { background, active, ruler } = this.look.palette.match;
    const options = {
      incremental: direction === 'next',
      decorations: { matchBackground: background, activeMatchBackground: active, matchOverviewRuler: ruler, activeMatchColorOverviewRuler: ruler },
    };
    if (direction === 'next') this.finder.findNext(query, options);
    else this.finder.findPrevious(query, options);
  }

  endFind(): void {
    this.finder.clearDecorations();
    this.update({ matches: { index: -1, count: 0 } });
  }

  /** Forgets the clicked address and the last problem. */
  dismiss(): void {
    this.update({ address: null, problem: null });
  }

  dispose(): void {
    if (this.readerTimer !== null) clearTimeout(this.readerTimer);
    this.observer.disconnect();
    this.feed.hide();
    this.term.dispose();
    this.host.remove();
    this.reader.remove();
    this.listeners.clear();
  }

  private listen(): void {
    this.term.attachCustomKeyEventHandler((event) => !keepsKey(event));
    this.term.onData((data) => { void this.send(data); });
    this.term.onBinary((data) => { void this.send(data); });
    this.term.onResize(({ cols, rows }) => { if (this.status.feed.kind === 'on') this.link.resize(cols, rows); });
    this.term.onRender(() => this.readSoon());
    this.finder.onDidChangeResults(({ resultIndex, resultCount }) => this.update({ matches: { index: resultIndex, count: resultCount } }));
    // Clipboard writes by output are refused, also should an addon ever want to serve them.
    this.term.parser.registerOscHandler(52, () => true);
  }

  private async send(data: string): Promise<void> {
    // xterm answers queries found in replayed bytes as if they were new; the process has had its answers.
    if (this.replays > 0) return;
    const sent = await this.link.write(data);
    if (!sent.ok) this.update({ problem: sent.error });
    else if (this.status.problem) this.update({ problem: null });
  }

  private write(data: Uint8Array, replay: boolean, parsed: () => void): void {
    if (replay) this.replays += 1;
    this.term.write(data, () => {
      if (replay) this.replays -= 1;
      parsed();
    });
  }

  private onFeed(feed: FeedState): void {
    // Asking again for what is absent changes nothing to see.
    if (feed.kind !== 'attaching' || this.status.feed.kind !== 'absent') this.update({ feed });
    if (feed.kind === 'on') this.link.resize(this.term.cols, this.term.rows);
    if (this.absentTimer !== null) clearTimeout(this.absentTimer);
    this.absentTimer = feed.kind === 'absent' ? setTimeout(() => this.wake(), ABSENT_DELAY) : null;
  }

  private offer(address: string): void {
    this.update({ address });
  }

  private update(change: Partial<TerminalStatus>): void {
    this.status = { ...this.status, ...change };
    for (const listener of this.listeners) listener();
  }

  private refit(): void {
    // A collapsed pane has no size: the terminal keeps the one it had.
    if (this.host.clientWidth < 40 || this.host.clientHeight < 20) return;
    const size = this.fit.proposeDimensions();
    if (!size || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return;
    const cols = Math.min(Math.max(size.cols, 2), 1000);
    const rows = Math.min(Math.max(size.rows, 1), 1000);
    if (cols !== this.term.cols || rows !== this.term.rows) this.term.resize(cols, rows);
  }

  private useWebgl(): void {
    if (!webglUsable || this.webgl) return;
    const addon = new WebglAddon();
    addon.onContextLoss(() => {
      webglUsable = false;
      addon.dispose();
      this.webgl = null;
    });
    try {
      this.term.loadAddon(addon);
      this.webgl = addon;
    } catch {
      // Thrown where WebGL2 is missing; the DOM renderer is then already in place.
      webglUsable = false;
    }
  }

  private readSoon(): void {
    if (this.readerTimer !== null || !this.host.isConnected) return;
    this.readerTimer = setTimeout(() => {
      this.readerTimer = null;
      const top = this.term.buffer.active.viewportY;
      this.reader.textContent = linesOf(this.term, top, top + this.term.rows);
    }, READER_DELAY);
  }
}

/** Text of the buffer's rows `from` (inclusive) to `to` (exclusive), without trailing blank lines. */
function linesOf(term: Terminal, from: number, to: number): string {
  const lines: string[] = [];
  for (let row = from; row < to; row += 1) {
    const line = term.buffer.active.getLine(row);
    if (!line) break;
    const text = line.translateToString(true);
    if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
    else lines.push(text);
  }
  return lines.join('\n').trimEnd();
}
