import { beforeEach, expect, test } from 'vitest';
import type { MergeReport } from '../shared/domain';
import type { RunEvent } from '../shared/events';
import { notifySchema, type Snapshot, uiStateSchema } from '../shared/ipc';
import { runOptionsSchema } from '../shared/options';
import { applyChange, currentRun, dismiss, selectTask, showError, useStore } from './store';

const stamp = { at: '2025-03-05T10:00:00.000Z', run: 'r1' };
const started: RunEvent = {
  type: 'run.started', ...stamp, spec: '001-demo', specTitle: 'Demo', specFolder: '/r/specs/001-demo', specPath: 'specs/001-demo', taskFiles: ['tasks.md'], specIgnored: false,
  dialect: 'speckit', repo: '/r', base: 'main', baseCommit: 'b', integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({}),
  tasks: [{ id: 'T001', title: 'One', file: 'tasks.md', line: 1, textHash: 'h', dependsOn: [], conflictsWith: [], remaining: 1, weight: 1, lane: 'a', story: null, phase: null, exclusive: false }],
  waves: [['T001']], slots: 1,
};
const report: MergeReport = {
  run: 'r1', spec: '001-demo', base: 'main', baseCommit: 'b', integrationBranch: 'i', integrationCommit: 'c', mergeBase: 'b', files: [{ path: 'a.ts', oldPath: null, status: 'A', added: 1, removed: 0, tasks: ['T001'] }], added: 1, removed: 0,
  commits: [], conflicts: [], baseMoved: 0, tag: 't', done: 1, failed: 0, skipped: 0, total: 1, checks: [], seconds: 1,
};
const snapshot: Snapshot = {
  version: '0', platform: 'linux', gitVersion: null, theme: 'system', repo: null, specs: [], spec: null, plan: null, overrides: [], gates: [], diagnostics: [],
  readiness: { error: null, uncommitted: [], permissionsSaid: true }, options: runOptionsSchema.parse({}), agents: [], runs: [], currentRun: null, liveRun: null, elsewhere: null, resumeOffer: null, notify: notifySchema.parse({}),
  recent: [], ui: uiStateSchema.parse({ leftWidth: 300 }), problem: null,
};
const run = (event: RunEvent): void => applyChange({ type: 'run', event });
const finished = (status: 'done' | 'interrupted'): RunEvent => ({ type: 'run.finished', ...stamp, status, done: 1, failed: 0, skipped: 0 });

beforeEach(() => {
  useStore.setState({ snapshot: null, mergeOpen: false, selectedTask: null, selectedLane: null, notices: [] });
  applyChange({ type: 'snapshot', snapshot });
});

test('the first snapshot sets the layout, later ones do not', () => {
  expect(useStore.getState().ui.leftWidth).toBe(300);
  applyChange({ type: 'snapshot', snapshot: { ...snapshot, ui: uiStateSchema.parse({ leftWidth: 200 }) } });
  expect(useStore.getState().ui.leftWidth).toBe(300);
});

test('a run that starts becomes the one that the window looks at, and its events are folded', () => {
  run(started);
  run({ type: 'task.started', ...stamp, task: 'T001', lane: 'a', attempt: 1, pid: 1 });
  expect(useStore.getState().snapshot?.liveRun).toBe('r1');
  expect(currentRun(useStore.getState())?.tasks['T001']?.state).toBe('running');
  selectTask('T001');
  expect(useStore.getState().selectedLane).toBe('a');
});

test.each([
  ['report before the end', [{ type: 'landing.ready', ...stamp, report }, finished('done')], true],
  ['report after the end', [finished('done'), { type: 'landing.ready', ...stamp, report }], true],
  ['stopped by the person', [{ type: 'landing.ready', ...stamp, report }, finished('interrupted')], false],
  ['nothing to land', [finished('done')], false],
] satisfies [string, RunEvent[], boolean][])('the merge dialog asks after a run: %s', (_name, events, opens) => {
  run(started);
  for (const event of events) run(event);
  expect(useStore.getState().mergeOpen).toBe(opens);
});

test('the same error is shown once, until it is dismissed', () => {
  showError({ kind: 'git/missing' });
  showError({ kind: 'git/missing' });
  const [notice, ...others] = useStore.getState().notices;
  expect(others).toEqual([]);
  dismiss(notice?.id ?? 0);
  expect(useStore.getState().notices).toEqual([]);
});

test('what a view says in its place is no notice, whichever comes first', () => {
  const problem = { kind: 'git/bare', path: '/r' } as const;
  showError(problem);
  expect(useStore.getState().notices).toHaveLength(1);
  applyChange({ type: 'snapshot', snapshot: { ...snapshot, problem } });
  expect(useStore.getState().notices).toEqual([]);
  showError(problem);
  expect(useStore.getState().notices).toEqual([]);
  showError({ kind: 'git/missing' });
  expect(useStore.getState().notices).toHaveLength(1);
});

test.each([[null, 'T001'], ['T009', 'T009']])('a question is shown at its task, but never takes a selection away: %s', (selected, shown) => {
  run(started);
  selectTask(selected);
  run({ type: 'run.paused', ...stamp, checkpoint: true, cause: 'person', tasks: ['T001'], reason: 'before T001' });
  expect(useStore.getState().selectedTask).toBe(shown);
});
