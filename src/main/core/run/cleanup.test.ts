import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { begun, runTask, stamped, told } from '../../../../test/run-state';
import { createTempRepo, valueOf, type TempRepo } from '../../../../test/temp-repo';
import type { RunEvent, RunEventDraft } from '../../../shared/events';
import { openRepository, resolveIdentity, type Repository } from '../git/repository';
import { loadRun, runFolder } from '../state/run-folder';
import { planCleanup } from './cleanup';
import { performStep } from './cleanup-perform';

const id = 'r-250305-100000-abcd';
const began = new Date('2025-03-05T10:00:00.000Z');
const after = (days: number): Date => new Date(began.getTime() + days * 86_400_000);
const landed: RunEventDraft = { type: 'run.landed', commit: 'c', tag: 't' };
let temp: TempRepo;
let repo: Repository;

beforeEach(async () => {
  temp = await createTempRepo();
  await temp.write('a.txt', 'a\n');
  await temp.git('add', '-A');
  await temp.git('commit', '-qm', 'first');
  repo = valueOf(await openRepository(temp.dir));
});
afterEach(() => temp.cleanup());

/** A run of that day on disk, with one log of its one lane. */
async function past(...drafts: readonly RunEventDraft[]): Promise<string> {
  const { journal, logs } = runFolder(repo.commonDir, id);
  await mkdir(logs, { recursive: true });
  // The first event keeps its type: only its commit is another.
  const events: RunEvent[] = [{ ...begun([runTask('T001')]), baseCommit: await temp.git('rev-parse', 'HEAD') } as RunEvent, ...drafts.map(stamped)];
  await writeFile(journal, events.map((event) => `${JSON.stringify({ ...event, run: id })}\n`).join(''));
  await writeFile(join(logs, 't001.log'), 'output\n'.repeat(1000));
  await utimes(join(logs, 't001.log'), began, began);
  return logs;
}

const plan = async (days: number, force = false): Promise<readonly string[]> => valueOf(await planCleanup(repo, { now: after(days), force })).steps.map((step) => step.kind);

async function clean(days: number): Promise<void> {
  const identity = valueOf(await resolveIdentity(repo));
  for (const step of valueOf(await planCleanup(repo, { now: after(days), force: false })).steps) valueOf(await performStep(repo, step, { identity, now: after(days), env: process.env }));
}

test.each<[string, number, readonly string[], readonly RunEventDraft[]]>([
  ['ended well', 6.9, [], [told.over('done'), landed]],
  ['ended well', 7.1, ['compress-log'], [told.over('done'), landed]],
  ['ended well', 29.9, ['compress-log'], [told.over('done'), landed]],
  ['ended well', 30.1, ['delete-log'], [told.over('done'), landed]],
  ['failed', 30.1, ['compress-log'], [told.over('failed'), { type: 'run.abandoned' }]],
  ['failed', 89.9, ['compress-log'], [told.over('failed'), { type: 'run.abandoned' }]],
  ['failed', 90.1, ['delete-log'], [told.over('failed'), { type: 'run.abandoned' }]],
  ['was stopped', 6.9, [], [told.over('interrupted')]],
  ['was stopped', 7.1, ['compress-log', 'set-aside'], [told.over('interrupted')]],
  ['lost its process', 7.1, ['compress-log', 'set-aside'], [told.opened('T001'), told.started('T001')]],
])('of a run that %s: after %s days %j', async (_name, days, kinds, drafts) => {
  await past(...drafts);
  expect([...await plan(days)].sort()).toEqual(kinds);
});

test('a log is compressed once, keeps its age, and is deleted by it', async () => {
  const logs = await past(told.over('done'), landed);
  await clean(8);
  expect(await readdir(logs)).toEqual(['t001.log.gz']);
  expect(await plan(9)).toEqual([]);
  await clean(31);
  expect(await readdir(logs)).toEqual([]);
});

test('a run that lost its process and is given up is set aside, and asked about no more', async () => {
  await past(told.opened('T001'), told.started('T001'));
  await clean(8);
  const run = valueOf(await loadRun(repo.commonDir, id));
  expect(run).toMatchObject({ state: 'abandoned', tasks: { T001: { state: 'interrupted' } } });
  expect(await plan(100)).toEqual(['delete-log']);
});

test('what only age decides is not hurried by force', async () => {
  await past(told.over('interrupted'));
  expect(await plan(3, true)).toEqual([]);
});
