import { expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { withRecorded } from './progress';

const states = (text: string, change: (text: string) => string = (same) => same, dialect?: 'track' | 'tasks-yaml') => {
  const recorded = specOf(text, dialect).tasks.map(({ file, id, textHash }) => ({ file, id, textHash }));
  const spec = withRecorded(specOf(change(text), dialect), recorded.slice(0, 1));
  return [...spec.tasks.map((task) => `${task.id} ${task.state}${task.done ? ' done' : ''}`), ...spec.diagnostics.map((one) => one.code).filter((code) => code !== 'no-boxes')];
};

test.each([
  ['a table', '| ID | Task |\n|--|--|\n| T001 | a |\n| T002 | b |\n'],
  ['headings', '### T001 One\ntext\n\n### T002 Two\ntext\n'],
  ['bullets', '- **T001** one\n- **T002** two\n'],
])('%s: what landed is done', (_, text) => {
  expect(states(text)).toEqual(['T001 done done', expect.stringMatching(/^T002 (?:open|unknown)$/)]);
  expect(states(text, (same) => `# New title\n\n${same}`)).toEqual(['T001 done done', expect.stringMatching(/^T002/)]);
});

test('a heading without boxes in a plan that has some', () => {
  expect(states('### Task 1: One\nDo it.\n\n### Task 2: Two\n- [ ] s\n', undefined, 'track')).toEqual(['1 done done', '2 open']);
});

test('a task whose text has changed is open again, and that is said', () => {
  expect(states('### T001 One\n\n### T002 Two\n', (text) => text.replace('One', 'Another'))).toEqual(['T001 open', 'T002 open', 'changed-since-done']);
});

test('a task that has a box by now is what its box says', () => {
  expect(states('- [ ] T001 one\n- [ ] T002 two\n')).toEqual(['T001 open', 'T002 open']);
  expect(states('- **T001** one\n- **T002** two\n', (text) => text.replaceAll('- **', '- [ ] **'))).toEqual(['T001 open', 'T002 open']);
});

test('a task of tasks.yaml without a status', () => {
  expect(states('phases:\n  - tasks:\n      - { id: T001, title: a }\n      - { id: T002, title: b, status: Pending }\n', undefined, 'tasks-yaml')[0]).toBe('T001 done done');
});

test('a marker is passed once the task below it has landed', () => {
  const text = '### T001 One\n<!-- MAESTRO:HITL reason="Look" -->\n### T002 Two\n### T003 Three\n<!-- MAESTRO:HITL reason="Again" -->\n### T004 Four\n';
  const spec = specOf(text);
  const read = (...ids: string[]) => {
    const { tasks, gates, diagnostics } = withRecorded(spec, spec.tasks.filter((task) => ids.includes(task.id)).map(({ file, id, textHash }) => ({ file, id, textHash })));
    return [tasks.map((task) => task.person ?? '-'), gates.map((gate) => gate.done), diagnostics.filter(({ code }) => code === 'human-needed').map(({ line }) => line)];
  };
  expect(read('T001')).toEqual([['-', 'Look, line 2', 'Look, line 2', 'Again, line 5'], [false, false], [2, 5]]);
  expect(read('T001', 'T002')).toEqual([['-', '-', '-', 'Again, line 5'], [true, false], [5]]);
  expect(read('T003')).toEqual([['-', 'Look, line 2', 'Look, line 2', 'Again, line 5'], [false, false], [2, 5]]);
});
