import { expect, test } from 'vitest';
import { parseMarkdown } from './parse-markdown';
import { tick } from './write-back';

const read = (text: string) => parseMarkdown(text, { file: 'tasks.md', dialect: 'speckit' });
const ids = (text: string): readonly string[] => read(text).tasks.map((task) => task.id);

test.each([
  ['a letter before the dot', '## Phase 1b: Pilot\n- [ ] **Task 1b.1: Reuse pipeline**\n- [ ] **Task 1b.2: Add config**\n- [ ] **Task 1b.3: Write docs**\n', '1b.1 1b.2 1b.3'],
  ['the same as headings', '### Task 1a.1: One\n- [ ] s\n### Task 1a.2: Two\n- [ ] s\n', '1a.1 1a.2'],
  ['a capital letter', '- [ ] Task 1A.1: One\n- [ ] Task 1A.2: Two\n- [ ] Task 2B: Three\n', '1A.1 1A.2 2B'],
  ['capital letters in headings', '### Task 1A.1: One\n- [ ] s\n### Task 1A.2: Two\n- [ ] s\n', '1A.1 1A.2'],
  ['a dash between the numbers', '- [ ] Task 1-1: One\n- [ ] Task 1-2: Two\n- [ ] Task 2 - Three\n', '1-1 1-2 2'],
  ['no word before the number', '- [ ] 2a.1 One\n- [ ] 2a.2. Two\n- [ ] **3c.2b [RED]** Three\n- [ ] 4b. Four\n', '2a.1 2a.2 3c.2b 4b'],
  ['deep numbers', '- [ ] Task 1.2.3: One\n- [ ] Task 1.2.4. Two\n', '1.2.3 1.2.4'],
  ['quantities and times are no ids', '- [ ] 3 retries\n- [ ] 2fa for all\n- [ ] 1b rows\n', '#1 #2 #3'],
])('%s', (_, text, expected) => expect(ids(text).join(' ')).toBe(expected));

test('all lines of one id are ticked together, so their agent is told each of them', () => {
  const text = '- [ ] T001 Add `src/a.ts`\n- [ ] T002 Two\n- [x] T001 Add `src/b.ts`\n  - a detail\n- [ ] T001 Add `src/c.ts`\n  - [ ] a step\n- [ ] T001 Add `src/c.ts`\n';
  const { tasks, diagnostics } = read(text);
  expect(tasks).toHaveLength(2);
  expect(tasks[0]).toMatchObject({
    lines: [1, 3, 5, 7], state: 'open', done: false, files: ['src/a.ts', 'src/b.ts', 'src/c.ts'], details: [{ line: 4, text: '- a detail' }],
    steps: [{ title: 'Add `src/b.ts`', line: 3, done: true }, { title: 'Add `src/c.ts`', line: 5, done: false }, { title: 'a step', line: 6, done: false }],
  });
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)[0]).toBe('duplicate-id: T001 stands on 4 lines with different texts (1, 3, 5, 7); it is one task, and one agent does what all of them say.');
  const first = tasks[0];
  const ticked = first ? tick(Buffer.from(text), first, { state: 'done' }) : null;
  expect(ticked?.ok === true && ticked.value.toString('utf8').match(/\[X\]|\[x\]/g)?.length).toBe(4);
});

test('copies that are all done are done, whatever they say', () => {
  expect(read('- [x] T001 a\n- [x] T001 b\n').tasks).toMatchObject([{ state: 'done', done: true, steps: [{ title: 'b', done: true }] }]);
  expect(read('- [ ] T001 a\n- [x] T001 b\n').tasks).toMatchObject([{ state: 'open', done: false }]);
});
