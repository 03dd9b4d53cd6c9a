import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame, FrameReader, type Frame } from './frames';

const bytesOf = (...frames: readonly (readonly [object, Uint8Array])[]): Buffer => Buffer.concat(frames.map(([header, payload]) => encodeFrame(header, payload)));

/** What a reader makes of a stream that arrives in pieces of these sizes. */
function read(stream: Uint8Array, sizes: readonly number[], limit?: number): readonly Frame[] | null {
  const reader = new FrameReader(limit);
  const all: Frame[] = [];
  let at = 0;
  for (const size of [...sizes, stream.length]) {
    const frames = reader.push(stream.subarray(at, at + size));
    if (frames === null) return null;
    all.push(...frames);
    at += size;
  }
  return all;
}

const frame = fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.uint8Array({ maxLength: 200 }));

describe('frames', () => {
  test('come out as they went in, wherever the stream is cut', () => {
    fc.assert(fc.property(fc.array(frame, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 60 })), (frames, sizes) => {
      const out = read(bytesOf(...frames), sizes);
      expect(out?.map(({ header }) => header)).toEqual(frames.map(([header]) => JSON.parse(JSON.stringify(header))));
      expect(out?.map(({ payload }) => [...payload])).toEqual(frames.map(([, payload]) => [...payload]));
    }));
  });

  test('noise never throws and never gives more than it holds', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.integer({ min: 1, max: 60 })), (noise, sizes) => {
      const out = read(noise, sizes, 300);
      expect(out === null || out.reduce((sum, { payload }) => sum + payload.length, 0) <= noise.length).toBe(true);
    }));
  });

  test.each([
    ['a frame over the limit', encodeFrame({ a: 'x'.repeat(200) }), 100],
    ['a length that is no frame', Buffer.from([0, 0, 0, 2, 1, 1]), 100],
    ['a header longer than its frame', Buffer.from([0, 0, 0, 6, 0, 0, 0, 9, 0x7b, 0x7d]), 100],
    ['a header that is no JSON', Buffer.from([0, 0, 0, 6, 0, 0, 0, 2, 0x7b, 0x7b]), 100],
    ['a web browser', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 4096],
  ])('%s ends the stream', (_, bytes, limit) => {
    expect(read(bytes, [3], limit)).toBeNull();
  });

  test('after something that is no frame there are no more', () => {
    const reader = new FrameReader();
    expect(reader.push(Buffer.from([0, 0, 0, 0, 0, 0, 0, 0]))).toBeNull();
    expect(reader.push(encodeFrame({ fine: true }))).toBeNull();
  });
});
