import { useState } from 'react';
import type { Run } from '../../../shared/run';
import { waitsToResume } from '../../../shared/unfinished';
import { perform } from '../../bridge';
import { setOptions, useOptions } from '../../options';
import { currentRun, setWindow, useStore } from '../../store';
import { runIsOf } from '../../tasks';
import { Button } from '../../ui/button';
import { counted, someOf } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Notice } from '../../ui/message';
import { Switch } from '../../ui/switch';
import { Checkpoint } from './checkpoint';
import { Limited } from './limited';
import { resumeFacts } from './resume-facts';
import { blockingError, goingOn, otherRun, runSentence } from './sentences';

function Uncommitted({ paths, compact }: { readonly paths: readonly string[]; readonly compact: boolean }) {
  const base = useStore((state) => state.snapshot?.options.base ?? state.snapshot?.repo?.branch ?? 'the base branch');
  const [busy, setBusy] = useState(false);
  const commit = async (): Promise<void> => {
    setBusy(true);
    await perform('spec.commit', {});
    setBusy(false);
  };
  return (
    <Notice tone="warning" compact={compact} title={`These spec files are not committed on ${base}`} short={`${counted(paths.length, 'file')} not committed`}
      action={<Button size="sm" busy={busy} aria-label="Commit these files" onClick={() => void commit()}>{compact ? 'Commit' : 'Commit these files'}</Button>}>
      <div className="notice-files selectable">{paths.map((path) => <code key={path}>{path}</code>)}</div>
      <p>Agents work in worktrees made from {base}, so they would not see them. One commit of just these paths; nothing else is touched.</p>
    </Notice>
  );
}

/** Said once for each repository, where the decision is made; pressing Run is the answer. */
function Permissions({ compact }: { readonly compact: boolean }) {
  const options = useOptions();
  const restrictable = useStore((state) => state.snapshot?.agents.find((agent) => agent.name === state.snapshot?.options.agent)?.restrictable ?? false);
  if (options === null) return null;
  const restrict = restrictable
    ? <label className="row sm"><Switch label="Restricted" checked={options.restricted} onChange={(restricted) => setOptions({ restricted })} />Use the agent's restricted mode</label>
    : null;
  return (
    <Notice tone="info" compact={compact} title="Agents run with full permissions in this repository" short="Agents have full permissions">
      <p>They may change files and start any program as you, without asking. {options.worktrees ? 'Each works in a worktree of its own' : 'They work in this checkout, on a branch of their own'}; nothing reaches your branch before you approve it.</p>
      {restrict}
    </Notice>
  );
}

/** Tasks that appeared in the task file while the run went on: nobody has asked for them until the person does. It stands where nothing scrolls. */
export function Offered() {
  const live = useStore((state) => state.snapshot?.liveRun ?? null);
  const offered = useStore((state) => (live === null ? undefined : state.snapshot?.runs.find((run) => run.id === live)?.offered));
  const [busy, setBusy] = useState(false);
  if (live === null || offered === undefined || offered.length === 0) return null;
  const take = async (): Promise<void> => {
    setBusy(true);
    await perform('run.takeIn', { run: live });
    setBusy(false);
  };
  const many = counted(offered.length, 'task');
  return (
    <Notice tone="info" compact title={`${many} added to the task file`} short={`${many} added to the task file`}
      action={<Button size="sm" busy={busy} aria-label="Add them to this run" onClick={() => void take()}>Add</Button>}>
      <div className="notice-files selectable">{offered.slice(0, 5).map(({ id, title }) => <span key={id} className="truncate"><code>{id}</code> {title}</span>)}</div>
      <p>{offered.length > 5 ? `And ${offered.length - 5} more. ` : ''}This run keeps its plan unless you add them.</p>
    </Notice>
  );
}

/** A run that did not come to an end of its own: the question can be asked again, and nothing hurries. */
function Unfinished({ run, compact }: { readonly run: Run; readonly compact: boolean }) {
  const { done, wave, of, lost } = resumeFacts(run);
  return (
    <Notice tone="info" compact={compact} title="This run did not come to its end" short={run.stoppedWaiting ? 'Left at a checkpoint' : 'Run interrupted'}
      action={<Button size="sm" icon={icons.play} onClick={() => setWindow({ resumeRun: run.id })}>Resume…</Button>}>
      <p>{done.length} of {run.order.length} tasks are done, wave {wave} of {of}. {lost.length === 0 ? '' : `What ${someOf(lost.map(({ id }) => id))} left is kept in ${lost.length === 1 ? 'its lane' : 'their lanes'}.`}</p>
    </Notice>
  );
}

/** The live run belongs to another spec than the one that is open: which, how far it is, and the way there. */
function Elsewhere({ run, compact }: { readonly run: Run; readonly compact: boolean }) {
  const entry = useStore((state) => state.snapshot?.specs.find((spec) => spec.folder === run.specFolder && (spec.file === null || run.taskFiles.includes(spec.file))));
  const [busy, setBusy] = useState(false);
  const open = async (): Promise<void> => {
    setBusy(true);
    await perform('spec.open', { path: run.specFolder, file: entry?.file ?? null });
    setBusy(false);
  };
  const title = goingOn(run);
  return (
    <Notice tone="info" compact={compact} title={title} short={title} action={<Button size="sm" busy={busy} aria-label={`Show ${run.spec}`} onClick={() => void open()}>{compact ? 'Show' : `Show ${run.spec}`}</Button>}>
      <p>{runSentence(run).text} Pause and Stop below act on that run.</p>
    </Notice>
  );
}

/** What stands between the person and Run, above the buttons and never as a dialog. Several, or a low window, make them short. */
export function Notices({ low }: { readonly low: boolean }) {
  const readiness = useStore((state) => state.snapshot?.readiness);
  const hasTasks = useStore((state) => (state.snapshot?.spec?.tasks.length ?? 0) > 0);
  const live = useStore((state) => Boolean(state.snapshot?.liveRun));
  const unfinished = useStore((state) => {
    const run = currentRun(state);
    return runIsOf(run, state.snapshot?.spec ?? null) && waitsToResume(run) ? run : null;
  });
  const other = useStore((state) => (state.snapshot === null ? null : otherRun(state.snapshot)));
  if (live) return <div className="notices">{other === null ? null : <Elsewhere run={other} compact={low} />}<Checkpoint /><Limited compact={low} /></div>;
  if (readiness === undefined || !hasTasks) return null;
  const blocking = blockingError(readiness);
  const paths = readiness.uncommitted.length > 0 ? readiness.uncommitted : readiness.error?.kind === 'spec/uncommitted' ? readiness.error.paths : [];
  const permissions = !readiness.permissionsSaid && blocking === null;
  const compact = low || [blocking !== null, paths.length > 0, permissions, unfinished !== null].filter(Boolean).length > 1;
  return (
    <div className="notices">
      {unfinished === null ? null : <Unfinished run={unfinished} compact={compact} />}
      {blocking === null || readiness.error?.kind === 'spec/lost' ? null : <Notice tone="error" compact={compact} title={blocking.title} short={blocking.title}><p className="selectable">{blocking.detail}</p><p className="selectable">{blocking.hint}</p></Notice>}
      {paths.length > 0 ? <Uncommitted paths={paths} compact={compact} /> : null}
      {permissions ? <Permissions compact={compact} /> : null}
    </div>
  );
}
