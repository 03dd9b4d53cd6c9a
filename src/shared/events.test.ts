import { expect, test } from 'vitest';
import { runEventSchema } from './events';
import { runOptionsSchema } from './options';

test('a journal from before tasks had durations is read: each then counts as a median task', () => {
  const task = { id: 'T1', title: 'x', file: 'tasks.md', line: 1, textHash: '', dependsOn: [], conflictsWith: [], remaining: 3, lane: 'a', story: null, phase: null, exclusive: false };
  const event = {
    type: 'run.started', at: '', run: 'r', spec: 's', specTitle: 's', specFolder: '/s', dialect: 'speckit', repo: '/r', specPath: 's', taskFiles: [], specIgnored: false, base: 'main', baseCommit: 'b',
    integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({}), waves: [], slots: 4,
  };
  expect(runEventSchema.parse({ ...event, tasks: [task] })).toMatchObject({ tasks: [{ id: 'T1', weight: 1 }] });
  expect(runEventSchema.safeParse({ ...event, tasks: [{ ...task, weight: 0 }] }).success).toBe(false);
});
