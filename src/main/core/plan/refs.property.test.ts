/** Words and ids that are passed by or taken without the pattern give the same references as the pattern. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { property, propertyLimit } from '../../../../test/property';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { modelOf } from './model';
import { refsOf } from './refs';

const list = Array.from({ length: 9 }, (_, index) => `${index % 3 === 0 ? `## Phase ${index / 3 + 1}: User Story ${index / 3 + 1}\n` : ''}- [ ] T00${index + 1} [US${Math.floor(index / 3) + 1}] Write a${index}`);
const model = modelOf(specOf(list.join('\n'), 'speckit'));

const part = fc.constantFrom(
  'T001', 'T002', 'T999', 'T003-T005', 't004', 'TASK-1', 'WP01', 'ab-3', 'UTF-8', 'xbſ-1', 'Phase 2', 'phases 1, 2', 'US1', 'US 2', 'us3', 'Setup', 'polish', 'all previous tasks', 'every thing',
  'Task 3', 'tasks 1 and 2', '1.2', 'depends on', 'Write', 'in', 'zzz', 'write_it', 'x9', 'フェーズ 1', 'é', '(', ')', ',', ';', ']', '-', '#3', '/', 'to', '、',
);
const text = fc.array(fc.tuple(part, fc.constantFrom(' ', ' ', '')), { maxLength: 10 }).map((parts) => parts.flat().join(''));

test('references are the same where every word is tried, which a word like "stories" asks for', () => {
  fc.assert(fc.property(text, (line) => {
    const told = refsOf(model).find(line);
    const all = refsOf(model).find(`${line} . stories`).filter((ref) => ref.end <= line.length);
    expect(told).toEqual(all);
  }), property(1000));
}, propertyLimit);

test('an id in a list is the id with another bracket behind it', () => {
  fc.assert(fc.property(fc.constantFrom('T001', 'T009', 'T999', 'T12', 'T000001'), fc.constantFrom('', ',', ')', ';', ']'), (id, behind) => {
    const place = (end: string): unknown => refsOf(model).find(`needs ${id}${end}`);
    expect(place(behind)).toEqual(place('}'));
  }), property(100));
}, propertyLimit);
