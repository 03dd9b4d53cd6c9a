import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { begun, runAfter, runTask, told } from '../../../../test/run-state';
import { createTempRepo, rawGit, valueOf, type TempRepo } from '../../../../test/temp-repo';
import type { RunEventDraft } from '../../../shared/events';
import { openRepository } from '../git/repository';
import { addWorktree } from '../git/worktrees';
import { salvageOf } from './salvage';

let temp: TempRepo;
beforeEach(async () => {
  temp = await createTempRepo();
  await temp.write('specs/001-demo/tasks.md', '- [ ] T001 One\n');
  await temp.git('add', '-A');
  await temp.git('commit', '-q', '-m', 'first');
});
afterEach(() => temp.cleanup());

const lane = (id: string): string => `${temp.dir}.worktrees/${id.toLowerCase()}`;

async function interrupted(id: string, base: string): Promise<readonly RunEventDraft[]> {
  const name = id.toLowerCase();
  valueOf(await addWorktree({ root: temp.dir }, { path: lane(id), branch: `lane/${name}`, from: base }));
  return [{ type: 'lane.opened', lane: name, branch: `lane/${name}`, worktree: lane(id) }, told.started(id), told.ended(id, 'interrupted')];
}

test('commits, changed files and uncommitted files of each lost task are counted, and nothing is touched', async () => {
  const base = await temp.git('rev-parse', 'HEAD');
  const events = [...await interrupted('T001', base), ...await interrupted('T002', base), ...await interrupted('T003', base)];
  await mkdir(join(lane('T001'), 'src'));
  await writeFile(join(lane('T001'), 'src/a.ts'), 'a\n');
  await writeFile(join(lane('T001'), 'src/b.ts'), 'b\n');
  // A tick is the app's own affair and no work.
  await writeFile(join(lane('T001'), 'specs/001-demo/tasks.md'), '- [x] T001 One\n');
  await rawGit(lane('T001'), ['add', '-A']);
  await rawGit(lane('T001'), ['commit', '-q', '-m', 'work']);
  await writeFile(join(lane('T001'), 'src/c.ts'), 'c\n');
  await rm(lane('T003'), { recursive: true });
  const first = begun(['T001', 'T002', 'T003', 'T004'].map((id) => runTask(id)));
  const run = runAfter({ ...first, ...(first.type === 'run.started' ? { baseCommit: base } : {}) }, ...events, told.over('interrupted'));
  const repo = valueOf(await openRepository(temp.dir));
  const found = valueOf(await salvageOf(repo, run));
  expect(found).toEqual([
    { task: 'T001', lane: 't001', branch: 'lane/t001', commits: 1, files: 2, uncommitted: 1, worktree: lane('T001'), problem: '' },
    { task: 'T002', lane: 't002', branch: 'lane/t002', commits: 0, files: 0, uncommitted: 0, worktree: lane('T002'), problem: '' },
    { task: 'T003', lane: 't003', branch: 'lane/t003', commits: 0, files: 0, uncommitted: 0, worktree: null, problem: '' },
  ]);
  expect(await rawGit(lane('T001'), ['status', '--porcelain'])).toBe('?? src/c.ts');
  // A lane that git cannot look into says so, and nothing of the others.
  await writeFile(join(lane('T002'), '.git'), 'nothing that git reads');
  expect(valueOf(await salvageOf(repo, run))).toEqual([found[0], { ...found[1], problem: expect.stringContaining('git') }, found[2]]);
});
