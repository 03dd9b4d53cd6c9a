import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { specOf } from '../../../../test/fixtures/spec/spec-of';
import { markTrack, trackFields, withTrackFields, withTrackState } from './track-state';
import { tick } from './write-back';

const registry = '# Tracks\r\n\r\n- [ ] **Track: Auth**\r\n*ID: [auth_1](./tracks/auth_1/)*\r\n\r\n## [ ] Track: Old\r\nLink: [x](./tracks/old_2/)\r\n';

test.each([
  ['auth_1', 'active', registry.replace('- [ ]', '- [~]')],
  ['auth_1', 'done', registry.replace('- [ ]', '- [x]')],
  ['old_2', 'done', registry.replace('## [ ]', '## [x]')],
  ['gone_3', 'done', registry],
] as const)('%s is %s in the registry, and nothing else changes', (id, state, expected) => {
  expect(markTrack(Buffer.from(registry), id, state).toString()).toBe(expected);
});

test('a done track stays done', () => {
  const done = Buffer.from(registry.replace('- [ ]', '- [x]'));
  expect(markTrack(done, 'auth_1', 'active').equals(done)).toBe(true);
});

const metadata = '{\r\n\t"track_id": "auth_1",\r\n\t"status": "new",\r\n\t"skills": [{"name": "tdd", "relevance": 1}],\r\n\t"updated_at": "2025-01-01T00:00:00Z",\r\n\t"extra": {"status": "new", "k": [1,2]},\r\n\t"beads_issue_map": {"P1T1": "br-1"}\r\n}';

describe('metadata.json', () => {
  test('status and time change, every other byte stays', () => {
    const active = withTrackState(Buffer.from(metadata), 'active', '2026-02-03T04:05:06.000Z');
    expect(active.toString()).toBe(metadata.replace('"status": "new"', '"status": "in_progress"').replace('2025-01-01T00:00:00Z', '2026-02-03T04:05:06.000Z'));
    const done = withTrackState(active, 'done', '2026-02-03T04:05:06.000Z');
    expect(JSON.parse(done.toString())).toMatchObject({ status: 'completed', extra: { status: 'new' }, beads_issue_map: { P1T1: 'br-1' } });
    expect(withTrackFields(done, trackFields(Buffer.from(metadata)) ?? { status: '', updatedAt: null }).toString()).toBe(metadata);
  });

  test.each([
    ['no JSON', '{ "status": '], ['a list', '["status"]'], ['no status', '{"a": 1}'], ['a person\'s word', '{"status": "cancelled"}'], ['done', '{"status": "completed"}'],
    ['a status that is no text', '{"status": 1}'], ['a link', '../other/metadata.json'], ['empty', ''],
  ])('%s: left alone', (_, text) => {
    expect(withTrackState(Buffer.from(text), 'active', 'now').toString()).toBe(text);
  });

  test('any object keeps its other fields', () => {
    fc.assert(fc.property(fc.dictionary(fc.string({ maxLength: 8 }).filter((key) => !['status', 'updated_at', '__proto__'].includes(key)), fc.jsonValue(), { maxKeys: 6 }), (given) => {
      // JSON knows no negative zero and no `__proto__` of its own at any depth: what is written is what counts.
      const others = JSON.parse(JSON.stringify(given)) as Record<string, unknown>;
      const text = JSON.stringify({ ...others, status: 'new', updated_at: 'x' }, null, 2);
      expect(JSON.parse(withTrackState(Buffer.from(text), 'done', 'y').toString())).toEqual({ ...others, status: 'completed', updated_at: 'y' });
    }));
  });
});

const plan = '- [ ] Task: One\n  - [ ] step\n- [x] Task: Two bf12271\n';
const anchorOf = (text: string, id: string) => {
  const task = specOf(text, 'track').tasks.find((one) => one.id === id);
  if (!task) throw new Error(`no task ${id}`);
  return task;
};
const ticked = (text: string, change: Parameters<typeof tick>[2], id = '#1'): string => {
  const result = tick(Buffer.from(text), anchorOf(text, id), change);
  return result.ok ? result.value.toString() : result.error.kind;
};

describe('the commit behind a task', () => {
  test.each([
    ['in the manner of the file', plan, '- [x] Task: One abc1234\n  - [ ] step\n- [x] Task: Two bf12271\n'],
    ['in brackets where the file has them', plan.replace('bf12271', '[bf12271]'), '- [x] Task: One [abc1234]\n  - [ ] step\n- [x] Task: Two [bf12271]\n'],
    ['in the place of another', plan.replace('One', 'One 0000001'), '- [x] Task: One abc1234\n  - [ ] step\n- [x] Task: Two bf12271\n'],
    ['before CR LF and blanks', '- [ ] Task: One  \r\n- [ ] Task: Two', '- [x] Task: One abc1234  \r\n- [ ] Task: Two'],
    ['at the end of the file', '- [ ] Task: One', '- [x] Task: One abc1234'],
  ])('%s', (_, text, expected) => expect(ticked(text, { state: 'done', sha: 'abc1234' })).toBe(expected));

  test('does not change what the task is', () => {
    const done = ticked(plan, { state: 'done', sha: 'abc1234' });
    expect(anchorOf(done, '#1')).toMatchObject({ title: 'One', textHash: anchorOf(plan, '#1').textHash, done: true });
    const open = tick(Buffer.from(done), anchorOf(plan, '#1'), { state: 'open' });
    expect(open.ok).toBe(true);
  });

  test('goes nowhere where a heading stands for the task', () => {
    expect(ticked('### Task 1.1: One\n- [ ] s\n', { state: 'done', sha: 'abc1234' }, '1.1')).toBe('### Task 1.1: One\n- [x] s\n');
  });
});

test('in progress, and not any more', () => {
  const active = ticked(plan, { state: 'active' });
  expect(active).toBe(plan.replace('- [ ] Task: One', '- [~] Task: One'));
  expect(ticked(active, { state: 'reset' })).toBe(plan);
  expect(ticked(plan, { state: 'active' }, '#2')).toBe(plan);
  expect(ticked(plan, { state: 'reset' }, '#2')).toBe(plan);
  expect(ticked('### Task 1.1: One\n- [ ] s\n', { state: 'active' }, '1.1')).toBe('### Task 1.1: One\n- [ ] s\n');
});
