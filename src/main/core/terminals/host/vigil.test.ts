import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Vigil } from './vigil';

let ends: string[] = [];
let vigil: Vigil;
beforeEach(() => {
  vi.useFakeTimers();
  ends = [];
  vigil = new Vigil({ grace: 1000, idle: 100, over: (why) => ends.push(why) });
});
afterEach(() => vi.useRealTimers());

describe('a host', () => {
  test('without owner and processes waits the short time', () => {
    vigil.see({ owned: false, running: 0 });
    vi.advanceTimersByTime(99);
    expect(ends).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(ends).toEqual(['idle']);
  });

  test('with processes waits the long time, counted from when its owner went', () => {
    vigil.see({ owned: true, running: 2 });
    vi.advanceTimersByTime(5000);
    vigil.see({ owned: false, running: 2 });
    vi.advanceTimersByTime(900);
    vigil.see({ owned: false, running: 1 });
    vi.advanceTimersByTime(100);
    expect(ends).toEqual(['grace']);
  });

  test('whose last process ends waits the short time from then on', () => {
    vigil.see({ owned: false, running: 1 });
    vi.advanceTimersByTime(500);
    vigil.see({ owned: false, running: 0 });
    vi.advanceTimersByTime(100);
    expect(ends).toEqual(['idle']);
  });

  test('that gets an owner in time stays, and ends only once', () => {
    vigil.see({ owned: false, running: 1 });
    vi.advanceTimersByTime(999);
    vigil.see({ owned: true, running: 1 });
    vi.advanceTimersByTime(100_000);
    expect(ends).toEqual([]);
    vigil.see({ owned: false, running: 0 });
    vi.advanceTimersByTime(100_000);
    vigil.see({ owned: false, running: 0 });
    vi.advanceTimersByTime(100_000);
    expect(ends).toEqual(['idle']);
  });
});
