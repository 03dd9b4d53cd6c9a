import { expect, test } from 'vitest';
import { after, newRun, runTask } from '../../../../test/runs';
import type { Run } from '../../../shared/run';
import { askedAbout } from '../../../shared/waiting';
import { asBefore } from './resume';

const begun = (): Run => newRun([runTask('T1'), runTask('T2', [], { person: 'look, line 3' })]);
/** What its next Braid makes of a run that lost its own: nobody was asked anything. */
const adopted = (run: Run): Run => after(run, { type: 'run.resumed', unasked: true }, ...asBefore(run, { choice: 'go-on' }));

test('a question at a marker is asked again by the next Braid, and only an answer clears it', () => {
  const asked = after(begun(), { type: 'run.paused', checkpoint: true, cause: 'person', tasks: ['T2'], reason: 'A person is needed before T2: look, line 3' });
  const again = adopted(asked);
  expect(again).toMatchObject({ state: 'paused', pauseCause: 'person', pauseReason: asked.pauseReason, atCheckpoint: true, barred: ['T2'], cleared: [] });
  expect(askedAbout(again).map(({ id }) => id)).toEqual(['T2']);
  expect(after(again, { type: 'run.resumed' })).toMatchObject({ state: 'running', cleared: ['T2'] });
});

test('a budget that was not answered is not spent once more', () => {
  const asked = after(begun(), { type: 'run.paused', checkpoint: true, cause: 'budget', reason: 'It cost 2 USD' });
  expect(adopted(asked)).toMatchObject({ state: 'paused', pauseCause: 'budget', budgets: 1, pauseReason: 'It cost 2 USD' });
  expect(after(adopted(asked), { type: 'run.resumed' }).budgets).toBe(2);
});

test('who was asked decides: a person who chose to retry goes on', () => {
  const asked = after(begun(), { type: 'run.paused', reason: '' });
  expect(asBefore(asked, { choice: 'retry' })).toEqual([]);
  expect(asBefore(asked, { choice: 'go-on' })).toEqual([{ type: 'run.paused', reason: '' }]);
});
