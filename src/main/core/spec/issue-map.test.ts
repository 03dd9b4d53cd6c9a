import { expect, test } from 'vitest';
import { issuesOf } from './issue-map';
import { parseTaskFile } from './parse';

const tasksOf = (plan: string) => parseTaskFile(plan, { file: 'plan.md', dialect: 'track' }).tasks;
const metadata = (map: unknown, epic: unknown = 'maestro-1'): string => JSON.stringify({ track_id: 'x', beads_epic_id: epic, beads_issue_map: map });
const plan = '# Plan\n\n## Phase 1: Setup\n\n- [x] Task: One\n- [ ] Task: Two\n\n## Phase 2: Core\n\n- [ ] Task: Three\n';

test('tasks without numbers are found by phase and place, done ones counted', () => {
  const found = issuesOf(metadata({ P1T2: 'maestro-2', P2T1: 'maestro-3.1', P9T9: 'maestro-9' }), tasksOf(plan));
  expect([...found.values()]).toEqual(['maestro-2', 'maestro-3.1']);
  expect([...found.keys()]).toEqual(tasksOf(plan).slice(1).map(({ id }) => id));
});

test('a number of the task itself counts before its place', () => {
  const tasks = tasksOf('# Plan\n\n## Phase 2: Core\n\n### Task 2.3: Late\n- [ ] do it\n\n### Task 2.1: Early\n- [ ] do it\n');
  expect([...issuesOf(metadata({ P2T1: 'a-1', P2T3: 'a-3' }), tasks)]).toEqual([['2.3', 'a-3'], ['2.1', 'a-1']]);
});

test.each([
  ['no JSON', '{'], ['no epic', JSON.stringify({ beads_issue_map: { P1T1: 'a' } })], ['an empty epic', metadata({ P1T1: 'a' }, '')], ['null for an epic', metadata({ P1T1: 'a' }, null)],
  ['a list for a map', metadata(['a'])], ['an id like an option', metadata({ P1T1: '--db=/etc/passwd' })], ['an id that is no text', metadata({ P1T1: { id: 1 } })],
])('%s names no issue', (_, text) => {
  expect(issuesOf(text, tasksOf(plan)).size).toBe(0);
});
