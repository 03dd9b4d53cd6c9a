import { useDeferredValue, useMemo } from 'react';
import type { Diagnostic, Spec } from '../../../shared/domain';
import type { Run } from '../../../shared/run';
import { noticed, showDiagnostics } from '../../diagnostics';
import { currentRun, setUi, useStore } from '../../store';
import { withGates } from '../../gates';
import { Lost, useLost } from '../../lost';
import { groupTasks, hasStories, lookedAt, runIsOf } from '../../tasks';
import { noTasks } from '../../tally';
import { useMedia } from '../../ui/media';
import { Busy, Empty } from '../../ui/message';
import { icons } from '../../ui/icons';
import { Segments } from '../../ui/segments';
import { Tip } from '../../ui/tooltip';
import { Actions } from './actions';
import { Checklist } from './checklist';
import { Controls } from './controls';
import { Notices, Offered } from './notices';
import { Progress } from './progress';
import { StatusLine } from './status-line';
import './auto-run-panel.css';

const modeWords = { auto: 'Auto', single: 'Single', parallel: 'Parallel', team: 'Team' } as const;

/** The mode the next run will use, and what is recommended. `auto` lets as many agents work as the dependencies and Max parallel allow. */
function ModeChip() {
  const plan = useStore((state) => state.snapshot?.plan ?? null);
  const chosen = useStore((state) => state.snapshot?.options.mode ?? 'auto');
  if (plan === null || plan.waves.length === 0) return null;
  const what = chosen === 'auto' ? 'As many agents at once as dependencies and Max parallel allow.' : 'Chosen by you.';
  return <Tip text={`${what} Recommended: ${modeWords[plan.mode.recommended]}. ${plan.mode.reason}`}><span className="chip h20" tabIndex={0}>{modeWords[chosen]}</span></Tip>;
}

const groupings = [{ value: 'phase', label: 'Phase' }, { value: 'story', label: 'Story' }] as const;

/** Whether headings are phases or stories; a spec without stories has no choice. */
function Grouping({ spec, run }: { readonly spec: Spec | null; readonly run: Run | null }) {
  const by = useStore((state) => state.ui.groupBy);
  return hasStories(spec, run) ? <Segments label="Group tasks by" value={by} segments={groupings} onChange={(groupBy) => setUi({ groupBy })} /> : null;
}

function NoTasks({ opened }: { readonly opened: boolean }) {
  return opened
    ? <Empty icon={icons.tasks} title={noTasks.title}>{noTasks.hint}</Empty>
    : <Empty icon={icons.tasks} title="No spec is open">Choose a spec, and its tasks appear here with what they wait for.</Empty>;
}

const nothing: readonly Diagnostic[] = [];

/** What was noticed in the spec, by severity; it leads to the list with their lines. */
function NoticedLine() {
  const diagnostics = useStore((state) => state.snapshot?.diagnostics ?? nothing);
  const found = useMemo(() => noticed(diagnostics), [diagnostics]);
  if (found === null) return null;
  const Drawn = found.worst === 'error' ? icons.alert : found.worst === 'warning' ? icons.warning : icons.info;
  return <Tip text="Show them with their lines"><button type="button" className={`noticed is-${found.worst}`} onClick={showDiagnostics}><Drawn width={14} height={14} /><span className="grow cut">{found.text}</span><icons.right width={14} height={14} /></button></Tip>;
}

/** The side panel: how far it is, each task, and the controls of the run. */
export function AutoRunPanel() {
  // A large spec is drawn in small steps between frames; what a person does comes first.
  const spec = useDeferredValue(useStore((state) => state.snapshot?.spec ?? null));
  const plan = useDeferredValue(useStore((state) => state.snapshot?.plan ?? null));
  const run = useDeferredValue(useStore(currentRun));
  const by = useStore((state) => state.ui.groupBy);
  const groups = useMemo(() => withGates(spec, groupTasks(spec, run, hasStories(spec, run) ? by : 'phase')), [spec, run, by]);
  const ofSpec = runIsOf(run, spec) ? run : null;
  const lost = useLost();
  const name = lookedAt(spec, run);
  const isCurrent = useStore((state) => lookedAt(state.snapshot?.spec ?? null, currentRun(state)) === name);
  const low = useMedia('(max-height: 719px)');
  return (
    <aside className="pane auto-run" aria-label="Auto Run" data-pane="" tabIndex={-1}>
      <header className="toolbar"><h2 className="grow">Auto Run</h2><Grouping spec={spec} run={run} /><ModeChip /></header>
      {lost !== null ? <div className="lost" role="alert"><Lost error={lost} /></div> : !isCurrent ? <Busy>Reading the tasks</Busy> : groups.length === 0
        ? <NoTasks opened={spec !== null} />
        : <><Progress groups={groups} run={ofSpec} /><NoticedLine /><Checklist key={name} name={name} groups={groups} plan={plan} agent={ofSpec?.options.agent ?? null} /></>}
      <footer className="auto-run-foot">
        <div className="auto-run-controls scroll"><Notices low={low} /><Controls /></div>
        <Offered />
        <StatusLine />
        <Actions />
      </footer>
    </aside>
  );
}
