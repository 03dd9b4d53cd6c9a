import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { buildPlan, type PlanOptions } from './build';
import { isExclusive, planDocument } from './document';
import { formatPlan } from './text';

const planOf = (text: string, options: Partial<PlanOptions> = {}) => buildPlan(specOf(text), { maxParallel: 4, ...options });
/** `task<dependency` for each edge, with the reason's first letter. */
const edgesOf = (text: string, options: Partial<PlanOptions> = {}) => planOf(text, options).edges.map((edge) => `${edge.task}<${edge.dependsOn} ${edge.reason}`);
const feature = readFileSync(join(__dirname, '../../../../test/fixtures/spec/feature.md'), 'utf8');
/** Three tasks in one phase, nothing between them but the section's text. */
const flat = (section: string, count = 4) =>
  `## Phase 1: A\n\n${Array.from({ length: count }, (_, i) => `- [ ] T00${i + 1} [P] in src/f${i}.ts`).join('\n')}\n\n## Dependencies\n\n${section}\n`;
const phases = (section: string) =>
  `## Phase 1: Setup\n- [ ] T001 a\n## Phase 2: Foundational\n- [ ] T002 b\n## Phase 3: User Story 1 - X\n- [ ] T003 [US1] c\n## Phase 4: User Story 2 - Y\n- [ ] T004 [US2] d\n## Phase 5: Polish\n- [ ] T005 e\n\n## Dependencies\n\n${section}\n`;

describe('in a phase', () => {
  test.each([
    ['without marks', '- [ ] T001 a\n- [ ] T002 b\n- [ ] T003 c\n', ['T002<T001 order', 'T003<T002 order']],
    ['marks', '- [ ] T001 a\n- [ ] T002 [P] b\n- [ ] T003 [P] c\n- [ ] T004 d\n- [ ] T005 [P] e\n', ['T002<T001 order', 'T003<T001 order', 'T004<T001 order', 'T004<T002 order', 'T004<T003 order', 'T005<T004 order']],
    ['joint stories', '- [ ] T001 [US1] a\n- [ ] T002 [US2] b\n- [ ] T003 [US1] c\n- [ ] T004 d\n', ['T003<T001 order', 'T004<T002 order', 'T004<T003 order']],
    ['a task of two stories joins both', '- [ ] T004 [US2] a\n- [ ] T005 [US3] b\n- [ ] T006 [US2/US3] c\n- [ ] T007 [US2, US3] d\n- [ ] T008 [US3] e\n- [ ] T009 [US2] f\n', ['T006<T004 order', 'T006<T005 order', 'T007<T006 order', 'T008<T007 order', 'T009<T007 order']],
    ['with [P] it stands beside each', '- [ ] T001 [US2] a\n- [ ] T002 [US3] b\n- [ ] T003 [P] [US3] c\n- [ ] T004 [P] [US2/US3] d\n- [ ] T005 [US2] e\n', ['T003<T002 order', 'T004<T001 order', 'T004<T002 order', 'T005<T001 order', 'T005<T004 order']],
    ['tests first in each story', '### Tests\n- [ ] T001 [P] [US2] a\n- [ ] T002 [P] [US3] b\n### Implementation\n- [ ] T003 [P] [US2] c\n- [ ] T004 [P] [US3] d\n', ['T003<T001 order', 'T004<T002 order']],
    ['behind the tests of one story and the code of another', '### Tests\n- [ ] T001 [P] [US2] a\n- [ ] T002 [P] [US3] b\n### Implementation\n- [ ] T003 [US2] c\n- [ ] T004 d\n', ['T003<T001 order', 'T004<T002 order', 'T004<T003 order']],
    ['tests first', '### Tests\n- [ ] T001 [P] a\n- [ ] T002 [P] b\n### Implementation\n- [ ] T003 [P] c\n', ['T003<T001 order', 'T003<T002 order']],
  ])('%s', (_, tasks, expected) => {
    expect(edgesOf(`## Phase 3: User Story 1 - X\n${tasks}`)).toEqual(expected);
  });

  test.each([
    ['### Tests\n- [ ] T006 [P] a\n### Implementation\n- [ ] T007 [P] b\n', ['T007 comes after T006: tests come before the implementation']],
    ['### Tests\n- [ ] T006 [P] a\n### Implementation\n- [ ] T007 b\n', ['T007 has no [P] and comes after T006']],
    ['### Tests\n- [ ] T006 a\n### Implementation\n- [ ] T007 [P] b\n', ['T007 comes after T006, the last task before it without [P]']],
  ])('the reason of an order is true: %s', (tasks, expected) => {
    expect(planOf(`## Phase 3: User Story 1 - X\n${tasks}`).edges.map((edge) => edge.text)).toEqual(expected);
  });

  test('OpenSpec runs in document order', () => {
    expect(edgesOf('## 1. A\n- [ ] 1.1 a\n- [ ] 1.2 b\n## 2. B\n- [ ] 2.1 c\n')).toEqual(['1.2<1.1 order', '2.1<1.2 phase']);
  });

  test.each([
    ['None', '  Dependencies: None\n', ['T003<T001 order', 'T003<T002 order', 'T004<T001 order', 'T004<T002 order', 'T004<T003 order']],
    ['nothing', '', ['T002<T001 order', 'T003<T002 order', 'T004<T002 order', 'T004<T003 order']],
  ])('a [P] task comes after the one without [P] before it, also when that one says %s', (_, said, expected) => {
    expect(edgesOf(`## Phase 1: Setup\n- [ ] T001 a\n- [ ] T002 b\n${said}- [ ] T003 [P] c\n- [ ] T004 d\n`)).toEqual(expected);
  });

  test('a [P] task that says None holds up no other [P] task, and thousands that say so stay few edges', () => {
    expect(edgesOf('- [ ] T001 [P] a\n  Dependencies: None\n- [ ] T002 [P] b\n')).toEqual([]);
    const rows = Array.from({ length: 4000 }, (_, i) => (i < 2000 ? `- [ ] T${1000 + i} a (depends on: none)` : `- [ ] T${1000 + i} [P] b`));
    const { edges, waves } = planOf(rows.join('\n'));
    expect(edges.length).toBeLessThan(10_000);
    expect(waves.map((wave) => wave.length)).toEqual([2000, 1, 1999]);
  });

  test('a stated "none" lifts the order but not the barrier', () => {
    expect(edgesOf('## 1. A\n- [ ] 1.1 a\n- [ ] 1.2 b\n  **Dependencies**: None\n## 2. B\n- [ ] 2.1 c\n')).toEqual(['2.1<1.1 phase', '2.1<1.2 phase']);
  });
});

describe('explicit', () => {
  test.each([
    ['brackets', '(depends on T001, T002)', ['T003<T001 explicit', 'T003<T002 explicit']],
    ['a range', '(depends on T001-T002)', ['T003<T001 explicit', 'T003<T002 explicit']],
    ['after', '(after T001)', ['T003<T001 explicit']],
    ['requires and', 'requires T001 and T002', ['T003<T001 explicit', 'T003<T002 explicit']],
    ['a label', '[depends: T001]', ['T003<T001 explicit']],
    ['a line of its own', 'x\n  - **Depends on**: T001', ['T003<T001 explicit']],
    ['Japanese', 'x\n  - **依存**: T001', ['T003<T001 explicit']],
    ['a negation', '(no dependency on T001)', []],
    ['itself', '(depends on T003)', []],
    ['a requirement number', 'x\n  _Requirements: 1.1_', []],
    ['a mention', 'using T001', ['T003<T001 mention']],
  ])('%s', (_, words, expected) => {
    expect(edgesOf(`- [ ] T001 [P] a\n- [ ] T002 [P] b\n- [ ] T003 [P] c ${words}\n`)).toEqual(expected);
  });

  test('blocks turns the edge around; until makes a later task wait', () => {
    expect(edgesOf('- [ ] T001 [P] a (blocks T003)\n- [ ] T002 [P] b (red until T003)\n- [ ] T003 [P] c\n')).toEqual(['T003<T001 explicit', 'T003<T002 mention']);
  });

  test('"can be done before" a later id is permission, "before" an order', () => {
    expect(edgesOf('- [ ] T001 [P] a, can be built against a mock before T003\n- [ ] T002 [P] b; write it before T003\n- [ ] T003 [P] c\n')).toEqual(['T003<T002 mention']);
  });

  test('evidence: line, text, confidence', () => {
    expect(planOf('- [ ] T001 [P] a\n- [ ] T002 [P] b (depends on T001)\n').edges).toEqual([
      { task: 'T002', dependsOn: 'T001', reason: 'explicit', file: 'tasks.md', line: 2, text: 'T002 [P] b (depends on T001)', confidence: 1 },
    ]);
  });

  test('an unknown id is reported and ignored', () => {
    const plan = planOf('- [ ] T001 a (depends on T099)\n');
    expect(plan.edges).toEqual([]);
    expect(plan.diagnostics).toMatchObject([{ severity: 'warning', code: 'unknown-dependency', line: 1 }]);
  });

  test('a member of a dropped range is satisfied', () => {
    expect(planOf('- [~] T001–T003 DROPPED\n- [ ] T004 [P] a (depends on T002)\n').waves).toEqual([['T004']]);
  });

  test('numbers of a track plan', () => {
    expect(edgesOf('## Tasks\n\n### 1. A\n- [ ] x\n\n### 2. B\n[depends: 1]\n- [ ] y\n\n### 3. C\n[depends: 1]\n- [ ] z\n'.replace('## Tasks', '### Task 0.1: Z\n- [ ] Task: w'))).toEqual(['1<0.1 order', '2<1 explicit', '3<1 explicit']);
  });
});

describe('the dependency section', () => {
  test.each([
    ['depends on', '- T003 depends on T001 and T002', ['T003<T001 section', 'T003<T002 section']],
    ['blocks', '- T001 blocks T002, T003', ['T002<T001 section', 'T003<T001 section']],
    ['sets in brackets', '- Tests (T001-T002) before implementation (T003-T004)', ['T003<T001 section', 'T003<T002 section', 'T004<T001 section', 'T004<T002 section']],
    ['an arrow chain', 'T001 → T002 → {T003, T004}', ['T002<T001 section', 'T003<T002 section', 'T004<T002 section']],
    ['an arrow against the document', 'T003 → T001, T002', ['T003<T001 section', 'T003<T002 section']],
    ['an arrow and prose', 'T001 → emits events', []],
    ['a set that runs in parallel', '- T001, T002 can run in parallel', []],
    ['one after another', '- T001, T002: same file, sequential', ['T002<T001 section']],
    ['two clauses', '- T002 needs T001; T004 depends on T003 (same file)', ['T002<T001 section', 'T004<T003 section']],
    ['after and a comma', '- After T001, T002 and T003 run together', ['T002<T001 section', 'T003<T001 section']],
    ['a remark', '- Wiring touches much (T003 depends on T001)', ['T003<T001 section']],
    ['a table', '| Task | Depends on |\n|---|---|\n| T002 | T001 |\n| T003 | None |', ['T002<T001 section']],
    ['mermaid', '```mermaid\ngraph TD\n  A[T001] --> B[T002]\n  B --> C[T003]\n```', ['T002<T001 section', 'T003<T002 section']],
    ['a drawn tree', '```\nT001\n├── T002\n└── T003\n```', []],
    ['an arrow line in a fence', '```\nT001 -> T002\n```', ['T002<T001 section']],
  ])('%s', (_, section, expected) => {
    expect(edgesOf(flat(section))).toEqual(expected);
  });
});

test.each([
  ['against the order of lines', '- [ ] T001 a\n- [ ] T002 b\n- [ ] T003 c\n- [ ] T004 d\n', ['T003 cannot also wait for T004', 'T001 cannot also wait for T003'], [['T001'], ['T002'], ['T003'], ['T004']]],
  ['against the order of phases', '## Phase 1: A\n- [ ] T001 a\n## Phase 2: B\n- [ ] T002 b\n## Phase 3: C\n- [ ] T003 c\n## Phase 4: D\n- [ ] T004 d\n', ['T001 cannot also wait for T003', 'T003 cannot also wait for T004'], [['T001'], ['T002'], ['T003'], ['T004']]],
])('a chain that runs both ways gives way, and each dropped link is told: %s', (_, tasks, messages, waves) => {
  const plan = planOf(`${tasks}\n## Dependencies\n\nT004 → T003 → T001 → T002\n`);
  expect(plan.diagnostics.filter((one) => one.code === 'edge-dropped').map((one) => one.message.split(' (')[0]).sort()).toEqual([...messages].sort());
  expect(plan.waves).toEqual(waves);
});

describe('phases', () => {
  const usual = ['T002<T001 phase', 'T003<T002 phase', 'T004<T003 phase', 'T005<T004 phase'];
  test.each([
    ['in order by default', 'nothing here', usual],
    ['stories side by side when the text says so', '- User stories can then proceed in parallel (if staffed)', ['T002<T001 phase', 'T003<T002 phase', 'T004<T002 phase', 'T005<T003 phase', 'T005<T004 phase']],
    ['a collective sentence alone keeps the order', '- **User Stories (Phase 3+)**: All depend on Foundational phase completion', ['T002<T001 phase', 'T003<T002 section', 'T004<T003 phase', 'T005<T004 phase']],
    ['a named phase replaces its barrier', '- **Phase 4**: Depends on Phase 2', ['T002<T001 phase', 'T003<T002 phase', 'T004<T002 section', 'T005<T003 phase', 'T005<T004 phase']],
    ['a story after a story', '- User stories can proceed in parallel\n- **US2 (P2)**: Depends on US1', ['T002<T001 phase', 'T003<T002 phase', 'T004<T003 section', 'T005<T004 phase']],
    ['soft verbs say nothing', '- **US2**: May integrate with US1 but should be independently testable', usual],
    ['independence', '- **User Story 2**: Independent of US1', ['T002<T001 phase', 'T003<T002 phase', 'T004<T002 phase', 'T005<T003 phase', 'T005<T004 phase']],
  ])('%s', (_, section, expected) => {
    expect(edgesOf(phases(section))).toEqual(expected);
  });

  test('a quote below a heading', () => {
    const text = '## Phase 1: A\n- [ ] 1.1 a\n## Phase 2: B\n> Depends on: Phase 1\n- [ ] 2.1 b\n## Phase 3: C\n> Independent of Phases 1-2 (can start in parallel)\n- [ ] 3.1 c\n';
    expect(edgesOf(text)).toEqual(['2.1<1.1 section']);
  });

  test('a task that is done before its turn passes on what its order and its barrier waited for', () => {
    const plan = planOf('## Phase 1: Setup\n- [ ] T001 a\n- [X] T002 b\n- [ ] T003 c\n## Phase 2: Foundational\n- [X] T004 d\n- [ ] T005 e\n');
    expect(plan.waits).toEqual({ T001: [], T003: ['T001'], T005: ['T003'] });
    expect(plan.waves).toEqual([['T001'], ['T003'], ['T005']]);
    // What a task states itself is satisfied by its own end.
    expect(planOf('- [ ] T001 [P] a\n- [X] T002 [P] b (depends on T001)\n- [ ] T003 [P] c (depends on T002)\n').waits).toEqual({ T001: [], T003: [] });
  });

  const head = '## Phase 1: Setup\n- [X] T001 a\n## Phase 2: Foundational\n- [ ] T002 b\n- [ ] T003 c\n## Phase 3: User Story 1 - X\n- [ ] T005 d\n## Phase 4: User Story 2 - Y\n';
  const side = '## Dependencies\n- User stories can then proceed in parallel\n';
  test.each([
    ['the task that carried them is done', '- [X] T008 [P] [US2] e\n- [ ] T009 [US2] f (depends on T008)\n', { T009: ['T003'] }],
    ['two of them, one behind the other', '- [X] T008 [P] [US2] e\n- [X] T009 [P] [US2] f (depends on T008)\n- [ ] T010 [P] [US2] g (depends on T009)\n', { T010: ['T003'] }],
    ['an open one stands behind', '- [ ] T008 [P] [US2] e\n- [X] T009 [P] [US2] f (depends on T008)\n- [ ] T010 [P] [US2] g (depends on T009)\n', { T008: ['T003'], T010: ['T003'] }],
    ['over an order to one with a text of its own', '- [X] T008 [P] [US2] e\n- [X] T009 [US2] f (depends on T008)\n- [ ] T010 [US2] g\n', { T010: ['T003'] }],
    ['a whole phase is done before its turn', `- [X] T008 [P] [US2] e\n- [X] T009 [US2] f (depends on T008)\n## Phase 5: Polish\n- [ ] T010 g (depends on T005)\n`, { T010: ['T005', 'T003'].sort() }],
    ['one of another phase is named besides', '- [X] T008 [P] [US2] e\n- [ ] T009 [P] [US2] f (depends on T008, T005)\n', { T009: ['T003', 'T005'] }],
    ['an open one carries them', '- [ ] T008 [P] [US2] e\n- [ ] T009 [US2] f (depends on T008)\n', { T009: ['T008'] }],
  ])('the barriers of its phase bind a task however they reach it: %s', (_, tasks, waits) => {
    expect(planOf(`${head}${tasks}${side}`).waits).toMatchObject(waits);
  });

  test('a task that was not asked for hides no barrier either', () => {
    expect(planOf(`${head}- [ ] T008 [P] [US2] e\n- [ ] T009 [US2] f (depends on T008)\n${side}`, { only: new Set(['T002', 'T003', 'T009']) }).waits['T009']).toEqual(['T003']);
  });

  test('removing the edge that carried a barrier leaves the barrier', () => {
    const overrides = [{ task: 'T009', dependsOn: 'T008', kind: 'remove' as const }];
    expect(planOf(`${head}- [ ] T008 [P] [US2] e\n- [ ] T009 [US2] f (depends on T008)\n- [ ] T010 [US2] g\n${side}`, { overrides }).waits).toMatchObject({ T009: ['T003'] });
    expect(planOf(`${head}- [ ] T008 [US2] e\n- [ ] T009 [US2] f\n${side}`, { overrides }).waits).toMatchObject({ T008: ['T003'], T009: ['T003'] });
  });

  test('ids joined by a slash', () => {
    expect(edgesOf('- [ ] T001 [P] a\n- [ ] T002 [P] b\n- [ ] T003 [P] c (depends on T001/T002)\n')).toEqual(['T003<T001 explicit', 'T003<T002 explicit']);
  });

  test('strict phases ignore the text', () => {
    expect(edgesOf(phases('- User stories can proceed in parallel'), { strictPhases: true })).toEqual(usual);
  });

  describe.each([{ strictPhases: false }, { strictPhases: true }])('a lifted task still waits for what its dependant\'s phase waits for: %o', (options) => {
    const before = '## Phase 1: Setup\n- [ ] T001 a\n## Phase 2: Foundational\n- [ ] T002 b\n';
    test.each([
      ['stated by the task', '## Phase 3: User Story 1\n- [ ] T003 c (depends on T006)\n- [ ] T004 [P] d\n## Phase 4: User Story 2\n- [ ] T005 e\n- [ ] T006 [P] f\n', [['T001'], ['T002'], ['T006'], ['T003'], ['T004'], ['T005']]],
      ['stated by the section', '## Phase 3: User Story 1\n- [ ] T005 c\n## Phase 4: Polish\n- [ ] T007 e\n- [ ] T008 f\n\n## Dependencies\n\n- T007 blocks T008 and T005\n', [['T001'], ['T002'], ['T007'], ['T005'], ['T008']]],
      ['over several phases', '## Phase 3: User Story 1\n- [ ] T003 c (depends on T006)\n## Phase 4: User Story 2\n- [ ] T005 e\n## Phase 5: Polish\n- [ ] T006 f\n', [['T001'], ['T002'], ['T006'], ['T003'], ['T005']]],
    ])('%s', (_, after, waves) => expect(planOf(before + after, options).waves).toEqual(waves));
  });

  test.each([{ strictPhases: false }, { strictPhases: true }])('an explicit edge into a later phase lifts the barrier for the pair: %o', (options) => {
    const plan = planOf('## Phase 1: A\n- [ ] T101 a\n- [ ] T104 b\n  - x (requires T201)\n- [ ] T105 c\n## Phase 2: B\n- [ ] T200 d\n- [ ] T201 e\n- [ ] T202 f\n', options);
    expect(plan.waves).toEqual([['T101'], ['T201'], ['T104'], ['T105'], ['T200'], ['T202']]);
    expect(plan.diagnostics.map((one) => [one.code, one.line, one.message.split(' (')[0]])).toEqual([
      ['barrier-lifted', 4, 'T104 needs T201 of a later phase, so T201 does not wait for T104\'s phase to end.'], ['edge-dropped', 8, 'T201 cannot also wait for T105'],
      ['edge-dropped', 8, 'T201 cannot also wait for T200'],
    ]);
  });

  test('the sample feature', () => {
    expect(planOf(feature).waves).toEqual([['T002'], ['T003'], ['T004'], ['T005', 'T008'], ['T006', 'T009'], ['T007'], ['T010']]);
  });
});

describe('cycles', () => {
  test('of explicit edges are an error that shows the path', () => {
    const plan = planOf('- [ ] T001 [P] a (depends on T002)\n- [ ] T002 [P] b (depends on T001)\n');
    expect(plan.diagnostics).toMatchObject([{ severity: 'error', code: 'plan-cycle', message: expect.stringContaining('T001 -> T002 -> T001') }]);
    expect(plan.cycles).toMatchObject([{ path: ['T001', 'T002', 'T001'], closing: { task: 'T002', dependsOn: 'T001', reason: 'explicit', line: 2 } }]);
    // What is left of the circle is in the plan.
    expect(plan.edges.map(({ task, dependsOn }) => [task, dependsOn])).toEqual([['T001', 'T002']]);
  });

  test.each([
    ['a chain that leads into it', '- [ ] T001 [P] a (depends on T003)\n- [ ] T002 [P] b (depends on T004)\n- [ ] T003 [P] c (depends on T002)\n- [ ] T004 [P] d (depends on T003)\n', 'T002 -> T004 -> T003 -> T002'],
    ['itself over a later one', '- [ ] T001 [P] a\n- [ ] T002 [P] b (depends on T005)\n- [ ] T005 [P] c (depends on T002)\n', 'T002 -> T005 -> T002'],
  ])('begin and end with the first task of the file in them: %s', (_, text, path) => {
    expect(planOf(text).diagnostics.filter((one) => one.code === 'plan-cycle').map((one) => one.message)).toEqual([`These tasks wait for each other: ${path}.`]);
  });

  test('of tasks that are done stop nothing, and without any there is none', () => {
    expect(planOf('- [x] T001 [P] a (depends on T002)\n- [x] T002 [P] b (depends on T001)\n')).not.toHaveProperty('cycles');
    expect(planOf('- [ ] T001 a\n- [ ] T002 b\n')).not.toHaveProperty('cycles');
  });

  test('are broken at the weakest edge', () => {
    const plan = planOf('- [ ] T001 a (depends on T002)\n- [ ] T002 b\n- [ ] T003 c\n');
    expect(plan.waves).toEqual([['T002'], ['T001'], ['T003']]);
    expect(plan.diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
  });
});

describe('files', () => {
  test.each([
    ['the same path', 'src/a.ts', 'src/a.ts', 'src/a.ts'],
    ['a folder that holds it', 'src/models/', 'src/models/a.ts', 'src/models/a.ts'],
    ['a glob', '`src/**/*.ts`', 'src/x/a.ts', 'src/x/a.ts'],
    ['another file', 'src/a.ts', 'src/b.ts', null],
    ['a glob of another kind', '`src/*.css`', 'src/a.ts', null],
  ])('%s', (_, one, other, path) => {
    const plan = planOf(`- [ ] T001 [P] x in ${one}\n- [ ] T002 [P] y in ${other}\n`);
    expect(plan.edges).toEqual([]);
    expect(plan.conflicts).toEqual(path === null ? [] : [{ a: 'T001', b: 'T002', path }]);
  });

  test('a crowded path becomes an order, not ten thousand pairs', () => {
    const plan = planOf(Array.from({ length: 200 }, (_, i) => `- [ ] T${String(i).padStart(3, '0')} [P] in src/a.ts`).join('\n'));
    expect(plan.conflicts).toEqual([]);
    expect(plan.waves).toHaveLength(200);
  });

  test('a task that names nothing runs alone unless it is [P]', () => {
    const [alone, marked, named] = specOf('- [ ] T001 a\n- [ ] T002 [P] b\n- [ ] T003 c in src/a.ts\n').tasks;
    expect([alone, marked, named].map((task) => task && isExclusive(task))).toEqual([true, false, false]);
  });
});

describe('what follows', () => {
  test('remaining, critical path and weights', () => {
    const plan = planOf('- [ ] T001 [P] a\n- [ ] T002 [P] b\n- [ ] T003 [P] c (depends on T001)\n', { weights: { T002: 5 } });
    expect(plan.remaining).toEqual({ T001: 2, T002: 5, T003: 1 });
    expect(plan.criticalPath).toEqual(['T002']);
  });

  test('done and skipped tasks are satisfied; blocked ones are not open', () => {
    expect(planOf('- [x] T001 a\n- [-] T002 b\n- [ ] T003 c\n- [!] T004 d\n').waves).toEqual([['T003']]);
  });

  test('what waits for a blocked task comes after what that one waits for', () => {
    const plan = planOf('## Phase 1: A\n- [ ] T001 [P] a in a.ts\n- [ ] T002 [P] b in b.ts\n## Phase 2: B\n- [ ] T003 c\n- [!] T004 d\n- [ ] T005 e\n');
    expect(plan.waves).toEqual([['T001', 'T002'], ['T003'], ['T005']]);
    expect(plan.criticalPath).toEqual(['T001', 'T003', 'T005']);
    expect(plan.waits['T005']).toEqual(['T004']);
  });

  test('nested tasks are worked on in their parent', () => {
    const text = '- [ ] 1. A\n  - [ ] 1.1 x\n  - [ ] 1.2 y\n- [ ] 2. B\n  Depends on: 1.2\n';
    expect(edgesOf(text)).toEqual(['2<1 explicit']);
    expect(planOf(text).waves).toEqual([['1'], ['2']]);
  });

  test('lanes: every open task once, stories together', () => {
    const plan = planOf(feature, { maxParallel: 2 });
    expect(plan.lanes.flatMap((lane) => lane.tasks).sort()).toEqual(plan.waves.flat().sort());
    const lane = (id: string) => plan.lanes.find((one) => one.tasks.includes(id))?.name;
    expect([lane('T005'), lane('T007'), lane('T008'), lane('T009')]).toEqual(['us1-add-a-book', 'us1-add-a-book', 'us2-find-a-book', 'us2-find-a-book']);
    for (const one of plan.lanes) expect(one.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  test.each([
    ['single', '- [ ] T001 [P] a in src/a.ts\n- [ ] T002 [P] b in src/b.ts\n'],
    ['single', '- [ ] T001 a\n- [ ] T002 b\n- [ ] T003 c\n- [ ] T004 d\n'],
    ['single', [1, 2, 3, 4, 5, 6].map((n) => `- [ ] T00${n} [P] in src/a.ts\n`).join('')],
    ['parallel', [1, 2, 3, 4, 5].map((n) => `- [ ] T00${n} [P] in src/${n}.ts\n`).join('')],
    ['team', Array.from({ length: 15 }, (_, n) => `- [ ] T0${n + 10} [P] [US${n % 4}] in src/${n}.ts\n`).join('')],
  ])('recommends %s', (mode, text) => expect(planOf(text).mode.recommended).toBe(mode));

  test('the document has the public shape', () => {
    const spec = specOf(feature);
    const document = planDocument(spec, buildPlan(spec, { maxParallel: 4 }));
    expect(Object.keys(document)).toEqual(['spec', 'tasks', 'gates', 'waves', 'criticalPath', 'lanes', 'mode', 'diagnostics']);
    expect(document.tasks.find((task) => task.id === 'T007')?.dependsOn).toContainEqual({ id: 'T006', reason: 'explicit', line: 30, text: 'T007 [US1] Service in src/add.ts (depends on T006)', confidence: 1 });
    expect(document.tasks[0]?.phase).toEqual({ number: 1, title: 'Setup (Shared Infrastructure)', kind: 'setup' });
  });

  test('the text shows waves, reasons and batches, and nothing that drives a terminal', () => {
    const spec = specOf('- [ ] T001 [P] \u001b[2Jboo\u202e in src/a.ts\n- [ ] T002 [P] b\n- [ ] T003 [P] c (depends on T001)\n');
    const text = formatPlan(spec, buildPlan(spec, { maxParallel: 1 }), { maxParallel: 1 });
    expect(text).toContain('Batch 2 of 2');
    expect(text).toContain('Depends on: T001 (explicit, line 3)');
    expect(text.replace(/\n/g, '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test('ten thousand tasks stay linear enough to plan at once', () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => `${i % 50 === 0 ? `## Phase ${i / 50}: Part\n` : ''}- [ ] T${String(i).padStart(5, '0')} ${i % 3 ? '[P] ' : ''}Do it in src/f${i}.ts`);
    expect(planOf(rows.join('\n')).waves.flat()).toHaveLength(10_000);
  });
});
