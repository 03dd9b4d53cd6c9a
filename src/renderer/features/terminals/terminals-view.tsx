import { useEffect, useMemo, useRef, useState } from 'react';
import type { Run } from '../../../shared/run';
import { ask, subscribe } from '../../bridge';
import { noTasks } from '../../tally';
import { currentRun, requestFind, selectLane, setUi, useStore } from '../../store';
import { IconButton } from '../../ui/button';
import { icons } from '../../ui/icons';
import { Empty } from '../../ui/message';
import { Segments } from '../../ui/segments';
import { shortcut } from '../../ui/shortcut';
import { copyText } from '../../ui/clipboard';
import { FindBar } from './find-bar';
import { shortcutOf, type TerminalShortcut } from './keys';
import { GridPager } from './grid-pager';
import { LaneTabs } from './lane-tabs';
import { gridShape, laneCards, pageOf, type LaneCard } from './lanes';
import { TerminalRegistry } from './registry';
import { TerminalPane } from './terminal-pane';
import './terminals.css';
import { useSize } from './use-size';

let registry: TerminalRegistry | null = null;

/** The window's terminals. They outlive the view, so that switching to the plan and back loses nothing. */
const terminals = (): TerminalRegistry => (registry ??= new TerminalRegistry({ invoke: ask, subscribe }));

const layouts = [
  { value: 'tabs', label: 'Tabs', icon: <icons.tabs /> },
  { value: 'grid', label: 'Grid', icon: <icons.grid /> },
] as const;

/** The lanes of the current run, live: one at a time or side by side. */
export function TerminalsView() {
  const run = useStore(currentRun);
  const fontSize = useStore((state) => state.ui.fontSize);
  const grid = useStore((state) => state.ui.layout === 'grid');
  const id = run?.id ?? null;
  useEffect(() => terminals().keepOnly(id), [id]);
  // Several terminals at once get a step smaller letters: two columns then still hold 60 characters.
  useEffect(() => terminals().setFontSize(grid ? fontSize - 1 : fontSize), [fontSize, grid]);

  return (
    <div className="terminals">
      {run !== null && Object.keys(run.lanes).length > 0 ? <Lanes key={run.id} run={run} /> : (
        <>
          <div className="terminals-bar"><span className="grow" /><LayoutChoice /></div>
          {run === null ? <NoRun /> : <NoLanes run={run} />}
        </>
      )}
    </div>
  );
}

/** Chosen before a run as well as during it. */
function LayoutChoice() {
  const layout = useStore((state) => state.ui.layout);
  return <Segments label="Terminal layout" value={layout} segments={layouts} onChange={(next) => setUi({ layout: next })} />;
}

function NoRun() {
  const hasTasks = useStore((state) => state.snapshot?.spec?.tasks.length !== 0);
  if (!hasTasks) return <Empty icon={icons.tasks} title={noTasks.title}>{noTasks.hint}</Empty>;
  return (
    <Empty icon={icons.terminal} title="Terminals appear here">
      Each lane of a run gets a worktree, a branch and a terminal of its own. Press Run to open the first ones.
    </Empty>
  );
}

function NoLanes({ run }: { readonly run: Run }) {
  if (run.finishedAt !== null || run.state === 'abandoned') {
    return <Empty icon={icons.terminal} title="This run opened no lane">It ended before any task was started. The Auto Run panel says why.</Empty>;
  }
  return (
    <Empty icon={(props) => <icons.busy {...props} className="empty-icon spin" />} title="Opening worktrees…">
      Each lane starts from {run.base} at {run.baseCommit.slice(0, 9)}, outside your checkout.
    </Empty>
  );
}

/** Follows the Ctrl/Cmd+Shift family wherever the focus is in the window. */
function useShortcuts(act: (pressed: TerminalShortcut) => boolean): void {
  const latest = useRef(act);
  useEffect(() => { latest.current = act; });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      // An open dialog keeps the keyboard to itself.
      if (event.defaultPrevented || document.querySelector('[role="dialog"][data-state="open"]') !== null) return;
      const pressed = shortcutOf(event);
      if (pressed !== null && latest.current(pressed)) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** How many requests for a search were answered by closing it; outlives the view, which another view's request mounts. */
let answeredFinds = 0;

/** Opens with each request for a search, from wherever in the window, and closes by itself. */
function useFind(): { readonly open: boolean; readonly requests: number; readonly close: () => void } {
  const requests = useStore((state) => state.findRequests);
  const [answered, setAnswered] = useState(answeredFinds);
  const close = (): void => {
    answeredFinds = requests;
    setAnswered(requests);
  };
  return { open: requests > answered, requests, close };
}

const paneId = (index: number): string => `terminal-${index}`;

function Lanes({ run }: { readonly run: Run }) {
  const layout = useStore((state) => state.ui.layout);
  const chosen = useStore((state) => state.selectedLane);
  const cards = useMemo(() => laneCards(run), [run]);
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const find = useFind();

  const index = Math.max(0, cards.findIndex((card) => card.name === chosen));
  const selected = cards[index]?.name ?? '';
  const terminal = terminals().of(run.id, selected);
  const shape = layout === 'grid' ? gridShape(cards.length, width, height) : { columns: 1, rows: 1, shown: 1 };
  const page = pageOf(cards, index, shape.shown);
  const shown = page.items;
  const spare = shape.columns * Math.ceil(shown.length / shape.columns) - shown.length;

  const select = (lane: string): void => { if (lane !== chosen) selectLane(lane); };
  const zoom = (card: LaneCard): void => { select(card.name); setUi({ layout: layout === 'grid' ? 'tabs' : 'grid' }); };
  useShortcuts((pressed) => {
    if (pressed.kind === 'grid') setUi({ layout: layout === 'grid' ? 'tabs' : 'grid' });
    else if (pressed.kind === 'find') requestFind();
    else if (pressed.kind === 'copy' && terminal.selection() !== '') void copyText(terminal.selection());
    else if (pressed.kind === 'lane' && cards[pressed.index]) {
      const name = cards[pressed.index]?.name ?? selected;
      select(name);
      requestAnimationFrame(() => terminals().of(run.id, name).focus());
    } else return false;
    return true;
  });

  return (
    <>
      <div className="terminals-bar">
        <LaneTabs cards={cards} selected={selected} onSelect={select} paneOf={(lane) => (shown.some((card) => card.name === lane) ? paneId(cards.findIndex((card) => card.name === lane)) : null)} />
        {layout === 'grid' && width > 0 && page.total > shown.length ? <GridPager page={page} onShow={(card) => select(card.name)} /> : null}
        <IconButton label="Find in this terminal" keys={shortcut('F', true)} icon={icons.search} pressed={find.open} onClick={find.open ? find.close : requestFind} />
        <LayoutChoice />
      </div>
      {find.open ? <FindBar terminal={terminal} requests={find.requests} onClose={() => { find.close(); terminal.focus(); }} /> : null}
      <div className={`terms terms-${layout}`} ref={box} style={{ gridTemplateColumns: `repeat(${shape.columns}, minmax(0, 1fr))` }}>
        {width === 0 ? null : shown.map((card, place) => (
          <TerminalPane
            key={card.name} id={paneId(cards.indexOf(card))} run={run.id} card={card} agent={run.options.agent} terminal={terminals().of(run.id, card.name)}
            selected={shown.length > 1 && card.name === selected} span={place === shown.length - 1 ? 1 + spare : 1}
            zoom={cards.length === 1 ? 'none' : layout === 'grid' ? 'maximise' : 'grid'} onZoom={() => zoom(card)} onSelect={() => select(card.name)}
          />
        ))}
      </div>
    </>
  );
}
