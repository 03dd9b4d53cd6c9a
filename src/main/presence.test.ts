import { describe, expect, test } from 'vitest';
import { at, begun, runAfter, runTask, stamped, told } from '../../test/run-state';
import type { RunEventDraft } from '../shared/events';
import { notifySchema, type NotifyWishes } from '../shared/ipc';
import type { Run } from '../shared/run';
import type { Progress } from './app-types';
import { createPresence, isUnattended, messageOf } from './presence';

const first = begun([runTask('T001'), runTask('T002')]);
const work = [told.opened('T001'), told.started('T001')];

/** The run after the drafts, and what the last of them says. */
function said(...drafts: readonly RunEventDraft[]): string | null {
  const last = drafts.at(-1);
  if (last === undefined) throw new Error('Internal error: no event');
  const message = messageOf(runAfter(first, ...drafts), stamped(last));
  return message === null ? null : `${message.title}: ${message.body}`;
}

const failing = (next: 'retry' | 'wait'): RunEventDraft => ({
  type: 'task.finished', task: 'T001', lane: 't001', attempt: 1, outcome: 'failed', reason: 'x', failure: { class: 'build-or-test', signature: '', tree: null, next },
  evidence: { commits: [], files: [], checks: [], exitCode: 1, signal: null, seconds: 1, tail: '' },
});
const conflict: RunEventDraft = { type: 'conflict.found', task: 'T001', lane: 't001', with: 'T002', files: ['a.txt'], symbols: [] };

describe('what is announced', () => {
  test.each([
    ['an end', [...work, told.merged('T001'), told.over('done')], '001-demo has finished: 1 of 2 tasks are done.'],
    ['an end with failures', [...work, told.ended('T001', 'failed'), told.over('failed')], '001-demo ended with failures: 0 of 2 tasks are done.'],
    ['a stop by the person', [...work, told.over('interrupted')], null],
    ['a stop by a bound', [...work, { type: 'run.stopping', because: 'run-timeout', reason: 'The time of the run is over.' }, told.over('interrupted')], '001-demo was stopped: 0 of 2 tasks are done. The time of the run is over.'],
    ['a question', [...work, told.ended('T001', 'blocked', 'which id?')], 'T001 of 001-demo needs you: which id?'],
    ['a checkpoint', [...work, { type: 'run.paused', checkpoint: true, reason: 'Setup has ended' }], '001-demo waits for your word: Checkpoint: Setup has ended'],
    ['a pause by the person', [...work, { type: 'run.paused' }], null],
    ['a failure', [...work, told.ended('T001', 'failed', 'exit code 1')], 'T001 of 001-demo failed: exit code 1'],
    ['a failure that is tried again', [...work, failing('retry')], null],
    ['a failure that waits for the account', [...work, failing('wait')], null],
    ['a timeout', [...work, told.ended('T001', 'timed-out', 'no output for 60 s')], 'T001 of 001-demo timed out: no output for 60 s'],
    ['a conflict, once', [...work, conflict, told.ended('T001', 'blocked', 'conflict')], null],
    ['a task that begins', work, null],
  ] satisfies [string, RunEventDraft[], string | null][])('%s', (_name, drafts, want) => {
    expect(said(...drafts)).toBe(want);
  });
});

function witness(change: Partial<NotifyWishes>, quiet = false) {
  const wishes = notifySchema.parse(change);
  const seen: { titles: string[]; progress: (Progress | null)[]; awake: boolean[] } = { titles: [], progress: [], awake: [] };
  const presence = createPresence({
    announce: ({ title }) => seen.titles.push(title), progress: (progress) => seen.progress.push(progress), keepAwake: (on) => seen.awake.push(on),
  }, { wishes: () => wishes, quiet });
  const follow = (...drafts: readonly RunEventDraft[]): void => drafts.forEach((draft, index) => presence.follow(runAfter(first, ...drafts.slice(0, index + 1)), stamped(draft)));
  return { seen, presence, follow };
}

test('progress and wakefulness follow the run and are told once each', () => {
  const { seen, follow } = witness({ desktop: true });
  follow(...work, told.merged('T001'), { type: 'run.paused', checkpoint: true, reason: 'x' }, { type: 'run.resumed' }, told.opened('T002'), told.started('T002'), told.merged('T002'), told.over('done'));
  expect(seen.progress.map((progress) => (progress === null ? null : `${progress.done}/${progress.total}${progress.waits ? ' waits' : ''}`))).toEqual(['0/2', '1/2', '1/2 waits', '1/2', '2/2', null]);
  expect(seen.awake).toEqual([true, false, true, false]);
  expect(seen.titles).toEqual(['001-demo waits for your word', '001-demo has finished']);
});

test.each([
  ['nothing, unasked', {}, false, []],
  ['nothing where nobody is', { desktop: true, sound: true }, true, []],
  ['everything by sound alone', { sound: true }, false, ['T001 of 001-demo failed', '001-demo waits for your word', '001-demo ended with failures']],
  ['no failures', { desktop: true, errors: false }, false, ['001-demo waits for your word', '001-demo ended with failures']],
  ['no questions', { desktop: true, questions: false }, false, ['T001 of 001-demo failed', '001-demo ended with failures']],
  ['no ends', { desktop: true, ends: 'none' }, false, ['T001 of 001-demo failed', '001-demo waits for your word']],
] satisfies [string, Partial<NotifyWishes>, boolean, string[]][])('told is %s', (_name, wishes, quiet, titles) => {
  const { seen, follow } = witness(wishes, quiet);
  follow(...work, told.ended('T001', 'failed'), { type: 'run.paused', checkpoint: true, reason: 'x' }, told.over('failed'));
  expect(seen.titles).toEqual(titles);
});

test.each([[29.9, []], [30, ['001-demo has finished']]])('of a run of %s s', (seconds, titles) => {
  const { seen, presence } = witness({ desktop: true, ends: 'long' });
  const event = { ...stamped(told.over('done')), at: new Date(Date.parse(at) + seconds * 1000).toISOString() };
  presence.follow({ ...runAfter(first, told.over('done')), lastAt: event.at }, event);
  expect(seen.titles).toEqual(titles);
});

test('a run that ended without saying so is no longer shown; one that is landed meanwhile changes nothing', () => {
  const { seen, presence, follow } = witness({ desktop: true, sound: true });
  follow(...work);
  const landed: Run = { ...runAfter(first, ...work, told.over('done')), id: 'r-0', state: 'landed' };
  presence.follow(landed, { type: 'run.landed', at, run: 'r-0', commit: 'c', tag: 't' });
  expect(seen.awake).toEqual([true]);
  presence.ended();
  expect(seen.awake).toEqual([true, false]);
  expect(seen.progress.at(-1)).toBeNull();
});

test.each([[undefined, false], ['', false], ['false', false], ['0', false], ['true', true], ['1', true]])('CI=%s', (value, want) => {
  expect(isUnattended(value === undefined ? {} : { CI: value })).toBe(want);
});
