import { describe, expect, test } from 'vitest';
import type { Spec, Task, TaskFileState } from '../shared/domain';
import type { RunEvent } from '../shared/events';
import { runOptionsSchema } from '../shared/options';
import { type Run, reduce } from '../shared/run';
import { confidenceWord, edgeReason, groupTasks, hasStories, neighboursOf, unitStates } from './tasks';

const phases = [{ index: 0, number: 1, title: 'Setup', kind: 'setup' as const }, { index: 1, number: 2, title: 'Story', kind: 'story' as const }];

const task = (id: string, phase: number, state: TaskFileState = 'open'): Task => ({
  id, title: `Title of ${id}`, file: 'tasks.md', line: 1, endLine: 1, lines: [1], textHash: id, state, done: state === 'done', parallel: false, parent: null, steps: [],
  story: null, stories: [], phase: phases[phase] ?? null, files: [], details: [], text: '',
});
const spec = (...tasks: readonly Task[]): Spec => ({
  dialect: 'speckit', name: '001-demo', title: 'Demo', folder: '/r/specs/001-demo', taskFiles: ['tasks.md'], documents: [], phases, tasks, gates: [], prose: [], diagnostics: [],
});

const stamp = { at: '2025-03-05T10:00:00.000Z', run: 'r1' };
function runOf(name: string, ...events: readonly RunEvent[]): Run {
  const person = 'look, line 1';
  const started: RunEvent = {
    type: 'run.started', ...stamp, spec: name, specTitle: 'Demo', specFolder: `/r/specs/${name}`, specPath: 'specs/001-demo', taskFiles: ['tasks.md'], specIgnored: false,
    dialect: 'speckit', repo: '/r', base: 'main', baseCommit: 'b', integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({}),
    tasks: [{ id: 'T002', title: 'Two', file: 'tasks.md', line: 1, textHash: 'h', dependsOn: [], conflictsWith: [], remaining: 1, weight: 1, lane: 'a', story: 'US1', phase: 'Story', exclusive: false, person }],
    waves: [['T002']], slots: 1,
  };
  const run = [started, ...events].reduce<Run | null>(reduce, null);
  if (run === null) throw new Error('Internal error: no run');
  return run;
}
const merged: RunEvent = { type: 'task.integrated', ...stamp, task: 'T002', lane: 'a', commit: 'c', note: '' };
const landed: RunEvent = { type: 'run.landed', ...stamp, commit: 'c', tag: 't' };
const rolledBack: RunEvent = { type: 'run.rolled-back', ...stamp, commit: 'c', tag: 't' };

const states = (of: Spec | null, run: Run | null): string[] => groupTasks(of, run).flatMap((group) => group.rows.map((row) => `${group.title}/${row.id} ${row.state}${row.inRun ? ' in run' : ''}`));

describe('groupTasks', () => {
  const both = spec(task('T001', 0, 'done'), task('T002', 1));
  test('what is left open in a skipped task is skipped with it, at any depth; beside a done one it stays', () => {
    const nested = (id: string, parent: string): Task => ({ ...task(id, 0), parent });
    const rows = groupTasks(spec(task('T001', 0, 'skipped'), nested('T001.1', 'T001'), nested('T001.1.1', 'T001.1'), task('T002', 0), nested('T002.1', 'T002')), null).flatMap((group) => group.rows);
    expect(rows.map((row) => `${row.id} ${row.state} ${row.reason}`.trim())).toEqual(['T001 skipped', 'T001.1 skipped with T001', 'T001.1.1 skipped with T001.1', 'T002 pending', 'T002.1 pending']);
  });
  test.each([
    ['without a run the file speaks', both, null, ['Setup/T001 done', 'Story/T002 pending']],
    ['a run speaks for its tasks', both, runOf('001-demo', merged), ['Setup/T001 done', 'Story/T002 done in run']],
    ['a run of another spec does not', both, runOf('002-other', merged), ['Setup/T001 done', 'Story/T002 pending']],
    ['what was rolled back is what the file says', both, runOf('001-demo', merged, landed, rolledBack), ['Setup/T001 done', 'Story/T002 pending in run']],
    ['a task at work whose line is gone still counts', spec(task('T001', 0, 'done')), runOf('001-demo'), ['Setup/T001 done', 'Story/T002 pending in run']],
    ['once that run has landed, the file alone speaks', spec(task('T001', 0, 'done')), runOf('001-demo', merged, landed), ['Setup/T001 done']],
    ['without a spec the run shows its own tasks', null, runOf('001-demo', merged), ['Story/T002 done in run']],
    ['nothing at all', null, null, []],
  ] satisfies [string, Spec | null, Run | null, string[]][])('%s', (_name, of, run, rows) => {
    expect(states(of, run)).toEqual(rows);
  });

  test('counts what is done in each phase', () => {
    expect(groupTasks(both, null).map(({ key, counts }) => [key, counts.done, counts.total])).toEqual([['001-demo:0', 1, 1], ['001-demo:1', 0, 1]]);
  });
});

test('what every view counts: units of the file and of the run, what is asked about as one that needs a person', () => {
  const of = spec(task('T001', 0, 'done'), { ...task('T001.1', 0), parent: 'T001' }, task('T003', 1));
  const asked: RunEvent = { type: 'run.paused', ...stamp, checkpoint: true, cause: 'person', tasks: ['T002'], reason: 'before T002' };
  expect(unitStates(of, null)).toEqual(['done', 'pending']);
  expect(unitStates(of, runOf('001-demo'))).toEqual(['done', 'pending', 'pending']);
  expect(unitStates(of, runOf('001-demo', asked))).toEqual(['done', 'pending', 'blocked']);
});

test('by story: each under its first, named by the first phase that serves it', () => {
  const one = { ...task('T002', 1), stories: ['US1', 'US2'] };
  const later = { ...task('T003', 0), stories: ['US1'] };
  const groups = groupTasks(spec(task('T001', 0), one, later), null, 'story');
  expect(groups.map(({ title, rows }) => [title, rows.map(({ id }) => id)])).toEqual([['No story', ['T001']], ['US1: Story', ['T002', 'T003']]]);
  expect(new Set(groups.map(({ key }) => key)).size).toBe(2);
  expect([hasStories(spec(one), null), hasStories(spec(task('T001', 0)), null), hasStories(null, runOf('001-demo'))]).toEqual([true, false, true]);
});

test('neighbours of a task, in both directions', () => {
  const edge = { task: 'T002', dependsOn: 'T001', reason: 'explicit' as const, file: 'tasks.md', line: 48, text: '(depends on T001)', confidence: 1 };
  const plan = { edges: [edge], conflicts: [{ a: 'T003', b: 'T002', path: 'src/a.ts' }], waves: [], criticalPath: [], lanes: [], mode: { recommended: 'single' as const, reason: '' }, remaining: {}, waits: {}, diagnostics: [] };
  expect(neighboursOf(plan, 'T002')).toEqual({ waitsFor: [edge], blocks: [], shares: [{ id: 'T003', path: 'src/a.ts' }] });
  expect(neighboursOf(plan, 'T001').blocks).toEqual([edge]);
  expect(edgeReason(edge)).toBe('the task says so, tasks.md line 48');
  expect(edgeReason({ ...edge, file: null, line: null, reason: 'user' })).toBe('you said so');
  expect(edgeReason({ ...edge, reason: 'phase', through: ['T042'] })).toBe('its phase comes later, tasks.md line 48, through T042');
  expect(edgeReason({ ...edge, reason: 'phase', through: ['T042', 'T041', 'T040', 'T039'] })).toBe('its phase comes later, tasks.md line 48, through T042, T041, T040 and 1 more');
});

test.each([[1, 'certain'], [0.9, 'very likely'], [0.8, 'very likely'], [0.7, 'likely'], [0.65, 'likely'], [0.5, 'a guess'], [0, 'a guess']])('confidence %d is %s', (confidence, word) => {
  expect(confidenceWord(confidence)).toBe(word);
});
