import { describe, expect, test } from 'vitest';
import { JsonLines } from './json-lines';

/** Shows an event as `<type:text>`; events of type `unknown` are none of ours. */
const reader = (): JsonLines => new JsonLines((event) => (event.type === 'unknown' ? null : event.type === 'quiet' ? [] : [`<${event.type}:${String(event['text'] ?? '')}>`]));

function read(chunks: readonly (string | Uint8Array)[]): string {
  const lines = reader();
  const parts = chunks.map((chunk) => Buffer.from(lines.render(Buffer.from(chunk))));
  return Buffer.concat([...parts, lines.render(new Uint8Array())]).toString();
}

const event = '{"type":"say","text":"grüße ✓"}';

describe('JsonLines', () => {
  test.each<{ name: string; chunks: readonly string[]; want: string }>([
    { name: 'an event', chunks: [`${event}\r\n`], want: '<say:grüße ✓>\r\n' },
    { name: 'text around events', chunks: [`before\r\n${event}\r\nafter\r\n`], want: 'before\r\n<say:grüße ✓>\r\nafter\r\n' },
    { name: 'text without a line end, at once', chunks: ['loading'], want: 'loading' },
    { name: 'a brace inside a line', chunks: ['x {"type":"say"}\n'], want: 'x {"type":"say"}\n' },
    { name: 'no JSON after a brace', chunks: ['{not json}\r\n'], want: '{not json}\r\n' },
    { name: 'JSON that is no event', chunks: ['{"a":1}\n', '{"type":5}\n'], want: '{"a":1}\n{"type":5}\n' },
    { name: 'an unknown event', chunks: ['{"type":"unknown"}\n'], want: '{"type":"unknown"}\n' },
    { name: 'an event that shows nothing', chunks: ['{"type":"quiet"}\r\nx'], want: 'x' },
    { name: 'a sequence before an event', chunks: [`\x1b[?25h${event}\n`], want: '\x1b[?25h<say:grüße ✓>\r\n' },
    { name: 'a sequence that came in pieces', chunks: ['\x1b', '[?2', `5h${event}\n`], want: '\x1b[?25h<say:grüße ✓>\r\n' },
    { name: 'a coloured line', chunks: ['\x1b[31mred\x1b[0m\n', event, '\n'], want: '\x1b[31mred\x1b[0m\n<say:grüße ✓>\r\n' },
    { name: 'another escape at the start', chunks: ['\x1b]0;title\x07text\n'], want: '\x1b]0;title\x07text\n' },
    { name: 'an escape and a line end', chunks: ['\x1b\n', `${event}\n`], want: '\x1b\n<say:grüße ✓>\r\n' },
    { name: 'an unfinished sequence at the end', chunks: ['\x1b[3'], want: '\x1b[3' },
    { name: 'an event without a line end at the end', chunks: [event], want: '<say:grüße ✓>\r\n' },
    { name: 'half an event at the end', chunks: ['{"type":"sa'], want: '{"type":"sa' },
    { name: 'empty lines', chunks: ['\r\n\r\n'], want: '\r\n\r\n' },
  ])('$name', ({ chunks, want }) => {
    expect(read(chunks)).toBe(want);
  });

  test('is the same however the bytes are cut', () => {
    const all = Buffer.from(`✓ text\r\n${event}\r\n\x1b[?25h${event}\r\n{"type":"unknown"}\r\nend ✓`);
    const whole = read([all]);
    for (let size = 1; size < 20; size += 1) {
      const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.subarray(index * size, (index + 1) * size));
      expect(read(chunks)).toBe(whole);
    }
  });

  test('a line over 1 MB is left out with a note, and the next is read', () => {
    const lines = reader();
    let shown = '';
    for (let index = 0; index < 40; index += 1) shown += Buffer.from(lines.render(Buffer.from(index === 0 ? '{"type":"say","text":"' : 'x'.repeat(65_536)))).toString();
    shown += Buffer.from(lines.render(Buffer.from(`"}\r\n${event}\r\n`))).toString();
    expect(shown).toBe('\x1b[2m[an event line over 1 MB is not shown]\x1b[0m\r\n<say:grüße ✓>\r\n');
  });

  test('keeps its own copy of what it holds back', () => {
    const lines = reader();
    const memory = Buffer.from('{"type":"say"');
    lines.render(memory);
    memory.fill(0);
    expect(Buffer.from(lines.render(Buffer.from(',"text":"x"}\n'))).toString()).toBe('<say:x>\r\n');
  });
});
