import { expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { buildPlan, type PlanOptions } from './build';

const planOf = (text: string, options: Partial<PlanOptions> = {}) => buildPlan(specOf(text), { maxParallel: 4, ...options });
const told = (text: string, options: Partial<PlanOptions> = {}) => planOf(text, options).diagnostics.filter((one) => one.code === 'edge-dropped').map((one) => `${one.severity} ${one.line}: ${one.message}`);
const afterOf = (text: string, id: string) => planOf(text).edges.filter((edge) => edge.task === id).map((edge) => edge.dependsOn);

const backwards = '## Phase 1: A\n- [ ] T001 a (depends on T004)\n## Phase 2: B\n- [ ] T002 b\n- [ ] T003 c\n- [ ] T004 d\n- [ ] T005 e\n';
const converged = '## Phase 1: Setup\n- [ ] T010 a\n- [ ] T011 [P] b (depends on T015)\n## Phase 2: Core\n- [ ] T012 c\n- [ ] T013 d\n## Phase 3: Convergence\n- [ ] T014 e\n- [ ] T015 f\n';

test.each([
  ['a task that an earlier phase needs', backwards, ['warning 6: T004 cannot also wait for T003 ("T004 has no [P] and comes after T003"): it waits for T004, over other tasks.']],
  ['one of a convergence phase', converged, [
    'warning 9: T015 cannot also wait for T012, T013 ("Convergence comes after Core"): they wait for T015, over other tasks.',
    'warning 9: T015 cannot also wait for T014 ("T015 has no [P] and comes after T014"): it waits for T015, over other tasks.',
  ]],
  ['what the text of the task before says', '- [ ] T001 a (depends on T002)\n- [ ] T002 b\n', ['warning 2: T002 cannot also wait for T001 ("T002 has no [P] and comes after T001"): it waits for T002.']],
  ['over others of the phase', '- [ ] T001 a (depends on T003)\n- [ ] T002 [P] b (depends on T003)\n- [ ] T003 c\n', ['warning 3: T003 cannot also wait for T001, T002 ("T003 has no [P] and comes after T001"): they wait for T003.']],
  ['each once, where a list runs backwards', '- [ ] T001 a (depends on T002)\n- [ ] T002 b (depends on T003)\n- [ ] T003 c\n', [
    'warning 2: T002 cannot also wait for T001 ("T002 has no [P] and comes after T001"): it waits for T002.',
    'warning 3: T003 cannot also wait for T002 ("T003 has no [P] and comes after T002"): it waits for T003.',
  ]],
  ['nothing is left to do before it', '- [x] T001 a (depends on T002)\n- [ ] T002 b\n', []],
  ['it is done itself', '- [ ] T001 a (depends on T002)\n- [x] T002 b\n', []],
])('a lost order of lines is told: %s', (_, text, expected) => expect(told(text)).toEqual(expected));

test('not where a person took it away', () => {
  expect(told(backwards, { overrides: [{ task: 'T004', dependsOn: 'T003', kind: 'remove' }] })).toEqual([]);
});

test('of very many the first are told, and that there are more', () => {
  const text = Array.from({ length: 300 }, (_, n) => `- [ ] T${1000 + n} a${n % 2 === 0 ? ` (depends on T${1001 + n})` : ''}\n`).join('');
  const all = told(text);
  expect(all.length).toBe(101);
  expect(all.at(-1)).toContain('From here on more tasks cannot wait for the one before them');
});

test.each<[string, string, string, readonly string[]]>([
  ['between two that the earlier phase needs', '## Phase 1: A\n- [ ] T001 a (depends on T003, T004)\n## Phase 2: B\n- [ ] T002 b\n- [ ] T003 c\n- [ ] T004 d\n', 'T004', ['T003']],
  ['over one that cannot be waited for', '## Phase 1: A\n- [ ] T001 a (depends on T002, T004)\n## Phase 2: B\n- [ ] T002 b\n- [ ] T003 c\n- [ ] T004 d\n', 'T004', ['T002']],
  ['once for each, not for those that it waits for anyway', '## Phase 1: A\n- [ ] T001 a (depends on T002, T003, T004)\n## Phase 2: B\n- [ ] T002 b\n- [ ] T003 c\n- [ ] T004 d\n', 'T004', ['T003']],
])('what remains of the order is kept: %s', (_, text, id, expected) => expect(afterOf(text, id)).toEqual(expected));
