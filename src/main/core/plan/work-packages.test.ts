import { expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { buildPlan } from './build';

const work = (n: number, title: string, tasks: string, requires: string): string => `## Work Package WP0${n}: ${title} (Priority: P1)

**Goal**: Something.

### Included Subtasks
${tasks}
### Implementation Notes
- Keep it small

### Dependencies
${requires}

### Risks & Mitigations
- **Risk**: None

---
`;
const text = `# Work Packages: Commands

${work(1, 'Groundwork', '- [ ] T001 a\n- [ ] T002 b\n', '- None (starting package)')}
${work(2, 'Features', '- [ ] T003 c\n', '- **Requires**: WP01 complete (groundwork)\n- **No conflicts with**: WP03 (different modules)')}
${work(3, 'Workflow', '- [ ] T004 d\n- [ ] T005 e\n', '- **Requires**: WP01 complete (groundwork)')}
${work(4, 'Cleanup', '- [ ] T006 f\n', '- **Requires**: WP01-WP03 ALL complete (nothing can be deleted before)')}
## Dependency & Execution Summary

1. **WP01** - SEQUENTIAL, must complete first
2. **WP02-WP03** (Commands) - PARALLEL after WP01 complete
3. **WP04** (Cleanup) - SEQUENTIAL after WP02-WP03 complete
`;

test('work packages are phases, and what each requires is what it waits for', () => {
  const spec = specOf(text);
  expect(spec.phases.map(({ title, label }) => [title, label])).toEqual([
    ['WP01: Groundwork (Priority: P1)', 'WP01'], ['WP02: Features (Priority: P1)', 'WP02'], ['WP03: Workflow (Priority: P1)', 'WP03'], ['WP04: Cleanup (Priority: P1)', 'WP04'],
  ]);
  const plan = buildPlan(spec, { maxParallel: 4 });
  expect(plan.waves).toEqual([['T001'], ['T002'], ['T003', 'T004'], ['T005'], ['T006']]);
  expect(plan.waits).toMatchObject({ T003: ['T002'], T004: ['T002'], T006: ['T003', 'T005'] });
  expect(plan.edges.find(({ task, dependsOn }) => task === 'T004' && dependsOn === 'T002')).toMatchObject({ reason: 'section', text: expect.stringContaining('Requires') });
});
