import { describe, expect, test } from 'vitest';
import { parseTaskFile } from './parse';

const read = (text: string, dialect: 'speckit' | 'tasks-yaml' = 'speckit') => parseTaskFile(text, { file: 'tasks.md', dialect });
const told = (text: string, dialect?: 'speckit' | 'tasks-yaml') => read(text, dialect).diagnostics.filter((one) => one.severity === 'error').map((one) => [one.code, one.line]);
const conflict = (inner: string) => `<<<<<<< HEAD\n${inner}=======\n- [ ] T001 theirs\n>>>>>>> branch\n`;

describe('a merge conflict left in the file', () => {
  test.each([
    ['two sides', `# Tasks\n\n${conflict('- [ ] T001 ours\n')}`, [['merge-conflict', 3]]],
    ['three sides', `- [ ] T009 x\n${conflict('- [ ] T001 ours\n||||||| base\n- [ ] T001 was\n')}`, [['merge-conflict', 2]]],
    ['CRLF', conflict('- [ ] T001 ours\n').replaceAll('\n', '\r\n'), [['merge-conflict', 1]]],
    ['two of them', `${conflict('')}- [ ] T002 b\n${conflict('')}`, [['merge-conflict', 1], ['merge-conflict', 6]]],
    ['an example in a fence', `- [ ] T001 a\n\`\`\`\n${conflict('')}\`\`\`\n`, []],
    ['a heading of old Markdown, and quotes', 'Tasks\n=======\n- [ ] T001 a\n>>>>>>> deep\n', []],
    ['markers in another order', '=======\n- [ ] T001 a\n<<<<<<< x\n>>>>>>> y\n', []],
  ])('%s', (_, text, expected) => expect(told(text)).toEqual(expected));

  test('in tasks.yaml, before what the library says of it', () => {
    const text = 'tasks:\n  branch: x\nphases:\n  - number: 1\n    title: A\n    tasks:\n<<<<<<< HEAD\n      - id: T001\n=======\n      - id: T002\n>>>>>>> b\n';
    expect(told(text, 'tasks-yaml')[0]).toEqual(['merge-conflict', 7]);
  });
});

describe('a task behind a lone carriage return', () => {
  test.each([
    ['one', '# Tasks\n- [ ] T001 a\r- [ ] T002 b\n- [ ] T003 c\n', [['lone-cr', 2]]],
    ['a whole file of an old Mac', '# Tasks\r\r- [ ] T001 a\r- [ ] T002 b\r', [['lone-cr', 1]]],
    ['CRLF is none', '- [ ] T001 a\r\n- [ ] T002 b\r\n', []],
    ['nor is one that hides no task', '- [ ] T001 a\rmore text\n', []],
  ])('%s', (_, text, expected) => expect(told(text)).toEqual(expected));
});

test.each([
  ['with an id', '- [×] T053 a\n', [['T053', 'unknown', false]]],
  ['where another copy says more', '- [x] T001 a\n- [×] T001 a\n', [['T001', 'done', true]]],
  ['without an id it is text', '- [ab] see there\n- [ ] T001 a\n', [['T001', 'open', false]]],
  ['a label is no mark', '- [ ] T001 a\n- [P] T001\n- [P1] T001\n', [['T001', 'open', false]]],
])('a mark that nobody knows counts as open: %s', (_, text, expected) => {
  const { tasks, diagnostics } = read(text);
  expect(tasks.map((task) => [task.id, task.state, task.done])).toEqual(expected);
  if (expected[0]?.[1] === 'unknown') expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'unknown-state', line: 1 }]);
});

test.each([
  ['- [-] T010 a\n  - [ ] T011 b\n  - [x] T012 c\n  - [ ] T013 d\n- [ ] T020 e\n', 'T011, T013.', 'never run'],
  ['- [-] T010 a\n  - [ ] write it\n- [ ] T020 e\n', '"write it".', 'never run'],
  ['- [ ] T010 a\n  - [-] T011 b\n    - [ ] T012 c\n  - [ ] T013 d\n', 'T012.', 'left out too: '],
  ['- [-] T010 a\n  - [-] T011 b\n- [x] T020 c\n  - [ ] T021 d\n', null, ''],
])('what is open below a skipped task is told: %j', (text, names, fate) => {
  const found = read(text).diagnostics.filter((one) => one.code === 'skipped-parent');
  expect(found.map((one) => [one.severity, one.message.includes(fate), one.message.endsWith(names ?? '')])).toEqual(names === null ? [] : [['warning', true, true]]);
});
