import { describe, expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { buildPlan } from './build';

const planOf = (text: string, strictPhases = false) => buildPlan(specOf(text), { maxParallel: 4, strictPhases });
const edgesOf = (text: string, id: string) => planOf(text).edges.filter((edge) => edge.task === id).map((edge) => edge.dependsOn);
const setup = '## Phase 1: Setup\n- [ ] T001 [P] a\n- [ ] T002 [P] b (depends on T010)\n';

describe('a barrier is lifted for one pair only: later phases still wait for what that pair left out', () => {
  test.each<[string, string, string, readonly string[]]>([
    ['the next phase', `${setup}## Phase 2: Core\n- [ ] T010 [P] x\n## Phase 3: Polish\n- [ ] T020 y\n`, 'T020', ['T002', 'T010']],
    ['the one after, when the next is lifted as well', `${setup}## Phase 2: Core\n- [ ] T010 [P] x\n## Phase 3: More\n- [ ] T015 [P] z\n## Phase 4: Polish\n- [ ] T020 y\n`, 'T015', ['T002', 'T010']],
    ['it is not said twice where other tasks of the phase wait already', `${setup}## Phase 2: Core\n- [ ] T010 [P] x\n- [ ] T011 z\n## Phase 3: Polish\n- [ ] T020 y\n`, 'T020', ['T011']],
    ['what the phase waits for over others', `${setup}- [ ] T003 [P] c (depends on T002)\n## Phase 2: Core\n- [ ] T010 [P] x\n## Phase 3: Polish\n- [ ] T020 y\n`, 'T020', ['T003', 'T010']],
  ])('%s', (_, text, id, expected) => expect(edgesOf(text, id)).toEqual(expected));

  test('with strict phases too', () => {
    expect(planOf(`${setup}## Phase 2: Core\n- [ ] T010 [P] x\n## Phase 3: Polish\n- [ ] T020 y\n`, true).waves).toEqual([['T001'], ['T010'], ['T002'], ['T020']]);
  });

  test('thousands of them stay few edges', () => {
    const many = (from: number, more: string) => Array.from({ length: 1500 }, (_, i) => `- [ ] T${from + i} [P] a${more}\n`).join('');
    const plan = planOf(`## Phase 1: A\n${many(1000, ' (depends on T5000)')}## Phase 2: B\n- [ ] T5000 [P] x\n## Phase 3: C\n${many(6000, '')}`);
    expect(plan.edges.length).toBeLessThan(60_000);
    expect(plan.waves.at(-1)).toContain('T6000');
    expect(plan.waves.findIndex((wave) => wave.includes('T6000'))).toBeGreaterThan(plan.waves.findIndex((wave) => wave.includes('T2499')));
  });
});

test('what a lifted task cannot wait for, because it waits for that task over others, is told with its line', () => {
  const { diagnostics } = planOf('## Phase 1: Setup\n- [ ] T001 [P] a\n- [ ] T014 [P] b (depends on T040)\n- [ ] T017 [P] c (depends on T001, T014)\n## Phase 2: Core\n- [ ] T040 x\n');
  expect(diagnostics.map((one) => [one.severity, one.code, one.line, one.message])).toEqual([
    ['warning', 'barrier-lifted', 3, 'T014 needs T040 of a later phase, so T040 does not wait for T014\'s phase to end.'],
    ['warning', 'edge-dropped', 6, 'T040 cannot also wait for T017 ("Core comes after Setup"): it waits for T040, over other tasks.'],
  ]);
});
