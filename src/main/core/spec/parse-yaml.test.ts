import { expect, test } from 'vitest';
import { readYaml } from './parse-yaml';

/** A file of one phase with these tasks, each in flow style on a line of its own from line 5 on. */
const fileOf = (...tasks: readonly string[]) => `phases:\n  - number: 1\n    title: A\n    tasks:\n${tasks.map((task) => `      - { ${task} }\n`).join('')}tasks: { branch: x }\n`;
const ok = (id: string, more = '') => `id: ${id}, title: Do it, status: Pending, type: test${more}`;
const told = (text: string) => readYaml(text, 'tasks.yaml').diagnostics.map(({ severity, line, code, message }) => `${severity} ${line} ${code} ${message.split(': ')[0]}`);

test.each([
  ['nothing', [ok('T001'), ok('T002', ', dependencies: [T001]')], []],
  ['a duplicate id', [ok('T001'), ok('T001')], ['error 6 duplicate-id phases[0].tasks[1].id']],
  ['a dependency on nothing', [ok('T001', ', dependencies: [T009]')], ['error 5 missing-dependency phases[0].tasks[0].dependencies[0]']],
  ['a dependency on itself', [ok('T001', ', dependencies: [T001]')], ['error 5 self-dependency phases[0].tasks[0].dependencies[0]']],
  ['no id', ['title: a, status: Pending'], ['error 5 missing-id phases[0].tasks[0].id']],
  ['an unknown status', ['id: T001, title: a, status: Perhaps'], ['error 5 unknown-state phases[0].tasks[0].status']],
  ['all that is doubtful', ['id: task-1, type: magic'], [...['id', 'title', 'status'].map((key) => `error 5 schema phases[0].tasks[0].${key}`), 'warning 5 schema phases[0].tasks[0].type']],
  ['an id that is no T and digits', [ok('TASK1')], ['error 5 schema phases[0].tasks[0].id']],
  ['no title', ['id: T001, status: Pending, type: test'], ['error 5 schema phases[0].tasks[0].title']],
  ['no status', ['id: T001, title: a, type: test'], ['error 5 schema phases[0].tasks[0].status']],
  ['a text of dependencies', [ok('T001'), ok('T002', ', dependencies: T001')], ['warning 6 schema phases[0].tasks[1].dependencies']],
  ['all that is doubtful in a task without an id', ['title: a, status: Pending, type: magic'], ['error 5 missing-id phases[0].tasks[0].id', 'warning 5 schema phases[0].tasks[0].type']],
  ['fields of another kind', [ok('T001', ', parallel: "yes", file_path: [a.ts], notes: [b], acceptance_criteria: c, colour: red')], ['parallel', 'file_path', 'notes', 'acceptance_criteria', 'colour'].map((key) => `warning 5 schema phases[0].tasks[0].${key}`)],
  ['a map of dependencies', [ok('T001', ', dependencies: { a: T002 }')], ['error 5 schema phases[0].tasks[0].dependencies']],
  ['a list within the list', [ok('T001', ', dependencies: [[T002]]')], ['error 5 schema phases[0].tasks[0].dependencies[0]']],
  ['a merge', ['<<: *t, id: T001, title: a, status: Pending'], ['error 5 schema phases[0].tasks[0].<<']],
  ['one missing dependency twice', [ok('T001', ', dependencies: [T009, T009]')], ['error 5 missing-dependency phases[0].tasks[0].dependencies[0]']],
  ['blocks: an unknown id', [ok('T001', ', blocks: [T009]')], ['error 5 missing-dependency phases[0].tasks[0].blocks[0]']],
  ['blocks: itself', [ok('T001', ', blocks: T001')], ['error 5 self-dependency phases[0].tasks[0].blocks[0]']],
  ['blocks: no list', [ok('T001', ', blocks: { a: b }')], ['error 5 schema phases[0].tasks[0].blocks']],
  ['conflicts', [ok('T001', ', conflicts: [T002]'), ok('T002')], ['warning 5 schema phases[0].tasks[0].conflicts']],
  ['conflicts: unknown ids', [ok('T001', ', conflicts_with: [T001, T009, T009]'), ok('T002', ', conflicts: "T001, T008"')], [
    'warning 5 schema phases[0].tasks[0].conflicts_with', 'warning 6 schema phases[0].tasks[1].conflicts', 'warning 5 missing-dependency phases[0].tasks[0].conflicts_with[1]', 'warning 6 missing-dependency phases[0].tasks[1].conflicts',
  ]],
  ['blocked', ['id: T001, title: a, status: Blocked, blocked_reason: no network'], ['warning 5 blocked T001 is blocked']],
  ['long notes', [ok('T001', `, notes: ${'x'.repeat(1001)}`)], ['warning 5 schema phases[0].tasks[0].notes']],
])('errors: %s', (_, tasks, expected) => expect(told(fileOf(...tasks))).toEqual(expected));

test.each([
  ['a phase without fields', 'phases:\n  - purpose: x\n', ['warning 2 schema phases[0].number', 'warning 2 schema phases[0].title', 'warning 2 schema phases[0].tasks', 'warning 1 schema tasks.branch']],
  ['an empty phase', 'tasks: { branch: x }\nphases:\n  - number: 1\n    title: A\n    tasks: []\n', ['warning 5 schema phases[0].tasks']],
  ['phases that are no list', 'tasks: { branch: x }\nphases: none\n', ['error 2 schema phases']],
  ['a bare list', '- id: T001\n', ['error 1 schema The file holds no "phases:" and no "tasks:".']],
  ['aliases of aliases', 'a: &a [x, x]\nb: &b [*a, *a]\ntasks: { branch: x }\nphases: *b\n', ['error 4 yaml-alias phases']],
  ['a phase that is none', 'phases:\n  - 3\n', ['error 2 not-a-phase phases[0]', 'warning 1 schema tasks.branch']],
  ['a task that is none', 'tasks:\n  - T001\n', ['error 2 not-a-task tasks[0]']],
  ['no branch', 'tasks:\n  created: today\n', ['warning 2 schema tasks.branch']],
])('%s', (_, text, expected) => expect(told(text)).toEqual(expected));

test('every field', () => {
  const text = [
    '_meta:', '  version: "1.0.0"', '  artifact_type: tasks', 'tasks:', '  branch: 003-x', 'summary:', '  total_tasks: 1', 'phases:', '  - number: 2', '    title: Search',
    '    story_reference: US-001', '    tasks:', '      - id: T001', '        title: "Index: words"', '        status: InProgress', '        type: test', '        parallel: true',
    '        story_id: US-001', '        file_path: src/a.go', '        dependencies: []', '        acceptance_criteria:', '          - It is quick', '        blocked_reason: waits', '        notes: |', '          two', '          lines', '',
  ].join('\n');
  const { title, tasks, phases, diagnostics } = readYaml(text, 'tasks.yaml');
  expect([title, diagnostics, phases]).toEqual(['003-x', [], [{ index: 0, number: 2, title: 'Search', kind: 'story' }]]);
  expect(tasks).toMatchObject([{ id: 'T001', title: 'Index: words', state: 'active', parallel: true, story: 'US1', files: ['src/a.go'], line: 13 }]);
  expect(tasks[0]?.details.map((line) => line.text)).toEqual(['- It is quick', 'blocked_reason: waits', 'notes: two lines']);
});

test('what a task blocks waits for it; why it is blocked is told', () => {
  const { tasks, diagnostics } = readYaml(fileOf(ok('T001', ', blocks: [T002, T003]'), ok('T002'), ok('T003'), 'id: T004, title: d, status: Blocked, blocked_reason: no network'), 'tasks.yaml');
  expect(tasks[0]?.details).toEqual([{ file: 'tasks.yaml', line: 5, text: 'Blocks: T002, T003' }]);
  expect([tasks[3]?.state, diagnostics.map(({ line, message }) => [line, message])]).toEqual(['blocked', [[8, 'T004 is blocked: no network. What depends on it will not start.']]]);
});

test('nesting that is too deep says so', () => {
  expect(readYaml(`tasks: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'tasks.yaml').diagnostics.map((one) => one.message)).toEqual(['The YAML is nested too deeply.']);
});

test('an alias is never expanded', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]', ...'bcdefghijk'.split('').map((name, i) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghij'.charAt(i)}`).join(', ')}]`), 'tasks: *k', ''].join('\n');
  expect(readYaml(bomb, 'tasks.yaml').tasks).toEqual([]);
});

test.each([['lists', '['.repeat(60_000)], ['maps', '{a: '.repeat(60_000)], ['blocks', Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')]])('deep nesting of %s is told, not fatal', (_, text) => {
  expect(readYaml(`tasks: ${text}`, 'tasks.yaml').tasks).toEqual([]);
});

test.each([
  ['an alias of one list is followed', 'a: &a [T001]\nphases:\n  - number: 1\n    title: A\n    tasks:\n      - { id: T001, title: a, status: Pending }\n      - { id: T002, title: b, status: Pending, dependencies: *a }\n', ['Depends on: T001'], []],
  ['a text is one id', 'phases:\n  - number: 1\n    title: A\n    tasks:\n      - { id: T001, title: a, status: Pending }\n      - { id: T002, title: b, status: Pending, dependencies: T001 }\n', ['Depends on: T001'], ['warning 6 phases[0].tasks[1].dependencies: the dependencies of T002 are a text and no list; its ids are read all the same.']],
  ['a text with commas', 'tasks:\n  - { id: T001, title: a, status: Pending }\n  - { id: T002, title: b, status: Pending }\n  - { id: T003, title: c, status: Pending, dependencies: "T001, T002" }\n', ['Depends on: T001, T002'], ['warning 4 tasks[2].dependencies: the dependencies of T003 are a text and no list; its ids are read all the same.']],
  ['aliases of ids', 'tasks:\n  - { id: &one T001, title: a, status: Pending }\n  - { id: T002, title: b, status: Pending, dependencies: [*one] }\n', ['Depends on: T001'], []],
  ['nothing is an empty list', 'phases:\n  - number: 1\n    title: A\n    tasks:\n      - { id: T001, title: a, status: Pending, dependencies: }\n', [], []],
])('dependencies: %s', (_, text, details, told) => {
  const { tasks, diagnostics } = readYaml(text, 'tasks.yaml');
  expect(tasks.flatMap((task) => task.details.map((line) => line.text))).toEqual(details);
  expect(diagnostics.filter((one) => !one.message.startsWith('tasks.branch')).map((one) => `${one.severity} ${one.line} ${one.message}`)).toEqual(told);
});
