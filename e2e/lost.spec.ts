/** A task file that is deleted or spoiled while its spec is open: said by its name where the tasks were, and all is back with it. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problems } from './axe';
import { expect, inEachLook, shot, test } from './harness';

test('a lost task file is named, nothing can run, and what was selected is back when it is', async ({ launch, repo }, info) => {
  const folder = join(repo.dir, 'specs/001-greeting');
  const path = join(folder, 'tasks.md');
  const braid = await launch({ args: ['--spec', folder] });
  const { page } = braid;
  const panel = page.getByRole('complementary', { name: 'Auto Run' });
  const row = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T002/ });
  const lost = panel.getByRole('alert').filter({ hasText: 'tasks.md cannot be read any more.' });
  const text = await readFile(path);
  await page.getByRole('tab', { name: 'Plan', exact: true }).click();
  await row.click();

  await rename(path, join(repo.dir, 'away.md'));
  await expect(lost).toContainText('It was deleted or moved.');
  await expect(panel).not.toContainText('Commit these files');
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toHaveAttribute('aria-disabled', 'true');
  await expect(page.locator('.react-flow')).toHaveCount(0);
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `lost-${look}`));
  await lost.getByRole('button', { name: 'Retry' }).click();
  await expect(lost).toBeVisible();
  await rename(join(repo.dir, 'away.md'), path);
  await expect(row).toHaveAttribute('aria-current', 'true');
  await expect(page.locator('.react-flow__node[data-id="T002"] .box')).toHaveAttribute('aria-pressed', 'true');

  // Spoiled: a program wrote something else into it.
  await writeFile(path, Buffer.alloc(4096));
  await expect(lost).toContainText('cannot be read as a task list');
  await writeFile(path, text);
  await expect(row).toHaveAttribute('aria-current', 'true');

  // The whole folder, as when another branch is checked out.
  const aside = join(repo.dir, 'aside');
  await rename(folder, aside);
  await expect(lost).toBeVisible();
  await page.getByRole('tab', { name: 'Spec', exact: true }).click();
  await expect(page.getByRole('main')).toContainText('tasks.md cannot be read any more.');
  await page.keyboard.press('Control+B');
  await expect(page.getByRole('main').getByRole('button', { name: 'Retry' }).first()).toBeVisible();
  await page.keyboard.press('Control+B');
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(repo.dir, 'specs'), { recursive: true });
  await rename(aside, folder);
  await expect(row).toHaveAttribute('aria-current', 'true');
  // It is watched again.
  await writeFile(path, text.toString('utf8').replace('- [ ] T001', '- [x] T001'));
  await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T001/ }).getByRole('checkbox')).toBeChecked();
});
