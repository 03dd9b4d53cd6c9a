import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Edge, EdgeReason, Plan } from '../../../shared/domain';
import { drawnAtMost, drawnOf, linksOf } from './links';

const edge = (text: string, reason: EdgeReason = 'explicit'): Edge => {
  const [task = '', dependsOn = ''] = text.split(' ');
  return { task, dependsOn, reason, file: 'tasks.md', line: 3, text: '', confidence: 1 };
};
const planOf = (edges: readonly Edge[], more: Partial<Plan> = {}): Plan => ({ edges, conflicts: [], waves: [], criticalPath: [], lanes: [], mode: { recommended: 'single', reason: '' }, remaining: {}, waits: {}, diagnostics: [], ...more });
const idsOf = (edges: readonly Edge[]): string[] => [...new Set(edges.flatMap(({ task, dependsOn }) => [task, dependsOn]))];
const summary = (edges: readonly Edge[], more: Partial<Plan> = {}): string[] =>
  linksOf(planOf(edges, more), idsOf(edges)).links.map((link) => `${link.task} ${link.dependsOn} ${link.style}${link.redundant ? ' redundant' : ''}${link.critical ? ' critical' : ''}`);

describe('linksOf', () => {
  test.each([
    ['a shortcut says nothing new', [edge('B A'), edge('C B'), edge('C A', 'phase')], ['B A written', 'C B written', 'C A usual redundant']],
    ['even a long one', [edge('B A'), edge('C B'), edge('D C'), edge('D A')], ['B A written', 'C B written', 'D C written', 'D A written redundant']],
    ['a diamond says everything', [edge('B A'), edge('C A'), edge('D B'), edge('D C')], ['B A written', 'C A written', 'D B written', 'D C written']],
    ['one link for a pair, by its first reason', [edge('B A', 'user'), edge('B A', 'mention')], ['B A user']],
    ['a circle ends', [edge('A B'), edge('B A')], ['A B written', 'B A written']],
    ['nothing waits for itself', [edge('A A')], []],
  ])('%s', (_name, edges, links) => expect(summary(edges)).toEqual(links));

  test('neighbours on the critical path', () => {
    expect(summary([edge('B A'), edge('C A')], { criticalPath: ['A', 'C'] })).toEqual(['B A written', 'C A written critical']);
  });

  test('the edge that closes a circle is drawn with the others of its path', () => {
    const cycles = [{ path: ['A', 'C', 'B', 'A'], closing: edge('A C') }, { path: ['D', 'D'], closing: edge('D D') }];
    const { links } = linksOf(planOf([edge('B A'), edge('C B'), edge('D B')], { cycles }), ['A', 'B', 'C', 'D']);
    expect(links.map(({ task, dependsOn, cyclic, edges }) => `${task} ${dependsOn} ${cyclic} ${edges.length}`)).toEqual(['B A true 1', 'C B true 1', 'D B false 1', 'A C true 1']);
    expect(linksOf(planOf([edge('B A')], { cycles }), ['A', 'B']).links.map(({ cyclic }) => cyclic)).toEqual([false]);
  });

  test('tasks that are not shown have no links', () => {
    expect(linksOf(planOf([edge('B A')]), ['B']).links).toEqual([]);
  });

  test('a wait through tasks that were done before their turn has no line of its own; what is past waits for nothing', () => {
    const { links } = linksOf(planOf([edge('B A'), edge('C B')], { waits: { C: ['A'] } }), ['A', 'B', 'C'], new Set(['B']));
    expect(links.map(({ task, dependsOn, edges }) => [task, dependsOn, edges.length])).toEqual([['C', 'B', 1], ['C', 'A', 0]]);
  });

  test('shared files count where no dependency keeps the two apart', () => {
    const conflicts = [{ a: 'A', b: 'C', path: 'x' }, { a: 'B', b: 'D', path: 'y' }, { a: 'B', b: 'D', path: 'z' }];
    const { clashes } = linksOf(planOf([edge('B A'), edge('C B')], { conflicts }), ['A', 'B', 'C', 'D']);
    expect(clashes.map(({ a, b, paths }) => [a, b, paths])).toEqual([['B', 'D', ['y', 'z']]]);
    expect(linksOf(planOf([edge('B A'), edge('C B')], { conflicts }), ['A', 'B', 'C', 'D'], new Set(['B'])).clashes.map(({ a, b }) => a + b)).toEqual(['AC']);
  });

  test('without the redundant links the same tasks wait for the same tasks', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 120 }), (pairs) => {
      const edges = pairs.filter(([a, b]) => a > b).map(([a, b]) => edge(`${a} ${b}`));
      const { links } = linksOf(planOf(edges), idsOf(edges));
      const reach = (list: readonly { readonly task: string; readonly dependsOn: string }[], id: string): ReadonlySet<string> => {
        const seen = new Set<string>();
        const stack = [id];
        for (let at = stack.pop(); at !== undefined; at = stack.pop()) for (const { task, dependsOn } of list) if (task === at && !seen.has(dependsOn)) { seen.add(dependsOn); stack.push(dependsOn); }
        return seen;
      };
      const kept = links.filter((link) => !link.redundant);
      for (const id of idsOf(edges)) expect(reach(kept, id)).toEqual(reach(edges, id));
      for (const link of kept) expect(reach(kept.filter((other) => other !== link), link.task).has(link.dependsOn)).toBe(false);
    }), { numRuns: 60 });
  });
});

describe('drawnOf', () => {
  const some = linksOf(planOf([edge('B A'), edge('C B'), edge('C A'), edge('D A', 'user'), edge('D C')]), ['A', 'B', 'C', 'D']);
  test('redundant links on demand, but never without those of the person', () => {
    expect(drawnOf(some, false).links.map(({ task, dependsOn }) => task + dependsOn)).toEqual(['BA', 'CB', 'DA', 'DC']);
    expect(drawnOf(some, true).links).toHaveLength(5);
  });

  test('what waits for a task that was done before is drawn on demand, unless a person said it', () => {
    const links = linksOf(planOf([edge('B A'), edge('C A', 'user'), edge('C B')]), ['A', 'B', 'C'], new Set(['A']));
    const drawn = (all: boolean): string[] => drawnOf(links, all).links.map(({ task, dependsOn }) => task + dependsOn);
    expect([drawn(false), drawn(true)]).toEqual([['CA', 'CB'], ['BA', 'CA', 'CB']]);
  });

  test('of too many, what is written and the critical path', () => {
    const firsts = Array.from({ length: 70 }, (_, index) => `a${index}`);
    const seconds = Array.from({ length: 70 }, (_, index) => `b${index}`);
    const edges = [edge('b0 a0'), ...seconds.flatMap((b) => firsts.map((a) => edge(`${b} ${a}`, 'phase')))];
    const all = linksOf(planOf(edges, { criticalPath: ['a1', 'b1'] }), [...firsts, ...seconds]);
    expect(all.links.length).toBeGreaterThan(drawnAtMost);
    const { links, left } = drawnOf(all, false);
    expect(links.map(({ task, dependsOn }) => `${task} ${dependsOn}`)).toEqual(['b0 a0', 'b1 a1']);
    expect(left).toBe(4898);
  });
});
