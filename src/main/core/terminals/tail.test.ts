import { describe, expect, test } from 'vitest';
import { Modes } from './modes';
import { plainTail } from './tail';

const tail = (text: string): string => plainTail(Buffer.from(text));

test.each([
  { name: 'colours', text: '\x1b[1;31mred\x1b[0m text', want: 'red text' },
  { name: 'line ends', text: 'one\r\ntwo\r\n\r\n', want: 'one\ntwo' },
  { name: 'a progress bar', text: '10 %\r50 %\r100 %\r\ndone', want: '100 %\ndone' },
  { name: 'a bar that ends in a return', text: '10 %\r50 %\r', want: '50 %' },
  { name: 'titles', text: '\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b', want: 'ab' },
  { name: 'string commands', text: 'a\x1bPq#0~\x1b\\b\x1b_x\x1b\\c', want: 'abc' },
  { name: 'charsets and keypad', text: '\x1b(Ba\x1b=b\x1b7c', want: 'abc' },
  { name: 'bells and backspaces', text: 'a\x07\x08b\tc', want: 'ab\tc' },
  { name: 'an unfinished sequence', text: 'a\x1b[38;5', want: 'a' },
  { name: 'other scripts', text: 'naïve ✓ 日本', want: 'naïve ✓ 日本' },
])('plain text of $name', ({ text, want }) => {
  expect(tail(text)).toBe(want);
});

describe('the tail', () => {
  test('is at most 4,000 characters, the last ones, no halves', () => {
    const text = tail(`${'a'.repeat(100)}${'😀'.repeat(3000)}b`);
    expect(text.length).toBe(3999);
    expect(text).toBe(`${'😀'.repeat(1999)}b`);
  });

  test.each([' ', '\r', '\x1b[', '\x1b]', ';'])('takes linear time for many %j', (piece) => {
    expect(tail(`${piece.repeat(60_000)}x`).length).toBeLessThanOrEqual(4000);
  }, 2000);
});

describe('Modes', () => {
  const undo = (...chunks: readonly string[]): string => {
    const modes = new Modes();
    for (const chunk of chunks) modes.see(Buffer.from(chunk));
    return Buffer.from(modes.undo()).toString();
  };

  test.each([
    { name: 'plain text needs nothing', chunks: ['text'], has: false, leaves: false },
    { name: 'colours are reset', chunks: ['\x1b[31mred'], has: true, leaves: false },
    { name: 'the other screen is left', chunks: ['\x1b[?1049h full screen'], has: true, leaves: true },
    { name: 'also when its sequence came in two pieces', chunks: ['x\x1b[?10', '49h'], has: true, leaves: true },
    { name: 'not when the program left it itself', chunks: ['\x1b[?1049h', 'a\x1b[?1049l'], has: true, leaves: false },
  ])('$name', ({ chunks, has, leaves }) => {
    expect(undo(...chunks).includes('\x1b[0m')).toBe(has);
    expect(undo(...chunks).includes('\x1b[?1049l')).toBe(leaves);
  });
});
