import { describe, expect, test } from 'vitest';
import type { Spec } from '../../../shared/domain';
import { runOptionsSchema } from '../../../shared/options';
import type { RunEvent } from '../../../shared/events';
import { reduce, type Run } from '../../../shared/run';
import { buildPlan } from '../plan/build';
import { isExclusive } from '../plan/document';
import { parseTaskFile } from '../spec/parse';
import { compareSpec, goneReason, withWorkOpen } from './edits';
import { schedule } from './schedule';
import { selectTasks, type Selection } from './select';

const stamp = { at: '2026-01-01T00:00:00Z', run: 'r1' };
const options = runOptionsSchema.parse({ maxParallel: 2 });

function read(text: string, run?: Run): { spec: Spec; selection: Selection } {
  const parsed = parseTaskFile(text, { file: 'tasks.md', dialect: 'speckit' });
  const spec: Spec = { ...parsed, dialect: 'speckit', name: 's', title: 'S', folder: '/s', taskFiles: ['tasks.md'], documents: [] };
  const open = run ? withWorkOpen(spec, run) : spec;
  const selection = selectTasks({ spec: open, plan: buildPlan(open, { maxParallel: 2 }), options, isExclusive });
  if (!selection.ok) throw new Error(selection.error.kind);
  return { spec, selection: selection.value };
}

function begin(text: string, ...events: RunEvent[]): Run {
  const { selection } = read(text);
  const first: RunEvent = {
    type: 'run.started', ...stamp, spec: 's', specTitle: 'S', specFolder: '/s', dialect: 'speckit', repo: '/r', specPath: 's', taskFiles: ['tasks.md'],
    specIgnored: false, base: 'main', baseCommit: 'c', integrationBranch: 'i', journal: 'j', options, tasks: [...selection.tasks],
    waves: selection.waves.map((wave) => [...wave]), slots: 2,
  };
  return [first, ...events].reduce<Run | null>((run, event) => reduce(run, event), null) ?? (() => { throw new Error('no run'); })();
}

const file = (...tasks: string[]): string => `## Phase 1: Setup\n${tasks.join('\n')}\n`;
const a = '- [ ] T001 Write src/a.ts', b = '- [ ] T002 Write src/b.ts', c = '- [ ] T003 Write src/c.ts';
const working: RunEvent = { type: 'task.started', ...stamp, task: 'T001', lane: 'x', attempt: 1, pid: 1 };

describe('edits of the task file while a run goes on', () => {
  test.each([
    ['nothing', file(a, b), [], []],
    ['a line that moved', `# Title\n\n${file(a, b)}`, [], []],
    ['prose', file('Read me first.', a, b), [], []],
    ['a task that was added', file(a, b, c), ['T003 was added and is not part of this run'], ['T003']],
    ['a tick of a waiting task', file(a, b.replace('[ ]', '[x]')), ['T002 was ticked by hand and is left out'], []],
    ['new text of a waiting task', file(a, b.replace('Write', 'Rewrite')), ['T002 has a new text or new dependencies'], []],
    ['a tick of a task at work', file(a.replace('[ ]', '[x]'), b), ['T001 was edited while an agent works on it, which goes on with what it was told'], []],
    ['a removed task', file(a), ['T002 is gone from the file and is left out'], []],
    ['several', file(a.replace('Write', 'Draw'), c, '- [ ] T004 Write src/d.ts'), ['T003 and T004 were added and are not part of this run', 'T001 was edited while an agent works on it, which goes on with what it was told', 'T002 is gone from the file and is left out'], ['T003', 'T004']],
  ])('%s', (_name, text, said, offered) => {
    const run = begin(file(a, b), working);
    const edits = compareSpec(run, read(text, run), false);
    expect(edits.said).toEqual(said);
    expect(edits.offered.map((task) => task.id)).toEqual(offered);
    // Whatever was edited: nobody stops to wait for a task that is at work.
    for (const task of edits.taken?.tasks ?? []) if (task.id === 'T002') expect(task.dependsOn).toEqual(['T001']);
  });

  test('a lane keeps its name for the whole run, whatever the plan calls it by now', () => {
    const story = (n: number, ...ids: string[]): string => `## Phase ${n + 2}: User Story ${n} - Part ${n}\n${ids.map((id) => `- [ ] ${id} [P] [US${n}] Write src/${id}.ts`).join('\n')}\n`;
    const run = begin(`${story(1, 'T001', 'T002')}${story(2, 'T003')}`);
    const lanes = (tasks: readonly { readonly id: string; readonly lane: string }[]): Record<string, string> => Object.fromEntries(tasks.map(({ id, lane }) => [id, lane]));
    const before = lanes(Object.values(run.tasks));
    // A longer story above takes the first lane of a plan made anew.
    const now = read(`${story(3, 'T010', 'T011', 'T012', 'T013')}${story(2, 'T003', 'T004')}${story(1, 'T001', 'T002')}`, run);
    expect(lanes(now.selection.tasks)).not.toMatchObject(before);
    const after = lanes(compareSpec(run, now, true).taken?.tasks ?? []);
    expect(after).toMatchObject(before);
    // Each lane of the new plan is one lane of the run, or a new one with a name of its own.
    for (const name of new Set(now.selection.tasks.map((task) => task.lane))) {
      const added = now.selection.tasks.filter((task) => task.lane === name && run.tasks[task.id] === undefined).map((task) => after[task.id]);
      expect(new Set(added).size).toBeLessThanOrEqual(1);
    }
  });

  test('a task that was added is run once the person wants it, in its place and after what it waits for', () => {
    const run = begin(file(a, c), working);
    const edits = compareSpec(run, read(file(a, `${b} (depends on T001)`, c)), true);
    expect(edits.said).toEqual(['T002 was added and is part of the run now', 'T003 has a new text or new dependencies']);
    const taken = edits.taken;
    if (!taken) throw new Error('nothing taken');
    const next = reduce(run, { type: 'tasks.changed', ...stamp, tasks: [...taken.tasks], ticked: [], reopened: [], order: [...taken.order], waves: taken.waves.map((wave) => [...wave]) });
    expect(next?.order).toEqual(['T001', 'T002', 'T003']);
    expect(next?.tasks['T001']?.state).toBe('running');
    expect(next?.tasks['T002']).toMatchObject({ state: 'pending', dependsOn: ['T001'], fromEdit: true });
    expect(next?.tasks['T003']?.dependsOn).toContain('T002');
  });

  test('nobody waits for a task that was added and is not part of the run', () => {
    const edits = compareSpec(begin(file(a, c)), read(file(a, b, c)), false);
    for (const task of edits.taken?.tasks ?? []) expect(task.dependsOn).not.toContain('T002');
  });

  test('a tick by hand lets dependants go on, and can be taken back', () => {
    const run = begin(file(a, b));
    const ticked = compareSpec(run, read(file(a.replace('[ ]', '[X]'), b)), false).taken;
    const next = reduce(run, { type: 'tasks.changed', ...stamp, tasks: [], ticked: [...(ticked?.ticked ?? [])], reopened: [], order: ['T001', 'T002'], waves: [['T002']] });
    if (!next) throw new Error('no run');
    expect(next.tasks['T001']).toMatchObject({ state: 'done', reason: 'ticked by hand', commit: null });
    expect(schedule(next)).toMatchObject([{ type: 'start', task: 'T002' }]);
    expect(compareSpec(next, read(file(a, b)), false).taken?.reopened).toEqual(['T001']);
  });

  test('a deleted task is left out, those behind it keep their order, and it comes back with its line', () => {
    const d = '- [ ] T004 Write src/d.ts';
    const run = begin(file(a, b, c, d), working);
    const now = read(file(a, b.replace('[ ]', '[x]'), d), run);
    const taken = compareSpec(run, now, false).taken;
    if (!taken) throw new Error('nothing taken');
    expect(taken.gone).toEqual(['T003']);
    // T002 is settled by hand and T003 is gone: what comes behind still waits for the task at work.
    expect(taken.tasks.find((task) => task.id === 'T004')?.dependsOn).toEqual(['T001']);
    const changed = reduce(run, { type: 'tasks.changed', ...stamp, tasks: [...taken.tasks], ticked: [...taken.ticked], reopened: [], order: [...taken.order], waves: taken.waves.map((wave) => [...wave]) });
    const next = reduce(changed, { type: 'task.skipped', ...stamp, task: 'T003', reason: goneReason });
    if (!next) throw new Error('no run');
    expect(schedule(next)).toEqual([]);
    expect(compareSpec(next, read(file(a, b.replace('[ ]', '[x]'), c, d), next), false).taken?.reopened).toEqual(['T003']);
  });

  test('ids by position that moved change nothing', () => {
    const plain = (...lines: string[]): string => `## Work\n${lines.map((line) => `- [ ] ${line}`).join('\n')}\n`;
    const edits = compareSpec(begin(plain('first thing', 'second thing')), read(plain('new thing', 'first thing', 'second thing')), true);
    expect(edits).toMatchObject({ taken: null, offered: [] });
    expect(edits.said[0]).toContain('numbers below moved');
  });
});
