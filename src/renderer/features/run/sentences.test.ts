import { describe, expect, test } from 'vitest';
import type { Spec } from '../../../shared/domain';
import type { RunEvent } from '../../../shared/events';
import { runOptionsSchema } from '../../../shared/options';
import { type Run, type TaskRunState, reduce } from '../../../shared/run';
import { runSummary } from './run-list';
import { goingOn, nothingAsked, otherRun, runSentence } from './sentences';

const stamp = { at: '2025-03-05T10:00:00.000Z', run: 'r1' };
const task = (id: string) => ({ id, title: id, file: 'tasks.md', line: 1, textHash: id, dependsOn: [], conflictsWith: [], remaining: 1, weight: 1, lane: 'a', story: null, phase: null, exclusive: false });
const evidence = { commits: ['c'], files: ['f'], checks: [], exitCode: 0, signal: null, seconds: 3, tail: '' };

const started: RunEvent = {
  type: 'run.started', ...stamp, spec: '001-demo', specTitle: 'Demo', specFolder: '/r/specs/001-demo', specPath: 'specs/001-demo', taskFiles: ['tasks.md'], specIgnored: false,
  dialect: 'speckit', repo: '/r', base: 'main', baseCommit: 'b', integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({}),
  tasks: [task('T001'), task('T002'), task('T003')], waves: [['T001', 'T002'], ['T003']], slots: 4,
};
const begun = (id: string): RunEvent => ({ type: 'task.started', ...stamp, task: id, lane: 'a', attempt: 1, pid: 1 });
const failed = (id: string): RunEvent => ({ type: 'task.finished', ...stamp, task: id, lane: 'a', attempt: 1, outcome: 'failed', reason: 'exit code 1', evidence });
const blocked = (id: string): RunEvent => ({ type: 'task.finished', ...stamp, task: id, lane: 'a', attempt: 1, outcome: 'blocked', reason: 'asks for a key', evidence });
const merged = (id: string): RunEvent => ({ type: 'task.integrated', ...stamp, task: id, lane: 'a', commit: 'c', note: '' });

const opened: RunEvent = { type: 'gate.opened', ...stamp, gate: 1, phases: ['Setup'], from: 'b', tasks: ['T001'], manual: [] };

function after(...events: readonly RunEvent[]): Run {
  const run = [started, ...events].reduce<Run | null>(reduce, null);
  if (run === null) throw new Error('Internal error: no run');
  return run;
}

const cases: readonly (readonly [string, Run, string, string])[] = [
  ['begun', after(begun('T001')), '0 of 3 done; T001 in progress.', '0 of 3, 0 lanes'],
  ['two at once', after(merged('T001'), begun('T002'), begun('T003')), '1 of 3 done; T002 and T003 in progress.', '1 of 3, 0 lanes'],
  ['the last one held', after(merged('T001'), merged('T002'), { type: 'task.held', ...stamp, task: 'T003', held: true }), '2 of 3 done; T003 is held back by you.', '2 of 3, 0 lanes'],
  ['one held while another may start', after(merged('T001'), { type: 'task.held', ...stamp, task: 'T003', held: true }), '1 of 3 done; starting the next task.', '1 of 3, 0 lanes'],
  ['all done', after(merged('T001'), merged('T002'), merged('T003'), { type: 'run.finished', ...stamp, status: 'done', done: 3, failed: 0, skipped: 0 }), 'Finished: 3 of 3 done. Review the result, then merge it.', '3 of 3, not merged'],
  ['one failed', after(merged('T001'), failed('T002'), { type: 'task.skipped', ...stamp, task: 'T003', reason: 'T002 failed' }, { type: 'run.finished', ...stamp, status: 'failed', done: 1, failed: 1, skipped: 1 }), 'Ended: 1 of 3 done, 1 failed, 1 skipped. Select a task to see why.', '1 of 3, 1 failed, 1 skipped, not merged'],
  ['waiting', after(merged('T001'), blocked('T002'), { type: 'run.finished', ...stamp, status: 'waiting', done: 1, failed: 1, skipped: 0 }), 'Waits for you: 1 of 3 done, 1 needs you. Select a marked task to see why and to look at its terminal; mend it by hand or reword it, then run again.', '1 of 3, 1 needs you, 1 open, not merged'],
  ['paused by a person', after(merged('T001'), { type: 'run.paused', ...stamp }), 'Paused: 1 of 3 done. Tasks in progress go on to their end.', 'paused, 1 of 3'],
  ['paused for a reason', after({ type: 'run.paused', ...stamp, reason: 'the agent is rate limited' }), 'Paused: the agent is rate limited. 0 of 3 done. Tasks in progress go on to their end.', 'paused, 0 of 3'],
  ['at a checkpoint', after(merged('T001'), { type: 'run.paused', ...stamp, reason: 'Setup has ended: 1 task is done, 2 wait', checkpoint: true }), 'Waits for your word. Checkpoint: Setup has ended: 1 task is done, 2 wait.', 'paused, 1 of 3'],
  ['asked about a budget', after({ type: 'run.paused', ...stamp, reason: '2.10 of 2 USD', checkpoint: true, cause: 'budget' }), 'Waits for your word. The budget is spent: 2.10 of 2 USD.', 'paused, 0 of 3'],
  ['rate limited', after({ type: 'agent.limited', ...stamp, agent: 'demo', cause: 'rate-limit', until: null, next: stamp.at, text: 'usage limit' }), expect.stringMatching(/^0 of 3 done\. Nothing more starts now: demo: rate limited until \d\d:\d\d\.$/), '0 of 3, 0 lanes'],
  ['past a checkpoint', after({ type: 'run.paused', ...stamp, reason: 'x', checkpoint: true }, { type: 'run.resumed', ...stamp }, begun('T001')), '0 of 3 done; T001 in progress.', '0 of 3, 0 lanes'],
  ['at a gate, its checks at work', after(merged('T001'), opened), '1 of 3 done; checks run on what is merged after Setup.', '1 of 3, 0 lanes'],
  ['at a gate, an agent at work', after(merged('T001'), opened, { type: 'gate.fixing', ...stamp, gate: 1, fix: task('gate-1-fix-1') }), '1 of 3 done; an agent mends what the checks refuse after Setup (attempt 1 of 2).', '1 of 3, 0 lanes'],
  ['ended after what is at work', after(begun('T001'), { type: 'run.stopping', ...stamp, after: 'current' }), 'Stopping after what is at work: T001 in progress. No other task starts.', 'stopping'],
  ['ended now, after all', after(begun('T001'), { type: 'run.stopping', ...stamp, after: 'current' }, { type: 'run.stopping', ...stamp }), 'Stopping: ending every agent. All work is kept.', 'stopping'],
  ['landed', after(merged('T001'), { type: 'run.landed', ...stamp, commit: 'c', tag: 't' }), 'Merged into main: 1 of 3 done.', '1 of 3, merged'],
];

describe('a run in words', () => {
  test.each(cases)('%s', (_name, run, sentence, summary) => {
    expect(runSentence(run).text).toEqual(sentence);
    expect(runSummary(run).text).toBe(summary);
  });
});

test.each([
  ['the whole spec was asked for', after(merged('T001'), begun('T002')), ['done', 'running', 'pending'], '1 of 3 done; T002 in progress.'],
  ['a part of it', after(merged('T001'), begun('T002')), ['done', 'done', 'blocked', 'running', 'pending'], '2 of 5 done, 1 of 3 in this run, 1 needs you; T002 in progress.'],
] satisfies [string, Run, TaskRunState[], string][])('counts the units of the open spec, and its own where it was asked for fewer: %s', (_name, run, whole, sentence) => {
  expect(runSentence(run, whole).text).toBe(sentence);
});

const demo: Spec = { dialect: 'speckit', name: '001-demo', title: 'Demo', folder: '/r/specs/001-demo', taskFiles: ['tasks.md'], documents: [], phases: [], tasks: [], gates: [], prose: [], diagnostics: [] };

test.each([
  ['the spec that is open', demo, 'A run is going on'],
  ['another spec', { ...demo, folder: '/r/specs/002-other' }, 'A run of 001-demo is going on'],
])('a live run of %s is named where that is needed', (_name, spec, words) => {
  expect(goingOn(otherRun({ liveRun: 'r1', runs: [after(begun('T001'))], spec }))).toBe(words);
});

const line = (id: string, done: boolean): Spec['tasks'][number] => ({ id, title: id, file: 'tasks.md', line: 1, endLine: 1, lines: [1], textHash: id, state: done ? 'done' : 'open', done, parallel: false, parent: null, steps: [], story: null, stories: [], phase: null, files: [], details: [], text: '' });

test.each([
  [['T001'], 'T003', 'No open task is asked for: T001 stands before T003, from which on tasks are asked for.'],
  [['T002'], 'T003', 'Every task that is asked for is done.'],
  [['T002'], null, 'Every task that is asked for is done.'],
  [null, 'T003', 'Every task that is asked for is done.'],
])('a selection that asks for nothing says why: %j from %s', (tasks, from, words) => {
  expect(nothingAsked({ ...demo, tasks: [line('T001', false), line('T002', true), line('T003', true)] }, { tasks, from })).toBe(words);
});
