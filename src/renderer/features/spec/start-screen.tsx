import { useState } from 'react';
import { perform } from '../../bridge';
import { useStore } from '../../store';
import { Button } from '../../ui/button';
import { icons } from '../../ui/icons';
import { shortcut } from '../../ui/shortcut';
import { StatusMark } from '../../ui/status-mark';
import { ChooseButton } from './choose-button';
import { RecentTable } from './recent-list';
import { SpecProblem } from './spec-problem';
import './start-screen.css';

/** What detection found on this machine, and a way to look again. */
export function AgentTable() {
  const agents = useStore((state) => state.snapshot?.agents ?? null);
  const [busy, setBusy] = useState(false);
  const detect = async (): Promise<void> => {
    setBusy(true);
    await perform('agents.detect', {});
    setBusy(false);
  };
  return (
    <>
      <div className="row start-heading"><h2 className="sm sub grow">Agents on this machine</h2><Button kind="ghost" size="sm" busy={busy} onClick={() => void detect()}>Check again</Button></div>
      <ul className="start-list">
        {(agents ?? []).map((agent) => (
          <li key={agent.name} className="start-row">
            <StatusMark mark={agent.ready ? 'done' : agent.path === null ? 'pending' : 'waiting'} />
            <b className="start-agent">{agent.name}</b>
            <span className="dim start-version cut">{agent.version ?? ''}</span>
            <span className="grow cut sub" title={agent.reason ?? agent.title}>{agent.ready ? agent.title : agent.reason ?? agent.title}</span>
            <span className={agent.ready ? 'tone-done' : agent.path === null ? 'dim' : 'tone-waiting'}>{agent.ready ? 'Ready' : agent.path === null ? 'Not found' : 'Not ready'}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Sample() {
  const [busy, setBusy] = useState(false);
  const open = async (): Promise<void> => {
    setBusy(true);
    await perform('app.openSample', {});
    setBusy(false);
  };
  return (
    <section className="start-sample">
      <h2>Try the sample</h2>
      <p className="sub">A small repository with a spec-kit feature of ten tasks, for the demo agent. Takes about a minute. It lives in a temporary folder.</p>
      <ul className="sm">{['No account or key', 'No network', 'Real git, real terminals'].map((line) => <li key={line}><icons.check width={14} height={14} />{line}</li>)}</ul>
      <Button size="lg" icon={icons.play} busy={busy} onClick={() => void open()}>Open the sample</Button>
    </section>
  );
}

/** What is in the middle until a spec is open: choose, drop, try, or open one again. */
export function StartScreen() {
  const problem = useStore((state) => state.snapshot?.problem ?? null);
  return (
    <main className="pane start scroll" aria-label="Start" data-pane="" tabIndex={-1}>
      <div className="start-box">
        <h1>Choose a spec to build</h1>
        <p className="sub">Braid reads its tasks, gives them to agents in separate worktrees, and merges only what you approve.</p>
        {problem === null ? null : <div className="start-problem"><SpecProblem error={problem} /></div>}
        <div className="start-two">
          <div className="start-drop">
            <icons.folder className="start-folder" strokeWidth={1} />
            <p><b>Drop a spec folder here</b><br /><span className="dim sm">spec-kit, OpenSpec, track plan, tasks.yaml or any checklist</span></p>
            <ChooseButton look="large" />
            <kbd className="kbd">{shortcut('O')}</kbd>
          </div>
          <Sample />
        </div>
        <div className="start-two is-low">
          <section><div className="row start-heading"><h2 className="sm sub">Recent</h2></div><RecentTable /></section>
          <section><AgentTable /></section>
        </div>
      </div>
    </main>
  );
}
