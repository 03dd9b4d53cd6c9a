/** All lanes' terminals by name: made on first use, fed from the app's events, disposed when their run is gone. */
import type { AppEvent, Bridge } from '../../../shared/ipc';
import { terminalName } from '../../../shared/ipc';
import { ok } from '../../../shared/result';
import { readPalette } from './palette';
import { LaneTerminal, type Look, type TerminalLink } from './terminal';

export class TerminalRegistry {
  private readonly terminals = new Map<string, LaneTerminal>();
  private look: Look;
  private readonly end: () => void;
  private readonly themeObserver = new MutationObserver(() => this.setFontSize(this.look.fontSize));

  constructor(private readonly bridge: Pick<Bridge, 'invoke' | 'subscribe'>) {
    this.look = { palette: readPalette(document.documentElement), fontSize: 12 };
    this.end = bridge.subscribe((event) => this.onEvent(event));
    this.themeObserver.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  }

  /** The terminal of a lane. */
  of(run: string, lane: string): LaneTerminal {
    const name = terminalName(run, lane);
    const known = this.terminals.get(name);
    if (known) return known;
    const made = new LaneTerminal(lane, this.linkOf(name), this.look);
    this.terminals.set(name, made);
    return made;
  }

  /** Reads the tokens again and uses `fontSize` pixels everywhere. */
  setFontSize(fontSize: number): void {
    this.look = { palette: readPalette(document.documentElement), fontSize };
    for (const terminal of this.terminals.values()) terminal.setLook(this.look);
  }

  /** Disposes the terminals of every run but `run`; what they showed comes back by attaching again. */
  keepOnly(run: string | null): void {
    for (const [name, terminal] of this.terminals) {
      if (run !== null && name.startsWith(`${run}/`)) continue;
      terminal.dispose();
      this.terminals.delete(name);
    }
  }

  dispose(): void {
    this.end();
    this.themeObserver.disconnect();
    this.keepOnly(null);
  }

  private onEvent(event: AppEvent): void {
    if (event.type === 'terminal.data') {
      for (const chunk of event.chunks) this.terminals.get(chunk.terminal)?.take(chunk);
    } else if (event.type === 'run' && 'lane' in event.event) {
      this.terminals.get(terminalName(event.event.run, event.event.lane))?.wake();
    }
  }

  private linkOf(terminal: string): TerminalLink {
    const { bridge } = this;
    // A terminal that is gone by now is no error for detach, ack and resize: its run has just ended.
    return {
      attach: async () => {
        const answer = await bridge.invoke('terminal.attach', { terminal });
        // A lane that was just opened has neither a terminal nor a log yet.
        return !answer.ok && answer.error.kind === 'io/failed' && answer.error.code === 'ENOENT' ? ok(null) : answer;
      },
      detach: () => { void bridge.invoke('terminal.detach', { terminal }); },
      ack: (seq) => { void bridge.invoke('terminal.ack', { terminal, seq }); },
      write: (data) => bridge.invoke('terminal.write', { terminal, data }),
      resize: (cols, rows) => { void bridge.invoke('terminal.resize', { terminal, cols, rows }); },
    };
  }
}
