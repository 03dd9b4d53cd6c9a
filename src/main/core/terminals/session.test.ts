import { beforeEach, describe, expect, test } from 'vitest';
import { behindLimit, Session } from './session';

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
const bytes = (value: string): Uint8Array => Buffer.from(value);

let shown = 0;
let session = new Session('run/lane', 4 * 1024 * 1024, { onShown: () => {}, onNotice: () => {} });
beforeEach(() => {
  shown = 0;
  session = new Session('run/lane', 4 * 1024 * 1024, { onShown: () => { shown += 1; }, onNotice: () => {} });
});

describe('a viewer', () => {
  test('gets what was shown before it came, then chunks from there on', () => {
    session.show(bytes('before '));
    expect(session.take()).toBeNull();
    expect(session.attach()).toMatchObject({ terminal: 'run/lane', seq: 0, cols: 120, rows: 30, running: false });
    expect(session.take()).toBeNull();
    session.show(bytes('after'));
    expect(shown).toBe(1);
    expect(session.take()).toMatchObject({ seq: 7, data: Uint8Array.from(bytes('after')) });
    expect(session.take()).toBeNull();
  });

  test('that attaches again gets everything once', () => {
    session.attach();
    session.show(bytes('one'));
    const { seq, data } = session.attach();
    expect([seq, text(data)]).toEqual([0, 'one']);
    expect(session.take()).toBeNull();
  });

  test('that left gets nothing', () => {
    session.attach();
    session.detach();
    session.show(bytes('x'));
    expect([shown, session.take(), session.backlog]).toEqual([0, null, 0]);
  });

  test('gets no more than 1 MB without its word, and goes on with it', () => {
    session.attach();
    session.show(new Uint8Array(behindLimit));
    let sent = 0;
    for (let chunk = session.take(); chunk; chunk = session.take()) sent += chunk.data.length;
    expect(sent).toBe(behindLimit);
    session.show(bytes('next'));
    expect(session.take()).toBeNull();
    session.ack(behindLimit);
    expect(shown).toBe(3);
    expect(session.take()).toMatchObject({ seq: behindLimit, data: Uint8Array.from(bytes('next')) });
  });

  test('that fell more than 1 MB behind skips ahead: the sequence number jumps', () => {
    session.attach();
    session.show(new Uint8Array(behindLimit));
    while (session.take());
    session.show(new Uint8Array(behindLimit + 1));
    expect(session.take()).toBeNull();
    session.ack(behindLimit);
    const chunk = session.take();
    expect(chunk?.seq).toBe(2 * behindLimit + 1 - 64 * 1024);
    expect(chunk?.data.length).toBe(64 * 1024);
    expect(session.attach().seq).toBe(0);
  });

  test('cannot acknowledge what it was not sent', () => {
    session.attach();
    session.show(new Uint8Array(2 * behindLimit));
    session.ack(99 * behindLimit);
    expect(session.take()?.seq).toBe(2 * behindLimit - 64 * 1024);
  });
});

test('a cut stream begins at the start of a line', () => {
  const small = new Session('run/lane', 20, { onShown: () => {}, onNotice: () => {} });
  small.show(bytes('first line\nsecond\nthird ✓\n'));
  const { seq, data } = small.attach();
  expect([seq, text(data)]).toEqual([11, 'second\nthird ✓\n']);
});

describe('lines of the app', () => {
  test('stand alone, marked, without control sequences of others', () => {
    session.say('one');
    session.show(bytes('no line end'));
    session.say('two\x1b[31m\x07\nthree');
    const lines = text(session.attach().data).split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toBe('no line end');
    expect(lines[2]).toBe('\x1b[2m──\x1b[0m \x1b[1mtwo\x1b[0m');
    expect(lines[3]).toContain('three');
  });
});
