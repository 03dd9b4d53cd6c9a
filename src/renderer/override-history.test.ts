import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type History, type Said, type Word, noHistory, redone, say, undone, wordsOf } from './override-history';

const said = (task: string, before: Word, after: Word, spec = '/s'): Said => ({ spec, task, dependsOn: 'A', before, after });

test('what was said is taken back and said again, in order', () => {
  const history = [said('B', null, 'add'), said('C', null, 'remove')].reduce(say, noHistory);
  const first = undone(history, '/s');
  expect(first?.said.task).toBe('C');
  const second = undone(first?.history ?? noHistory, '/s');
  expect(second?.said.task).toBe('B');
  expect(undone(second?.history ?? noHistory, '/s')).toBeNull();
  expect(redone(second?.history ?? noHistory, '/s')?.said.task).toBe('B');
  expect(redone(say(second?.history ?? noHistory, said('D', null, 'add')), '/s')).toBeNull();
});

test('steps of another spec stay where they are', () => {
  const history = [said('B', null, 'add', '/other'), said('C', null, 'add')].reduce(say, noHistory);
  const step = undone(history, '/other');
  expect([step?.said.task, step?.history.past.map(({ task }) => task)]).toEqual(['B', ['C']]);
  expect(undone(noHistory, '/s')).toBeNull();
});

test('taking all back and saying all again ends where it began', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom<Word>('add', 'remove', null), { maxLength: 20 }), (words) => {
    const history = words.reduce<{ readonly history: History; readonly last: Word }>(({ history: sofar, last }, word) => ({ history: say(sofar, said('B', last, word)), last: word }), { history: noHistory, last: null }).history;
    let now = history;
    for (let step = undone(now, '/s'); step !== null; step = undone(now, '/s')) now = step.history;
    expect(now.past).toEqual([]);
    for (let step = redone(now, '/s'); step !== null; step = redone(now, '/s')) now = step.history;
    expect(now).toEqual(history);
  }));
});

test.each([
  [null, 'add', 'B waits for A now'], [null, 'remove', 'B no longer waits for A'], ['add', null, 'Your dependency of B on A is gone'], ['remove', null, 'B waits for A again, as the spec says'],
] as const)('from %s to %s in words', (from, to, words) => expect(wordsOf({ task: 'B', dependsOn: 'A' }, from, to)).toBe(words));
