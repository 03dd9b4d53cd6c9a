import { expect, test } from 'vitest';
import { checkpointLines } from './checkpoint-lines';
import { markCheckpoint } from './checkpoint-mark';

test.each([
  ['bold, the colon outside', '**Checkpoint**: Story 1 works by itself', 'Checkpoint: Story 1 works by itself'],
  ['bold, the colon inside', '**Checkpoint:** Foundation ready', 'Checkpoint: Foundation ready'],
  ['plain', 'Checkpoint: look at it', 'Checkpoint: look at it'],
])('a checkpoint as text: %s', (_, line, title) => {
  expect(checkpointLines(`# Tasks\n\n${line}\n`)).toEqual([{ title, line: 3 }]);
});

test.each(['- [ ] Checkpoint: a box is a gate already', '## Checkpoint: a heading', '```\nCheckpoint: code\n```', 'Checkpoints: many', '**Checkpoint**:'])('no checkpoint: %s', (text) => {
  expect(checkpointLines(`${text}\n`)).toEqual([]);
});

const mark = { phases: ['Setup', 'Work'], sha: '1a2b3c4' };

test('a track records the checkpoint in the headings of its phases, and nowhere twice', () => {
  const plan = Buffer.from('# Plan\r\n\r\n## Phase 1: Setup  \r\n- [x] Task: a\r\n\r\n## Phase 2: Work [checkpoint: 7654321]\r\n- [x] Task: b\r\n\r\n## Phase 3: Setup later\r\n');
  const marked = markCheckpoint(plan, mark);
  expect(marked.toString()).toBe('# Plan\r\n\r\n## Phase 1: Setup [checkpoint: 1a2b3c4]\r\n- [x] Task: a\r\n\r\n## Phase 2: Work [checkpoint: 7654321]\r\n- [x] Task: b\r\n\r\n## Phase 3: Setup later\r\n');
  expect(markCheckpoint(marked, mark)).toEqual(marked);
});

test.each([['no such phase', Buffer.from('## Phase 1: Other\n')], ['not UTF-8', Buffer.from([0x23, 0x23, 0x20, 0xff, 0x0a])]])('a plan stays byte for byte where there is %s', (_, plan) => {
  expect(markCheckpoint(plan, mark)).toBe(plan);
});
