/** Each attempt of a task is dispatched once, however many fail at the same moment. */
import { afterEach, expect, test } from 'vitest';
import { createBench, type Bench, type BraidEvent } from './braid';

let bench: Bench;
afterEach(() => bench.cleanup());

const ids = Array.from({ length: 10 }, (_, index) => `T${String(index + 1).padStart(3, '0')}`);

/** `start 1, end 1, start 2, …`: what the events say of the attempts of a task, in their order. */
const story = (events: readonly BraidEvent[], id: string): readonly string[] => events.flatMap((event) => {
  if (event.task !== id) return [];
  if (event.type === 'task.started') return [`start ${String(event['attempt'])}`];
  return event.type === 'task.finished' ? [`end ${String(event['attempt'])}`] : [];
});

test.each([['auto'], ['debug']])('tasks that fail together are tried again once each, style %s', { timeout: 120_000 }, async (style) => {
  bench = await createBench(`## Phase 1: Work\n\n${ids.map((id) => `- [ ] ${id} [P] Write src/${id}.txt`).join('\n')}\n`);
  // Another message each time: the same one twice is no progress, and not tried again.
  const fails = (word: string): object => ({ say: `Error: {{task}} ${word} broke the ${word}\n`, exit: 1 });
  await bench.plan({ '*': { write: { 'src/{{task}}.txt': '{{task}}\n' }, attempts: [fails('parser'), fails('lexer'), {}] } });
  const ended = await bench.run(['--max-parallel', '6', '--retries', '2', '--style', style]);
  const events = ended.events();
  for (const id of ids) expect(story(events, id), id).toEqual(['start 1', 'end 1', 'start 2', 'end 2', 'start 3', 'end 3']);
  expect(ended.code, ended.stderr).toBe(0);
  expect(events.filter(({ type }) => type === 'lane.parked')).toEqual([]);
});

test.each([
  ['fails', { exit: 3 }, [], 'failed'],
  ['is killed', { signal: 'SIGKILL' }, [], 'failed'],
  ['is too slow', { hang: true }, ['--timeout', '3'], 'timed-out'],
  ['falls silent', { hang: true }, ['--silence', '3'], 'timed-out'],
] as const)('an attempt that %s leaves evidence of what it touched, committed or not', { timeout: 60_000 }, async (_how, behaviour, args, outcome) => {
  bench = await createBench('## Phase 1: Work\n\n- [ ] T001 Write src/T001.txt\n');
  await bench.plan({ '*': { write: { 'src/deep/new.txt': 'new\n', 'readme.md': 'changed\n' }, ...behaviour } });
  const ended = await bench.run(args);
  const last = ended.events().filter(({ type }) => type === 'task.finished').at(-1);
  expect(last).toMatchObject({ outcome, evidence: { files: expect.arrayContaining(['readme.md', 'src/deep/new.txt']), tree: expect.stringMatching(/^[0-9a-f]{40}\+[0-9a-f]{16}$/) } });
});

test('attempts that leave the same work and no word of why are no progress', { timeout: 60_000 }, async () => {
  bench = await createBench('## Phase 1: Work\n\n- [ ] T001 Write src/T001.txt\n');
  await bench.plan({ '*': { write: { 'src/new.txt': 'the same\n' }, hang: true } });
  const ended = await bench.run(['--silence', '2', '--retries', '5']);
  expect(ended.events().filter(({ type }) => type === 'task.started')).toHaveLength(2);
  expect(ended.events().filter(({ type }) => type === 'task.finished').at(-1)).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('no progress') });
});
