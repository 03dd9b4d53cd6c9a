import { expect, test } from 'vitest';
import { matching } from './matching';

const one = (value: string, label: string) => ({ value, label, refused: null });
const all = [one('T001', 'Create the project'), one('T010', 'Write docs'), one('T011', 'Review T001'), one('S1', 'Docs for the project')];

test.each([
  ['', ['T001', 'T010', 'T011', 'S1']], ['t01', ['T010', 'T011']], ['T001', ['T001', 'T011']], ['docs', ['T010', 'S1']], ['project docs', ['S1']], ['nothing', []], ['  ', ['T001', 'T010', 'T011', 'S1']],
])('what matches %j', (text, values) => {
  expect(matching(all, text).map(({ value }) => value)).toEqual(values);
});

test('at most eight', () => expect(matching(Array.from({ length: 40 }, (_, index) => one(`T${index}`, 'x')), 't')).toHaveLength(8));
