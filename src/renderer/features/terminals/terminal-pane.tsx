import { useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { perform } from '../../bridge';
import { Button, IconButton } from '../../ui/button';
import { clock, secondsBetween } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Problem } from '../../ui/message';
import { StatusMark } from '../../ui/status-mark';
import { useNow } from '../../ui/ticker';
import { Tip } from '../../ui/tooltip';
import type { LaneCard } from './lanes';
import { PaneMenu } from './pane-menu';
import { Strips } from './strips';
import type { LaneTerminal } from './terminal';

interface PaneProps {
  readonly id: string;
  readonly run: string;
  readonly card: LaneCard;
  readonly agent: string;
  readonly terminal: LaneTerminal;
  readonly selected: boolean;
  /** Columns this pane spans in the grid. */
  readonly span: number;
  /** `none` when there is only one lane and so nothing to switch to. */
  readonly zoom: 'maximise' | 'grid' | 'none';
  readonly onZoom: () => void;
  readonly onSelect: () => void;
}

function Running({ since }: { readonly since: string }) {
  return <span className="dim">{clock(secondsBetween(since, null, useNow()))}</span>;
}

/** Time since the shown attempt began; stands still once it ended. */
function Elapsed({ card }: { readonly card: LaneCard }) {
  if (card.startedAt === null) return null;
  return card.endedAt === null ? <Running since={card.startedAt} /> : <span className="dim">{clock(secondsBetween(card.startedAt, card.endedAt, 0))}</span>;
}

/** What lies over a screen that has nothing to show. */
function Overlay({ terminal, run, card }: { readonly terminal: LaneTerminal; readonly run: string; readonly card: LaneCard }) {
  const { feed } = useSyncExternalStore(terminal.subscribe, terminal.getStatus);
  if (feed.kind === 'failed') {
    return (
      <div className="term-overlay">
        <Problem error={feed.error} actions={<Button size="sm" icon={icons.refresh} onClick={() => terminal.wake()}>Try again</Button>} />
      </div>
    );
  }
  if (feed.kind !== 'absent') return null;
  return card.startedAt === null ? (
    <div className="term-overlay"><p className="sub">The worktree is ready. Output appears with the lane’s first process.</p></div>
  ) : (
    <div className="term-overlay">
      <p className="sub">The output of this lane is no longer in memory. Its log is on disk.</p>
      <Button size="sm" icon={icons.document} onClick={() => { void perform('lane.open', { run, lane: card.name, in: 'log' }); }}>Open log</Button>
    </div>
  );
}

function ZoomButton({ zoom, lane, onZoom }: { readonly zoom: PaneProps['zoom']; readonly lane: string; readonly onZoom: () => void }) {
  if (zoom === 'none') return null;
  return zoom === 'maximise'
    ? <IconButton small label={`Maximise ${lane}`} icon={icons.maximize} onClick={onZoom} />
    : <IconButton small label="Back to grid" icon={icons.minimize} onClick={onZoom} />;
}

/** One lane: a header that says who works on what, its live screen, and why it stands still when it does. */
export function TerminalPane({ id, run, card, agent, terminal, selected, span, zoom, onZoom, onSelect }: PaneProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const parent = box.current;
    if (parent === null) return undefined;
    terminal.show(parent);
    return () => terminal.hide(parent);
  }, [terminal]);

  return (
    <section
      id={id} className={`term ${selected ? 'term-selected' : ''}`} role="group" aria-label={`Terminal ${card.name}`} aria-description="Keys go to the agent. F6 leaves the terminal."
      style={span > 1 ? { gridColumn: `span ${span}` } : undefined} onFocusCapture={onSelect}
    >
      <header className="term-head">
        <StatusMark mark={card.mark} size={14} label={card.label} />
        <b className="cut term-name">{card.name}</b>
        {card.task === null ? null : <Tip text={card.taskTitle}><span className="dim mono">{card.task}</span></Tip>}
        <span className="dim cut">{agent}</span>
        <span className="grow" />
        <span className="term-leave xs" title="F6 leaves the terminal"><kbd className="kbd">F6</kbd><span className="term-leave-words"> leaves the terminal</span></span>
        <Elapsed card={card} />
        <ZoomButton zoom={zoom} lane={card.name} onZoom={onZoom} />
        <PaneMenu run={run} lane={card.name} terminal={terminal} />
      </header>
      {/* A click beside the letters, in the padding, reaches the terminal as well. */}
      <div className="term-screen" ref={box} onClick={() => terminal.focus()} />
      <Overlay terminal={terminal} run={run} card={card} />
      <Strips card={card} terminal={terminal} />
    </section>
  );
}
