import { expect, test } from 'vitest';
import type { Plan, Spec, Task } from '../../../shared/domain';
import type { RunEventDraft } from '../../../shared/events';
import type { Run } from '../../../shared/run';
import { begun, runAfter, runTask, told } from '../../../../test/run-state';
import { taskRows } from '../../tasks';
import { columnsOf, lanesOf } from './columns';
import { factsOf } from './facts';

const task = (id: string, done = false): Task => ({
  id, title: id, file: 'tasks.md', line: 1, endLine: 1, lines: [1], textHash: id, state: done ? 'done' : 'open', done, parallel: false, parent: null, steps: [], story: null, stories: [], phase: null, files: [], details: [], text: '',
});
const spec: Spec = {
  dialect: 'speckit', name: '001-demo', title: 'Demo', folder: '/r/specs/001-demo', taskFiles: ['tasks.md'], documents: [], phases: [], gates: [], prose: [], diagnostics: [],
  tasks: [task('T001', true), task('T002'), task('T003'), task('T004')],
};
const waves = [['T002'], ['T003'], ['T004']];
const plan: Plan = {
  edges: [], conflicts: [], waves, criticalPath: ['T002', 'T003', 'T004'], lanes: ['T002', 'T003', 'T004'].map((id) => ({ name: id.toLowerCase(), tasks: [id] })),
  mode: { recommended: 'single', reason: '' }, remaining: {}, waits: {}, diagnostics: [],
};
const facts = (run: Run | null, selected = false): string => {
  const list = taskRows(spec, run);
  return factsOf({ spec, plan, run, rows: new Map(list.map((row) => [row.id, row])), columns: columnsOf(list, plan, run, selected), lanes: lanesOf(plan, run), selected });
};
const after = (...drafts: readonly RunEventDraft[]): Run => runAfter(begun(['T002', 'T003', 'T004'].map((id) => runTask(id)), {}, waves), ...drafts);

test.each([
  ['without a run the plan is told', null, '3 open tasks, 3 waves, 3 lanes, critical path of 3 tasks'],
  ['a run tells what is left of it', after(told.started('T002')), '1 of 4 done; 3 waves, 3 lanes and a critical path of 3 tasks left'],
  ['what is over is not left', after(told.merged('T002'), told.skipped('T003')), '2 of 4 done; 1 wave, 1 lane and a critical path of 1 task left'],
  ['nothing is left', after(told.merged('T002'), told.merged('T003'), told.ended('T004', 'failed')), '3 of 4 done'],
  ['once it has landed, the file speaks', after(told.merged('T002'), { type: 'run.landed', commit: 'c', tag: 't' }), '3 open tasks, 3 waves, 3 lanes, critical path of 3 tasks'],
])('%s', (_name, run, words) => {
  expect(facts(run)).toBe(words);
});

test('a selection says of how many tasks it is one', () => {
  expect(facts(null, true)).toBe('3 open tasks asked for of 3, 3 waves, 3 lanes, critical path of 3 tasks');
});
