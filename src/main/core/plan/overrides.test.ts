import { expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import type { EdgeOverride } from '../../../shared/domain';
import { buildPlan } from './build';

const planOf = (text: string, overrides: readonly EdgeOverride[]) => buildPlan(specOf(text), { maxParallel: 4, overrides });
const edgesOf = (text: string, overrides: readonly EdgeOverride[]) => planOf(text, overrides).edges.map((edge) => `${edge.task}<${edge.dependsOn} ${edge.reason}`);
const add = (task: string, dependsOn: string): EdgeOverride => ({ task, dependsOn, kind: 'add' });
const remove = (task: string, dependsOn: string): EdgeOverride => ({ task, dependsOn, kind: 'remove' });

const serial = '- [ ] T001 a\n- [ ] T002 b\n- [ ] T003 c\n';
const parallel = '- [ ] T001 [P] a\n- [ ] T002 [P] b\n- [ ] T003 [P] c (depends on T001)\n';

test.each([
  ['adds an edge', parallel, [add('T002', 'T001')], ['T002<T001 user', 'T003<T001 explicit']],
  ['takes over an edge that was derived', serial, [add('T002', 'T001')], ['T002<T001 user', 'T003<T002 order']],
  ['removes an order, for that pair alone', serial, [remove('T002', 'T001')], ['T003<T001 order', 'T003<T002 order']],
  ['removes what a task states', parallel, [remove('T003', 'T001')], []],
  ['the last word counts', parallel, [remove('T003', 'T001'), add('T003', 'T001')], ['T003<T001 user']],
  ['an edge against the order turns the order', serial, [add('T001', 'T003')], ['T001<T003 user', 'T002<T001 order']],
  ['of a step, its task', '- [ ] 1. A\n  - [ ] 1.1 x\n- [ ] 2. B\n', [remove('2', '1.1')], []],
  ['itself is ignored', serial, [add('T001', 'T001')], ['T002<T001 order', 'T003<T002 order']],
])('%s', (_, text, overrides, expected) => {
  expect(edgesOf(text, overrides)).toEqual(expected);
});

test('an added edge that closes a cycle with a stated one is an error with its path', () => {
  const plan = planOf(parallel, [add('T001', 'T003')]);
  expect(plan.diagnostics).toMatchObject([{ severity: 'error', code: 'plan-cycle', message: 'These tasks wait for each other: T001 -> T003 -> T001.' }]);
});

test('removing one edge of a stated cycle mends it', () => {
  const text = '- [ ] T001 [P] a (depends on T002)\n- [ ] T002 [P] b (depends on T001)\n';
  expect(planOf(text, []).diagnostics).toMatchObject([{ code: 'plan-cycle' }]);
  expect(planOf(text, [remove('T001', 'T002')])).toMatchObject({ diagnostics: [], waves: [['T001'], ['T002']] });
});

test('a task that is gone is told and ignored', () => {
  const plan = planOf(serial, [add('T009', 'T001')]);
  expect(plan.diagnostics).toMatchObject([{ severity: 'warning', code: 'unknown-override', message: expect.stringContaining('T009 is no task') }]);
  expect(plan.edges).toHaveLength(2);
});
