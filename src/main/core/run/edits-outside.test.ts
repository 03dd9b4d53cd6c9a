import { expect, test } from 'vitest';
import type { RunEvent } from '../../../shared/events';
import { runOptionsSchema } from '../../../shared/options';
import { reduce, type Run } from '../../../shared/run';
import { whyWaiting } from '../../../shared/waiting';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { buildPlan } from '../plan/build';
import { isExclusive } from '../plan/document';
import { compareSpec, withWorkOpen, type SpecEdits } from './edits';
import { schedule } from './schedule';
import { selectTasks } from './select';

const stamp = { at: '2026-01-01T00:00:00Z', run: 'r1' };
const options = runOptionsSchema.parse({ maxParallel: 2 });

function select(text: string, run: Run | null) {
  const spec = specOf(text, 'speckit');
  const open = run ? withWorkOpen(spec, run) : spec;
  const selection = selectTasks({ spec: open, plan: buildPlan(open, { maxParallel: 2 }), options, isExclusive });
  if (!selection.ok) throw new Error(selection.error.kind);
  return { spec, selection: selection.value };
}

function begin(text: string): Run {
  const { selection } = select(text, null);
  const started: RunEvent = {
    type: 'run.started', ...stamp, spec: 's', specTitle: 'S', specFolder: '/s', dialect: 'speckit', repo: '/r', specPath: 's', taskFiles: ['tasks.md'], specIgnored: false, base: 'main', baseCommit: 'c',
    integrationBranch: 'i', journal: 'j', options, tasks: [...selection.tasks], waves: selection.waves.map((wave) => [...wave]), slots: 2,
  };
  const run = reduce(null, started);
  if (run === null) throw new Error('no run');
  return run;
}

function folded(run: Run, { taken }: SpecEdits): Run {
  if (taken === null) throw new Error('nothing was taken in');
  return reduce(run, { type: 'tasks.changed', ...stamp, tasks: [...taken.tasks], ticked: [...taken.ticked], reopened: [...taken.reopened], order: [...taken.order], waves: taken.waves.map((wave) => [...wave]) }) ?? run;
}

const before = '- [ ] T001 Write src/a.ts\n- [ ] T004 Write src/d.ts\n- [ ] T005 Write src/e.ts\n';
const edited = '- [ ] T001 Write src/a.ts\n- [ ] T004 Write src/d.ts (depends on T020)\n- [ ] T005 Write src/e.ts\n- [ ] T020 New in src/n.ts\n';
const reason = 'waits for T020, which is not part of this run: add it or take the dependency away';
const done: RunEvent = { type: 'task.integrated', ...stamp, task: 'T001', lane: 'x', commit: 'c', note: '' };
const at = (run: Run, id: string) => run.tasks[id] ?? (() => { throw new Error(id); })();

test('a task that was edited to depend on one that was added, and not taken in, waits and says why', () => {
  const run = begin(before);
  const edits = compareSpec(run, select(edited, run), false);
  expect(edits.said).toEqual(['T020 was added and is not part of this run', 'T004 has a new text or new dependencies', `T004 ${reason}`]);
  const after = folded(run, edits);
  expect(whyWaiting(after, at(after, 'T004'))).toBe(reason);
  // It is looked at again without anything new being said.
  expect(compareSpec(after, select(edited, after), false)).toMatchObject({ taken: null });
  // Nothing else is left: what waits for it does not hang either.
  const last = reduce(after, done) ?? after;
  expect(schedule(last)).toEqual([
    { type: 'skip', task: 'T004', reason: 'dependency T020 is not part of this run' },
    { type: 'skip', task: 'T005', reason: 'dependency T004 waits for T020, which is not part of this run' },
  ]);
});

test.each([
  ['the task is added', edited, true, ['T020']],
  ['the dependency is taken away', edited.replace(' (depends on T020)', ''), false, ['T004']],
  ['the task is ticked by hand', edited.replace('[ ] T020', '[x] T020'), false, ['T004']],
])('it goes on once %s', (_, text, takeAdded, starts) => {
  const run = begin(before);
  const waiting = reduce(folded(run, compareSpec(run, select(edited, run), false)), done) ?? run;
  const freed = folded(waiting, compareSpec(waiting, select(text.replace('[ ] T001', '[x] T001'), waiting), takeAdded));
  expect(at(freed, 'T004').outside).toBeUndefined();
  expect(schedule(freed).map((action) => (action.type === 'start' ? action.task : action.type))).toEqual(starts);
});

test('an order that was only inferred from the lines does not hold a task back', () => {
  const run = begin(before);
  const text = '- [ ] T001 Write src/a.ts\n- [ ] T020 New in src/n.ts\n- [ ] T004 Write src/d.ts\n- [ ] T005 Write src/e.ts\n';
  expect(compareSpec(run, select(text, run), false)).toMatchObject({ taken: null, said: ['T020 was added and is not part of this run'] });
});
