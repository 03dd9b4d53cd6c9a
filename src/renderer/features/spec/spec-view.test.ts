import { expect, test } from 'vitest';
import { resolveDocument } from './spec-view';

test.each([
  ['spec.md', './plan.md', 'plan.md'],
  ['contracts/api.md', '../plan.md#data', 'plan.md'],
  ['spec.md', 'contracts/api.md', 'contracts/api.md'],
  ['spec.md', '../../etc/passwd', null],
])('from %s, %s leads to %s', (from, href, target) => {
  expect(resolveDocument(from, href)).toBe(target);
});
