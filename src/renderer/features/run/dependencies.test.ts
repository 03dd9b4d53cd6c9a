import { expect, test } from 'vitest';
import type { Edge } from '../../../shared/domain';
import { waitGroups } from './dependencies';

const edge = (dependsOn: string, line: number | null, reason: Edge['reason'] = 'section'): Edge => ({ task: 'T9', dependsOn, reason, file: 'tasks.md', line, text: '', confidence: 0.9 });
const groups = (edges: readonly Edge[], ...done: readonly string[]): string[] => waitGroups(edges, (id) => done.includes(id)).map((group) => `${group.done ? 'done ' : ''}${group.edges.map(({ dependsOn }) => dependsOn).join(' ')}: ${group.why}`);

test.each([
  ['one reason and line are one', [edge('T1', 5), edge('T2', 5), edge('T3', 6)], [], ['T1 T2: the dependency section says so, tasks.md line 5, very likely', 'T3: the dependency section says so, tasks.md line 6, very likely']],
  ['what is done stands behind what decides', [edge('T1', 5), edge('T2', 5), edge('T3', 5)], ['T1', 'T2'], ['T3: the dependency section says so, tasks.md line 5, very likely', 'done T1 T2: the dependency section says so, tasks.md line 5, very likely']],
  ['of a pair the strongest reason counts', [edge('T1', 5), edge('T1', 7, 'phase')], [], ['T1: the dependency section says so, tasks.md line 5, very likely']],
  ['nothing', [], [], []],
])('%s', (_name, edges, done, want) => {
  expect(groups(edges, ...done)).toEqual(want);
});
