import type { Cycle } from '../../../shared/domain';
import { override, useOverrides } from '../../overrides';
import { goToLine, selectTask, useStore } from '../../store';
import { Button } from '../../ui/button';
import { Callout } from '../../ui/message';
import { sourceOf } from './phrases';
import './circles.css';

/** More circles than this are told by their number. */
const told = 3;
/** Ids of a path that are named. */
const named = 12;

const pathWords = ({ path }: Cycle): string => (path.length > named ? `${path.slice(0, named - 1).join(' → ')} → … → ${path.at(-1) ?? ''}` : path.join(' → '));

function Circle({ cycle, fileOf }: { readonly cycle: Cycle; readonly fileOf: (id: string) => string | null }) {
  const { of, unavailable } = useOverrides();
  const { task, dependsOn, file, line } = cycle.closing;
  const isYours = of(task, dependsOn) === 'add';
  return (
    <li className="circle">
      <span className="grow"><b className="mono">{pathWords(cycle)}</b> <span className="sub">{task} waits for {dependsOn}: {sourceOf(cycle.closing, fileOf(task))}</span></span>
      {file === null || line === null ? null : <Button size="sm" kind="ghost" onClick={() => { selectTask(task); goToLine(file, line); }}>Go to line</Button>}
      <Button size="sm" unavailable={unavailable} aria-label={`${isYours ? 'Undo' : 'Remove'} the dependency of ${task} on ${dependsOn}`} onClick={() => void override(task, dependsOn, isYours ? 'reset' : 'remove')}>{isYours ? 'Undo' : 'Remove'}</Button>
    </li>
  );
}

/** The circles of a plan, each with its path and a way out: no run can start while there is one. */
export function Circles({ cycles, fileOf }: { readonly cycles: readonly Cycle[]; readonly fileOf: (id: string) => string | null }) {
  const live = useStore((state) => Boolean(state.snapshot?.liveRun));
  if (cycles.length === 0) return null;
  const so = live ? 'so no other run can start; the one that goes on keeps its plan' : 'so no run can start';
  return (
    <div className="circles" role="region" aria-label="Circles">
      <Callout tone="error" title={cycles.length === 1 ? `These tasks wait for each other in a circle, ${so}` : `${cycles.length} circles of tasks wait for each other, ${so}`}>
        <ul>{cycles.slice(0, told).map((cycle) => <Circle key={cycle.path.join(' ')} cycle={cycle} fileOf={fileOf} />)}</ul>
        {cycles.length > told ? <p>And {cycles.length - told} more.</p> : null}
      </Callout>
    </div>
  );
}
