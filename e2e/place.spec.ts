/** Tasks that an edit outside inserts above what a person looks at move nothing of it: in lists drawn whole and in parts, and in the rendered file. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './harness';
import { largeTasks } from './large-spec';

/** Where an element stands in its window, in px. */
const topOf = async (element: Locator): Promise<number> => Math.round((await element.boundingBox())?.y ?? Number.NaN);

/** Resolves when a list is at rest. */
async function atRest(box: Locator): Promise<void> {
  // The list is at rest when two looks in a row find the same.
  let last = -1;
  await expect.poll(async () => {
    const now = await box.evaluate((element) => element.scrollTop);
    const still = now === last;
    last = now;
    return still;
  }).toBe(true);
}

async function scrollBy(page: Page, box: Locator, down: number): Promise<void> {
  await box.hover();
  await page.mouse.wheel(0, down);
  await expect.poll(() => box.evaluate((element) => element.scrollTop)).toBeGreaterThan(down / 2);
  await atRest(box);
}

for (const count of [120, 1500]) {
  test(`of ${count} tasks those in sight stay where they are`, async ({ launch, repo }) => {
    const folder = join(repo.dir, 'specs/002-place');
    const path = join(folder, 'tasks.md');
    await repo.write('specs/002-place/tasks.md', largeTasks(count));
    await repo.git('add', '--all');
    await repo.git('commit', '-q', '-m', 'Plan something long');
    const { page } = await launch({ args: ['--spec', folder] });
    const panel = page.getByRole('complementary', { name: 'Auto Run' });
    await expect(panel).toContainText(`0 of ${count} done`);
    const seen = 'T0080';
    let inserted = 0;
    const insert = async (): Promise<void> => {
      inserted += 1;
      const more = Array.from({ length: 40 }, (_, index) => `- [ ] T9${inserted}${String(index).padStart(2, '0')} [P] Lay another foundation in src/more${inserted}/part${index}.ts`).join('\n');
      await writeFile(path, (await readFile(path, 'utf8')).replace('- [ ] T0006', `${more}\n- [ ] T0006`));
      await expect(panel).toContainText(`0 of ${count + inserted * 40} done`);
    };

    const row = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: new RegExp(`^${seen}`) });
    await scrollBy(page, page.locator('.checklist'), 3600);
    await expect(row).toBeVisible();
    await row.click();
    await expect(row).toHaveAttribute('aria-current', 'true');
    const inChecklist = await topOf(row);
    await insert();
    await expect.poll(() => topOf(row)).toBe(inChecklist);
    await expect(row).toHaveAttribute('aria-current', 'true');

    await page.getByRole('tab', { name: 'Plan', exact: true }).click();
    await page.getByRole('radiogroup', { name: 'Plan as' }).getByRole('radio', { name: 'List' }).click();
    const wave = page.locator('.wave-list').getByRole('button', { name: new RegExp(`^${seen}`) });
    await expect(async () => {
      await page.locator('.wave-list').hover();
      if (await wave.count() === 0) await page.mouse.wheel(0, 500);
      else await wave.scrollIntoViewIfNeeded();
      await atRest(page.locator('.wave-list'));
      await expect(wave).toBeInViewport({ timeout: 100 });
    }).toPass();
    await expect(wave).toHaveAttribute('aria-pressed', 'true');
    const inWaves = await topOf(wave);
    await insert();
    await expect.poll(() => topOf(wave)).toBe(inWaves);
    await expect(wave).toHaveAttribute('aria-pressed', 'true');

    await row.getByRole('button', { name: 'Go to line' }).click();
    const block = page.locator('.document-body').getByRole('listitem').filter({ hasText: `${seen} ` });
    await expect(block).toBeInViewport();
    await expect(page.locator('.document-body .part-text')).toHaveCount(0);
    const inDocument = await topOf(block);
    await insert();
    await expect(page.locator('.document-body .part-text')).toHaveCount(0);
    await expect.poll(() => topOf(block)).toBe(inDocument);
  });
}

for (const count of [30, 1200]) {
  test(`the line that was gone to stays marked when lines move: ${count} tasks`, async ({ launch, repo }) => {
    await repo.write('specs/002-place/tasks.md', largeTasks(count));
    await repo.git('add', '--all');
    await repo.git('commit', '-q', '-m', 'A spec');
    const path = join(repo.dir, 'specs/002-place/tasks.md');
    const { page } = await launch({ args: ['--spec', join(repo.dir, 'specs/002-place')] });
    const row = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T0012/ });
    await row.locator('.task').click();
    await row.getByRole('button', { name: 'Go to line' }).click();
    const target = page.locator('.document-body .is-target');
    await expect(target).toContainText('T0012');
    const line = Number(await target.getAttribute('data-line'));
    const more = Array.from({ length: 80 }, (_, index) => `Prose ${index}.`).join('\n');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/^# .*$/m, (title) => `${title}\n\n${more}`));
    await expect(target).toHaveAttribute('data-line', String(line + 81));
    await expect(target).toContainText('T0012');
  });
}
