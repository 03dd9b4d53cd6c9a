import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../../shared/domain';
import { parseMarkdown } from './parse-markdown';

const read = (text: string, dialect: Dialect = 'track') => parseMarkdown(text, { file: 'plan.md', dialect });
const boxes = '- [ ] Run the tests\n- [ ] 9.9 Ask the user\n  - [ ] 9.9.1 Show the page\n- [ ] Task: Confirm\n';

describe('boxes below the completion verification of a phase are gates', () => {
  test.each([
    ['tasks as headings', '## Phase 1: A\n### Task 1.1: One\n- [ ] s\n', '### Phase 1 Completion Verification\n', '1.1'],
    ['numbered headings', '## Phase 1: A\n### 1. One\n[depends: 0]\n- [ ] s\n', '### Phase 1 Completion Verification\n', '1'],
    ['a flat list', '## Tasks\n- [ ] One\n', '## Phase 1 Completion Verification\n', '#1'],
    ['bold titles', '## Phase 1: A\n- [ ] **One**\n', '**Phase 1 Completion Verification**\n', '#1'],
    ['steps of Superpowers', '### Task 1: One\n- [ ] **Step 1: write**\n', '### Phase 1: Completion Verification\n', '1'],
    ['below a task', '## Phase 1: A\n### Task 1.1: One\n- [ ] s\n', '#### Phase 1 Completion Verification\n', '1.1'],
    ['called a task', '## Phase 1: A\n### Task 1.1: One\n- [ ] s\n', '### Task 1.2: Phase 1 Completion Verification\n', '1.1'],
    ['without the phase', '## Phase 1: A\n- [ ] Task: One\n', '### Completion Verification\n', '#1'],
    ['with the protocol', '## Phase 1: A\n- [ ] Task: One\n', "### Conductor - User Manual Verification 'Phase 1: A'\n", '#1'],
  ])('%s', (_, before, heading, id) => {
    const { tasks, gates, phases } = read(`${before}${heading}${boxes}`);
    expect(tasks.map((task) => task.id)).toEqual([id]);
    expect(gates.map((gate) => gate.title)).toEqual(['Run the tests', '9.9 Ask the user', '9.9.1 Show the page', 'Task: Confirm'].map((title) => expect.stringContaining(title.replace('Task: ', ''))));
    expect(phases.length).toBeLessThan(2);
  });

  test('what follows them is work again', () => {
    expect(read(`## Phase 1: A\n### Task 1.1: One\n- [ ] s\n### Phase 1 Completion Verification\n${boxes}## Phase 2: B\n### Task 2.1: Two\n- [ ] s\n`).tasks.map((task) => [task.id, task.phase?.title])).toEqual([['1.1', 'A'], ['2.1', 'B']]);
  });

  test('elsewhere a box with an id stays a task', () => {
    expect(read('## Phase 1: A\n- [ ] T001 a\n### Phase 1 Completion Verification\n- [ ] T002 Test it\n- [ ] Look at it\n', 'speckit')).toMatchObject({ tasks: [{ id: 'T001' }, { id: 'T002' }], gates: [{ title: 'Look at it' }] });
  });
});
