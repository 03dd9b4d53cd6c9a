import { expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import type { EdgeOverride } from '../../../shared/domain';
import { buildPlan } from './build';

const remove = (task: string, dependsOn: string): EdgeOverride => ({ task, dependsOn, kind: 'remove' });
const planOf = (text: string, overrides: readonly EdgeOverride[], strictPhases = false) => buildPlan(specOf(text, 'speckit'), { maxParallel: 4, overrides, strictPhases });

const phases = `## Phase 1: Setup
- [ ] T001 a
- [ ] T002 [P] b
- [ ] T003 [P] c
## Phase 2: Foundational
- [ ] T004 d (depends on T002)
- [ ] T005 [P] e
## Phase 3: User Story 1
- [ ] T006 [US1] f
- [x] T007 [US1] g
## Phase 4: User Story 2
- [ ] T008 [US2] h
`;

test.each([false, true])('a barrier that a person takes away lifts that pair alone (strict phases: %s)', (strict) => {
  const plan = planOf(phases, [remove('T006', 'T005')], strict);
  expect(plan.waves).toEqual([['T001'], ['T002', 'T003'], ['T004'], ['T005', 'T006'], ['T008']]);
  expect(plan.waits).toMatchObject({ T006: ['T004'], T008: ['T005', 'T006'] });
  expect(plan.edges.filter(({ task }) => task === 'T006').map(({ dependsOn, reason, line, text }) => [dependsOn, reason, line, text]))
    .toEqual([['T004', 'phase', 9, 'You took away only the wait for T005: User Story 1 comes after Foundational']]);
  expect(plan.edges.find(({ task, dependsOn }) => task === 'T008' && dependsOn === 'T005')).toMatchObject({ reason: 'phase', text: expect.stringContaining('You let only T006 start before T005') });
});

test.each([false, true])('taking away the wait for a task that is done changes nothing (strict phases: %s)', (strict) => {
  const plan = planOf(phases, [remove('T008', 'T007')], strict);
  expect(plan.waves).toEqual(planOf(phases, [], strict).waves);
  expect(plan.edges.filter(({ task }) => task === 'T008').map(({ dependsOn }) => dependsOn)).toEqual(['T006']);
});

test.each<[string, string, readonly EdgeOverride[], Record<string, readonly string[]>]>([
  ['one after the other, down to nothing', phases, [remove('T006', 'T005'), remove('T006', 'T004'), remove('T006', 'T003'), remove('T006', 'T002'), remove('T006', 'T001')], { T006: [], T008: ['T005', 'T006'] }],
  ['in any order', phases, [remove('T006', 'T004'), remove('T006', 'T005')], { T006: ['T002', 'T003'], T008: ['T005', 'T006'] }],
  ['a wait that leads over a done task', phases, [remove('T008', 'T006')], { T006: ['T005'], T008: ['T005'] }],
  ['a wait that leads over a third task as well stays', '- [ ] T001 a\n- [ ] T002 [P] b\n- [ ] T003 c\n- [ ] T004 d\n', [remove('T003', 'T001')], { T003: ['T002'], T004: ['T003'] }],
  ['a chain of the section keeps its other ends in order', '- [ ] T001 [P] a\n- [ ] T002 [P] b\n- [ ] T003 [P] c\n- [ ] T004 [P] d\n## Dependencies\n- T001 → T002 → T003 → T004\n', [remove('T003', 'T002')], { T002: ['T001'], T003: ['T001'], T004: ['T002', 'T003'] }],
  ['what a task names of itself goes with all that it led to', '- [ ] T001 [P] a\n- [ ] T002 [P] b (depends on T001)\n- [ ] T003 [P] c (depends on T002)\n', [remove('T003', 'T002')], { T002: ['T001'], T003: [] }],
])('%s', (_, text, overrides, expected) => expect(planOf(text, overrides).waits).toMatchObject(expected));

test('a wait over a task that was done before its turn is told with the reason and the line that lead there', () => {
  const { edges, waits } = planOf('## Phase 1: Setup\n- [ ] T001 a\n## Phase 2: Core\n- [x] T002 b\n- [ ] T003 c\n', []);
  expect(waits).toEqual({ T001: [], T003: ['T001'] });
  expect(edges.filter(({ task }) => task === 'T003')).toEqual([
    { task: 'T003', dependsOn: 'T001', reason: 'phase', file: 'tasks.md', line: 4, text: 'through T002, done before its turn: Core comes after Setup', confidence: 0.7, through: ['T002'] },
    { task: 'T003', dependsOn: 'T002', reason: 'order', file: 'tasks.md', line: 5, text: 'T003 has no [P] and comes after T002', confidence: 0.7 },
  ]);
});

test('a dependency that a person adds against order and phases holds; what closes the circle gives way and is told', () => {
  const plan = planOf(phases, [{ task: 'T001', dependsOn: 'T008', kind: 'add' }]);
  expect(plan.edges).toContainEqual(expect.objectContaining({ task: 'T001', dependsOn: 'T008', reason: 'user' }));
  expect(plan.waits).toMatchObject({ T001: ['T008'] });
  expect(plan.cycles).toBeUndefined();
  expect(plan.diagnostics.map(({ severity, code }) => `${severity} ${code}`)).toContain('warning barrier-lifted');
});
