import { Fragment, createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { blockAt } from './line';
import { chunksOf } from './chunks';
import { MarkdownText } from './markdown';

test.each([
  [[1, 3, 5], 3, 1], [[1, 3, 5], 4, 1], [[1, 3, 5], 99, 2], [[2, 3], 1, -1], [[], 1, -1],
  // An item and its paragraph begin in the same line: the inner one is taken.
  [[1, 3, 3, 4], 3, 2],
])('of blocks that begin at %j, line %d is shown by number %d', (starts, line, index) => {
  expect(blockAt(starts, line)).toBe(index);
});

const linesOf = (text: string): string[] => {
  const html = renderToStaticMarkup(createElement(Fragment, null, ...chunksOf(text).map((chunk) => createElement(MarkdownText, { ...chunk, documentOf: () => null, onDocument: () => undefined }))));
  return [...html.matchAll(/<(\w+)[^>]*? data-line="(\d+)"/g)].map(([, tag, line]) => `${tag} ${line}`);
};

test('rendered blocks know the line of the file they come from', () => {
  expect(linesOf('# Tasks\n\n- [ ] T001 one\n  - [ ] step\n- [x] T002 two\n\n| a |\n|---|\n| b |\n')).toEqual(['h1 1', 'li 3', 'li 4', 'li 5', 'tr 7', 'tr 9']);
});

test.each(['\n', '\r\n'])('front matter counts as lines, with line ends %j', (end) => {
  expect(linesOf(['---', 'title: x', '---', '# Tasks', '', 'text'].join(end))).toEqual(['h1 4', 'p 6']);
});
