import { expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { buildPlan } from './build';

const stated = (text: string) => buildPlan(specOf(text), { maxParallel: 4 }).edges.filter((edge) => edge.reason === 'section').map((edge) => `${edge.task}<${edge.dependsOn}`);
const waves = (text: string) => buildPlan(specOf(text), { maxParallel: 4 }).waves.map((wave) => wave.join(' '));
const phases = (numbers: readonly number[], section: string) => `${numbers.map((n) => `## Phase ${n}: P${n}\n- [ ] T00${n} a\n`).join('')}\n## Dependencies\n\n${section}\n`;
const tasks = (section: string) => `${[1, 2, 3, 4, 5].map((n) => `- [ ] T00${n} [P] a\n`).join('')}\n## Dependencies\n\n${section}\n`;

test.each([
  ['a set in brackets', 'Phase 1 → Phase 2 → (Phase 3 ∥ Phase 4) → Phase 6', ['T001', 'T002', 'T003 T004', 'T006']],
  ['the same in a fence', '```\nPhase 1 → Phase 2 → (Phase 3 ‖ Phase 4) → Phase 6\n```', ['T001', 'T002', 'T003 T004', 'T006']],
  ['two bars', 'Phase 1 -> (Phase 2 || Phase 3 || Phase 4) -> Phase 6', ['T001', 'T002 T003 T004', 'T006']],
  ['a remark is no set', 'Phase 1 → Phase 3 (the base, with Phase 4)', ['T001', 'T002 T003', 'T004', 'T006']],
])('phases: %s', (_, section, expected) => expect(waves(phases([1, 2, 3, 4, 6], section))).toEqual(expected));

test.each([
  ['sets in brackets', 'T001 -> (T002 || T003) -> [T004, T005]', ['T002<T001', 'T003<T001', 'T004<T002', 'T004<T003', 'T005<T002', 'T005<T003']],
  ['tight arrows bind closer than commas', 'T001→T002, T003→T004', ['T002<T001', 'T004<T003']],
  ['wide arrows do not', 'T001 → T002, T003 → T004', ['T002<T001', 'T003<T001', 'T004<T002', 'T004<T003']],
  ['chains in a remark', 'Tests before code (T001→T002, T003→T004)', ['T002<T001', 'T004<T003']],
  ['a chain in a remark beside a set without arrows', 'T001→T002→T003 (backend) || T004+T005 (frontend)', ['T002<T001', 'T003<T002']],
  ['what can be done before something may come first and need not', 'T001 can be implemented against a mock before T002 lands', []],
  ['nor does it with a list behind', 'T004 (frontend) could be built against a mocked adapter before Ann merges T001/T002/T003', []],
  ['may, is free to', 'T001 may land before T002. T003 is free to start before T004', []],
  ['can, but must', 'T003 can start early and must land before T002', ['T002<T003']],
  ['what can run in parallel before something comes before it', 'T001 and T002 can run in parallel before T003', ['T003<T001', 'T003<T002']],
  ['a plain before is an order', 'T001 lands before T002', ['T002<T001']],
  ['nothing of it can before', 'No work on T002-T003 can start before T001', ['T002<T001', 'T003<T001']],
  ['cannot be done before', 'T002 cannot be shipped to anyone before T001', ['T002<T001']],
])('tasks: %s', (_, section, expected) => expect(stated(tasks(section))).toEqual(expected));

const story = (section: string) => `## Phase 1: Foundational\n- [ ] T001 a\n## Phase 2: User Story 1\n- [ ] T002 [US1] a\n## Phase 3: User Story 2\n- [ ] T003 [US2] a\n## Phase 4: User Story 3\n- [ ] T004 [US3] a\n\n## Dependencies\n\n- User stories can proceed in parallel\n${section}\n`;

test.each([
  ['a story after "and" is one story', '- **User Story 3 (Phase 4)**: Depends on Foundational (Phase 1) AND User Story 2 (log in first)', ['T001', 'T002 T003', 'T004']],
  ['an example of stories in order is no order', '- Or sequentially in priority order (US1 → US2 → US3)', ['T001', 'T002 T003 T004']],
  ['all previous phases', '- Phase 3 depends on all previous phases', ['T001', 'T002 T004', 'T003']],
  ['what a story can do before another is no order', '- US3 can complete before US2 (works by hand)', ['T001', 'T002 T003 T004']],
  ['a phase and a story in one list', '- US3 depends on Phase 1, US2', ['T001', 'T002 T003', 'T004']],
])('stories: %s', (_, section, expected) => expect(waves(story(section))).toEqual(expected));

test.each([
  ['**Dependencies**: Phase 1', ['T001', 'T002 T003']],
  ['**Dependencies**: Phase 1完了 (基盤)', ['T001', 'T002 T003']],
  ['**Prerequisites**: Phase 1 and Phase 2', ['T001', 'T002', 'T003']],
  ['**Dependencies**: なし', ['T001 T003', 'T002']],
])('below the heading of a phase: %s', (told, expected) => {
  expect(waves(`## Phase 1: A\n- [ ] T001 a\n## Phase 2: B\n- [ ] T002 a\n## Phase 3: C\n\n${told}\n\n- [ ] T003 a\n`)).toEqual(expected);
});

const joint = (section: string, three = '') => `## Phase 1: Setup\n- [ ] T001 s\n## Phase 2: User Story 1 - A\n- [ ] T002 [US1] a\n- [ ] T003 [US1] b\n## Phase 3: User Stories 2 & 3 (joint)\n- [ ] T004 [US2] c\n- [ ] T005 [US3] d${three}\n- [ ] T006 [US2/US3] e\n- [ ] T007 f\n\n## Dependencies\n\n${section}\n`;
const reasons = (text: string) => buildPlan(specOf(text), { maxParallel: 4 }).edges.filter((edge) => ['T004', 'T005', 'T006'].includes(edge.task)).map((edge) => `${edge.task}<${edge.dependsOn} ${edge.reason} ${edge.text}`);

test('in a joint phase a row of a table binds the tasks of its story', () => {
  expect(reasons(joint('| Story | Depends On | Can Parallelize With |\n|---|---|---|\n| US2 (P2) | Phase 1 complete | US1 |\n| US3 (P2) | US1 | US2 |'))).toEqual([
    'T004<T001 section | US2 (P2) | Phase 1 complete | US1 |', 'T005<T003 section | US3 (P2) | US1 | US2 |',
    'T006<T004 order T006 has no [P] and comes after T004', 'T006<T005 order T006 has no [P] and comes after T005',
  ]);
});

test.each([
  ['nothing is said: the usual order', '', '', ['T001', 'T002', 'T003', 'T004 T005', 'T006', 'T007']],
  ['one of them is told', '- US2 depends on Phase 1', '', ['T001', 'T002 T004', 'T003', 'T005', 'T006', 'T007']],
  ['one of them waits for nothing', '- US2: no dependencies', '', ['T001 T004', 'T002', 'T003', 'T005', 'T006', 'T007']],
  ['both at once are the phase', '- US2 and US3 depend on Phase 1', '', ['T001', 'T002 T004 T005', 'T003 T006', 'T007']],
  ['one waits for the other', '- US3 depends on US2', '', ['T001', 'T002', 'T003', 'T004', 'T005', 'T006', 'T007']],
  ['a task waits for the other story', '', ' (depends on US2)', ['T001', 'T002', 'T003', 'T004', 'T005', 'T006', 'T007']],
])('a joint phase: %s', (_, section, three, expected) => expect(waves(joint(section, three))).toEqual(expected));

test('what comes after a joint phase still waits for what its stories do not wait for', () => {
  const text = joint('- US2 depends on Phase 1\n- US3 depends on Phase 1').replace('- [ ] T007 f\n', '## Phase 4: Polish\n- [ ] T007 f\n');
  const plan = buildPlan(specOf(text), { maxParallel: 4 });
  expect(plan.edges.filter((edge) => edge.task === 'T007').map((edge) => edge.dependsOn)).toEqual(['T003', 'T006']);
});

const template = (section: string) => `## Phase 1: Setup\n- [ ] T001 a\n## Phase 2: Foundational (Blocking Prerequisites)\n- [ ] T002 b\n## Phase 3: User Story 1 - One\n- [ ] T003 [US1] c\n## Phase 4: User Story 2 - Two\n- [ ] T004 [US2] d\n## Phase 5: User Story 3 - Three\n- [ ] T005 [US3] e\n## Phase 6: Polish & Cross-Cutting Concerns\n- [ ] T006 f\n\n## Dependencies\n${section}\n`;
const beside = ['T001', 'T002', 'T003 T004 T005', 'T006'];
const usual = ['T001', 'T002', 'T003', 'T004', 'T005', 'T006'];

test.each([
  ['only', '- All user stories depend on Phase 2 only.', beside],
  ['only, before what it names', '- All user stories depend only on Phase 2 (Foundational)', beside],
  ['only, with an aside', '- All user stories need Phase 2 only, but may share fixtures', beside],
  ['without it a collective keeps its order', '- All user stories depend on Phase 2.', usual],
  ['a set between arrows', '- Phase 2 → Phase 3, Phase 4, Phase 5 → Phase 6', beside],
  ['an arrow for each', '- Phase 2 → Phase 3\n- Phase 2 → Phase 4\n- Phase 2 → Phase 5\n- Phases 3-5 → Phase 6', beside],
  ['stories with their tasks in brackets', 'Foundational (T002) → US1 (T003), US2 (T004), US3 (T005) → Polish', beside],
  ['forked chains', 'Phase 1 → Phase 2 → Phase 3 → Phase 5 → Phase 6\nPhase 2 → Phase 4 → Phase 6', ['T001', 'T002', 'T003 T004', 'T005', 'T006']],
  ['forked chains in a fence', '```\nPhase 1 -> Phase 2 -> Phase 3 -> Phase 6\nPhase 2 -> Phase 4 -> Phase 6\nPhase 2 -> Phase 5\nPhase 5 -> Phase 6\n```', beside],
  ['a drawing with sets', '```mermaid\nflowchart LR\n  P1[Phase 1: Setup] --> P2[Phase 2: Foundational]\n  P2 --> US1 & US2 & US3\n  US1 & US2 & US3 --> P6[Polish & Co]\n```', beside],
  ['a drawing with short names', '```mermaid\ngraph TD\n  P1 --> P2\n  P2 --> P3\n  P2 --> P4 & P5\n  P3 & P4 & P5 --> P6\n```', beside],
  ['a critical path is not all', '**Critical Path**: Phase 1 → Phase 2 → Phase 3 → Phase 6', usual],
  ['nor is one below such a heading', '### MVP\n\nSetup → Foundational → US1 → Polish\n\n### Phases\n\n- Phase 2 → Phase 5', ['T001', 'T002', 'T003 T005', 'T004', 'T006']],
  ['an arrow to a collective keeps its order', 'Phase 2 → all user stories → Polish', usual],
])('phase edges replace the default barrier: %s', (_, section, expected) => expect(waves(template(section))).toEqual(expected));

test('an arrow to a later story is an edge of the section', () => {
  expect(stated(template('Phase 2 → Phase 5'))).toEqual(['T005<T002']);
});

test('a phase that is not there is told, once with the ids', () => {
  const { diagnostics } = buildPlan(specOf(phases([1, 2], '- Phase 9 depends on Phase 1\n- T077 needs T001')), { maxParallel: 4 });
  expect(diagnostics.map((one) => [one.code, one.message])).toEqual([['unknown-ids', 'The dependency section names what is not there: Phase 9, T077.']]);
});

const twoPlans = `## Phase 1: Setup
- [ ] T001 a
## Phase 2: Foundational
- [ ] T002 b
## Phase 3: User Story 1
- [ ] T003 [US1] c
## Phase 4: User Story 2
- [ ] T004 [US2] d
## Dependencies
- **User Stories (Phase 3+)**: All depend on Foundational phase completion
- User stories can proceed in parallel
# More
## Phase M1: Setup
- [ ] T011 e
## Phase M2: Foundational
- [ ] T012 f
## Phase M3: User Story 1
- [ ] T013 [US1] g
## Phase M4: User Story 2
- [ ] T014 [US2] h
## Phase M5: Polish
- [ ] T015 i
## More Dependencies
`;

test.each<[string, string, Record<string, readonly string[]>]>([
  ['a letter and a plus', '- **User Stories (Phase M3+)**: 全部依赖 Foundational 完成', { T003: ['T002'], T004: ['T002'], T013: ['T012'], T014: ['T012'] }],
  ['a range', '- Phase M3-M4 depend on Phase M2', { T003: ['T002'], T004: ['T002'], T013: ['T012'], T014: ['T012'] }],
  ['the lines after it', '- **Foundational (Phase M2)**: depends on Setup\n- User Story 2 depends on User Story 1', { T003: ['T002'], T004: ['T002'], T012: ['T011'], T014: ['T013'] }],
  ['a label that no phase carries says nothing', '- **User Stories (Phase X3+)**: All depend on Setup', { T003: ['T002'], T004: ['T002'], T013: ['T012'], T014: ['T012'] }],
])('a phase label with a letter names phases with that letter: %s', (_, text, expected) => {
  expect(buildPlan(specOf(`${twoPlans}${text}\n`, 'speckit'), { maxParallel: 4 }).waits).toMatchObject(expected);
});
