import { expect, test } from 'vitest';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import type { Piece } from './cursor';
import { Feed, type FeedState } from './feed';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A main process with one stream whose memory the test sets, and a screen that parses when the test says so. */
function rig() {
  const seen = { screen: '', replayed: '', writes: 0, acks: [] as number[], states: [] as FeedState['kind'][], attaches: 0, detaches: 0 };
  let memory: Result<Piece | null, AppError> = ok({ seq: 0, data: bytes('') });
  let frames: (() => void)[] = [];
  let parsed: (() => void)[] = [];
  let release: (() => void) | null = null;
  let held = false;
  const feed = new Feed({
    link: {
      attach: async () => {
        seen.attaches += 1;
        if (held) await new Promise<void>((resolve) => { release = resolve; });
        return memory;
      },
      detach: () => { seen.detaches += 1; },
      ack: (seq) => { seen.acks.push(seq); },
    },
    sink: {
      write: (data, replay, done) => {
        const text = new TextDecoder().decode(data);
        const at = text.lastIndexOf('\u001bc');
        seen.screen = at >= 0 ? text.slice(at + 2) : seen.screen + text;
        if (replay) seen.replayed += text;
        seen.writes += 1;
        parsed.push(done);
      },
    },
    frame: (run) => { frames.push(run); },
    changed: (state) => { seen.states.push(state.kind); },
  });
  return {
    feed, seen,
    memory: (seq: number, text: string) => { memory = ok({ seq, data: bytes(text) }); },
    answer: (value: Result<Piece | null, AppError>) => { memory = value; },
    hold: () => { held = true; },
    release: () => { held = false; release?.(); },
    say: (seq: number, text: string) => feed.take({ seq, data: bytes(text) }),
    frame: () => { const now = frames; frames = []; for (const run of now) run(); },
    parse: () => { const now = parsed; parsed = []; for (const run of now) run(); },
  };
}

test('one write a frame, one acknowledgement a frame, only of what was parsed', async () => {
  const { feed, seen, memory, say, frame, parse } = rig();
  memory(0, 'ab');
  await feed.show();
  await say(2, 'cd');
  await say(4, 'ef');
  frame();
  expect(seen).toMatchObject({ screen: 'abcdef', replayed: 'ab', writes: 2, acks: [] });
  parse();
  frame();
  expect(seen.acks).toEqual([6]);
  frame();
  expect(seen.acks).toEqual([6]);
});

test('pieces that arrive during the attachment are kept and trimmed', async () => {
  const { feed, seen, memory, say, frame, hold, release } = rig();
  memory(0, 'abcd');
  hold();
  const shown = feed.show();
  await say(2, 'cd');
  await say(4, 'ef');
  release();
  await shown;
  frame();
  expect(seen.screen).toBe('abcdef');
  expect(seen.attaches).toBe(1);
});

test('a gap attaches again and starts the screen over', async () => {
  const { feed, seen, memory, say, frame } = rig();
  memory(0, 'abc');
  await feed.show();
  memory(7, 'hij');
  await say(9, 'j');
  frame();
  expect(seen.screen).toBe('hij');
  await say(10, 'k');
  frame();
  expect(seen).toMatchObject({ screen: 'hijk', attaches: 2 });
});

test('a hidden terminal takes nothing and catches up without repeating when it is shown again', async () => {
  const { feed, seen, memory, say, frame } = rig();
  memory(0, 'abc');
  await feed.show();
  await say(3, 'unwritten');
  feed.hide();
  await say(12, 'ignored');
  frame();
  expect(seen).toMatchObject({ screen: 'abc', detaches: 1 });
  memory(2, 'cdef');
  await feed.show();
  expect(seen.screen).toBe('abcdef');
});

test('an absent terminal is asked for again when a piece of it arrives', async () => {
  const { feed, seen, memory, answer, say } = rig();
  answer(ok(null));
  await feed.show();
  expect(seen.states).toEqual(['attaching', 'absent']);
  memory(0, 'hello');
  await say(0, 'hello');
  expect(seen).toMatchObject({ screen: 'hello', attaches: 2 });
});

test('hiding gives up an attachment that is on its way', async () => {
  const { feed, seen, memory, hold, release } = rig();
  memory(0, 'late');
  hold();
  const shown = feed.show();
  feed.hide();
  release();
  await shown;
  expect(seen.screen).toBe('');
  expect(seen.states).toEqual(['attaching', 'off']);
});

test('a failure is told and the next show tries again', async () => {
  const { feed, seen, memory, answer } = rig();
  answer(err({ kind: 'internal', detail: 'x' }));
  await feed.show();
  expect(seen.states.at(-1)).toBe('failed');
  memory(0, 'ok');
  await feed.show();
  expect(seen.screen).toBe('ok');
});

test('without frames it lets go of a flood and attaches again at the next frame', async () => {
  const { feed, seen, memory, frame } = rig();
  await feed.show();
  const block = new Uint8Array(1_500_000);
  await feed.take({ seq: 0, data: block });
  await feed.take({ seq: block.length, data: block });
  await feed.take({ seq: 2 * block.length, data: bytes('more') });
  memory(2 * block.length, 'tail');
  frame();
  await Promise.resolve();
  await Promise.resolve();
  expect(seen).toMatchObject({ screen: 'tail', attaches: 2 });
});
