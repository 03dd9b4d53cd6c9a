import { describe, expect, test } from 'vitest';
import { detectDialect } from './dialect';
import { parseMarkdown } from './parse-markdown';
import { readYaml } from './parse-yaml';
import { noteText, restoreStates, tick, type TickChange } from './write-back';

const taskIn = (text: string, id: string) => {
  const task = parseMarkdown(text, { file: '', dialect: detectDialect('', text) }).tasks.find((one) => one.id === id);
  if (!task) throw new Error(`no ${id} in the sample`);
  return task;
};
const ticked = (text: string, id: string, change: TickChange = { state: 'done' }): string => {
  const result = tick(Buffer.from(text), taskIn(text, id), change);
  if (!result.ok) throw new Error(result.error.kind);
  return result.value.toString('utf8');
};

test.each([
  ['spec-kit', '- [ ] T001 a\n', '- [X] T001 a\n'],
  ['a file that uses x', '- [x] T000 z\n- [ ] T001 a\n', '- [x] T000 z\n- [x] T001 a\n'],
  ['OpenSpec', '- [ ] T001 a\n'.replace('T001', '1.1'), '- [x] 1.1 a\n'],
  ['BOM and CRLF', '\uFEFF- [ ] T001 a\r\nrest\r\n', '\uFEFF- [X] T001 a\r\nrest\r\n'],
  ['no newline at the end', '- [ ] T001 a', '- [X] T001 a'],
  ['glued', '-[]T001[P]a\n-[]T002b\n', '-[X]T001[P]a\n-[]T002b\n'],
  ['another mark', '- [~] T001 a\n', '- [X] T001 a\n'],
  ['every copy', '- [ ] T001 a\n\n- [ ] T001 a\n', '- [X] T001 a\n\n- [X] T001 a\n'],
  ['in a quote', '> - [ ] T001 a\n', '> - [X] T001 a\n'],
])('ticks %s', (_, before, after) => {
  const id = before.includes('1.1') ? '1.1' : 'T001';
  expect(ticked(before, id)).toBe(after);
});

test('tick and untick give the same bytes', () => {
  const text = '\uFEFF- [ ] T001 a\r\n  - [ ] step\r\n-[]T002b\r\n- [ ] T003 c';
  for (const id of ['T001', 'T003']) expect(ticked(ticked(text, id), id, { state: 'open' })).toBe(text);
});

test('invalid UTF-8 stays as it is', () => {
  const bytes = Buffer.concat([Buffer.from('x '), Buffer.from([0xff, 0xfe]), Buffer.from('\n- [ ] T001 a '), Buffer.from([0xc3]), Buffer.from('\n')]);
  const result = tick(bytes, taskIn(bytes.toString('utf8'), 'T001'), { state: 'done' });
  expect(result.ok && result.value.toString('latin1')).toBe(bytes.toString('latin1').replace('[ ]', '[X]'));
});

describe('notes', () => {
  test.each([
    ['below the continuation', '- [ ] T001 a\n  - more\n- [ ] T002 b\n', '- [X] T001 a\n  - more\n  - done in 3 s\n- [ ] T002 b\n'],
    ['at the end without a newline', '- [ ] T001 a', '- [X] T001 a\n  - done in 3 s'],
    ['with CRLF', '- [ ] T001 a\r\n', '- [X] T001 a\r\n  - done in 3 s\r\n'],
  ])('%s', (_, before, after) => {
    expect(ticked(before, 'T001', { state: 'done', note: 'done in 3 s' })).toBe(after);
  });

  test.each(['- [ ] T666 more', '```\nopen', '<!-- hide', '# Phase 9: x', 'a\r\n- [ ] T667 b', '\u001b[2J'])('%j adds no task and hides none', (note) => {
    const text = '- [ ] T001 a\n- [ ] T002 b\n';
    const after = ticked(text, 'T001', { state: 'done', note });
    expect(parseMarkdown(after, { file: '', dialect: 'speckit' }).tasks.map(({ id, steps }) => [id, steps.length])).toEqual([['T001', 0], ['T002', 0]]);
    expect(after.split('\n')).toHaveLength(4);
  });

  test('is cut at 300 characters', () => expect([...noteText('x'.repeat(1000))].length).toBe(300));
});

test('finds the task again after lines moved', () => {
  const anchor = taskIn('- [ ] Same\n- [ ] Other\n', '#2');
  const moved = tick(Buffer.from('- [ ] New\n- [ ] Same\n\n- [ ] Other\n'), anchor, { state: 'done' });
  expect(moved.ok && moved.value.toString()).toBe('- [ ] New\n- [ ] Same\n\n- [x] Other\n');
});

test('a task that is gone, or has no box, is an error', () => {
  const anchor = taskIn('- [ ] T001 a\n', 'T001');
  expect(tick(Buffer.from('- [ ] T002 b\n'), anchor, { state: 'done' })).toMatchObject({ ok: false, error: { kind: 'spec/invalid' } });
  const table = '| ID | Task |\n|--|--|\n| T001 | a |\n| T002 | b |\n';
  expect(tick(Buffer.from(table), taskIn(table, 'T001'), { state: 'done' })).toMatchObject({ ok: false });
});

test('a heading without a box stands for the boxes below it', () => {
  const text = '### Task 1.1: A\n\n- [ ] one\n- [x] two\n\n### Task 1.2: B\n\n- [ ] three\n';
  expect(ticked(text, '1.1')).toBe(text.replace('[ ] one', '[x] one'));
});

test.each([
  ['a tick by the agent', '- [ ] T001 a\n- [x] T002 b\n', '- [X] T001 a\n- [ ] T002 b\n', '- [ ] T001 a\n- [x] T002 b\n'],
  ['an edited text', '- [ ] T001 a\n', '- [X] T001 a, better\n', '- [ ] T001 a, better\n'],
  ['an appended task', '- [ ] T001 a\n', '- [ ] T001 a\n- [x] T002 new\n', '- [ ] T001 a\n- [ ] T002 new\n'],
  ['steps', '- [ ] T001 a\n  - [x] s\n  - [ ] t\n', '- [ ] T001 a\n  - [ ] s\n  - [x] t\n', '- [ ] T001 a\n  - [x] s\n  - [ ] t\n'],
  ['a step with a new text', '- [ ] T001 a\n  - [x] s\n- [ ] T002 b\n', '- [ ] T001 a\n  - [ ] s, reworded\n- [x] T002 b\n', '- [ ] T001 a\n  - [x] s, reworded\n- [ ] T002 b\n'],
  ['copies that differ', '- [x] T001 a\n- [ ] T001 a\n', '- [x] T001 a\n- [x] T001 a\n', '- [x] T001 a\n- [ ] T001 a\n'],
  ['other edits stay', '- [ ] T001 a\n', 'intro\r\n- [x] T001 a\nend', 'intro\r\n- [ ] T001 a\nend'],
])('restores states: %s', (_, base, lane, expected) => {
  expect(restoreStates(Buffer.from(base), Buffer.from(lane)).toString()).toBe(expected);
});

test('tasks.yaml: only the status changes', () => {
  const text = '# c\ntasks:\n  - id: T001 # x\n    title: ä\n    status: "Pending"\n  - { id: T002, title: b, status: Blocked }\n';
  const done = tick(Buffer.from(text), { id: 'T001', textHash: '', line: 3 }, { state: 'done' });
  expect(done.ok && done.value.toString()).toBe(text.replace('Pending', 'Completed'));
  expect(done.ok && restoreStates(Buffer.from(text), done.value).toString()).toBe(text);
  expect(tick(Buffer.from(text), { id: 'T009', textHash: '', line: 3 }, { state: 'done' })).toMatchObject({ ok: false });
});

describe('tasks.yaml: notes', () => {
  const done = (text: string, note: string): string => {
    const result = tick(Buffer.from(text), { id: 'T001', textHash: '', line: 3 }, { state: 'done', note });
    return result.ok ? result.value.toString() : result.error.kind;
  };
  test.each([
    ['a new line below the status', 'tasks:\n  - id: T001\n    status: Pending # c\n    title: a\n', 'tasks:\n  - id: T001\n    status: Completed # c\n    notes: "n: 1"\n    title: a\n'],
    ['CR LF', 'tasks:\r\n  - id: T001\r\n    status: Pending\r\n', 'tasks:\r\n  - id: T001\r\n    status: Completed\r\n    notes: "n: 1"\r\n'],
    ['at the end of the file', 'tasks:\n  - id: T001\n    status: Pending', 'tasks:\n  - id: T001\n    status: Completed\n    notes: "n: 1"'],
    ['a map of one line', 'tasks:\n  - { id: T001, status: Pending, title: a }\n', 'tasks:\n  - { id: T001, status: Completed, notes: "n: 1", title: a }\n'],
    ['status first', 'tasks:\n  - status: Pending\n    id: T001\n', 'tasks:\n  - status: Completed\n    notes: "n: 1"\n    id: T001\n'],
    ['behind an older one', 'tasks:\n  - id: T001\n    status: Pending\n    notes: old\n', 'tasks:\n  - id: T001\n    status: Completed\n    notes: "old | n: 1"\n'],
    ['as a line of a block', 'tasks:\n  - id: T001\n    status: Pending\n    notes: |\n      old\n    title: a\n', 'tasks:\n  - id: T001\n    status: Completed\n    notes: |\n      old\n      n: 1\n    title: a\n'],
    ['below five lines of a block', 'tasks:\n  - id: T001\n    status: Pending\n    notes: | # mine\n\n        one\n          two\n\n        three\n\n    title: a\n', 'tasks:\n  - id: T001\n    status: Completed\n    notes: | # mine\n\n        one\n          two\n\n        three\n        n: 1\n\n    title: a\n'],
    ['in a folded block, as a paragraph', 'tasks:\n  - id: T001\n    status: Pending\n    notes: >-\n      old\n      words\n    title: a\n', 'tasks:\n  - id: T001\n    status: Completed\n    notes: >-\n      old\n      words\n\n      n: 1\n    title: a\n'],
    ['in a block at the end of the file', 'tasks:\n  - id: T001\n    status: Pending\n    notes: |-\n      old', 'tasks:\n  - id: T001\n    status: Completed\n    notes: |-\n      old\n      n: 1'],
    ['in a block with CR LF', 'tasks:\n  - id: T001\n    status: Pending\n    notes: |\r\n      old\r\n    title: a\n', 'tasks:\n  - id: T001\n    status: Completed\n    notes: |\r\n      old\r\n      n: 1\r\n    title: a\n'],
    ['in a block that says its indent', 'tasks:\n  - id: T001\n    status: Pending\n    notes: |2-\n        old\n    title: a\n', 'tasks:\n  - id: T001\n    status: Completed\n    notes: |2-\n        old\n      n: 1\n    title: a\n'],
    ['in an empty block', 'tasks:\n  - id: T001\n    status: Pending\n    notes: |\n    title: a\n', 'tasks:\n  - id: T001\n    status: Completed\n    notes: |\n      n: 1\n    title: a\n'],
    ['in an empty one', 'tasks:\n  - id: T001\n    status: Pending\n    notes: ""\n', 'tasks:\n  - id: T001\n    status: Completed\n    notes: "n: 1"\n'],
    ['no room', `tasks:\n  - id: T001\n    status: Pending\n    notes: ${'x'.repeat(998)}\n`, `tasks:\n  - id: T001\n    status: Completed\n    notes: ${'x'.repeat(998)}\n`],
  ])('%s', (_, text, expected) => {
    expect(done(text, 'n: 1')).toBe(expected);
  });

  test.each(['|', '>-', '|+', '>'])('notes of a block with %s are read back, the person\'s own lines first', (header) => {
    const text = done(`tasks:\n  - id: T001\n    title: a\n    status: Pending\n    notes: ${header}\n      # one: "x"\n      two\n\n    file_path: src/a.ts\n`, '✅ # n: 1');
    const again = done(text, 'second');
    const { tasks, diagnostics } = readYaml(again, 'tasks.yaml');
    expect(tasks.map((task) => [task.files, task.details.map((line) => line.text)])).toEqual([[['src/a.ts'], ['notes: # one: "x" two ✅ # n: 1 second']]]);
    expect([diagnostics, again.match(/ {6}# one: "x"\n {6}two\n/)?.length]).toEqual([[], 1]);
  });

  test('a note of several lines is one line, and is read back', () => {
    const text = done('tasks:\n  - id: T001\n    title: a\n    status: Pending\n', '✅ a "b"\n- id: T002\t#');
    const { tasks, diagnostics } = readYaml(text, 'tasks.yaml');
    expect(tasks.map((task) => [task.id, task.state, task.details.map((line) => line.text)])).toEqual([['T001', 'done', ['notes: ✅ a "b" - id: T002 #']]]);
    expect(diagnostics).toEqual([]);
  });
});
