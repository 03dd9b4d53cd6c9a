import { expect, test } from 'vitest';
import { destination } from './markdown';
import { resolveDocument } from './spec-view';

test.each([
  ['spec.md', './plan.md', 'plan.md'],
  ['contracts/api.md', '../plan.md#data', 'plan.md'],
  ['spec.md', 'contracts/api.md', 'contracts/api.md'],
  ['spec.md', '../../etc/passwd', null],
])('from %s, %s leads to %s', (from, href, target) => {
  expect(resolveDocument(from, href)).toBe(target);
});

test.each([
  ['https://example.org/a?b#c', { kind: 'page', to: 'https://example.org/a?b#c' }],
  ['plan.md', { kind: 'document', to: 'plan.md' }],
  ['missing.md', null], ['#top', null], ['/etc/passwd', null], ['javascript:alert(1)', null], ['http://example.org', null], ['mailto:a@b.c', null], ['//example.org', null], ['', null],
])('a link to %s', (href, want) => {
  expect(destination(href, (path) => (path === 'plan.md' ? path : null))).toEqual(want);
});
