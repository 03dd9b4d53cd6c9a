import { describe, expect, test } from 'vitest';
import type { CheckResult, MergeReport } from '../../../shared/domain';
import type { TaskRunState } from '../../../shared/run';
import { tally } from '../../tally';
import { blocksOf, checkRows, commitGroups, factsOf, obstacle, span, splitPath, taskWords, workOf } from './summary';

const check = (change: Partial<CheckResult> = {}): CheckResult => ({ command: 'npm test', where: 'merged', exitCode: 0, signal: null, seconds: 2, timedOut: false, tail: 'ok', ...change });
const report = (change: Partial<MergeReport> = {}): MergeReport => ({
  run: 'r1', spec: 's', base: 'main', baseCommit: '0123456789ab', integrationBranch: 'braid/s/r1/integration', integrationCommit: 'c', mergeBase: 'b',
  files: [{ path: 'a.ts', oldPath: null, status: 'A', added: 1, removed: 0, tasks: ['T001'] }], added: 1, removed: 0,
  commits: [{ commit: 'c', subject: 'T001: A', author: 'Ada', at: '2026-01-01T00:00:00.000Z', task: 'T001' }],
  conflicts: [], baseMoved: 0, tag: 'before-merge-s-1', done: 1, failed: 0, skipped: 0, total: 1, checks: [check()], seconds: 41, ...change,
});

test.each([
  [0, '0 s'], [0.42, '0.4 s'], [9.96, '10 s'], [38.2, '38 s'], [59.7, '1 min'], [69, '1 min 9 s'], [120, '2 min'], [2460, '41 min'], [3600, '1 h'], [7500, '2 h 5 min'],
])('span of %d s is %s', (seconds, want) => {
  expect(span(seconds)).toBe(want);
});

describe('what stands in the way of merging', () => {
  test.each([
    { name: 'nothing', change: {}, want: null },
    { name: 'a conflict', change: { conflicts: ['a.ts'] }, want: /^Conflicts with main in 1 file\./ },
    { name: 'an empty result', change: { files: [], commits: [] }, want: /nothing to land/ },
  ])('$name', ({ change, want }) => {
    const said = obstacle(report(change));
    if (want === null) expect(said).toBeNull();
    else expect(said).toMatch(want);
  });
});

test.each([
  { name: 'all well', change: {}, marks: ['done', 'done', 'done', 'done'], titles: ['1 of 1 tasks done', 'Merges cleanly', 'Checks passed', 'Nothing failed'] },
  { name: 'conflicts and a moved base', change: { conflicts: ['a', 'b'], baseMoved: 2 }, marks: ['done', 'conflict', 'done', 'done'], titles: ['1 of 1 tasks done', 'Conflicts in 2 files', 'Checks passed', 'Nothing failed'] },
  { name: 'failures', change: { done: 1, failed: 1, skipped: 2, total: 5, checks: [check({ exitCode: 1 })] }, states: ['failed', 'skipped', 'skipped', 'pending'], marks: ['waiting', 'done', 'failed', 'failed'], titles: ['1 of 5 tasks done', 'Merges cleanly', '1 check failed', '1 failed, 2 skipped, 1 open'] },
  { name: 'tasks that need a person', change: { failed: 3, total: 4 }, states: ['no-change', 'blocked', 'conflict'], marks: ['waiting', 'done', 'done', 'waiting'], titles: ['1 of 4 tasks done', 'Merges cleanly', 'Checks passed', '2 need you, 1 in conflict'] },
  { name: 'no checks', change: { checks: [] }, marks: ['done', 'done', 'skipped', 'done'], titles: ['1 of 1 tasks done', 'Merges cleanly', 'No checks', 'Nothing failed'] },
] satisfies { name: string; change: Partial<MergeReport>; states?: TaskRunState[]; marks: string[]; titles: string[] }[])('the strip with $name', ({ change, states, marks, titles }) => {
  const facts = factsOf(report(change), tally(states ?? []));
  expect(facts.map((fact) => fact.mark)).toEqual(marks);
  expect(facts.map((fact) => fact.title)).toEqual(titles);
});

test('checks are grouped by command and tree; the tail is that of the failure', () => {
  const rows = checkRows([check({ where: 'lane' }), check({ exitCode: null, signal: 15, tail: 'killed' }), check({ tail: 'fine' })]);
  expect(rows).toEqual([
    { command: 'npm test', where: 'merged', times: 2, failed: 1, seconds: 4, tail: 'killed' },
    { command: 'npm test', where: 'lane', times: 1, failed: 0, seconds: 2, tail: 'ok' },
  ]);
});

test.each([
  { added: 10, removed: 0, want: { added: 5, removed: 0 } },
  { added: 0, removed: 3, want: { added: 0, removed: 5 } },
  { added: 1000, removed: 1, want: { added: 4, removed: 1 } },
  { added: 1, removed: 1000, want: { added: 1, removed: 4 } },
  { added: null, removed: null, want: { added: 0, removed: 0 } },
])('blocks of +$added -$removed', ({ added, removed, want }) => {
  expect(blocksOf({ added, removed })).toEqual(want);
});

test.each([
  ['src/a/b.ts', { folder: 'src/a/', name: 'b.ts' }], ['b.ts', { folder: '', name: 'b.ts' }],
])('parts of %s', (path, want) => {
  expect(splitPath(path)).toEqual(want);
});

test('tasks in few words', () => {
  expect([taskWords([]), taskWords(['T1']), taskWords(['T1', 'T2']), taskWords(['T1', 'T2', 'T3'])]).toEqual(['', 'T1', 'T1, T2', '3 tasks']);
});

test('commits stand under the merge of their task, and the merges are not counted beside them', () => {
  const commit = (id: string, task: string | null) => ({ commit: id, subject: id, author: 'Ada', at: '2026-01-01T00:00:00.000Z', task });
  const groups = commitGroups([commit('m2', 'T002'), commit('b2', 'T002'), commit('b1', 'T002'), commit('spec', null), commit('m1', 'T001'), commit('a1', 'T001')]);
  expect(groups.map(({ task, head, own }) => [task, head.commit, own.map((entry) => entry.commit)])).toEqual([
    ['T002', 'm2', ['b2', 'b1']], [null, 'spec', []], ['T001', 'm1', ['a1']],
  ]);
  expect(workOf(groups)).toBe(4);
});
