import { expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { runOptionsSchema } from '../../../shared/options';
import { isExclusive } from '../plan/document';
import { askedFor, blockedAmong } from './asked';
import { planFor } from './prepare';
import { selectTasks } from './select';

const text = `## Phase 1: Setup
- [x] T001 a
- [ ] T002 b
- [ ] T003 c
- [ ] T004 d
## Phase 2: Work
- [ ] T005 [P] e in src/e.ts
- [ ] T006 [P] f in src/f.ts
- [ ] T007 [P] g in src/g.ts (depends on T004)
- [ ] T008 [P] h in src/h.ts
- [ ] T009 [P] i in src/i.ts
- [!] T010 [P] j in src/j.ts
- [ ] T011 [P] k in src/k.ts (depends on T010)
`;

function asked(given: object) {
  const spec = specOf(text);
  const options = runOptionsSchema.parse(given);
  const plan = planFor(spec, options, { weights: {}, overrides: [] });
  const selection = selectTasks({ spec, plan, options, isExclusive });
  return { plan, selection: selection.ok ? selection.value : null };
}

test.each<[string, object, string, string, string]>([
  ['all', {}, 'T002|T003|T004|T005,T006,T007,T008,T009|T011', 'T002>T003>T004>T005', 'parallel'],
  ['two in a row with a gap keep their order', { tasks: ['T002', 'T004'] }, 'T002|T004', 'T002>T004', 'single'],
  ['side by side', { tasks: ['T005', 'T006', 'T008', 'T009'] }, 'T005,T006,T008,T009', 'T005', 'parallel'],
  ['three are too few', { tasks: ['T005', 'T006', 'T008'] }, 'T005,T006,T008', 'T005', 'single'],
  ['from', { from: 'T005' }, 'T005,T006,T007,T008,T009|T011', 'T005', 'parallel'],
  ['from and tasks', { from: 'T004', tasks: ['T002', 'T004', 'T005'] }, 'T004|T005', 'T004>T005', 'single'],
])('waves, critical path and advice are of the tasks asked for: %s', (_, given, waves, path, mode) => {
  const { plan, selection } = asked(given);
  expect([plan.waves.map((wave) => wave.join(',')).join('|'), plan.criticalPath.join('>'), plan.mode.recommended]).toEqual([waves, path, mode]);
  expect(selection?.waves).toEqual(plan.waves);
  expect(new Set(plan.lanes.flatMap((lane) => lane.tasks))).toEqual(new Set(plan.waves.flat()));
});

test.each<[string, object, Record<string, string>]>([
  ['a stated dependency that was not asked for', { tasks: ['T007'] }, { T007: 'dependency T004 is open and was not asked for' }],
  ['asked for with it', { tasks: ['T004', 'T007'] }, {}],
  ['blocked in the file', { tasks: ['T011'] }, { T011: 'dependency T010 is blocked in the task file' }],
  ['an order that was only inferred', { tasks: ['T005'] }, {}],
])('skipped: %s', (_, given, expected) => {
  expect(Object.fromEntries((asked(given).selection?.skipped ?? []).map(({ task, reason }) => [task, reason]))).toEqual(expected);
});

test('an order goes on over a task that was not asked for', () => {
  const { selection } = asked({ tasks: ['T002', 'T004', 'T005'] });
  expect(Object.fromEntries((selection?.tasks ?? []).map(({ id, dependsOn }) => [id, dependsOn]))).toEqual({ T002: [], T004: ['T002'], T005: ['T004'] });
  expect(selection?.notices).toEqual(['Not asked for and still open, although tasks of this run usually come after: T003.']);
});

test('tasks that all come before the first one are a wrong choice, not a finished one', () => {
  const spec = specOf(text);
  const refused = askedFor(spec, { tasks: ['T002', 'T003'], from: 'T005' });
  expect(refused).toMatchObject({ ok: false, error: { kind: 'options/invalid', detail: expect.stringContaining('come before T005') } });
  expect(askedFor(spec, { tasks: ['T001'], from: 'T001' })).toMatchObject({ ok: true, value: [] });
  expect([blockedAmong(spec, { tasks: ['T010', 'T001'], from: null }), blockedAmong(spec, { tasks: ['T001'], from: null })]).toEqual([['T010'], []]);
});
