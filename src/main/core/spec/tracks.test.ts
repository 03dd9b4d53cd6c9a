import { expect, test } from 'vitest';
import { parseTrackMetadata, parseTracks } from './tracks';

const brief = (text: string) => parseTracks(text).map(({ id, title, state }) => [id, title, state]);

test.each([
  ['a list', '# Tracks\n\n- [ ] **Track: Sign in**\n  *Type: feature | ID: [sign_in_20250102](./tracks/sign_in_20250102/)*\n- [~] **Track: Search**\n  *ID: search_1*\n', [['sign_in_20250102', 'Sign in', 'open'], ['search_1', 'Search', 'active']]],
  ['headings', '## [x] Track: Old one\n*Link: [./conductor/tracks/old_1/](./conductor/tracks/old_1/)*\n---\n## [ ] Track: New\nLink: [new](./tracks/new/)\n', [['old_1', 'Old one', 'done'], ['new', 'New', 'open']]],
  ['an archived one', '## [x] Track: A\n*Link: [design](archive/a-b/design.md) | [plan](archive/a-b/plan.md)*\n', [['a-b', 'A', 'done']]],
  ['without a link', '- [ ] **Track: Loose**\n\nProse.\n', [[null, 'Loose', 'open']]],
  ['nothing in comments and fences', '<!-- - [ ] **Track: No** -->\n```\n- [ ] **Track: No**\n```\n- [ ] other\n', []],
])('%s', (_, text, expected) => expect(brief(text)).toEqual(expected));

test('metadata', () => {
  expect(parseTrackMetadata('\uFEFF{"track_id":"a","type":"feature","status":"new","description":"Adds a","extra":{"x":1}}')).toEqual({ trackId: 'a', type: 'feature', status: 'new', description: 'Adds a' });
  expect(parseTrackMetadata('{"track_id": 3}')).toEqual({ trackId: null, type: null, status: null, description: null });
  for (const text of ['', '[]', '{"track_id":', 'null']) expect(parseTrackMetadata(text)).toBeNull();
});
