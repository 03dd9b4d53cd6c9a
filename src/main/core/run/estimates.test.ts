import { expect, test } from 'vitest';
import type { RunEvent } from '../../../shared/events';
import { runOptionsSchema } from '../../../shared/options';
import { reduce, type Run } from '../../../shared/run';
import { taskWeights } from './estimates';

const at = '2026-01-01T00:00:00.000Z';

function past(id: string, spec: string, agent: 'demo' | 'claude', seconds: Record<string, number>): Run {
  const tasks = Object.keys(seconds).map((task) => ({
    id: task, title: task, file: 'tasks.md', line: 1, textHash: '', dependsOn: [], conflictsWith: [], remaining: 1, weight: 1, lane: 'a', story: null, phase: null, exclusive: false,
  }));
  const events: RunEvent[] = [
    { type: 'run.started', at, run: id, spec, specTitle: spec, specFolder: '/s', specPath: 's', taskFiles: [], specIgnored: false, dialect: 'speckit', repo: '/r', base: 'main', baseCommit: 'b', integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({ agent }), tasks, waves: [], slots: 1 },
    ...Object.entries(seconds).flatMap(([task, taken]): RunEvent[] => [
      { type: 'task.finished', at, run: id, task, lane: 'a', attempt: 1, outcome: 'done', reason: '', evidence: { commits: [], files: [], checks: [], exitCode: 0, signal: null, seconds: taken, tail: '' } },
      { type: 'task.integrated', at, run: id, task, lane: 'a', commit: 'c', note: '' },
    ]),
  ];
  const run = events.reduce<Run | null>((state, event) => reduce(state, event), null);
  if (!run) throw new Error('no run');
  return run;
}

test('weights are medians of the same task, in units of the median task, for the same agent', () => {
  const runs = [past('r-3', 'x', 'claude', { T1: 40, T2: 10 }), past('r-2', 'x', 'claude', { T1: 20, T2: 10 }), past('r-1', 'y', 'claude', { T1: 10 }), past('r-0', 'x', 'demo', { T1: 1000 })];
  expect(taskWeights(runs, { spec: 'x', agent: 'claude' })).toEqual({ T1: 2, T2: 1 });
  expect(taskWeights(runs, { spec: 'z', agent: 'claude' })).toEqual({});
  expect(taskWeights([], { spec: 'x', agent: 'demo' })).toEqual({});
});
