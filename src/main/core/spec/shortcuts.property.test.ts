/** What is read without a pattern because most lines look so gives the same as the pattern: each case is written in a second way that has no shortcut. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { property, propertyLimit } from '../../../../test/property';
import { parseBox } from './box';
import { idAt } from './ids';
import { collectPaths } from './paths';

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
