import type { ReactNode } from 'react';
import type { Edge, Plan } from '../../../shared/domain';
import { confidenceWord, edgeReason, neighboursOf } from '../../tasks';
import { useIsDone } from '../../is-done';
import { sentenceList } from '../../ui/format';
import { icons } from '../../ui/icons';
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
const shown = { waits: 24, blocked: 12, named: 6 } as const;

const told = (ids: readonly string[], most: number): string => sentenceList(ids.length > most ? [...ids.slice(0, most), `${ids.length - most} more`] : ids);

/** So many waits for one reason stand as lines of their own; more are one line that opens. */
const foldAbove = 2;

export interface WaitGroup {
  readonly done: boolean;
  /** Words of the reason, with its line and how sure it is. */
  readonly why: string;
  readonly edges: readonly Edge[];
}

/** The waits of a task by reason and line: what is not done yet comes first, as only that decides. */
export function waitGroups(edges: readonly Edge[], isDone: (id: string) => boolean): readonly WaitGroup[] {
  const groups = new Map<string, { done: boolean; why: string; edges: Edge[] }>();
  for (const edge of strongest(edges)) {
    const done = isDone(edge.dependsOn);
    const why = `${edgeReason(edge)}, ${confidenceWord(edge.confidence)}`;
    const group = groups.get(`${done} ${why}`) ?? { done, why, edges: [] };
    groups.set(`${done} ${why}`, group);
    group.edges.push(edge);
  }
  const all = [...groups.values()];
  return [...all.filter(({ done }) => !done), ...all.filter(({ done }) => done)];
}

function Wait({ id, done, why, action }: { readonly id: string; readonly done: boolean; readonly why: string; readonly action: DependenciesProps['action'] }) {
  return <div className="dependency"><p className="grow">{done ? 'Waited for ' : 'Waits for '}<b className="mono">{id}</b>{done ? ', which is done,' : null} <span className="dim">because {why}</span></p>{action?.(id)}</div>;
}

function Waits({ group: { done, why, edges }, action }: { readonly group: WaitGroup; readonly action: DependenciesProps['action'] }) {
  const lines = edges.slice(0, shown.waits).map((edge) => <Wait key={edge.dependsOn} id={edge.dependsOn} done={done} why={why} action={action} />);
  if (edges.length <= foldAbove) return lines;
  return (
    <details className="dependency-group">
      <summary><icons.right width={14} height={14} /><span className="grow">{done ? 'Waited for ' : 'Waits for '}<b className="mono">{told(edges.map((edge) => edge.dependsOn), shown.named)}</b>{done ? `, ${edges.length} that are done,` : null} <span className="dim">because {why}</span></span></summary>
      {lines}
      {edges.length > shown.waits ? <p className="dim">and for {edges.length - shown.waits} more</p> : null}
    </details>
  );
}

/** What a task waits for and why, what waits for it, and with whom it shares files. */
export function Dependencies({ id, plan, action }: DependenciesProps) {
  const { waitsFor, blocks, shares } = neighboursOf(plan, id);
  const isDone = useIsDone();
  const blocked = [...new Set(blocks.map((edge) => edge.task))];
  if (waitsFor.length === 0 && blocked.length === 0 && shares.length === 0) return <p className="dim">Waits for no other task, and none waits for it.</p>;
  return (
    <div className="dependencies">
      {waitGroups(waitsFor, isDone).map((group) => <Waits key={`${group.done} ${group.why}`} group={group} action={action} />)}
      {blocked.length === 0 ? null : <p>Blocks <b className="mono">{told(blocked, shown.blocked)}</b></p>}
      {shares.map(({ id: other, path }) => <p key={`${other}:${path}`}>Never at the same time as <b className="mono">{other}</b> <span className="dim">because both touch {path}</span></p>)}
    </div>
  );
}
