import { useMemo } from 'react';
import type { Plan, Spec } from '../../../shared/domain';
import { override, useOverrides } from '../../overrides';
import { against, planIndex, waitsFor } from '../../plan-index';
import { edgeReason } from '../../tasks';
import { useStore } from '../../store';
import { Button } from '../../ui/button';
import { Combobox } from '../../ui/combobox';
import type { Suggestion } from '../../ui/matching';
import { Dependencies } from './dependencies';

/** Tasks that `id` could wait for as well. Those that wait for it already are offered with a word on what gives way, or refused where only words of tasks and people hold them. */
export function candidates(spec: Spec, plan: Plan, id: string): readonly Suggestion[] {
  const known = new Set((planIndex(plan).waits.get(id) ?? []).map((edge) => edge.dependsOn));
  const { bound, yielding } = against(plan, id);
  return spec.tasks.filter((task) => task.id !== id && !known.has(task.id)).map((task) => {
    const edge = bound.has(task.id) ? undefined : yielding.get(task.id);
    return {
      value: task.id, label: task.title, refused: bound.has(task.id) ? `Waits for ${id} itself because tasks or you say so, so this would be a circle.` : null,
      ...(edge === undefined ? {} : { note: `Waits for ${id} now. Your word goes first: what stands against it gives way, such as ${edge.task} after ${edge.dependsOn} (${edgeReason(edge)}).` }),
    };
  });
}

/** Why the plan does not hold a dependency that a person wants, as a clause. */
export function whyNotHeld(spec: Spec, plan: Plan, id: string, dependsOn: string): string {
  const wanted = spec.tasks.find((task) => task.id === dependsOn);
  if (wanted === undefined) return `the spec has no ${dependsOn} any more`;
  if (dependsOn === id || against(plan, id).bound.has(dependsOn)) return `${dependsOn} waits for ${id} itself, so that would be a circle`;
  const nested = [wanted, ...spec.tasks.filter((task) => task.id === id)].find((task) => task.parent !== null);
  return nested === undefined ? 'the plan has no place for it' : `${nested.id} is worked on as part of ${nested.parent}`;
}

interface EditProps {
  readonly id: string;
  readonly spec: Spec;
  readonly plan: Plan;
}

/** The dependencies of a task with the person's own word on each: remove one, add one, take it back. */
export function EditDependencies({ id, spec, plan }: EditProps) {
  const { of, ofTask, unavailable } = useOverrides();
  // A word is known a moment before the plan that follows from it is drawn: until then nothing can be said about what became of it.
  const isCurrent = useStore((state) => state.snapshot?.plan === plan);
  const suggestions = useMemo(() => candidates(spec, plan, id), [spec, plan, id]);
  const waits = new Set((planIndex(plan).waits.get(id) ?? []).map((edge) => edge.dependsOn));
  const undo = (dependsOn: string) => <><span className="chip">Yours</span><Button size="sm" kind="ghost" unavailable={unavailable} aria-label={`Undo your word on ${dependsOn}`} onClick={() => void override(id, dependsOn, 'reset')}>Undo</Button></>;
  const action = (dependsOn: string) => of(id, dependsOn) === 'add' ? undo(dependsOn)
    : <Button size="sm" kind="ghost" unavailable={unavailable} aria-label={`Remove the dependency on ${dependsOn}`} onClick={() => void override(id, dependsOn, 'remove')}>Remove</Button>;
  const others = (isCurrent ? ofTask(id) : []).filter(({ dependsOn }) => !waits.has(dependsOn));
  return (
    <div className="dependencies">
      <Dependencies id={id} plan={plan} action={action} />
      {others.map(({ dependsOn, kind }) => (
        <div key={dependsOn} className="dependency">
          <p className="grow">{kind === 'remove' ? 'No longer waits for ' : 'Should wait for '}<b className="mono">{dependsOn}</b>{kind === 'remove' ? (waitsFor(plan, id, dependsOn) ? <span className="dim"> by itself, but still over other tasks</span> : null) : <span className="dim">, but {whyNotHeld(spec, plan, id, dependsOn)}</span>}</p>{undo(dependsOn)}
        </div>
      ))}
      <Combobox label="Add dependency" placeholder="Add dependency: id or title" suggestions={suggestions} unavailable={unavailable} onChoose={(dependsOn) => void override(id, dependsOn, 'add')} />
    </div>
  );
}
