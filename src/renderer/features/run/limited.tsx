import { useState } from 'react';
import { timeOfDay } from '../../../shared/clock';
import { limitWords } from '../../../shared/limits';
import type { Run } from '../../../shared/run';
import { perform } from '../../bridge';
import { useStore } from '../../store';
import { Button } from '../../ui/button';
import { clock, secondsBetween } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Notice } from '../../ui/message';
import { useNow } from '../../ui/ticker';

/** Time left until an ISO time. It has no live region of its own: the run's status says the same once. */
function Countdown({ until }: { readonly until: string }) {
  const now = useNow();
  return <span className="countdown">{clock(secondsBetween(new Date(now).toISOString(), until, now))}</span>;
}

function LimitedRun({ run, compact }: { readonly run: Run; readonly compact: boolean }) {
  const [busy, setBusy] = useState(false);
  const { agent } = run.options;
  const limit = run.limits[agent];
  if (!limit?.active) return null;
  const tryNow = async (): Promise<void> => {
    setBusy(true);
    await perform('run.resume', { run: run.id });
    setBusy(false);
  };
  const words = limitWords(agent, limit, run.lastAt);
  return (
    <Notice tone="warning" compact={compact} title={words} short={<>{agent} limited until {timeOfDay(limit.next, run.lastAt)}, <Countdown until={limit.next} /> left</>}
      action={<Button size="sm" icon={icons.refresh} busy={busy} unavailable={run.state === 'running' ? null : 'The run is paused: resume it first.'} tip="Starts the next task now; if the limit still holds, it waits again" onClick={() => void tryNow()}>Try now</Button>}>
      <p>{limit.until === null ? 'The agent named no time. Braid tries again' : 'Goes on by itself'} in <Countdown until={limit.next} />. Nothing starts before; what is at work goes on, and no attempt is spent.</p>
      {limit.text === '' ? null : <p className="selectable">It said: {limit.text}</p>}
    </Notice>
  );
}

/** The account of the live run's agent refuses work: until when, and the way to try it now (Z6). */
export function Limited({ compact }: { readonly compact: boolean }) {
  const run = useStore((state) => state.snapshot?.runs.find(({ id, limits, options }) => id === state.snapshot?.liveRun && limits[options.agent]?.active) ?? null);
  return run === null ? null : <LimitedRun run={run} compact={compact} />;
}
