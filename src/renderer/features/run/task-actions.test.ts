import { describe, expect, test } from 'vitest';
import { begun, runAfter, runTask, told } from '../../../../test/run-state';
import type { RunEventDraft } from '../../../shared/events';
import type { Run, TaskRun } from '../../../shared/run';
import { type TaskActionId, taskActions } from './task-actions';

const first = begun([runTask('T001'), runTask('T002')]);
const work = [told.opened('T001'), told.started('T001')];
const going = runAfter(first, ...work);
const failed = runAfter(first, ...work, told.ended('T001', 'failed', 'exit code 1'));
const parked = { type: 'lane.parked', lane: 't001', reason: 'keeps the work of T001' } as const;
const half = runAfter(first, ...work, told.ended('T001', 'failed', 'exit code 1'), parked);
const asking = runAfter(first, ...work, told.ended('T001', 'blocked', 'which id?'));
const mark: RunEventDraft = { type: 'tasks.changed', tasks: [], ticked: [], reopened: [], blocked: ['T002'], order: ['T001', 'T002'], waves: [] };
const barred = runAfter(first, mark);
const ended = runAfter(first, ...work, told.ended('T001', 'failed'), parked, told.over('failed'));

function why(run: Run | null, id: string, live: string | null, obstacle: string | null = null): Readonly<Record<string, string | null>> {
  const task: TaskRun | undefined = run?.tasks[id];
  const row = { id, state: task?.state ?? 'pending', inRun: task !== undefined, held: task?.held ?? false };
  return Object.fromEntries(taskActions({ row, run, live, obstacle }).map(({ id: action, unavailable }) => [action, unavailable]));
}

describe('what can be done with a task', () => {
  test.each([
    ['waiting in the live run', going, 'T002', 'r-1', ['skip', 'hold']],
    ['at work', going, 'T001', 'r-1', []],
    ['failed in the live run, with work', half, 'T001', 'r-1', ['retry', 'afresh', 'skip']],
    ['failed in the live run, without work', failed, 'T001', 'r-1', ['afresh', 'skip']],
    ['failed in a run without worktrees', runAfter(begun([runTask('T001'), runTask('T002')], { worktrees: false }), ...work, told.ended('T001', 'failed'), parked), 'T001', 'r-1', ['afresh', 'skip']],
    ['asking in the live run', asking, 'T001', 'r-1', ['answer', 'retry', 'afresh', 'skip']],
    ['marked as blocked in the file', barred, 'T002', 'r-1', ['skip']],
    ['marked as blocked in the file, in a run that ended', runAfter(first, mark, told.over('waiting')), 'T002', null, ['retry', 'afresh', 'from']],
    ['held', runAfter(first, ...work, { type: 'task.held', task: 'T002', held: true }), 'T002', 'r-1', ['skip', 'release']],
    ['skipped', runAfter(first, ...work, told.skipped('T002')), 'T002', 'r-1', ['retry', 'afresh']],
    ['done', runAfter(first, ...work, told.merged('T001')), 'T001', 'r-1', []],
    ['failed in a run that ended', ended, 'T001', null, ['retry', 'afresh', 'from']],
    ['failed in a run that ended, while another goes on', ended, 'T001', 'r-2', []],
    ['failed in a run that was set aside', runAfter(first, ...work, told.ended('T001', 'failed'), told.over('failed'), { type: 'run.abandoned' }), 'T001', null, ['from']],
    ['failed in a run that another Braid drives', failed, 'T001', null, ['from']],
    ['waiting while the run ends', runAfter(first, ...work, { type: 'run.stopping', after: 'current' }), 'T002', 'r-1', []],
    ['of no run', null, 'T001', null, ['from']],
  ] satisfies [string, Run | null, string, string | null, TaskActionId[]][])('%s', (_name, run, id, live, possible) => {
    expect(Object.entries(why(run, id, live)).filter(([, reason]) => reason === null).map(([action]) => action)).toEqual(possible);
  });

  test.each([['failed', half, ['Fix in place', 'Try again']], ['cut off', runAfter(first, ...work, told.ended('T001', 'interrupted'), parked), ['Retry', 'Retry in a new lane']]])('doing it again is named by why it ended: %s', (_name, run, labels) => {
    const row = { id: 'T001', state: run.tasks['T001']?.state ?? 'pending', inRun: true, held: false };
    expect(taskActions({ row, run, live: 'r-1', obstacle: null }).filter(({ id }) => id === 'retry' || id === 'afresh').map(({ label }) => label)).toEqual(labels);
  });

  test('what cannot be done says why, as a sentence', () => {
    expect(why(going, 'T001', 'r-1')).toMatchObject({ retry: 'It is at work.', hold: 'It has started already.', answer: 'It asks nothing.', from: 'A run is going on.' });
    expect(why(ended, 'T002', null, 'Choose a spec first.')).toMatchObject({ skip: 'The run has ended.', from: 'Choose a spec first.' });
    expect(why(failed, 'T001', 'r-1')).toMatchObject({ retry: 'Its attempt left no work to mend.' });
    expect(why(barred, 'T002', 'r-1')).toMatchObject({ answer: 'It asks nothing.', retry: 'The task file marks it as blocked: it may start once the mark is taken away there.' });
    expect(why(failed, 'T001', null)).toMatchObject({ retry: 'Another Braid drives this run.' });
  });
});
