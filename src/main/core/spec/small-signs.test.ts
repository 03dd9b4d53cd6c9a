import { expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { buildPlan } from '../plan/build';
import { refusal } from './scan';

test.each([
  ['on its line', '- [ ] T001 a <!-- files: src/x.ts, lib -->\n'],
  ['below it', '- [ ] T001 a\n  <!-- files: src/x.ts, lib -->\n'],
  ['behind a line below it', '- [ ] T001 a\n  more <!-- Files: src/x.ts, lib -->\n'],
])('a comment that names files is a claim of its task: %s', (_, text) => {
  expect(specOf(`${text}<!-- files: src/y.ts -->\n- [ ] T002 b\n`).tasks.map((task) => task.files)).toEqual([['src/x.ts', 'lib'], []]);
});

test.each([['## Phase 1: Data [checkpoint: abc1234]', 'Data'], ['## Phase 1 [checkpoint: abc1234]', 'Phase 1'], ['## 1. Data [checkpoint: abc1234]', 'Data']])('the checkpoint is no part of the title: %s', (heading, title) => {
  const spec = specOf(`${heading}\n- [ ] Task: a\n`, 'track');
  expect(spec.phases.map((phase) => phase.title)).toEqual([title]);
  expect(buildPlan(spec, { maxParallel: 2 }).lanes[0]?.name).not.toContain('checkpoint');
});

test('empty cells leave no dashes in the title of a row', () => {
  const text = '| ID | Task | Notes | Files | Deps |\n|---|---|---|---|---|\n| T001 | Build it | | src/a.ts | |\n| T002 | Ship it | - | | T001 |\n| T003 | - | Fold re-export | | |\n';
  expect(specOf(text).tasks.map((task) => task.title)).toEqual(['Build it - src/a.ts', 'Ship it', 'Fold re-export']);
});

test.each([
  ['From abc\n---\n*** a/tasks.md\n--- b/tasks.md\n***************\n', 3, 'a diff'],
  ['diff --git a/tasks.md b/tasks.md\nindex 1..2\n', 1, 'a diff'],
  ['- [ ] T001 a\nb\0c\n', 2, 'NUL'],
])('a refusal has its line: %j', (text, line, detail) => {
  expect(refusal(text)).toMatchObject({ line, detail: expect.stringContaining(detail) });
  expect(refusal(text)?.detail).toContain(`(line ${line})`);
});

test.each(['* * *\n- [ ] T001 a\n', '***************\n- [ ] T001 a\n', '*** note\n\n--- more\n- [ ] T001 a\n'])('%j is no diff', (text) => expect(refusal(text)).toBeNull());
