import { expect, test } from 'vitest';
import { piecesOf } from './title-text';

test.each([
  ['Write `src/a.ts` and `b`', ['Write ', 'src/a.ts', ' and ', 'b', '']], ['no code', ['no code']], ['a lonely ` stays', ['a lonely ` stays']], ['an empty `` pair', ['an empty `` pair']],
])('%s', (title, pieces) => {
  expect(piecesOf(title)).toEqual(pieces);
});
