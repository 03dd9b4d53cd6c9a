/** What is read without a pattern because most lines look so gives the same as the pattern: each case is written in a second way that has no shortcut. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { property, propertyLimit } from '../../../../test/property';
import { parseBox } from './box';
import { idAt } from './ids';
import { MetIds } from './met-ids';
import { collectPaths } from './paths';
import { parseTaskText } from './title';

const part = fc.constantFrom(
  'T001', 'T002', '[P]', '(P)', '[US1]', '[US2/US3]', '[x]', '**', '`', '~~', '-', '–', 'to', 'through', 'add', 'Write', '/', '+', ',', '.', ':', '*', '\\*', '1.2', 'a', '_(x)_', '✅',
  'src/a/b.ts', '`src/{a,b}.ts`', 'README.md', '`Makefile`', 'see src/q.ts', '../up.ts', 'https://x.y/z.ts', 'per `docs/a.md`', 'lib/', '@scope/pkg', '\t', '\u00a0', 'é', 'ready', '',
);
const text = fc.array(fc.tuple(part, fc.constantFrom(' ', ' ', '')), { maxLength: 8 }).map((parts) => parts.flat().join(''));

test('a box at the margin with a dash is the box with a star', () => {
  fc.assert(fc.property(fc.constantFrom(' ', 'x', 'X'), text, (mark, rest) => {
    expect(parseBox(`- [${mark}] ${rest}`)).toEqual(parseBox(`* [${mark}] ${rest}`));
    expect(parseBox(`- [${mark}]${rest}`)).toEqual(parseBox(`* [${mark}]${rest}`));
  }), property(500));
}, propertyLimit);

test('an id with a blank behind it is the id with a tab behind it', () => {
  fc.assert(fc.property(fc.constantFrom('T1', 'T001', 'T00001', 'T000001', 'T', 'T12a'), text, (id, rest) => {
    expect(idAt(`${id} ${rest}`, 0)).toEqual(idAt(`${id}\t${rest}`, 0));
  }), property(500));
}, propertyLimit);

test('paths are the same with a quoted word before the text, which makes the search begin there', () => {
  const pathsIn = (line: string): string[] => {
    const found: string[] = [];
    collectPaths(line, found);
    return found;
  };
  fc.assert(fc.property(text, (line) => {
    expect(pathsIn(`Do ${line}`)).toEqual(pathsIn(`\`a\` Do ${line}`));
  }), property(500));
}, propertyLimit);

test('a label with a blank behind it is the label with a tab behind it', () => {
  const label = fc.constantFrom('[US1]', '[US12]', '[US0]', '[US]', '[US1234567]', '[P]', '[US1/US2]');
  fc.assert(fc.property(fc.array(label, { maxLength: 3 }), text, (labels, rest) => {
    expect(parseTaskText(`T001 ${labels.map((one) => `${one} `).join('')}${rest}`)).toEqual(parseTaskText(`T001 ${labels.map((one) => `${one}\t`).join('')}${rest}`));
  }), property(500));
}, propertyLimit);

test('a title is the same with blanks behind it, which make every mark looked for', () => {
  fc.assert(fc.property(fc.constantFrom('T001 ', 'Task: ', 'sub-task: ', 'TXX ', ''), text, (id, rest) => {
    const { title, placeholder } = parseTaskText(`${id}${rest}`);
    expect(parseTaskText(`${id}${rest}  `)).toMatchObject({ title, placeholder });
  }), property(500));
}, propertyLimit);

test('ids that were met are those of a set', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom('T1', 'T2', 'T3', 'T10', 'T11', 'a', '', '1.1', '1.10')), (ids) => {
    const met = new MetIds();
    const all = new Set<string>();
    for (const id of ids) {
      expect(met.has(id)).toBe(all.has(id));
      expect(met.add(id)).toBe(!all.has(id));
      all.add(id);
    }
  }), property(500));
}, propertyLimit);
