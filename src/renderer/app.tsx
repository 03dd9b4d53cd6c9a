import { Tabs } from 'radix-ui';
import { type ReactNode, useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import './app.css';
import { ChangesView } from './features/merge/changes-view';
import { MergeDialog } from './features/merge/merge-dialog';
import { PlanView } from './features/plan/plan-view';
import { ActivityView } from './features/run/activity-view';
import { AutoRunPanel } from './features/run/auto-run-panel';
import { ChangeDialog } from './features/run/change-dialog';
import { Checkpoint } from './features/run/checkpoint';
import { ChecklistsDialog } from './features/run/checklists-dialog';
import { CleanupDialog } from './features/run/cleanup-dialog';
import { ResumeDialog } from './features/run/resume-dialog';
import { RollbackDialog } from './features/run/rollback-dialog';
import { RunList, RunsMenu } from './features/run/run-list';
import { StatusBar } from './features/run/status-bar';
import { SettingsDialog } from './features/settings/settings-dialog';
import { ChooseButton } from './features/spec/choose-button';
import { DropTarget } from './features/spec/drop-target';
import { RecentNav } from './features/spec/recent-list';
import { SpecList } from './features/spec/spec-list';
import { SpecProblem } from './features/spec/spec-problem';
import { SpecView } from './features/spec/spec-view';
import { StartScreen } from './features/spec/start-screen';
import { TerminalsView } from './features/terminals/terminals-view';
import { lostOf } from './lost';
import { narrowBelow, runAction, useKeyboard } from './keyboard';
import { dismiss, setUi, setWindow, useStore } from './store';
import { IconButton } from './ui/button';
import { ErrorBoundary } from './ui/error-boundary';
import { BrandMark, icons } from './ui/icons';
import { useMedia, useTheme } from './ui/media';
import './ui/nav.css';
import { Panes } from './ui/panes';
import { SegmentTabs } from './ui/segments';
import { shortcut } from './ui/shortcut';
import { ToldLine } from './told-line';
import { Toasts } from './ui/toasts';
import { TipProvider } from './ui/tooltip';

const views = [
  { value: 'terminals', label: 'Terminals' }, { value: 'plan', label: 'Plan' }, { value: 'spec', label: 'Spec' }, { value: 'changes', label: 'Changes' },
  { value: 'activity', label: 'Activity' },
] as const;

interface TitleBarProps {
  /** Whether each pane is shown; null where there is none to show. */
  readonly left: boolean | null;
  readonly right: boolean | null;
  readonly offerChoose: boolean;
}

function TitleBar({ left, right, offerChoose }: TitleBarProps) {
  const repo = useStore((state) => state.snapshot?.repo?.name ?? null);
  const title = useStore((state) => state.snapshot?.spec?.title ?? null);
  return (
    <header className="titlebar">
      <BrandMark />
      {left === null ? null : <IconButton label="Specs and history" keys={shortcut('B', true)} icon={icons.leftPane} pressed={left} onClick={() => runAction('toggle-left')} />}
      {offerChoose ? <ChooseButton look="small" /> : null}
      <div className="crumbs grow"><b className="cut">{repo ?? 'Braid'}</b>{title === null ? null : <><span className="dim">/</span><h1 className="cut">{title}</h1></>}</div>
      <IconButton label="Settings" icon={icons.settings} onClick={() => setWindow({ settingsOpen: true })} />
      {right === null ? null : <IconButton label="Side panel" keys={shortcut('B')} icon={icons.rightPane} pressed={right} onClick={() => runAction('toggle-right')} />}
    </header>
  );
}

function LeftPane({ offerChoose }: { readonly offerChoose: boolean }) {
  return (
    <nav className="pane left-pane" aria-label="Specs and runs" data-pane="" tabIndex={-1}>
      <div className="left-scroll scroll">
        <div className="nav-section"><h2>Specs</h2></div><SpecList />
        <div className="nav-section"><h2 className="grow">Runs</h2><RunsMenu /></div><RunList />
        <RecentNav />
      </div>
      {offerChoose ? <div className="left-foot"><ChooseButton look="normal" /></div> : null}
    </nav>
  );
}

function Middle() {
  const view = useStore((state) => state.ui.view);
  // A lost file is said where the tasks were, unless nothing of that is shown.
  const problem = useStore((state) => (state.ui.rightOpen && state.snapshot?.liveRun == null && lostOf(state) !== null ? null : state.snapshot?.problem ?? null));
  return (
    <Tabs.Root asChild value={view} onValueChange={(next) => { const found = views.find(({ value }) => value === next); if (found) setUi({ view: found.value }); }}>
      <main className="pane" aria-label="Work" data-pane="" tabIndex={-1}>
        <div className="toolbar"><SegmentTabs label="View" value={view} segments={views} /></div>
        {problem === null ? null : <div className="middle-problem"><SpecProblem error={problem} /></div>}
        <ErrorBoundary key={view} what="This view">
          <Tabs.Content className="view" value="terminals" tabIndex={-1}><TerminalsView /></Tabs.Content>
          <Tabs.Content className="view" value="plan" tabIndex={-1}><PlanView /></Tabs.Content>
          <Tabs.Content className="view" value="spec" tabIndex={-1}><SpecView /></Tabs.Content>
          <Tabs.Content className="view" value="changes" tabIndex={-1}><ChangesView /></Tabs.Content>
          <Tabs.Content className="view" value="activity" tabIndex={-1}><ActivityView /></Tabs.Content>
        </ErrorBoundary>
      </main>
    </Tabs.Root>
  );
}

/** The left pane over the others, in narrow windows. Esc and a click beside it close it. */
function LeftOverlay({ children }: { readonly children: ReactNode }) {
  const close = (): void => setWindow({ leftOverlay: false });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => { if (event.key === 'Escape' && !event.defaultPrevented) close(); };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  return <><div className="overlay-scrim" onClick={close} /><div className="overlay-left">{children}</div></>;
}

/** The window, and what is left of it when a bug breaks the frame itself. */
export function App() {
  return <ErrorBoundary what="The window"><Frame /></ErrorBoundary>;
}

/** Title bar, three panes, status bar, and the dialogs above them. */
function Frame() {
  useKeyboard();
  const { theme, loaded, started, browsable } = useStore(useShallow(({ snapshot }) => ({
    theme: snapshot?.theme ?? 'system',
    loaded: snapshot !== null,
    started: Boolean(snapshot?.spec) || Boolean(snapshot?.currentRun),
    browsable: Boolean(snapshot && (snapshot.spec || snapshot.specs.length > 0 || snapshot.runs.length > 0)),
  })));
  useTheme(theme);
  const ui = useStore((state) => state.ui);
  const overlay = useStore((state) => state.leftOverlay);
  const notices = useStore((state) => state.notices);
  const narrow = useMedia(`(max-width: ${narrowBelow - 1}px)`);
  const showLeft = browsable && (narrow ? overlay : ui.leftOpen);
  const showRight = started && ui.rightOpen;
  const left = <LeftPane offerChoose={started} />;
  const toasts = <Toasts toasts={notices} onDismiss={dismiss} />;
  if (!loaded) return <TipProvider><div className="middle-foot">{toasts}</div></TipProvider>;
  // What comes up by itself lies over the middle, where it covers no button of the sides.
  const middle = <div className="middle">{started ? <Middle /> : <StartScreen />}<div className="middle-foot"><MergeDialog />{started && !showRight ? <div className="middle-question"><Checkpoint /></div> : null}<ToldLine />{toasts}</div></div>;
  return (
    <TipProvider>
      <DropTarget>
        <div className="window">
          <TitleBar left={browsable ? showLeft : null} right={started ? showRight : null} offerChoose={started && !showLeft} />
          <div className="window-panes">
            <Panes
              left={showLeft && !narrow ? { width: ui.leftWidth, content: left } : null}
              middle={middle}
              right={showRight ? { width: ui.rightWidth, content: <AutoRunPanel /> } : null}
              onResized={(widths) => setUi({ ...(widths.left === null ? {} : { leftWidth: widths.left }), ...(widths.right === null ? {} : { rightWidth: widths.right }) })}
            />
            {showLeft && narrow ? <LeftOverlay>{left}</LeftOverlay> : null}
          </div>
          <StatusBar live={started && !showRight} />
        </div>
      </DropTarget>
      <ResumeDialog />
      <CleanupDialog />
      <RollbackDialog />
      <ChecklistsDialog />
      <ChangeDialog />
      <SettingsDialog />
    </TipProvider>
  );
}
