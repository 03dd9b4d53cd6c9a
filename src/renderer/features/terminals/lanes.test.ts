import { expect, test } from 'vitest';
import { runOptionsSchema } from '../../../shared/options';
import type { RunEvent, RunTask } from '../../../shared/events';
import { reduce, type Run } from '../../../shared/run';
import { gridShape, laneCards, pageOf } from './lanes';

const task = (id: string): RunTask => ({
  id, title: `Title of ${id}`, file: 'tasks.md', line: 1, textHash: 'h', dependsOn: [], conflictsWith: [], remaining: 1, weight: 1,
  lane: 'core', story: null, phase: null, exclusive: false,
});
const at = (second: number): { at: string; run: string } => ({ at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(), run: 'r1' });
const evidence = { commits: [], files: [], checks: [], exitCode: 1, signal: null, seconds: 4, tail: '' };
const start: RunEvent = {
  type: 'run.started', ...at(0), spec: 's', specTitle: 'S', specFolder: 'specs/s', specPath: 'specs/s', taskFiles: ['tasks.md'], specIgnored: false, dialect: 'speckit', repo: 'repo', base: 'main',
  baseCommit: 'abc', integrationBranch: 'braid/s/r1/integration', journal: 'j', options: runOptionsSchema.parse({}),
  tasks: [task('T001'), task('T002')], waves: [['T001', 'T002']], slots: 2,
};

function runAfter(...events: readonly RunEvent[]): Run {
  let run: Run | null = null;
  for (const event of [start, ...events]) run = reduce(run, event);
  if (run === null) throw new Error('Internal error: the run did not start');
  return run;
}

const opened: RunEvent = { type: 'lane.opened', ...at(1), lane: 'core', branch: 'b', worktree: 'w' };
const begun = (id: string, second: number): RunEvent => ({ type: 'task.started', ...at(second), task: id, lane: 'core', attempt: 1, pid: 5 });
const failed: RunEvent = { type: 'task.finished', ...at(6), task: 'T001', lane: 'core', attempt: 1, outcome: 'failed', reason: 'exit code 1', evidence };

test.each([
  { name: 'opened, nothing started', events: [opened], want: { label: 'Ready', mark: 'pending', task: null, strip: null } },
  { name: 'working', events: [opened, begun('T001', 2)], want: { label: 'Running', mark: 'running', task: 'T001', strip: null } },
  { name: 'failed', events: [opened, begun('T001', 2), failed], want: { label: 'Failed', mark: 'failed', task: 'T001', strip: { mark: 'failed', text: 'T001 failed: exit code 1' } } },
  { name: 'next task hides the old failure', events: [opened, begun('T001', 2), failed, begun('T002', 8)], want: { label: 'Running', task: 'T002', strip: null } },
  {
    name: 'conflict',
    events: [opened, begun('T001', 2), { type: 'conflict.found', ...at(7), task: 'T001', lane: 'core', with: 'T002', files: ['a.ts'], symbols: [] } satisfies RunEvent],
    want: { mark: 'conflict', strip: { mark: 'conflict', text: 'T001 conflicts in a.ts' } },
  },
  { name: 'parked', events: [opened, { type: 'lane.parked', ...at(3), lane: 'core', reason: 'setup failed' } satisfies RunEvent], want: { strip: { mark: 'paused', text: 'setup failed' } } },
])('a lane that is $name', ({ events, want }) => {
  const [card] = laneCards(runAfter(...events));
  expect(card).toMatchObject({ name: 'core', ...want });
});

test.each([
  { count: 1, width: 700, height: 700, want: { columns: 1, rows: 1, shown: 1 } },
  { count: 2, width: 700, height: 700, want: { columns: 2, rows: 1, shown: 2 } },
  { count: 3, width: 700, height: 700, want: { columns: 2, rows: 2, shown: 3 } },
  { count: 4, width: 700, height: 700, want: { columns: 2, rows: 2, shown: 4 } },
  { count: 6, width: 1200, height: 700, want: { columns: 3, rows: 2, shown: 6 } },
  { count: 9, width: 1200, height: 700, want: { columns: 3, rows: 3, shown: 9 } },
  { count: 20, width: 1200, height: 700, want: { columns: 3, rows: 3, shown: 9 } },
  { count: 4, width: 500, height: 460, want: { columns: 1, rows: 3, shown: 3 } },
  { count: 4, width: 588, height: 200, want: { columns: 2, rows: 1, shown: 2 } },
  { count: 4, width: 0, height: 0, want: { columns: 1, rows: 1, shown: 1 } },
])('grid of $count in $width x $height', ({ count, width, height, want }) => {
  expect(gridShape(count, width, height)).toEqual(want);
});

test.each([
  { index: 0, size: 2, want: { items: ['a', 'b'], first: 1, last: 2, before: null, after: 'c' } },
  { index: 3, size: 2, want: { items: ['c', 'd'], first: 3, last: 4, before: 'a', after: 'e' } },
  { index: 4, size: 2, want: { items: ['e'], first: 5, last: 5, before: 'c', after: null } },
  { index: -1, size: 2, want: { items: ['a', 'b'], first: 1, last: 2, before: null, after: 'c' } },
])('page of item $index', ({ index, size, want }) => {
  expect(pageOf(['a', 'b', 'c', 'd', 'e'], index, size)).toEqual({ ...want, total: 5 });
});

test.each([
  { opened: ['lane-10', 'lane-2', 'lane-1'], want: ['lane-1', 'lane-2', 'lane-10'] },
  { opened: ['setup', 'us2', 'polish', 'us1'], want: ['setup', 'us1', 'us2', 'polish'] },
  { opened: ['setup-2', 'setup-10', 'setup'], want: ['setup', 'setup-2', 'setup-10'] },
  { opened: ['b', 'a'], want: ['b', 'a'] },
])('lanes opened as $opened', ({ opened: names, want }) => {
  const run = runAfter(...names.map((lane): RunEvent => ({ type: 'lane.opened', ...at(1), lane, branch: lane, worktree: lane })));
  expect(laneCards(run).map((card) => card.name)).toEqual(want);
});
