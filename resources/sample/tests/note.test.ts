import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNote } from '../src/model/note.ts';

test('the first line is the title', () => {
  assert.equal(parseNote('a', '# Groceries\n\nMilk', '2025-01-01').title, 'Groceries');
});
