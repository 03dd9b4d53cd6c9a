/** Properties of reading and ticking, for any text. A failure prints seed and smallest text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { property, propertyLimit } from '../../../../test/property';
import { parseChange } from './change';
import { parseFoundFile } from './parse';
import { readYaml } from './parse-yaml';
import { parseTracks } from './tracks';
import { restoreStates, tick } from './write-back';

const read = (text: string) => parseFoundFile(text, { file: 'tasks.md', place: 'tasks.md' });

/** Pieces of every grammar, so that arbitrary texts meet each other's edges. */
const piece = fc.constantFrom(
  '- [ ] ', '-[X]', '* [~] ', '1. **[x] ', '### - [x] ', '> - [ ] ', '- [ ]* ', '- [✅] ', 'T001', 'T028\'', 'T001–T004', '1.1', 'T###', '[P]', '[US1/US2]', '[depends: T001]', '(depends on T002, ', '**Dependencies**: None',
  '## Phase 1: Setup', '## 2. Group', '## Dependencies', '### Task 1.1: x', '## Track Assignments', '| Track | Tasks | File Scope |', '| T001 | x | done |', '```', '~~~', '<!--', '-->', '`', '---', '\u00a0', '\t', '    ', '\uFEFF', '\r\n', '\n', '\n\n',
  'T001 → T002', 'src/a.ts', 'app/[id]/b.ts', '- `[!]` - Blocked', '- depends_on: a-b', '- [ ] **Track: X**', 'phases:\n  - tasks:\n', '- { id: T001, dependencies: [T001] }', '&a ', '*a', '🎯', '依存: T001', '</content>', '<parameter name="x">', '\0', '--- a/x',
);
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.array(fc.oneof({ weight: 4, arbitrary: piece }, { weight: 1, arbitrary: fc.string({ maxLength: 12 }) }), { maxLength: 40 }).map((parts) => parts.join('')));

test('no text makes a reader throw, and every task stands on a line of the file', () => {
  fc.assert(fc.property(anyText, (text) => {
    const { tasks, gates } = read(text);
    const rows = text.split('\n').length;
    for (const task of tasks) {
      expect(task.line).toBeGreaterThanOrEqual(1);
      expect(task.endLine).toBeLessThanOrEqual(rows);
      expect(task.id).not.toBe('');
    }
    expect(new Set(tasks.map((task) => task.id)).size).toBe(tasks.length);
    expect(gates.every((gate) => gate.line <= rows)).toBe(true);
    readYaml(text, 'tasks.yaml');
    parseTracks(text);
    parseChange(text);
  }), property(600));
}, propertyLimit);

const line = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom('- [ ] ', '- [x] ', '* [ ] ', '  - [ ] ', '-[]', '1. [ ] ', '> - [ ] ', '\t- [ ] '), fc.constantFrom('T001 ', 'T002 [P] ', 'T003', '1.1 ', '', '**T004** ', 'T005 [US1] '), fc.constantFrom('Do it', 'Änderung `x`', '依存', 'in src/a.ts', '~~old~~')).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('## Phase 1: Setup', '', 'prose', '```', '<!-- c -->', '  more', '### Task 2.1: a', '---') },
);
const fileText = fc.record({ bom: fc.boolean(), lines: fc.array(line, { minLength: 1, maxLength: 25 }), eols: fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 25, maxLength: 25 }), last: fc.boolean() })
  .map(({ bom, lines, eols, last }) => (bom ? '\uFEFF' : '') + lines.map((one, i) => one + (i + 1 < lines.length || last ? eols[i] ?? '\n' : '')).join(''));

/** Whether every box of the task is open, so that unticking must give the same bytes. */
const isAllOpen = (text: string, lines: readonly number[]): boolean => lines.every((number) => /\[\s*\]/.test(text.split('\n')[number - 1] ?? ''));

test('tick and untick give the same bytes, and a tick is seen', () => {
  fc.assert(fc.property(fileText, (text) => {
    const bytes = Buffer.from(text);
    for (const task of read(text).tasks) {
      const done = tick(bytes, task, { state: 'done' });
      if (!done.ok) continue;
      expect(read(done.value.toString('utf8')).tasks.find((one) => one.id === task.id)?.done).toBe(true);
      expect(restoreStates(bytes, done.value).equals(bytes)).toBe(true);
      if (task.steps.length > 0 || !isAllOpen(text, task.lines) || task.state !== 'open') continue;
      const open = tick(done.value, task, { state: 'open' });
      expect(open.ok && open.value.toString('utf8')).toBe(text);
    }
  }), property(250));
}, propertyLimit);

test('a note adds one line and no task', () => {
  fc.assert(fc.property(fileText, fc.oneof(anyText, fc.string()), (text, note) => {
    const before = read(text);
    const task = before.tasks[0];
    const done = task ? tick(Buffer.from(text), task, { state: 'done', note }) : null;
    if (!done?.ok) return;
    const after = read(done.value.toString('utf8'));
    expect(after.tasks.map((one) => [one.id, one.steps.length])).toEqual(before.tasks.map((one) => [one.id, one.steps.length]));
    expect(after.gates.length).toBe(before.gates.length);
  }), property(250));
}, propertyLimit);
