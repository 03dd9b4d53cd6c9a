import { expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { buildPlan } from './build';
import { formatPlan, type TextOptions } from './text';

const print = (text: string, options: TextOptions = {}) => {
  const spec = specOf(text);
  return formatPlan(spec, buildPlan(spec, { maxParallel: options.maxParallel ?? 4 }), options);
};
const diamond = '- [ ] T001 a in src/a.ts\n- [ ] T002 [P] b in src/b.ts\n- [ ] T003 [P] c in src/c.ts\n- [ ] T004 d in src/d.ts\n- [x] T000 z\n';

test('compact: waves on one line, totals', () => {
  expect(print(diamond, { style: 'compact' })).toBe('Wave 1: [T001] -> Wave 2: [T002, T003] -> Wave 3: [T004]\n5 tasks: 1 done, 4 open; 3 waves, 3 batches at 4 in parallel.\n');
});

test('compact: batches where a wave exceeds the limit', () => {
  const text = [1, 2, 3].map((n) => `- [ ] T00${n} [P] in src/${n}.ts\n`).join('');
  expect(print(text, { style: 'compact', maxParallel: 2 })).toBe('Wave 1: [T001, T002, T003]\nBatches of at most 2:\n  Wave 1: [T001, T002] [T003]\n3 tasks: 0 done, 3 open; 1 wave, 2 batches at 2 in parallel.\n');
});

test.each([
  ['a shared path', '- [ ] T001 [P] add in src/x.ts\n- [ ] T002 [P] change in src/x.ts\n', '[T001] [T002]', '2 tasks: 0 done, 2 open; 1 wave, 2 batches at 4'],
  ['a folder that holds the other path', '- [ ] T001 [P] all of src/\n- [ ] T002 [P] b in lib/b.ts\n- [ ] T003 [P] c in src/c.ts\n', '[T001, T002] [T003]', '1 wave, 2 batches at 4'],
  ['no path and no mark', '- [ ] 1 tidy up [depends: none]\n- [ ] 2 b in lib/b.ts [depends: none]\n- [ ] 3 c in lib/c.ts [depends: none]\n', '[#1] [#2, #3]', '1 wave, 2 batches at 4'],
  ['a clash behind the limit', [1, 2, 3, 4].map((n) => `- [ ] T00${n} [P] in src/${n % 2}.ts\n`).join(''), '[T001, T002] [T003, T004]', '1 wave, 2 batches at 4'],
  ['the longest path first', '- [ ] T001 [P] a in src/a.ts\n- [ ] T002 [P] b in src/a.ts\n- [ ] T003 [P] c in src/c.ts (depends on T002)\n', '[T002] [T001]', '2 waves, 3 batches at 4'],
])('batches hold nothing that excludes one another: %s', (_, text, brackets, totals) => {
  const compact = print(text, { style: 'compact' });
  expect(compact).toContain(`Batches of at most 4:\n  Wave 1: ${brackets}\n`);
  expect(compact).toContain(totals);
  const batches = brackets.slice(1, -1).split('] [').map((ids) => ids.split(', '));
  const detailed = print(text);
  expect(detailed).toContain(totals);
  // Both views cut alike.
  expect([...detailed.split(/\nWave 2|\n\nLanes/)[0]?.matchAll(/^  (?:Batch|([T#]\d+)\b)/gm) ?? []].map((match) => match[1] ?? '|')).toEqual(batches.flatMap((ids) => ['|', ...ids]));
});

test('who runs by itself is told', () => {
  expect(print('- [ ] 1 tidy up [depends: none]\n- [ ] 2 b in lib/b.ts [depends: none]\n')).toContain('Never at the same time\n  #1, by itself: it names no path and carries no [P]\n');
});

test('ten thousand tasks side by side are cut at once', () => {
  const text = Array.from({ length: 10_000 }, (_, n) => `- [ ] T${10_000 + n} [P] in src/${n}.ts\n`).join('');
  expect(print(text, { style: 'compact' })).toContain('1 wave, 2500 batches at 4');
});

test('detailed: what each task depends on and blocks', () => {
  const text = print(diamond);
  expect(text).toContain('  T002 [P]  b in src/b.ts\n      Depends on: T001 (order, line 2)\n      Blocks: T004\n');
  expect(text).toContain('Critical path: T001 -> T002 -> T004');
});

test('totals add up: what is blocked or skipped is counted too', () => {
  expect(print('- [ ] T001 a\n- [!] T002 b\n- [-] T003 c\n- [x] T004 d\n', { style: 'compact' })).toContain('4 tasks: 1 done, 1 open, 1 blocked, 1 skipped; 1 wave, 1 batch at 4 in parallel.');
});

test('nothing left to do', () => {
  expect(print('- [x] T001 a\n', { style: 'compact' })).toBe('Nothing is left to do.\n1 task: 1 done, 0 open; 0 waves, 0 batches at 4 in parallel.\n');
});
