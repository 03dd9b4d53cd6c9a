import { describe, expect, test } from 'vitest';
import { concat, follow, join } from './cursor';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

describe('follow', () => {
  test.each([
    { name: 'the next bytes', next: 5, seq: 5, data: 'abc', want: { kind: 'bytes', text: 'abc', next: 8 } },
    { name: 'an overlap is trimmed', next: 5, seq: 3, data: 'abcd', want: { kind: 'bytes', text: 'cd', next: 7 } },
    { name: 'a repeat', next: 5, seq: 2, data: 'abc', want: { kind: 'repeat' } },
    { name: 'an old repeat', next: 50, seq: 2, data: 'abc', want: { kind: 'repeat' } },
    { name: 'an empty piece', next: 5, seq: 5, data: '', want: { kind: 'repeat' } },
    { name: 'a gap', next: 5, seq: 6, data: 'abc', want: { kind: 'gap' } },
  ])('$name', ({ next, seq, data, want }) => {
    const step = follow(next, { seq, data: bytes(data) });
    const seen = step.kind === 'bytes' ? { kind: step.kind, text: text(step.data), next: step.next } : step;
    expect(seen).toEqual(want);
  });
});

describe('join', () => {
  test.each([
    { name: 'the first attachment', next: null, seq: 10, data: 'abc', want: { reset: false, text: 'abc', next: 13 } },
    { name: 'nothing happened meanwhile', next: 13, seq: 10, data: 'abc', want: { reset: false, text: '', next: 13 } },
    { name: 'only the new part', next: 12, seq: 10, data: 'abc', want: { reset: false, text: 'c', next: 13 } },
    { name: 'bytes between are gone', next: 5, seq: 10, data: 'abc', want: { reset: true, text: 'abc', next: 13 } },
    { name: 'the stream began anew', next: 90, seq: 0, data: 'abc', want: { reset: true, text: 'abc', next: 3 } },
  ])('$name', ({ next, seq, data, want }) => {
    const joined = join(next, { seq, data: bytes(data) });
    expect({ reset: joined.reset, text: text(joined.data), next: joined.next }).toEqual(want);
  });
});

test('concat keeps order and does not copy a single piece', () => {
  const one = bytes('one');
  expect(concat([one])).toBe(one);
  expect(text(concat([one, bytes(''), bytes('two')]))).toBe('onetwo');
  expect(concat([])).toHaveLength(0);
});
