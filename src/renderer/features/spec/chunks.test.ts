import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Chunk, chunkAt, chunksOf, renamed, textsOf, unnamed } from './chunks';

const tasks = (count: number): string[] => Array.from({ length: count }, (_, index) => `- [ ] T${index} Do something`);
const long = (...parts: readonly string[][]): string => parts.flat().join('\n');
const starts = (text: string): readonly (string | undefined)[] => chunksOf(text).map((chunk) => chunk.text.split('\n')[0]);

test('a short document stays whole', () => {
  expect(chunksOf('---\na: b\n---\n# A\n\ntext')).toEqual([{ line: 4, lines: 3, text: '# A\n\ntext' }]);
});

test('cuts stand before headings where they can, and tell the lines of the file', () => {
  const text = long(['# Title', ''], ...Array.from({ length: 30 }, (_, phase) => [`## Phase ${phase}`, '', ...tasks(12), '']));
  const chunks = chunksOf(`---\n${'x\n'.repeat(7)}---\n${text}`);
  expect(starts(text).slice(0, 3)).toEqual(['# Title', '## Phase 1', '## Phase 2']);
  expect(chunks.map((chunk) => chunk.line).slice(0, 3)).toEqual([10, 27, 42]);
});

test.each([
  ['a fence', ['```sh', ...tasks(500), '```']],
  ['a longer fence', ['````', '```', ...tasks(500), '```', '````']],
  ['a comment', ['<!--', ...tasks(500), '-->']],
  ['a table', ['| a |', '| - |', ...Array.from({ length: 500 }, () => '| b |')]],
  ['a paragraph', Array.from({ length: 500 }, () => 'words')],
  ['what belongs to an item', ['- [ ] T1 One', ...Array.from({ length: 500 }, () => '  - more')]],
])('%s is never cut', (_name, block) => {
  const own = chunksOf(long(block));
  expect(own).toHaveLength(1);
});

test('a long list is cut between its items', () => {
  expect(chunksOf(long(tasks(500))).map((chunk) => chunk.lines)).toEqual(Array.from({ length: 25 }, () => 20));
});

test('definitions are known in every part', () => {
  const chunks = chunksOf(long(tasks(450), ['', '[a]: https://a.example']));
  expect(chunks[0]?.text.endsWith('\n\n[a]: https://a.example')).toBe(true);
});

test('every line is in exactly one part, and is found there', () => {
  const line = fc.constantFrom('# a', '', '- [ ] b', '  c', 'd', '```', '~~~~', '<!-- e', 'f -->', '| g |', '1. h');
  fc.assert(fc.property(fc.array(line, { minLength: 390, maxLength: 700 }), (lines) => {
    const chunks = chunksOf(lines.join('\n'));
    expect(chunks.reduce((sum, chunk) => sum + chunk.lines, 0)).toBe(lines.length);
    expect(chunks.map((chunk) => chunk.text).join('\n')).toBe(lines.join('\n'));
    for (const at of [1, 200, lines.length]) {
      const chunk = chunks[chunkAt(chunks, at)];
      expect(chunk !== undefined && chunk.line <= at && at < chunk.line + chunk.lines).toBe(true);
    }
  }), { numRuns: 100 });
});

const parts = (...texts: readonly string[]): readonly Chunk[] => texts.map((text, index) => ({ line: index, lines: 1, text }));

test.each([
  ['nothing changed', ['a', 'b', 'c'], ['part 1', 'part 2', 'part 3']],
  ['one was edited', ['a', 'B', 'c'], ['part 1', 'part 2', 'part 3']],
  ['one came in front', ['x', 'a', 'b', 'c'], ['part 4', 'part 1', 'part 2', 'part 3']],
  ['one was edited and one came', ['a', 'B', 'x', 'c'], ['part 1', 'part 2', 'part 4', 'part 3']],
  ['one is gone', ['a', 'c'], ['part 1', 'part 3']],
  ['all are others', ['x'], ['part 1']],
] as const)('names of parts when %s', (_name, texts, names) => {
  expect(renamed(renamed(unnamed, parts('a', 'b', 'c')), parts(...texts)).names).toEqual(names);
});

test('names are never used twice, whatever is edited', () => {
  fc.assert(fc.property(fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 }), { maxLength: 6 }), (versions) => {
    let named = unnamed;
    for (const texts of versions) {
      named = renamed(named, parts(...texts));
      expect(named.names).toHaveLength(texts.length);
      expect(new Set(named.names).size).toBe(texts.length);
    }
  }));
});

test('copies of a text are told apart', () => expect(textsOf(parts('a', 'b', 'a'))).toEqual(['a', 'b', '2 a']));
