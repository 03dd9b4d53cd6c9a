/** What holds whatever a person takes away. A failure prints seed and smallest text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { specText } from '../../../../test/fixtures/spec/spec-text';
import { property, propertyLimit } from '../../../../test/property';
import type { EdgeOverride, Spec } from '../../../shared/domain';
import { buildPlan } from './build';
import { deriveEdges } from './edges';
import { modelOf, type Model } from './model';
import { refsOf } from './refs';
import { readSection } from './section';
import { lengthsOf } from './waves';

interface Closed {
  readonly model: Model;
  /** By unit, all unsatisfied units that must be done before it, directly or over others. */
  readonly before: readonly ReadonlySet<number>[];
}

function closed(spec: Spec, strictPhases: boolean, overrides: readonly EdgeOverride[]): Closed {
  const model = modelOf(spec);
  const { graph, removed } = deriveEdges(model, { strictPhases, overrides });
  const { waits } = lengthsOf(model, graph, { weightOf: () => 1, only: null, removed });
  const before = model.units.map(() => new Set<number>());
  const isDone = new Set<number>();
  const visit = (unit: number): ReadonlySet<number> => {
    const own = before[unit] ?? new Set<number>();
    if (!isDone.has(unit)) for (const other of waits[unit] ?? []) for (const one of [other, ...visit(other)]) own.add(one);
    isDone.add(unit);
    return own;
  };
  model.units.forEach(({ index }) => visit(index));
  return { model, before };
}

const sample = fc.record({ text: specText, strict: fc.boolean(), at: fc.nat() });

/** Each task with what it waits for over any way, as `T002<T001`. */
const pairsOf = ({ model, before }: Closed): readonly string[] => before.flatMap((list, unit) => [...list].map((other) => `${model.units[unit]?.task.id}<${model.units[other]?.task.id}`));

test('taking away an order or a barrier lifts that very pair and no other; where it leads over a third task as well, nothing', () => {
  fc.assert(fc.property(sample, ({ text, strict, at }) => {
    const spec = specOf(text, 'speckit');
    const model = modelOf(spec);
    const stated = new Set(readSection(model, refsOf(model)).links.map(({ from, to }) => `${model.units[from]?.task.id}<${model.units[to]?.task.id}`));
    const edges = buildPlan(spec, { maxParallel: 4, strictPhases: strict }).edges
      .filter(({ task, dependsOn, reason, through }) => through !== undefined || ((reason === 'order' || reason === 'phase' || reason === 'section') && !stated.has(`${task}<${dependsOn}`)));
    const edge = edges[at % Math.max(1, edges.length)];
    if (!edge) return;
    const pair = `${edge.task}<${edge.dependsOn}`;
    const all = new Set(pairsOf(closed(spec, strict, [])));
    const without = new Set(pairsOf(closed(spec, strict, [{ task: edge.task, dependsOn: edge.dependsOn, kind: 'remove' }])));
    expect([...all].filter((one) => !without.has(one) && one !== pair)).toEqual([]);
    expect([...without].filter((one) => !all.has(one))).toEqual([]);
    const shown = buildPlan(spec, { maxParallel: 4, strictPhases: strict, overrides: [{ task: edge.task, dependsOn: edge.dependsOn, kind: 'remove' }] });
    expect(shown.edges.map(({ task, dependsOn }) => `${task}<${dependsOn}`)).not.toContain(pair);
  }), property(150));
}, propertyLimit);

test('with strict phases nothing starts before what it waited for of earlier phases, whatever pair is taken away, but for that pair', () => {
  fc.assert(fc.property(sample, ({ text, at }) => {
    const spec = specOf(text, 'speckit');
    const { edges, diagnostics } = buildPlan(spec, { maxParallel: 4, strictPhases: true });
    const edge = edges[at % Math.max(1, edges.length)];
    if (!edge) return;
    const after = buildPlan(spec, { maxParallel: 4, strictPhases: true, overrides: [{ task: edge.task, dependsOn: edge.dependsOn, kind: 'remove' }] });
    // Where the text itself lifts a barrier, its word is all that held.
    if ([...diagnostics, ...after.diagnostics].some((one) => one.code === 'barrier-lifted')) return;
    const all = closed(spec, true, []);
    const less = closed(spec, true, [{ task: edge.task, dependsOn: edge.dependsOn, kind: 'remove' }]);
    const lost = all.before.flatMap((list, unit) => [...list].filter((other) => (all.model.units[other]?.group ?? 0) < (all.model.units[unit]?.group ?? 0) && less.before[unit]?.has(other) !== true)
      .map((other) => `${all.model.units[unit]?.task.id}<${all.model.units[other]?.task.id}`));
    expect(lost.filter((one) => one !== `${edge.task}<${edge.dependsOn}`)).toEqual([]);
  }), property(150));
}, propertyLimit);

test('every wait of a plan has an edge with a reason, its own or two over another open task, also where a pair was taken away and where only some tasks are asked for', () => {
  fc.assert(fc.property(sample, fc.boolean(), ({ text, strict, at }, some) => {
    const spec = specOf(text, 'speckit');
    const edge = buildPlan(spec, { maxParallel: 4, strictPhases: strict }).edges[at % 7];
    const overrides = edge === undefined ? [] : [{ task: edge.task, dependsOn: edge.dependsOn, kind: 'remove' as const }];
    const only = some ? new Set(spec.tasks.filter((_, place) => (place + at) % 3 !== 0).map((task) => task.id)) : null;
    const plan = buildPlan(spec, { maxParallel: 4, strictPhases: strict, overrides, only });
    const shown = new Set(plan.edges.map(({ task, dependsOn }) => `${task}<${dependsOn}`));
    const isTold = (task: string, other: string): boolean => shown.has(`${task}<${other}`)
      || spec.tasks.some(({ id }) => shown.has(`${task}<${id}`) && shown.has(`${id}<${other}`) && plan.waits[task]?.includes(id) === true);
    expect(Object.entries(plan.waits).flatMap(([task, waits]) => waits.filter((other) => !isTold(task, other)).map((other) => `${task}<${other}`))).toEqual([]);
    expect(plan.edges.filter((one) => one.text === '' || one.line === null)).toEqual([]);
  }), property(150));
}, propertyLimit);
