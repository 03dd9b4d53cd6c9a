/** Properties that hold for every plan, whatever the text says. A failure prints seed and smallest text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { specText } from '../../../../test/fixtures/spec/spec-text';
import { property, propertyLimit } from '../../../../test/property';
import { batchesOf } from './batches';
import { buildPlan } from './build';
import { deriveEdges } from './edges';
import { scheduleOf } from './lanes';
import { modelOf } from './model';
import { isExclusive } from './exclusive';
import { lengthsOf } from './waves';

const options = fc.record({ maxParallel: fc.integer({ min: 1, max: 6 }), strictPhases: fc.boolean() });

/** Whether the order in which units could be done one after another covers all of them. */
function isAcyclic(ids: readonly string[], edges: readonly { readonly task: string; readonly dependsOn: string }[]): boolean {
  const left = new Map(ids.map((one) => [one, new Set(edges.filter((edge) => edge.task === one).map((edge) => edge.dependsOn))]));
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const [one, waits] of Array.from(left)) if ([...waits].every((other) => !left.has(other))) left.delete(one);
  }
  return left.size === 0;
}

test('a plan is acyclic, its waves follow its edges, its lanes hold each open task once', () => {
  fc.assert(fc.property(specText, options, (text, how) => {
    const spec = specOf(text, 'speckit');
    const plan = buildPlan(spec, how);
    const ids = spec.tasks.map((task) => task.id);
    expect(plan.edges.every(({ task, dependsOn }) => ids.includes(task) && ids.includes(dependsOn) && task !== dependsOn)).toBe(true);
    expect(isAcyclic(ids, plan.edges)).toBe(true);
    const open = spec.tasks.filter((task) => !task.done && task.state !== 'skipped' && task.state !== 'blocked').map((task) => task.id).sort();
    expect(plan.waves.flat().sort()).toEqual(open);
    expect(plan.lanes.flatMap((lane) => lane.tasks).sort()).toEqual(open);
    expect(plan.lanes.length).toBeLessThanOrEqual(how.maxParallel);
    const waveOf = new Map(plan.waves.flatMap((wave, index) => wave.map((one) => [one, index] as const)));
    for (const [task, waits] of Object.entries(plan.waits)) for (const other of waits) expect(waveOf.get(other) ?? -1).toBeLessThan(waveOf.get(task) ?? 0);
    expect(buildPlan(spec, how)).toEqual(plan);
  }), property(150));
}, propertyLimit);

test('what a task states itself survives, or a cycle is told', () => {
  fc.assert(fc.property(specText, (text) => {
    const spec = specOf(text, 'speckit');
    const plan = buildPlan(spec, { maxParallel: 4 });
    if (plan.diagnostics.some((one) => one.code === 'plan-cycle')) return;
    for (const task of spec.tasks) {
      const stated = /\(depends on ([^)]*)\)/.exec(task.text)?.[1]?.split(', ') ?? [];
      for (const other of stated.filter((one) => one !== task.id)) expect(plan.edges).toContainEqual(expect.objectContaining({ task: task.id, dependsOn: other, reason: 'explicit' }));
    }
  }), property(100));
}, propertyLimit);

test('the schedule respects edges, never exceeds its lanes, and never runs two overlapping tasks at once', () => {
  fc.assert(fc.property(specText, options, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 30, maxLength: 30 }), (text, how, weights) => {
    const model = modelOf(specOf(text, 'speckit'));
    const { graph, overlap } = deriveEdges(model, { strictPhases: how.strictPhases, overrides: [] });
    const weightOf = (unit: number): number => weights[unit] ?? 1;
    const lengths = lengthsOf(model, graph, { weightOf, only: null });
    const slots = scheduleOf(model, lengths, overlap, { maxParallel: how.maxParallel, weightOf });
    const at = new Map(slots.map((slot) => [slot.unit, slot]));
    expect([...at.keys()].sort((a, b) => a - b)).toEqual([...lengths.order].sort((a, b) => a - b));
    const clashes = new Set(overlap.conflicts.flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]));
    const taskOf = (unit: number) => model.units[unit]?.task;
    for (const slot of slots) {
      for (const other of lengths.waits[slot.unit] ?? []) expect(at.get(other)?.end ?? 0).toBeLessThanOrEqual(slot.start);
      const beside = slots.filter((other) => other !== slot && other.start < slot.end && slot.start < other.end);
      expect(beside.filter((other) => other.lane === slot.lane)).toEqual([]);
      expect(slots.filter((other) => other.start <= slot.start && slot.start < other.end).length).toBeLessThanOrEqual(how.maxParallel);
      for (const other of beside) expect(clashes.has(`${taskOf(slot.unit)?.id} ${taskOf(other.unit)?.id}`)).toBe(false);
      const own = taskOf(slot.unit);
      if (own && isExclusive(own)) expect(beside).toEqual([]);
    }
  }), property(150));
}, propertyLimit);

test('batches hold each task of their wave once, never more than the limit, and nothing that excludes one another', () => {
  fc.assert(fc.property(specText, options, (text, how) => {
    const spec = specOf(text, 'speckit');
    const plan = buildPlan(spec, how);
    const tasks = new Map(spec.tasks.map((task) => [task.id, task]));
    const clashes = new Set(plan.conflicts.flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]));
    const batches = batchesOf(plan, tasks, how.maxParallel);
    expect(batches.map((wave) => wave.flat().sort())).toEqual(plan.waves.map((wave) => [...wave].sort()));
    for (const batch of batches.flat()) {
      expect(batch.length).toBeLessThanOrEqual(how.maxParallel);
      expect(batch.filter((one) => batch.some((other) => clashes.has(`${one} ${other}`)))).toEqual([]);
      if (batch.length > 1) expect(batch.filter((one) => { const task = tasks.get(one); return task === undefined || isExclusive(task); })).toEqual([]);
    }
  }), property(150));
}, propertyLimit);
