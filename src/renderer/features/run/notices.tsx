import { useState } from 'react';
import { perform } from '../../bridge';
import { setOptions, useOptions } from '../../options';
import { useStore } from '../../store';
import { Button } from '../../ui/button';
import { Callout } from '../../ui/message';
import { Switch } from '../../ui/switch';
import { blockingError } from './sentences';

function Uncommitted({ paths }: { readonly paths: readonly string[] }) {
  const base = useStore((state) => state.snapshot?.options.base ?? state.snapshot?.repo?.branch ?? 'the base branch');
  const [busy, setBusy] = useState(false);
  const commit = async (): Promise<void> => {
    setBusy(true);
    await perform('spec.commit', {});
    setBusy(false);
  };
  return (
    <Callout tone="warning" title={`These spec files are not committed on ${base}`} actions={<Button size="sm" busy={busy} onClick={() => void commit()}>Commit these files</Button>}>
      <div className="notice-files selectable">{paths.map((path) => <code key={path}>{path}</code>)}</div>
      <p>Agents work in worktrees made from {base}, so they would not see them. One commit of just these paths; nothing else is touched.</p>
    </Callout>
  );
}

/** Said once for each repository, where the decision is made; pressing Run is the answer. */
function Permissions() {
  const options = useOptions();
  const restrictable = useStore((state) => state.snapshot?.agents.find((agent) => agent.name === state.snapshot?.options.agent)?.restrictable ?? false);
  if (options === null) return null;
  const restrict = restrictable
    ? <label className="row sm"><Switch label="Restricted" checked={options.restricted} onChange={(restricted) => setOptions({ restricted })} />Use the agent's restricted mode</label>
    : undefined;
  return (
    <Callout tone="info" title="Agents run with full permissions in this repository" actions={restrict}>
      <p>They may change files and start any program as you, without asking. {options.worktrees ? 'Each works in a worktree of its own' : 'They work in this checkout, on a branch of their own'}; nothing reaches your branch before you approve it.</p>
    </Callout>
  );
}

/** What stands between the person and Run, above the buttons and never as a dialog. */
export function Notices() {
  const readiness = useStore((state) => state.snapshot?.readiness);
  const hasSpec = useStore((state) => Boolean(state.snapshot?.spec));
  const live = useStore((state) => Boolean(state.snapshot?.liveRun));
  if (readiness === undefined || !hasSpec || live) return null;
  const blocking = blockingError(readiness);
  const paths = readiness.uncommitted.length > 0 ? readiness.uncommitted : readiness.error?.kind === 'spec/uncommitted' ? readiness.error.paths : [];
  return (
    <>
      {blocking === null ? null : <Callout tone="error" title={blocking.title}><p className="selectable">{blocking.detail}</p><p className="selectable">{blocking.hint}</p></Callout>}
      {paths.length > 0 ? <Uncommitted paths={paths} /> : null}
      {readiness.permissionsSaid || blocking !== null ? null : <Permissions />}
    </>
  );
}
