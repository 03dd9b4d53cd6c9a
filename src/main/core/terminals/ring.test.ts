import { describe, expect, test } from 'vitest';
import { Ring } from './ring';

/** The stream 0, 1, 2, ... modulo 251, a prime, so that a byte tells its place. */
const stream = (from: number, count: number): Uint8Array => Uint8Array.from({ length: count }, (_, index) => (from + index) % 251);

describe('Ring', () => {
  test.each([
    { name: 'nothing', limit: 100, pieces: [] },
    { name: 'less than the limit', limit: 100, pieces: [10, 20] },
    { name: 'exactly the limit', limit: 100, pieces: [60, 40] },
    { name: 'a little more', limit: 100, pieces: [60, 41] },
    { name: 'one piece larger than the limit', limit: 100, pieces: [7, 350] },
    { name: 'growing through its sizes', limit: 20_000, pieces: [4000, 200, 9000, 5000, 3000, 17] },
    { name: 'large before small', limit: 5000, pieces: [12_000, 1, 4999, 3] },
    { name: 'many small ones', limit: 4096, pieces: Array.from({ length: 400 }, () => 37) },
  ])('keeps the newest bytes: $name', ({ limit, pieces }) => {
    const ring = new Ring(limit);
    let total = 0;
    for (const size of pieces) {
      ring.push(stream(total, size));
      total += size;
      const kept = Math.min(total, limit);
      expect(ring.end).toBe(total);
      expect(ring.start).toBe(total - kept);
      expect(ring.slice(0, total)).toEqual(stream(total - kept, kept));
    }
  });

  test('slices are cut to what is there', () => {
    const ring = new Ring(10);
    ring.push(stream(0, 25));
    expect(ring.slice(18, 21)).toEqual(stream(18, 3));
    expect(ring.slice(0, 17)).toEqual(stream(15, 2));
    expect(ring.slice(24, 99)).toEqual(stream(24, 1));
    expect(ring.slice(25, 25)).toEqual(new Uint8Array());
    expect(ring.slice(3, 9)).toEqual(new Uint8Array());
  });
});
