import { expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { buildPlan } from './build';

const waves = (text: string, strictPhases = false) => buildPlan(specOf(text), { maxParallel: 4, strictPhases }).waves.map((wave) => wave.join(' '));
const before = '## Phase 1: Setup\n- [ ] T001 a\n## Phase 2: User Story 1 - A\n- [ ] T002 [US1] b\n## Phase 3: User Story 2 - B\n- [ ] T003 [US2] c\n';
const polish = '## Phase 4: Polish & Cross-Cutting Concerns\n- [ ] T004 d\n';
const section = (text: string) => `\n## Dependencies & Execution Order\n\n${text}\n\n`;

test.each([
  ['behind the section of the template', `${before}${polish}${section('- **Polish (Final Phase)**: Depends on all desired user stories being complete')}## Phase 5: Convergence\n- [ ] T005 e\n## Phase 6: Convergence\n- [ ] T006 f\n`, ['T001', 'T002', 'T003', 'T004', 'T005', 'T006']],
  ['stories side by side', `${before}${polish}${section('- User stories can then proceed in parallel\n- Polish depends on US1')}## Phase 5: Convergence\n- [ ] T005 e\n`, ['T001', 'T002 T003', 'T004', 'T005']],
  ['what is said of it adds, and takes nothing away', `${before}## Phase 4: Convergence\n- [ ] T004 d\n${section('- Phase 3 depends on Phase 1\n- User stories can proceed in parallel\n- Phase 4 depends on Phase 2')}`, ['T001', 'T002 T003', 'T004']],
  ['nor does independence', `${before}## Phase 4: Convergence\n- [ ] T004 d\n${section('- Phase 4 is independent of Phase 3')}`, ['T001', 'T002', 'T003', 'T004']],
  ['a phase that the text moves behind another', `${before}## Phase 4: Convergence\n- [ ] T004 d\n${section('- Phase 2 depends on Phase 3\n- Phase 3 depends on Phase 1')}`, ['T001', 'T003', 'T002', 'T004']],
  ['what stands behind it keeps its place', `${before}## Phase 4: Convergence\n- [ ] T004 d\n## Phase 5: User Story 3\n- [ ] T005 [US3] e\n`, ['T001', 'T002', 'T003', 'T004', 'T005']],
])('convergence comes after everything: %s', (_, text, expected) => {
  expect(waves(text)).toEqual(expected);
  expect(waves(text, true)).toEqual(expect.arrayContaining(['T001', 'T002', 'T003', 'T004']));
});
