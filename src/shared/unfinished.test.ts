import { describe, expect, test } from 'vitest';
import { begun, runAfter, runTask, told } from '../../test/run-state';
import { isUnfinished, openWave, resumableOf, waitsToResume } from './unfinished';

const first = begun([runTask('T001'), runTask('T002')], {}, [['T001'], ['T002']]);
const one = [told.opened('T001'), told.started('T001')];

describe('a run that waits to be resumed', () => {
  test.each([
    ['stopped while a task was at work', runAfter(first, ...one, told.ended('T001', 'interrupted'), told.over('interrupted')), true],
    ['stopped before anything was started', runAfter(first, told.over('interrupted')), false],
    ['still going, here or in another process', runAfter(first, ...one), false],
    ['stopped with everything done', runAfter(first, ...one, told.merged('T001'), told.merged('T002'), told.over('interrupted')), false],
    ['stopped at a checkpoint that nobody answered', runAfter(first, ...one, told.merged('T001'), { type: 'run.stopping', after: 'current', waiting: true }, told.over('waiting')), true],
    ['at its own end with a failure', runAfter(first, ...one, told.ended('T001', 'failed'), told.over('failed')), false],
    ['set aside', runAfter(first, ...one, told.over('interrupted'), { type: 'run.abandoned' }), false],
    ['landed', runAfter(first, ...one, told.merged('T001'), told.over('interrupted'), { type: 'run.landed', commit: 'c', tag: 't' }), false],
  ])('%s: %s', (_name, run, waits) => {
    expect(waitsToResume(run)).toBe(waits);
  });

  test('is the newest one of its spec, or none', () => {
    const stopped = runAfter(first, ...one, told.over('interrupted'));
    const done = runAfter(first, ...one, told.merged('T001'), told.merged('T002'), told.over('done'));
    expect(resumableOf([stopped, done], stopped.specFolder)).toBe(stopped);
    expect(resumableOf([done, stopped], stopped.specFolder)).toBeNull();
    expect(resumableOf([stopped], '/r/specs/002-other')).toBeNull();
  });
});

test('the open wave is the first with a task that is not done', () => {
  expect(openWave(runAfter(first))).toBe(0);
  expect(openWave(runAfter(first, ...one, told.merged('T001')))).toBe(1);
  expect(openWave(runAfter(first, ...one, told.merged('T001'), told.merged('T002')))).toBe(-1);
  expect(isUnfinished(runAfter(first))).toBe(true);
});
