import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { detectDialect } from './dialect';
import { parseMarkdown } from './parse-markdown';
import { readYaml } from './parse-yaml';

const read = (text: string) => parseMarkdown(text, { file: 'tasks.md', dialect: detectDialect('', text) });
const brief = (text: string) => read(text).tasks.map((task) => `${task.id} ${task.state}${task.parallel ? ' P' : ''}${task.stories.map((story) => ` ${story}`).join('')} | ${task.title}`);

const lines: readonly (readonly [string, string, string])[] = [
  ['all labels', '- [ ] T001 [P] [US1] Create the model', 'T001 open P US1 | Create the model'],
  ['no spaces at all', '-[X]T001[TE]Createtheproject', 'T001 done | Createtheproject'],
  ['empty box', '-[]T127[P][TE]Setup', 'T127 open P | Setup'],
  ['emoji state, letter suffix', '- [✅] T129B[P][US2][QA] Create tests', 'T129B done P US2 | Create tests'],
  ['box in a heading', '### - [x] T001 [US1] Update the build', 'T001 done US1 | Update the build'],
  ['ordered item, box in bold', '1. **[x] Add state** - start', '#1 done | Add state - start'],
  ['range of dropped ids', '- [~] T029–T031 — REVERTED: edits', 'T029-T031 skipped | REVERTED: edits'],
  ['prime', "- [~] T028'  — REVERTED: edit", "T028' skipped | REVERTED: edit"],
  ['emoji and remark before the label', '- [~] 🟡 T004 _(partial: half)_ [P] Rest', 'T004 active P | Rest'],
  ['priority is not parallel', '- [x] T104 [P1] [US1] Implement', 'T104 done US1 | Implement'],
  ['dash id and tags', '- [x] T-001 [DONE] [P] [Setup] Create', 'T-001 done P | Create'],
  ['columns', '- [X] [T001] [--] [--] Create', 'T001 done | Create'],
  ['prefixed id in bold', '- [ ] **afd20ca6-T001** Create', 'afd20ca6-T001 open | Create'],
  ['dotted id without space', '- [x]1.1 Write tests', '1.1 done | Write tests'],
  ['optional', '- [ ]* 1.4 Write property tests', '1.4 open | Write property tests'],
  ['escaped optional', '- [ ]\\* 2.4 Write unit tests', '2.4 open | Write unit tests'],
  ['parallel in round brackets', '- [ ] 1.1 (P) Environment', '1.1 open P | Environment'],
  ['joint stories', '- [ ] T010 [US4/US6] Shared', 'T010 open US4 US6 | Shared'],
  ['blocked', '- [!] T010 [US1] ⛔ BLOCKED — no network', 'T010 blocked US1 | BLOCKED — no network'],
  ['the first word decides', '- [!] T010 ⛔ BLOCKED — fails; the rest is (deferred)', 'T010 blocked | BLOCKED — fails; the rest is (deferred)'],
  ['quoted', '> - [ ] T001 In a quote', 'T001 open | In a quote'],
  ['star and plus', '+ [ ] T001 Plus', 'T001 open | Plus'],
  ['comment opener in code', '- [ ] Add header `<!-- v1 -->`', '#1 open | Add header `<!-- v1 -->`'],
  ['path in brackets stays in the title', '- [ ] T001 [id]/route.ts', 'T001 open | [id]/route.ts'],
  ['a quantity is no id', '- [ ] 3 retries on failure', '#1 open | 3 retries on failure'],
  ['a standard is no id', '- [ ] UTF-8 everywhere', '#1 open | UTF-8 everywhere'],
  ['four digits', '- [ ] T1000 Later', 'T1000 open | Later'],
  ['a mark that nobody knows', '- [×] T053 Do it', 'T053 unknown | Do it'],
  ['a mark of two characters', '- [ok] T054 [P] Do it', 'T054 unknown P | Do it'],
  ['a picture as a mark', '- [⏸️] 1.2 Do it', '1.2 unknown | Do it'],
  ['a task word before the number', '- [x] **Task 5.1 — Confirm.** Read', '5.1 done | Confirm. Read'],
];

test.each(lines)('%s', (_, line, expected) => {
  expect(brief(`# Tasks\n\n${line}\n`)).toEqual([expected]);
});

const nothing: readonly (readonly [string, string])[] = [
  ['a link', '- [x](https://example.org) link'],
  ['a reference', '- [x]: https://example.org'],
  ['a legend', '- `[ ]` - Not started\n- `[!]` - Blocked'],
  ['a comment', '<!-- ## 1. Old\n- [ ] 1.1 No\n-->'],
  ['a fence', '```\n- [ ] T001 No\n```'],
  ['a fence in a list', '- text\n  ~~~md\n  - [ ] T001 No\n  ~~~'],
  ['front matter', '---\nname: x\n- [ ] T001: no\n---'],
  ['lines of a template', '## 1. <!-- Task Group Name -->\n- [ ] 1.1 <!-- Task description -->\n- [ ] 1.2 ...\n- [ ] T003\n'],
  ['variables of a template', '- [ ] {{NUMBER}}. {{TASK_DESCRIPTION}}{{PARALLEL_MARK}}\n- [ ] 1.1 {{SUBTASK}}\n- [ ] **{{TASK}}**\n'],
  ['placeholders', '- [ ] T### [P?] [US?] Description\n- [ ] TXXX [P] Docs\n- [ ] [TaskID] [P?] x'],
];

test.each(nothing)('%s is no task', (_, text) => {
  expect(read(text).tasks).toEqual([]);
});

test('a line without words is told, and a task all the same when something below it or its state says enough', () => {
  expect(read('- [ ] 1.1 <!-- Task description -->\n').diagnostics).toMatchObject([{ severity: 'info', line: 1, code: 'placeholder' }]);
  expect(brief('- [ ] 1.1\n  Build it\n- [ ] 2.\n  - [ ] 2.1 One\n- [x] T003\n- [~] T004-T006\n- [ ] Task 7\n- [ ] Keep {{NAME}} as it is\n')).toEqual(['1.1 open | ', '2 open | ', '2.1 open | One', 'T003 done | ', '7 open | Task 7', '#6 open | Keep {{NAME}} as it is']);
});

test('markup that an agent left behind at the end of a line is told and not shown', () => {
  const { tasks, phases, diagnostics } = read('## Phase 1: Setup</content>\n- [ ] T001 Add `</content>` handling in src/a.ts</content>\n- [ ] T002 b </parameter></invoke>\n  - [ ] step</invoke>\n- [ ] T003 Close the `</content>`\n- [ ] T004 x <div>\n');
  expect(tasks.map(({ title, files }) => [title, ...files])).toEqual([['Add `</content>` handling in src/a.ts', 'src/a.ts'], ['b'], ['Close the `</content>`'], ['x <div>']]);
  expect([tasks[1]?.steps[0]?.title, phases.map((phase) => phase.title)]).toEqual(['step', ['Setup']]);
  expect(diagnostics.filter(({ code }) => code === 'leaked-markup').map(({ line, message }) => [line, /^"(.*?)"/.exec(message)?.[1]])).toEqual([[1, '</content>'], [2, '</content>'], [3, '</parameter></invoke>'], [4, '</invoke>']]);
});

test.each<[string, string, Record<string, string | undefined>]>([
  ['headings without boxes', '### T001 First\ndo\n<!-- MAESTRO:HITL reason="Look" -->\n### T002 Second\ndo\n### T003 Third\ndo\n', { T001: undefined, T002: 'Look, line 3', T003: 'Look, line 3' }],
  ['a table', '| ID | Task |\n|---|---|\n| T001 | a |\n| T002 | [HITL] Approve |\n| T003 | c |\n', { T001: undefined, T002: 'marked HITL, line 4', T003: undefined }],
  ['a label', '- [ ] T001 a\n- [ ] T002 [HITL] Approve\n- [ ] T003 Deploy (HITL)\n- [x] T004 [HITL] done\n- [ ] T005 Write about `[HITL]`\n', { T001: undefined, T002: 'marked HITL, line 2', T003: 'marked HITL, line 3', T004: undefined, T005: undefined }],
  ['a step', '- [ ] T001 a\n  - [ ] b\n  - [ ] HITL: ask\n- [ ] T002 c\n', { T001: 'marked HITL, line 3', T002: undefined }],
  ['a label below a marker', '- [ ] T001 a\n<!-- MAESTRO:HITL reason="Look" -->\n- [ ] T002 [HITL] b\n', { T001: undefined, T002: 'Look, line 2' }],
])('a person is needed: %s', (_, text, expected) => {
  const { tasks, diagnostics } = read(text);
  expect(Object.fromEntries(tasks.map((task) => [task.id, task.person]))).toEqual(expected);
  expect(diagnostics.some(({ code }) => code === 'human-needed')).toBe(true);
});

test('a halt in a file without boxes stops the run', () => {
  expect(read('### T001 First\n### T002 Second\n<!-- maestro:halt: broken -->\n').diagnostics).toMatchObject([{ code: 'no-boxes' }, { severity: 'error', code: 'halt', line: 3 }]);
});

describe('structure', () => {
  const feature = read(readFileSync(join(__dirname, '../../../../test/fixtures/spec/feature.md'), 'utf8'));

  test('phases, kinds and sections', () => {
    expect(feature.title).toBe('Reading list');
    expect(feature.phases.map(({ number, kind }) => `${number} ${kind}`)).toEqual(['1 setup', '2 foundational', '3 story', '4 story', '5 polish']);
    expect(feature.tasks.find((task) => task.id === 'T006')?.section).toBe('Implementation for User Story 1');
    expect(feature.tasks.map((task) => task.id)).toEqual(['T001', 'T002', 'T003', 'T004', 'T005', 'T006', 'T007', 'T008', 'T009', 'T010']);
  });

  test('continuation, files and last line', () => {
    const task = feature.tasks.find((one) => one.id === 'T007');
    expect(task).toMatchObject({ line: 30, endLine: 32, files: ['src/add.ts', 'src/add-helpers.ts'] });
    expect(task?.details.map((line) => line.text)).toEqual(['- keep it pure', '- write `src/add-helpers.ts` too']);
  });

  test('an unclosed fence or comment hides nothing', () => {
    expect(brief('- [ ] T001 a\n```\n- [ ] T002 b\n<!-- open\n- [ ] T003 c\n')).toHaveLength(3);
  });

  test('nesting: one blank is a sibling, two are a child; a box without id is a step', () => {
    const { tasks } = read('- [ ] 1.1 Parent\n - [ ] 1.2 Sibling\n  - [ ] 1.2.1 Child of 1.1? no\n- [ ] 2.1 Next\n  - [x] plain step\n');
    expect(tasks.map(({ id, parent }) => [id, parent])).toEqual([['1.1', null], ['1.2', null], ['1.2.1', null], ['2.1', null]]);
    expect(tasks[3]?.steps).toEqual([{ id: null, title: 'plain step', line: 5, done: true }]);
  });

  test('a list indented by four blanks after a heading is no code', () => {
    expect(brief('## Phase 1: Setup\n    - [X] T002a One\n    - [X] T002b Two\n')).toHaveLength(2);
  });

  test('duplicates are one task; copies that disagree leave it open', () => {
    const { tasks, diagnostics } = read('- [x] T001 a\n- [ ] T002 b\n- [ ] T001 a\n');
    expect(tasks[0]).toMatchObject({ id: 'T001', lines: [1, 3], state: 'open', done: false });
    expect(diagnostics.map((one) => one.code)).toEqual(['duplicate-id', 'conflicting-state']);
  });

  test('a checklist that repeats ids says nothing about their state', () => {
    expect(read('- [x] T001 a\n- [ ] T002 b\n\n## MVP Checklist\n\n- [ ] T001: a\n').tasks[0]).toMatchObject({ state: 'done', lines: [1, 6] });
  });

  test('the legend of a file overrides the usual meaning', () => {
    expect(brief('- `[-]` - In progress\n\n- [-] T001 a\n')).toEqual(['T001 active | a']);
  });

  test('gates are counted apart', () => {
    const { tasks, gates } = read('- [ ] T001 a\n- [ ] T002 b\n- [ ] T003 c\n\n## Validation Checklist\n\n- [ ] All tests pass\n- [x] Reviewed\n');
    expect(tasks).toHaveLength(3);
    expect(gates.map(({ title, done }) => [title, done])).toEqual([['All tests pass', false], ['Reviewed', true]]);
  });

  test('a track plan: headings are the tasks, boxes their steps, verification a gate', () => {
    const { tasks, gates } = read('## Phase 1: Base\n\n### Task 1.1: Parser\n\n- [x] Write tests\n- [x] Implement\n\n### Task 1.2: Printer\n\n- [x] Write tests\n- [ ] Implement\n- [ ] Task: Conductor - User Manual Verification \'Phase 1\'\n');
    expect(tasks.map(({ id, state, steps }) => [id, state, steps.length])).toEqual([['1.1', 'done', 2], ['1.2', 'open', 2]]);
    expect(gates).toHaveLength(1);
  });

  test.each([
    ['headings', '# T\n\n### T001 One\n- **Status**: done\n\n### T002 Two\n- **依存**: T001\n', ['T001 done', 'T002 open']],
    ['bullets', '# T\n\n- **T001** One\n  more\n- **T002** Two\n', ['T001 unknown', 'T002 unknown']],
    ['a table', '| ID | Task | Deps | Status |\n|---|---|---|---|\n| T001 | One | - | done |\n| ~~T002~~ | Two | T001 | |\n', ['T001 done', 'T002 open']],
  ])('without boxes: %s', (_, text, expected) => {
    const parsed = read(text);
    expect(parsed.tasks.map(({ id, state }) => `${id} ${state}`)).toEqual(expected);
    expect(parsed.readOnly).toBe(true);
  });

  test.each([
    ['a diff', '--- a/tasks.md\n+++ b/tasks.md\n@@ -1 +1 @@\n+ [ ] T059 [P] Docs\n'],
    ['binary', '- [ ] T001 a\0b'],
  ])('%s is refused', (_, text) => {
    expect(read(text)).toMatchObject({ tasks: [], diagnostics: [{ severity: 'error', code: 'not-a-task-list' }] });
  });

  test('BOM and CRLF change nothing', () => {
    expect(brief('\uFEFF- [ ] T001 a\r\n- [x] T002 b\r\n')).toEqual(['T001 open | a', 'T002 done | b']);
  });
});

describe('paths', () => {
  test.each([
    ['Create `src/a b.ts`, `src/c.ts` and lib/d.py', ['src/a b.ts', 'src/c.ts', 'lib/d.py']],
    ['Route app/api/[id]/route.ts per plan.md', ['app/api/[id]/route.ts']],
    ['POST /api/users and/or https://x.org/a.ts', []],
    ['Both src/{a,b}.ts in docs/', ['src/a.ts', 'src/b.ts', 'docs/']],
    ['Escape ../../etc/passwd', []],
    ['See `docs/x.md`, fix src/a.ts:12', ['src/a.ts']],
    ['All of `src/**/*.ts`', ['src/**/*.ts']],
  ])('%s', (text, files) => {
    expect(read(`- [ ] T001 ${text}`).tasks[0]?.files).toEqual(files);
  });
});

describe('tasks.yaml', () => {
  const text = 'phases:\n  - number: 1\n    title: "Setup"\n    tasks:\n      - id: "T001"\n        title: "One"\n        status: "Completed"\n        parallel: true\n        file_path: "src/a.go"\n        dependencies: []\n      - id: "T002"\n        title: "Two"\n        status: "Pending"\n        dependencies: ["T001"]\n';

  test('fields', () => {
    expect(readYaml(text, 'tasks.yaml').tasks).toMatchObject([
      { id: 'T001', state: 'done', parallel: true, files: ['src/a.go'], line: 5 },
      { id: 'T002', state: 'open', details: [{ line: 14, text: 'Depends on: T001' }] },
    ]);
  });

  test.each([
    ['broken', 'phases: [', 'yaml'],
    ['a bomb', 'a: &a [x, x]\nb: &b [*a, *a]\ntasks: *b\n', 'yaml-alias'],
    ['a status nobody knows', 'tasks:\n  - { id: T001, title: a, status: Perhaps }\n', 'unknown-state'],
  ])('%s', (_, broken, code) => {
    expect(readYaml(broken, 'tasks.yaml').diagnostics[0]?.code ?? null).toBe(code);
  });
});

test.each([
  ['Checkpoint - all tests pass', true], ['Checkpoint', true], ['Final checkpoint', true], ['Final checkpoint - Ensure all tests pass', true], ['Final Checkpoint: done', true], ['**Intermediate checkpoint** - look', true],
  ['Checkpoint the state to disk', false], ['Final checkpoints of the race', false], ['Add a checkpoint - every minute', false],
])('a checkpoint is a gate, with or without a number: %s', (title, isGate) => {
  const { tasks, gates } = read(`# Implementation Plan\n\n- [ ] 1. Write src/a.ts\n- [ ] 14. ${title}\n`);
  expect([tasks.map((task) => task.id), gates.length]).toEqual(isGate ? [['1'], 1] : [['1', '14'], 0]);
});

test('headings with ids above boxes without any are the tasks, and the boxes below are theirs', () => {
  const block = (id: string, after: string) => `### ${id}: Build it\n**Depends On**: ${after}\n\n**Acceptance Criteria**:\n- [ ] \`src/${id}.ts\` exists\n- [ ] Compiles\n\n**Definition of Done**:\n- Reviewed\n\n---\n\n`;
  const text = `# Tasks\n\n## Phase 1: Foundation\n\n${block('T2-001', 'None')}${block('T2-002', 'T2-001')}## Phase 2: Rest\n\n${block('T2-003', 'T2-002')}`;
  const { tasks, gates } = read(text);
  expect(tasks.map(({ id, done, steps, phase }) => [id, done, steps.length, phase?.number])).toEqual([['T2-001', false, 2, 1], ['T2-002', false, 2, 1], ['T2-003', false, 2, 2]]);
  expect(tasks[1]?.details.some((line) => line.text.includes('T2-001'))).toBe(true);
  expect(gates).toEqual([]);
  expect(read(text.replaceAll(/(### T2-002[^]*?)\[ \]([^]*?)\[ \]/g, '$1[x]$2[x]')).tasks.map((task) => task.done)).toEqual([false, true, false]);
});

test('headings with ids above boxes with ids stay headings', () => {
  expect(read('## T001-T002: Setup\n- [ ] T001 a\n- [ ] T002 b\n## T003: Rest\n- [ ] T003 c\n').tasks.map((task) => task.id)).toEqual(['T001', 'T002', 'T003']);
});
