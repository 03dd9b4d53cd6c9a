/** Edits of the task file while a run goes on: every view counts the same, and says the same. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { createPuppets, type Puppets } from '../test/puppet';
import type { TempRepo } from '../test/temp-repo';
import { expect, inEachLook, shot, test } from './harness';
import { runButton, runStatus, taskRow } from './panel';

const folder = 'specs/003-edits';
const tasks = `# Tasks: Edits

## Phase 1: Setup

- [x] T001 Write the base in made/T001.txt
- [ ] T002 Write the names in made/T002.txt
- [ ] T003 Write the list in made/T003.txt

## Phase 2: Polish

- [ ] T004 Write the index in made/T004.txt
- [ ] T005 Write the end in made/T005.txt
`;

let puppets: Puppets;
test.beforeEach(async () => { puppets = await createPuppets(); });
test.afterEach(() => puppets.cleanup());

async function withSpec(repo: TempRepo, text: string): Promise<string> {
  await repo.write(`${folder}/tasks.md`, text);
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '-m', 'Plan the edits');
  return join(repo.dir, folder, 'tasks.md');
}

const edit = async (path: string, from: string, to: string): Promise<void> => writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
const inSidebar = (page: Page) => page.getByRole('list', { name: 'Specs' }).getByRole('button', { name: /003-edits/ });
const inPanel = (page: Page) => page.locator('.progress');
const inPlan = (page: Page) => page.locator('.plan-facts');

test('list of specs, panel, status and plan count the same while a run goes on and lines are deleted', async ({ launch, repo }, info) => {
  const path = await withSpec(repo, tasks);
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } }, T003: { until: puppets.flag('three') } });
  const braid = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, folder), '--agent-command', puppets.command] });
  const { page } = braid;
  await page.getByRole('tab', { name: 'Plan', exact: true }).click();
  await expect(inPlan(page)).toHaveText('4 open tasks, 4 waves, 1 lane, critical path of 4 tasks');
  await runButton(page).click();
  await puppets.waitFor(({ event, task }) => event === 'start' && task === 'T003');
  await expect(inPanel(page)).toContainText('2 of 5 done');
  await expect(inSidebar(page)).toContainText('2 / 5');
  await expect(runStatus(page)).toContainText('2 of 5 done, 1 of 4 in this run; T003 in progress.');
  await expect(inPlan(page)).toHaveText('2 of 5 done; 3 waves, 1 lane and a critical path of 3 tasks left');

  await edit(path, '- [ ] T005 Write the end in made/T005.txt\n', '');
  await expect(taskRow(page, 'T005')).toHaveAccessibleName(/Skipped/);
  await expect(inPanel(page)).toContainText('2 of 5 done');
  await expect(inSidebar(page)).toContainText('2 / 5');
  await expect(runStatus(page)).toContainText('2 of 5 done, 1 of 4 in this run, 1 skipped; T003 in progress.');
  await expect(inPlan(page)).toHaveText('2 of 5 done; 2 waves, 1 lane and a critical path of 2 tasks left');
  await inEachLook(braid, (look) => shot(page, info, look));

  await puppets.release('three');
  await page.getByRole('dialog', { name: 'Merge' }).getByRole('button', { name: 'Keep' }).click();
  await expect(inPanel(page)).toContainText('4 of 5 done');
  await expect(inSidebar(page)).toContainText('4 / 5');
  await expect(inPlan(page)).toHaveText('4 of 5 done');
});
