import type { ReactNode } from 'react';
import type { Edge, Plan } from '../../../shared/domain';
import { confidenceWord, edgeReason, neighboursOf } from '../../tasks';
import { useIsDone } from '../../is-done';
import { sentenceList } from '../../ui/format';
import './dependencies.css';

/** Several reasons for one pair are one line: the strongest comes first in the plan. */
function strongest(edges: readonly Edge[]): readonly Edge[] {
  const seen = new Map<string, Edge>();
  for (const edge of edges) if (!seen.has(edge.dependsOn)) seen.set(edge.dependsOn, edge);
  return [...seen.values()];
}

interface DependenciesProps {
  readonly id: string;
  readonly plan: Plan | null;
  /** What can be done about a dependency, at the end of its line. */
  readonly action?: (dependsOn: string) => ReactNode;
}

/** Longer lists are told by their beginning: the graph and the list of waves have all of it. */
const shown = { waits: 24, blocked: 12 } as const;

const told = (ids: readonly string[]): string => sentenceList(ids.length > shown.blocked ? [...ids.slice(0, shown.blocked), `${ids.length - shown.blocked} more`] : ids);

/** What a task waits for and why, what waits for it, and with whom it shares files. */
export function Dependencies({ id, plan, action }: DependenciesProps) {
  const { waitsFor, blocks, shares } = neighboursOf(plan, id);
  const reasons = strongest(waitsFor);
  const isDone = useIsDone();
  const blocked = [...new Set(blocks.map((edge) => edge.task))];
  if (waitsFor.length === 0 && blocked.length === 0 && shares.length === 0) return <p className="dim">Waits for no other task, and none waits for it.</p>;
  return (
    <div className="dependencies">
      {reasons.slice(0, shown.waits).map((edge) => (
        <div key={edge.dependsOn} className="dependency"><p className="grow">{isDone(edge.dependsOn) ? 'Waited for ' : 'Waits for '}<b className="mono">{edge.dependsOn}</b>{isDone(edge.dependsOn) ? ', which is done,' : null} <span className="dim">because {edgeReason(edge)}, {confidenceWord(edge.confidence)}</span></p>{action?.(edge.dependsOn)}</div>
      ))}
      {reasons.length > shown.waits ? <p className="dim">and for {reasons.length - shown.waits} more</p> : null}
      {blocked.length === 0 ? null : <p>Blocks <b className="mono">{told(blocked)}</b></p>}
      {shares.map(({ id: other, path }) => <p key={`${other}:${path}`}>Never at the same time as <b className="mono">{other}</b> <span className="dim">because both touch {path}</span></p>)}
    </div>
  );
}
