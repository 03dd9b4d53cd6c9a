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

const marked = `# Tasks: Edits

## Phase 1: Setup

- [ ] T001 Write the base in made/T001.txt
<!-- MAESTRO:HITL reason="Look at the base" -->
- [ ] T002 Write the names in made/T002.txt
- [ ] T003 Write the list in made/T003.txt
`;

test('a marker that is edited while the run asks about it is told of everywhere, and one that is gone asks nobody', async ({ launch, repo }, info) => {
  const path = await withSpec(repo, marked);
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } }, T003: { until: puppets.flag('three') } });
  const braid = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, folder), '--agent-command', puppets.command] });
  const { page } = braid;
  const question = (words: string) => page.getByRole('alert').filter({ hasText: words });
  await runButton(page).click();
  await expect(question('A person is needed before T002')).toContainText('Look at the base, line 6');
  await expect(inPanel(page)).toContainText('2 need you');
  await expect(runStatus(page)).toContainText('A person is needed before T002: Look at the base, line 6.');

  // Its first task is gone: the question is about the next one, in every place.
  await edit(path, '- [ ] T002 Write the names in made/T002.txt\n', '');
  await expect(question('A person is needed before T003')).toContainText('Look at the base, line 6');
  await expect(runStatus(page)).toContainText('A person is needed before T003: Look at the base, line 6.');
  await expect(taskRow(page, 'T003')).toHaveAccessibleName(/Needs you/);
  await expect(inPanel(page)).toContainText('1 needs you');
  await inEachLook(braid, (look) => shot(page, info, `next-${look}`));

  // The line moves with what is written above.
  await edit(path, '- [ ] T001', 'Read this first.\n\n- [ ] T001');
  await expect(question('A person is needed before T003')).toContainText('Look at the base, line 8');
  await expect(runStatus(page)).toContainText('A person is needed before T003: Look at the base, line 8.');

  await edit(path, '<!-- MAESTRO:HITL reason="Look at the base" -->\n', '');
  await puppets.waitFor(({ event, task }) => event === 'start' && task === 'T003');
  await expect(question('A person is needed')).toHaveCount(0);
  await expect(runStatus(page)).toContainText('1 of 3 done, 1 skipped; T003 in progress.');
  await page.getByRole('tab', { name: 'Activity', exact: true }).click();
  const activity = page.getByRole('tabpanel', { name: 'Activity' });
  await expect(activity).toContainText('The task file was edited: no person is needed before T003 any more.');

  // An edit of the task at work is told once, and a tick by hand is called one.
  await edit(path, '- [ ] T003', '- [x] T003');
  await expect(activity).toContainText('The task file was edited: T003 was ticked by hand while an agent works on it, which goes on.');
  await edit(path, '- [x] T003', '- [ ] T004 Write the end in made/T004.txt\n- [x] T003');
  await expect(activity).toContainText('The task file was edited: T004 was added and is not part of this run.');
  await expect(activity.getByText('T003 was ticked by hand')).toHaveCount(1);
  await inEachLook(braid, (look) => shot(page, info, `activity-${look}`));
  await puppets.release('three');
  await page.getByRole('dialog', { name: 'Merge' }).getByRole('button', { name: 'Keep' }).click();
});

test('below another spec the run that goes on is named, with the way there', async ({ launch, repo }, info) => {
  await withSpec(repo, tasks);
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' }, until: puppets.flag('go') } });
  const braid = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, folder), '--agent-command', puppets.command] });
  const { page } = braid;
  await runButton(page).click();
  await puppets.waitFor(({ event }) => event === 'start');
  await page.getByRole('list', { name: 'Specs' }).getByRole('button', { name: /001-greeting/ }).click();
  await expect(taskRow(page, 'T001')).toContainText('English greeting');
  await expect(runStatus(page)).toContainText('A run of 003-edits is going on.');
  await inEachLook(braid, (look) => shot(page, info, look));
  await page.getByRole('button', { name: 'Pause', exact: true }).hover();
  await expect(page.getByRole('tooltip')).toContainText('The run of 003-edits: Let tasks in progress end');
  await page.getByRole('button', { name: 'Show 003-edits' }).click();
  await expect(taskRow(page, 'T002')).toContainText('Write the names');
  await expect(runStatus(page)).toContainText('1 of 5 done');
  await puppets.release('go');
  await page.getByRole('dialog', { name: 'Merge' }).getByRole('button', { name: 'Keep' }).click();
});
