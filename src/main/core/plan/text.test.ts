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
  expect(print(text, { style: 'compact', maxParallel: 2 })).toBe('Wave 1: [T001, T002, T003]\nBatches of 2:\n  Wave 1: [T001, T002] [T003]\n3 tasks: 0 done, 3 open; 1 wave, 2 batches at 2 in parallel.\n');
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
