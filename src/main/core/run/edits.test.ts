import { describe, expect, test } from 'vitest';
import type { Spec } from '../../../shared/domain';
import { runOptionsSchema } from '../../../shared/options';
import type { RunEvent } from '../../../shared/events';
import { goneReason, reduce, type Run } from '../../../shared/run';
import { buildPlan } from '../plan/build';
import { isExclusive } from '../plan/document';
import { parseTaskFile } from '../spec/parse';
import { atMarker } from './checkpoints';
import { compareSpec, editWords, withWorkOpen } from './edits';
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
    ['a waiting task marked as skipped', file(a, b.replace('[ ]', '[-]')), ['T002 was marked as skipped and is left out'], []],
    ['a waiting task marked as blocked', file(a, b.replace('[ ]', '[!]')), ['T002 was marked as blocked and does not start'], []],
    ['a task at work marked as skipped', file(a.replace('[ ]', '[-]'), b), ['T001 was marked as skipped while an agent works on it, which goes on'], []],
    ['a task at work marked as blocked', file(a.replace('[ ]', '[!]'), b), ['T001 was marked as blocked while an agent works on it, which goes on'], []],
    ['new text of a waiting task', file(a, b.replace('Write', 'Rewrite')), ['T002 has a new text or new dependencies'], []],
    ['a tick of a task at work', file(a.replace('[ ]', '[x]'), b), ['T001 was ticked by hand while an agent works on it, which goes on'], []],
    ['new text of a task at work', file(a.replace('Write', 'Draw'), b), ['T001 was edited while an agent works on it, which goes on with what it was told'], []],
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

  test('edits are told as such, and a file that says nothing in sentences of its own', () => {
    expect(editWords({ said: ['T001 is open again', 'T002 is open again'] })).toBe('The task file was edited: T001 is open again; T002 is open again.');
    expect(editWords({ said: [], trouble: 'The task file is gone. The run goes on with the plan it has.' })).toBe('The task file is gone. The run goes on with the plan it has.');
    expect(editWords({ said: [] })).toBe('');
  });

  test('a change of a task at work is said once, not at each later edit', () => {
    const run = begin(file(a, b), working);
    const said = (now: string, seen: string): readonly string[] => compareSpec(run, read(now, run), false, read(seen, run).spec).said;
    const drawn = a.replace('Write', 'Draw');
    expect(said(file(drawn, b), file(a, b))).toEqual(['T001 was edited while an agent works on it, which goes on with what it was told']);
    expect(said(file(drawn, b, c), file(drawn, b))).toEqual(['T003 was added and is not part of this run']);
    expect(said(file(drawn.replace('[ ]', '[x]'), b), file(drawn, b))).toEqual(['T001 was ticked by hand while an agent works on it, which goes on']);
    expect(said(file(a, b), file(drawn, b))).toEqual([]);
    expect([said(file(b), file(a, b)), said(file(b, c), file(b))]).toEqual([['T001 is gone from the file while an agent works on it, which goes on; what waits for it still does'], ['T003 was added and is not part of this run']]);
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
    expect(taken.skipped).toEqual([{ task: 'T003', reason: goneReason }]);
    // T002 is settled by hand and T003 is gone: what comes behind still waits for the task at work.
    expect(taken.tasks.find((task) => task.id === 'T004')?.dependsOn).toEqual(['T001']);
    const changed = reduce(run, { type: 'tasks.changed', ...stamp, tasks: [...taken.tasks], ticked: [...taken.ticked], reopened: [], order: [...taken.order], waves: taken.waves.map((wave) => [...wave]) });
    const next = reduce(changed, { type: 'task.skipped', ...stamp, task: 'T003', reason: goneReason });
    if (!next) throw new Error('no run');
    expect(schedule(next)).toEqual([]);
    expect(compareSpec(next, read(file(a, b.replace('[ ]', '[x]'), c, d), next), false).taken?.reopened).toEqual(['T003']);
  });

  /** The run after the file became this, as the engine journals it. */
  const edited = (run: Run, text: string): Run => {
    const taken = compareSpec(run, read(text, run), false).taken;
    if (taken === null) return run;
    const events: RunEvent[] = [
      { type: 'tasks.changed', ...stamp, tasks: [...taken.tasks], ticked: [...taken.ticked], reopened: [...taken.reopened], blocked: [...taken.blocked], order: [...taken.order], waves: taken.waves.map((wave) => [...wave]) },
      ...taken.skipped.map(({ task, reason }): RunEvent => ({ type: 'task.skipped', ...stamp, task, reason })),
    ];
    return events.reduce<Run | null>(reduce, run) ?? run;
  };
  const marked = (...marks: readonly string[]): string => file(...[a, b, c].map((line, at) => line.replace('[ ]', `[${marks[at] ?? ' '}]`)));
  const stateOf = (run: Run, id: string): string => run.tasks[id]?.state ?? '';

  test.each([
    // Marks of T002, one after the other, its state after each, and what starts then.
    [['-'], ['skipped'], ['T001']], [['-', ' '], ['skipped', 'pending'], ['T001']], [['!', ' '], ['blocked', 'pending'], ['T001']], [['!', '-'], ['blocked', 'skipped'], ['T001']],
    [['-', '!'], ['skipped', 'blocked'], ['T001']], [['!', 'x', ' '], ['blocked', 'done', 'pending'], ['T001']], [['x', '!'], ['done', 'blocked'], ['T001']], [['x', '-', 'x'], ['done', 'skipped', 'done'], ['T001']],
  ])('the marks %j of a waiting task: %j', (marks, states, starts) => {
    let run = begin(file(a, b, c));
    const seen = marks.map((mark) => {
      run = edited(run, marked(' ', mark));
      expect(compareSpec(run, read(marked(' ', mark), run), false).taken).toBeNull();
      return stateOf(run, 'T002');
    });
    expect(seen).toEqual(states);
    expect(schedule(run).map((action) => (action.type === 'start' ? action.task : action.type))).toEqual(starts);
  });

  test('a task marked as skipped lets those behind it go on, one marked as blocked does not, until the mark is gone', () => {
    const done: RunEvent[] = [working, { type: 'task.integrated', ...stamp, task: 'T001', lane: 'x', commit: 'c', note: '' }];
    const [skipped, blocked] = ['-', '!'].map((mark) => edited(begin(file(a, b, c), ...done), marked('x', mark)));
    if (!skipped || !blocked) throw new Error('no run');
    expect(schedule(skipped)).toMatchObject([{ type: 'start', task: 'T003' }]);
    expect(schedule(blocked)).toEqual([{ type: 'skip', task: 'T003', reason: 'dependency T002 is blocked in the task file' }]);
    expect(schedule(edited(blocked, marked('x')))).toMatchObject([{ type: 'start', task: 'T002' }]);
  });

  test('a task that failed and is marked as skipped is settled; one that is marked as blocked stays as it ended', () => {
    const evidence = { commits: [], files: [], checks: [], exitCode: 1, signal: null, seconds: 1, tail: '' };
    const run = begin(file(a, b, c), working, { type: 'task.finished', ...stamp, task: 'T001', lane: 'x', attempt: 1, outcome: 'failed', reason: 'r', evidence });
    expect(stateOf(edited(run, marked('-')), 'T001')).toBe('skipped');
    expect(stateOf(edited(run, marked('!')), 'T001')).toBe('failed');
  });

  /** What each task waits for after an edit; `over` and `goes` say what the run did before. */
  const after = (before: string, now: string, goes: readonly RunEvent[]): Record<string, readonly string[]> => {
    const run = begin(before, ...goes);
    const edits = compareSpec(run, read(now, run), false);
    const next = edits.taken ? reduce(run, { type: 'tasks.changed', ...stamp, tasks: [...edits.taken.tasks], ticked: [...edits.taken.ticked], reopened: [...edits.taken.reopened], order: [...edits.taken.order], waves: [] }) : run;
    return Object.fromEntries(Object.entries(next?.tasks ?? {}).map(([id, task]) => [id, task.dependsOn]));
  };
  const setup = `## Phase 1: Setup\n${a}\n${b}\n`, polish = '\n## Phase 2: Polish\n- [ ] T003 Write src/c.ts\n';
  const p = (id: string, of?: string): string => `- [ ] ${id} [P] Write src/${id}.ts${of === undefined ? '' : ` (depends on ${of})`}\n`;
  test.each([
    ['an added task in the way', setup + polish, `${setup}${polish.replace('- [', '- [ ] T004 [P] Added in docs/added.md\n- [')}`, { T003: ['T002'] }],
    ['an added task that is blocked', setup + polish, `${setup}${polish.replace('- [', '- [!] T004 [P] Added in docs/added.md\n- [')}`, { T003: ['T002'] }],
    ['an added chain', setup + polish, `${setup}${polish.replace('- [', '- [ ] T004 Add docs/a.md\n- [ ] T005 Add docs/b.md\n- [')}`, { T003: ['T002'] }],
    ['an added task that the waiting one names', `${p('T001')}${p('T003')}`, `${p('T001')}${p('T002', 'T001')}${p('T003', 'T002')}`, { T003: ['T001'] }],
    ['a waiting task marked as blocked', file(a, b, c), file(a, b.replace('[ ]', '[!]'), c), { T002: ['T001'], T003: ['T002'] }],
    ['the task at work marked as skipped', file(a, b, c), file(a.replace('[ ]', '[-]'), b, c), { T002: ['T001'] }],
    ['the line of the task at work, the next marked as skipped', file(a, b, c), file(b.replace('[ ]', '[-]'), c), { T003: ['T001'] }],
    ['a waiting task marked as skipped', file(a, b, c), file(a, b.replace('[ ]', '[-]'), c), { T003: ['T001'] }],
    ['the line of the task at work', file(a, b, c), file(b, c), { T002: ['T001'], T003: ['T002'] }],
    ['the line of the task at work, in a phase before', setup.replace(`${b}\n`, '') + polish, polish, { T003: ['T001'] }],
    ['the lines of the task at work and of the next', file(a, b, c), file(c), { T003: ['T001'] }],
    ['the line of the task at work, the next ticked', file(a, b, c), file(b.replace('[ ]', '[x]'), c), { T003: ['T001'] }],
    ['a line in the middle that others name', `${p('T001')}${p('T002', 'T001')}${p('T003', 'T002')}`, `${p('T001')}${p('T003', 'T002')}`, { T003: ['T001'] }],
    ['a line in the middle, the order turned round', `${p('T004')}${p('T002', 'T004')}${p('T003', 'T002')}`, `${p('T004', 'T003')}${p('T003')}`, { T003: [], T004: ['T003'] }],
  ])('no order is lost by an edit: %s', (_name, before, now, waits) => {
    expect(after(before, now, [working])).toMatchObject(waits);
  });

  test('the deleted line of a task at work is said, and the task counts on', () => {
    const run = begin(file(a, b, c), working);
    const edits = compareSpec(run, read(file(b, c), run), false);
    expect(edits.said).toEqual(['T001 is gone from the file while an agent works on it, which goes on; what waits for it still does']);
    expect(edits.taken).toBeNull();
  });

  test('a task that comes back waits for what the file says by then', () => {
    const run = begin(file(a, b, c));
    const left = compareSpec(run, read(file(c), run), false).taken;
    const gone = [...left?.skipped ?? []].reduce<Run | null>((now, { task, reason }) => reduce(now, { type: 'task.skipped', ...stamp, task, reason }), run);
    if (!gone) throw new Error('no run');
    expect(left?.skipped).toEqual(['T001', 'T002'].map((task) => ({ task, reason: goneReason })));
    const back = compareSpec(gone, read(file(b, c), gone), false).taken;
    const next = reduce(gone, { type: 'tasks.changed', ...stamp, tasks: [...back?.tasks ?? []], ticked: [], reopened: [...back?.reopened ?? []], order: [...back?.order ?? []], waves: [] });
    expect(next?.tasks['T002']).toMatchObject({ state: 'pending', dependsOn: [] });
    expect(next && schedule(next)).toMatchObject([{ type: 'start', task: 'T002' }]);
  });

  const marker = (reason: string): string => `<!-- MAESTRO:HITL reason="${reason}" -->`;
  const held = file(a, marker('look'), b, c);
  const asked: RunEvent = { type: 'run.paused', ...stamp, checkpoint: true, cause: 'person', tasks: ['T002', 'T003'], reason: 'A person is needed before T002: look, line 3' };
  const done: RunEvent = { type: 'task.integrated', ...stamp, task: 'T001', lane: 'x', commit: 'c', note: '' };

  test.each([
    ['a marker that was added', file(a, b), file(a, marker('look'), b), ['a person is needed before T002 now: look, line 3']],
    ['one that was taken away', held, file(a, b, c), ['no person is needed before T002 and T003 any more']],
    ['one that wants something else', held, file(a, marker('look twice'), b, c), ['a person is needed before T002 and T003 now: look twice, line 3']],
    ['one that moved with its line', held, file('Prose.', a, marker('look'), b, c), []],
    ['one that stands lower', held, file(a, b, marker('look'), c), ['no person is needed before T002 any more']],
  ])('a marker that wants a person: %s', (_name, before, now, said) => {
    const run = begin(before, working);
    const edits = compareSpec(run, read(now, run), false);
    expect(edits.said).toEqual(said);
    expect(edits.taken === null).toBe(said.length === 0);
  });

  test.each([
    ['its marker is gone', file(a, b, c), { type: 'run.resumed' }, '', ['T002 running by itself']],
    ['its first task is gone', file(a, marker('look'), c), { type: 'run.paused', reason: 'A person is needed before T003: look, line 3', tasks: ['T003'] }, '', []],
    ['both are gone', file(a, c), { type: 'run.resumed' }, '', ['T003 running by itself']],
    ['it wants something else', file(a, marker('look twice'), b, c), { type: 'run.paused', reason: 'A person is needed before T002: look twice, line 3', tasks: ['T002', 'T003'] }, '', []],
    ['another task stands behind it', file(a, marker('look'), b, '- [ ] T004 Write src/d.ts', c), null, 'A person is needed before T002: look, line 3', []],
    ['it moved', file('Prose.', a, marker('look'), b, c), null, 'A person is needed before T002: look, line 4', []],
  ])('a run that asks at a marker, and %s', (_name, text, says, reason, starts) => {
    const run = edited(begin(held, working, done, asked), text);
    expect(atMarker(run, false)).toEqual(says === null ? null : expect.objectContaining(says));
    if (reason !== '') expect(run.pauseReason).toBe(reason);
    const event = atMarker(run, false);
    // The literal types of the draft are those of RunEvent; only the two stamps are added.
    const next = event === null ? run : reduce(run, { ...event, ...stamp } as RunEvent);
    expect(next && atMarker(next, false)).toBeNull();
    expect(next && schedule(next).map((action) => (action.type === 'start' ? `${action.task} running by itself` : action.type))).toEqual(starts);
  });

  test('what a person let go on is asked about again where the marker wants something else by then', () => {
    const resumed: RunEvent = { type: 'run.resumed', ...stamp };
    const run = begin(held, working, done, asked, resumed);
    expect(run.cleared).toEqual(['T002', 'T003']);
    expect(atMarker(edited(run, file('Prose.', a, marker('look'), b, c)), false)).toBeNull();
    expect(atMarker(edited(run, file(a, marker('deploy'), b, c)), false)).toMatchObject({ type: 'run.paused', tasks: ['T002', 'T003'] });
  });

  test('ids by position that moved change nothing', () => {
    const plain = (...lines: string[]): string => `## Work\n${lines.map((line) => `- [ ] ${line}`).join('\n')}\n`;
    const edits = compareSpec(begin(plain('first thing', 'second thing')), read(plain('new thing', 'first thing', 'second thing')), true);
    expect(edits).toMatchObject({ taken: null, offered: [] });
    expect(edits.said[0]).toContain('numbers below moved');
  });
});
