import { describe, expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import type { Dialect } from '../../../shared/domain';
import { buildPlan } from './build';

const planOf = (text: string, dialect?: Dialect) => buildPlan(specOf(text, dialect), { maxParallel: 4 });
const explicit = (text: string, dialect?: Dialect) => planOf(text, dialect).edges.filter((edge) => edge.reason === 'explicit').map((edge) => `${edge.task}<${edge.dependsOn}`);
const unknown = (text: string, dialect?: Dialect) => planOf(text, dialect).diagnostics.filter((one) => one.code === 'unknown-dependency').map((one) => /names (.*), which/.exec(one.message)?.[1]);

/** T001 to T004 side by side, then a task that says something. */
const after = (said: string): string => `${[1, 2, 3, 4].map((n) => `- [ ] T00${n} [P] a`).join('\n')}\n- [ ] T005 [P] b ${said}\n`;
const of = (...ids: number[]): string[] => ids.map((n) => `T005<T00${n}`);

test.each([
  ['(depends on T001-T003)', of(1, 2, 3)],
  ['(depends on T001–T003)', of(1, 2, 3)],
  ['(depends on T001 to T003)', of(1, 2, 3)],
  ['(depends on T001 through T003)', of(1, 2, 3)],
  ['(depends on T001..T003)', of(1, 2, 3)],
  ['(depends on T001-003)', of(1, 2, 3)],
  ['(depends on T001, T002 and T004)', of(1, 2, 4)],
  ['(depends on T001 & T003)', of(1, 3)],
  ['(depends on T001/T002)', of(1, 2)],
  ['(depends on `T001`, `T002`)', of(1, 2)],
  ['depends on [T001, T002]', of(1, 2)],
  ['depends on **T001**, **T002**', of(1, 2)],
  ['(depends on tasks T001 and T002)', of(1, 2)],
  ['(depends_on: T001)', of(1)],
  ['{depends: T001}', of(1)],
  ['[D: T001, T002]', of(1, 2)],
  ['requires T001', of(1)],
  ['needs T001 + T002', of(1, 2)],
  ['blocked by T001 and T002', of(1, 2)],
  ['(blocked by: T001)', of(1)],
  ['(waits for T001)', of(1)],
  ['(after T001–T003 complete)', of(1, 2, 3)],
  ['(依存: T001)', of(1)],
  ['(依赖 T001)', of(1)],
  ['\n  - Depends on: T001 (needs the model), T003 (needs the view)', of(1, 3)],
  ['\n  - Depends on: T001 (same file as T002). Files: src/T004.ts', of(1)],
  ['\n  - [ ] a step (requires T002)', of(2)],
  ['(depends on T999, T001)', of(1)],
  ['(depends on FR-001, T001)', of(1)],
  ['(depends on all previous tasks)', of(1, 2, 3, 4)],
  ['depends on all previous', of(1, 2, 3, 4)],
  ['requires all of the above', of(1, 2, 3, 4)],
  ['\n  - Depends on: all tasks above', of(1, 2, 3, 4)],
  ['depends on all previous migrations', []],
  ['does not depend on T001', []],
  ['(no dependency on T001)', []],
  ['(independent of T001)', []],
  ['(depends on T005)', []],
])('%s', (said, edges) => expect(explicit(after(said))).toEqual(edges));

test('"all previous" says nothing of what comes later', () => {
  expect(explicit('- [ ] T001 [P] a\n- [ ] T002 [P] b (depends on all previous tasks)\n- [ ] T003 [P] c\n')).toEqual(['T002<T001']);
  expect(explicit('## Phase 1: A\n- [ ] T001 a\n## Phase 2: B\n- [ ] T002 [P] b\n- [ ] T003 [P] c (depends on all prior phases)\n')).toEqual(['T003<T001']);
});

describe('the other way round', () => {
  test.each([
    ['(blocks T002, T003)', ['T002<T001', 'T003<T001']],
    ['[blocks: T003]', ['T003<T001']],
    ['\n  **Blocks**: `T002`', ['T002<T001']],
    ['\n  - Blocks: T002 and T003', ['T002<T001', 'T003<T001']],
    ['no longer blocks T002', []],
    ['(never blocks T002)', []],
  ])('%s', (said, edges) => expect(explicit(`- [ ] T001 [P] a ${said}\n- [ ] T002 [P] b\n- [ ] T003 [P] c\n`)).toEqual(edges));

  test('two keys on one line', () => {
    expect(explicit('- [ ] T001 [P] a\n- [ ] T002 [P] b\n  - Depends on: T001 | Blocks: T003\n- [ ] T003 [P] c\n')).toEqual(['T002<T001', 'T003<T002']);
  });
});

const phases = (said: string): string => `## Phase 1: Setup\n- [ ] T001 a\n## Phase 3: User Story 1\n- [ ] T003 [P] [US1] a\n- [ ] T004 [P] [US1] a\n## Phase 4: User Story 2\n- [ ] T005 [P] [US2] b ${said}\n\n## Dependencies\nUser stories can proceed in parallel\n`;

test.each([
  ['(depends on US1)', of(3, 4), []],
  ['(after User Story 1)', of(3, 4), []],
  ['(requires US1)', of(3, 4), []],
  ['(needs Phase 3)', of(3, 4), []],
  ['blocked by Phase 1 and US1', of(1, 3, 4), []],
  ['\n  - **Depends on**: US1', of(3, 4), []],
  ['(depends on US2)', [], []],
  ['(depends on US9)', [], ['US9']],
  ['after User Story 9', [], ['US9']],
  ['(depends on Phase 9)', [], ['Phase 9']],
  ['\n  - Depends on: Phase 9, US7, T999', [], ['T999', 'Phase 9', 'US7']],
  ['(depends on T999)', [], ['T999']],
  ['needs setup, and runs after each user story', [], []],
])('phases and stories: %s', (said, edges, warned) => {
  expect(explicit(phases(said))).toEqual(edges);
  expect(unknown(phases(said))).toEqual(warned);
});

test.each([
  ['(depends T001)', of(1)],
  ['(depends T001, T002)', of(1, 2)],
  ['(dep: T001)', of(1)],
  ['[dep: T001]', of(1)],
  ['(blocked-by: T002)', of(2)],
  ['(dep: T001) (blocked-by: T002)', of(1, 2)],
  ['[blocked-by: T002]', of(2)],
  ['blocked-by T002', of(2)],
  ['depends the way T001 does', []],
])('short forms: %s', (said, edges) => expect(explicit(after(said))).toEqual(edges));

test.each(['(depends on none)', '(no dependencies)', '[no dependencies]', 'depends on: none', '(Depends on nothing)', '**(no dependencies)**'])('%s takes the order away', (said) => {
  expect(planOf(`## Phase 1: A\n- [ ] T001 a\n- [ ] T002 b ${said}\n- [ ] T003 c\n`).edges.map((edge) => `${edge.task}<${edge.dependsOn}`)).toEqual(['T003<T001', 'T003<T002']);
});

test.each(['(parallel with T001)', '(in parallel with T001)', 'runs concurrently with T001', '(side by side with T001)'])('%s is no mention', (said) => {
  expect(planOf(after(said)).edges).toEqual([]);
});

test.each([
  ['second thing [depends: 1]', ['task 1']],
  ['fourth (depends on 9.9)', ['task 9.9']],
  ['fifth\n  Depends on: T404', ['T404']],
  ['fifth **Depends on:** T404', ['T404']],
  ['(depends on TASK-7, WP03)', ['TASK-7', 'WP03']],
  ['[depends: #1]', []],
  ['needs T4 instances', []],
  ['requires 9.9', []],
])('a list without ids: %s', (said, names) => expect(unknown(`- [ ] first\n- [ ] ${said}\n`)).toEqual(names));

test('a story without a phase of its own is what carries its label', () => {
  expect(explicit('- [ ] T001 [P] [US1] a\n- [ ] T002 [P] [US2] b (depends on US1)\n')).toEqual(['T002<T001']);
});

const dotted = (said: string): string => `## 1. A\n- [ ] 1.1 a\n- [ ] 1.2 b\n- [ ] 1.3 c\n## 2. B\n- [ ] 2.1 d ${said}\n`;

test.each([
  ['(depends on 1.1-1.3)', ['2.1<1.1', '2.1<1.2', '2.1<1.3'], []],
  ['(depends on 1.1, 1.2 and 1.3)', ['2.1<1.1', '2.1<1.2', '2.1<1.3'], []],
  ['depends on tasks 1.1 and 1.2', ['2.1<1.1', '2.1<1.2'], []],
  ['depends on 1.*', ['2.1<1.1', '2.1<1.2', '2.1<1.3'], []],
  ['\n  - Depends on: `1.1`, 9.9', ['2.1<1.1'], ['task 9.9']],
  ['(depends on 9.9)', [], ['task 9.9']],
  ['requires zod 4.6', [], []],
  ['requires 1.1', ['2.1<1.1'], []],
  ['(after 1.1)', ['2.1<1.1'], []],
  ['after 1.1, 1.2 are complete', ['2.1<1.1', '2.1<1.2'], []],
  ['requires 1.1 GB of memory', [], []],
  ['needs 1.1x the time', [], []],
  ['[depends: 7.1.*]', [], ['7.1.*']],
  ['\n  - _Depends: 1.1, 1.3_', ['2.1<1.1', '2.1<1.3'], []],
  ['\n  - Dependencies: react 19.1, node 20', [], []],
])('dotted ids: %s', (said, edges, warned) => {
  expect(explicit(dotted(said))).toEqual(edges);
  expect(unknown(dotted(said))).toEqual(warned);
});

const numbered = (said: string): string => `### Task 1: One\n- [ ] s\n### Task 2: Two\n- [ ] s\n### Task 3: Three\n${said}\n- [ ] s\n`;

test.each([
  ['[depends: 1, 2]', ['3<1', '3<2'], []],
  ['[depends: 1-2, 9]', ['3<1', '3<2'], ['task 9']],
  ['**Depends on:** Task 1', ['3<1'], []],
  ['**Depends on:** Tasks 1, 2', ['3<1', '3<2'], []],
  ['Depends on Tasks 1-2', ['3<1', '3<2'], []],
  ['Blocked by: Task 9', [], ['task 9']],
  ['**Dependencies:** None', [], []],
])('numbers: %s', (said, edges, warned) => {
  expect(explicit(numbered(said), 'track')).toEqual(edges);
  expect(unknown(numbered(said), 'track')).toEqual(warned);
});

const kiro = (said: string): string => `- [ ] 1. One\n- [ ] 2. Two\n- [ ] 3. Three\n- [ ] 4. Four ${said}\n`;

test.each([
  ['\n  - _Depends: 1, 3_', ['4<1', '4<3'], []],
  ['\n  - _Depends on: 2_', ['4<2'], []],
  ['(depends on 1)', ['4<1'], []],
  ['(depends on #1)', ['4<1'], []],
  ['(depends on 1, 2 and 9)', ['4<1', '4<2'], ['task 9']],
  ['depends on 3 retries', [], []],
  ['\n  - _Requirements: 1, 3_', [], []],
])('numbers of Kiro: %s', (said, edges, warned) => {
  expect(explicit(kiro(said))).toEqual(edges);
  expect(unknown(kiro(said))).toEqual(warned);
});

test('a circle of "all previous" and "blocks" is told', () => {
  expect(planOf('- [ ] T001 [P] a (depends on T002)\n- [ ] T002 [P] b (depends on all previous)\n').diagnostics.map((one) => one.code)).toEqual(['plan-cycle']);
});

test('thousands of tasks that each wait for all previous ones are refused, not endless', () => {
  const text = Array.from({ length: 5000 }, (_, n) => `- [ ] T${String(n + 1).padStart(4, '0')} [P] a (depends on all previous tasks)`).join('\n');
  expect(planOf(text).diagnostics.filter((one) => one.severity === 'error').map((one) => one.code)).toEqual(['too-many-dependencies']);
});
