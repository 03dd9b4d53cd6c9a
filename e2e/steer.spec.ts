/** A person's hand on a run: menus and keys on tasks, answers, ways to pause and stop, checkpoints, and why things are as they are. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { createPuppets, type Puppets } from '../test/puppet';
import { problems } from './axe';
import { expect, inEachLook, shot, test } from './harness';
import { choose, runButton, taskRow } from './panel';

const spec = 'specs/001-greeting';
const menuItem = (page: Page, name: string) => page.getByRole('menuitem', { name: new RegExp(`^${name}`) });

let puppets: Puppets;
test.beforeEach(async () => { puppets = await createPuppets(); });
test.afterEach(() => puppets.cleanup());

test('a task is held, released, skipped and tried again by menu and by key, and says why it waits', async ({ launch, repo }, info) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' }, until: puppets.flag('go') } });
  const braid = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, spec), '--agent-command', puppets.command] });
  const { page } = braid;
  await page.getByRole('spinbutton', { name: 'Max parallel' }).fill('1');
  await page.getByRole('spinbutton', { name: 'Max parallel' }).press('Tab');
  await runButton(page).click();
  await puppets.waitFor(({ event }) => event === 'start');

  await taskRow(page, 'T002').click({ button: 'right' });
  const menu = page.getByRole('menu', { name: 'Actions for T002' });
  await expect(menu.getByRole('menuitem')).toHaveCount(6);
  await expect(menuItem(page, 'Run from here')).toContainText('A run is going on.');
  await expect(menu.getByRole('menuitem', { name: /^Retry(?! in)/ })).toHaveAttribute('aria-disabled', 'true');
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, async (look) => {
    // The menu closes when the window changes its size.
    if (!await menu.isVisible()) await taskRow(page, 'T002').click({ button: 'right' });
    await shot(page, info, `menu-${look}`);
  });
  // An unavailable entry says why and does nothing; Playwright would wait for it to become available.
  await menuItem(page, 'Run from here').click({ force: true });
  await expect(menu).toBeVisible();
  await menuItem(page, 'Hold').click();
  await expect(taskRow(page, 'T002')).toContainText('Held back by you');

  await taskRow(page, 'T002').focus();
  await page.keyboard.press('Shift+F10');
  await expect(menuItem(page, 'Release')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(taskRow(page, 'T002')).toBeFocused();
  await page.keyboard.press('ContextMenu');
  await menuItem(page, 'Release').click();
  await expect(taskRow(page, 'T002')).not.toContainText('Held back by you');

  await taskRow(page, 'T003').click();
  await expect(taskRow(page, 'T003')).toContainText('Has not started: waits for T001, T002.');
  await taskRow(page, 'T003').click();
  await taskRow(page, 'T002').focus();
  await page.keyboard.press('s');
  await expect(taskRow(page, 'T002')).toHaveAccessibleName(/Skipped/);
  await taskRow(page, 'T002').click();
  await expect(taskRow(page, 'T002')).toContainText('skipped by you');
  await inEachLook(braid, (look) => shot(page, info, `detail-${look}`));
  await taskRow(page, 'T002').getByRole('button', { name: 'Retry' }).click();
  await expect(taskRow(page, 'T002')).toHaveAccessibleName(/Open/);
  await expect(taskRow(page, 'T002')).toContainText('Has not started: all 1 agents are at work.');
  await puppets.release('go');
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
});

test('a task that asks is answered in its details, and the answer reaches its agent', async ({ launch, repo }, info) => {
  await puppets.plan({
    '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } },
    T001: { attempts: [{ write: {}, report: { status: 'needs-input', summary: 'Which English, British or American?' } }, {}] },
    T002: { until: puppets.flag('go') },
  });
  const braid = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, spec), '--agent-command', `${puppets.command} {{PROMPT}}`] });
  const { page } = braid;
  await runButton(page).click();
  await expect(taskRow(page, 'T001')).toHaveAccessibleName(/Blocked/);
  await taskRow(page, 'T001').click({ button: 'right' });
  await menuItem(page, 'Answer…').click();
  const field = page.getByRole('textbox', { name: 'Answer to T001' });
  await expect(field).toBeFocused();
  await expect(taskRow(page, 'T001')).toContainText('Which English, British or American?');
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `question-${look}`));
  await field.fill('British, please');
  await page.keyboard.press('Enter');
  await expect(taskRow(page, 'T001')).toHaveAccessibleName(/Done/);
  await puppets.release('go');
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
  const prompts = await repo.git('rev-parse', '--git-common-dir').then((dir) => join(repo.dir, dir, 'braid/runs'));
  const [run = ''] = await readdir(prompts);
  const texts = await Promise.all((await readdir(join(prompts, run, 'prompts'))).map((name) => readFile(join(prompts, run, 'prompts', name), 'utf8')));
  expect(texts.join('\n')).toContain('British, please');
});

test('a run starts from a task, this once', async ({ launch, repo }) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } } });
  const { page } = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, spec), '--agent-command', puppets.command] });
  await taskRow(page, 'T002').click({ button: 'right' });
  await menuItem(page, 'Run from here').click();
  const merge = page.getByRole('dialog', { name: 'Merge' });
  await merge.getByRole('button', { name: 'Keep' }).click();
  expect((await puppets.lines()).filter(({ event }) => event === 'start').map(({ task }) => task).sort()).toEqual(['T002', 'T003']);
  await runButton(page).click();
  await merge.getByRole('button', { name: 'Keep' }).click();
  expect((await puppets.lines()).filter(({ event }) => event === 'start').map(({ task }) => task)).toContain('T001');
});

test('a guided run waits at its checkpoint; it goes on, stops after what is at work, and says so', async ({ launch, repo }, info) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } }, T003: { until: puppets.flag('go') } });
  const braid = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, spec), '--agent-command', puppets.command] });
  const { page } = braid;
  const status = page.getByRole('status', { name: 'Run status' });
  await page.getByRole('button', { name: 'Options' }).click();
  await choose(page, 'Style', 'Guided');
  await page.getByRole('switch', { name: 'Follow edits' }).click();
  await inEachLook(braid, (look) => shot(page, info, `options-${look}`));
  await page.getByRole('button', { name: 'Options' }).click();
  await runButton(page).click();
  const notice = page.getByRole('alert').filter({ hasText: 'Checkpoint: Setup has ended: 2 tasks are done, 1 waits' });
  await expect(notice).toBeVisible();
  await expect(notice.getByRole('button', { name: 'Stop here' })).toBeVisible();
  await expect(status).toContainText('Waits for your word. Checkpoint: Setup has ended');
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `checkpoint-${look}`));
  await notice.getByRole('button', { name: 'Go on' }).click();
  await expect(notice).toBeHidden();
  await puppets.waitFor(({ event, task }) => event === 'start' && task === 'T003');

  await page.getByRole('button', { name: 'Ways to end the run' }).click();
  await inEachLook(braid, async (look) => {
    if (!await menuItem(page, 'Stop now').isVisible()) await page.getByRole('button', { name: 'Ways to end the run' }).click();
    await shot(page, info, `stop-${look}`);
  });
  await menuItem(page, 'Stop after current').click();
  await expect(status).toContainText('Stopping after what is at work: T003 in progress');
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeEnabled();
  await puppets.release('go');
  await expect(status).toContainText('3 of 3 done');
});

test('a debug run says its decisions in the Activity tab, which can be filtered', async ({ launch, repo }, info) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } } });
  const braid = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, spec), '--agent-command', puppets.command] });
  const { page } = braid;
  await page.getByRole('button', { name: 'Options' }).click();
  await choose(page, 'Style', 'Debug');
  await runButton(page).click();
  await page.getByRole('dialog', { name: 'Merge' }).getByRole('button', { name: 'Keep' }).click();
  await page.keyboard.press('Control+5');
  const list = page.getByRole('list', { name: 'Activity' });
  await expect(list.getByRole('listitem').filter({ hasText: 'T003 starts in' })).toContainText('T001, T002 are integrated');
  await page.getByRole('radiogroup', { name: 'Show' }).getByRole('radio', { name: 'Decisions' }).click();
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `activity-${look}`));
  await page.getByRole('searchbox', { name: 'Filter activity' }).fill('t002 starts');
  await expect(list.getByRole('button', { name: 'T002' })).toBeVisible();
  await list.getByRole('button', { name: 'T002' }).click();
  await expect(taskRow(page, 'T002')).toHaveAttribute('aria-current', 'true');
  await page.getByRole('searchbox', { name: 'Filter activity' }).fill('nothing like it');
  await expect(page.getByText('No entry fits')).toBeVisible();
});
