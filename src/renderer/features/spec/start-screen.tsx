import { useState } from 'react';
import type { AgentInfo } from '../../../shared/domain';
import { perform } from '../../bridge';
import { useStore } from '../../store';
import { Button, IconButton } from '../../ui/button';
import { copyText } from '../../ui/clipboard';
import { icons } from '../../ui/icons';
import { shortcut } from '../../ui/shortcut';
import { StatusMark } from '../../ui/status-mark';
import { ChooseButton } from './choose-button';
import { RecentTable } from './recent-list';
import { SpecProblem } from './spec-problem';
import './start-screen.css';

/** The command at the end of a reason such as `Not installed. Get it with: npm install -g x`; null when it names none. */
export const installCommand = (reason: string | null): string | null => /\bGet it with: (.+)$/.exec(reason ?? '')?.[1] ?? null;

function AgentLine({ agent }: { readonly agent: AgentInfo }) {
  const command = agent.ready ? null : installCommand(agent.reason);
  // No program is missing here: the person says which one it is.
  const open = agent.name === 'custom' && !agent.ready && agent.path === null;
  const verdict = agent.ready ? { tone: 'tone-done', word: 'Ready' } : open ? { tone: 'dim', word: 'Yours to set' } : agent.path === null ? { tone: 'dim', word: 'Not found' } : { tone: 'tone-waiting', word: 'Not ready' };
  return (
    <li className="start-row">
      <StatusMark mark={agent.ready ? 'done' : agent.path === null ? 'pending' : 'waiting'} />
      <b className="start-agent">{agent.name}</b>
      {agent.version ? <span className="dim start-version cut" title={agent.version}>{agent.version}</span> : null}
      <span className="grow sub start-reason selectable">{agent.ready ? agent.title : open ? 'Any command line, given in Auto Run' : agent.reason ?? agent.title}</span>
      {command === null ? null : <IconButton small label={`Copy the command that installs ${agent.name}`} icon={icons.copy} onClick={() => void copyText(command)} />}
      <span className={`start-verdict ${verdict.tone}`}>{verdict.word}</span>
    </li>
  );
}

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
        {(agents ?? []).map((agent) => <AgentLine key={agent.name} agent={agent} />)}
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
