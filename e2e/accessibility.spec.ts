/** axe finds nothing on the main screens, light and dark. */
import { problems } from './axe';
import { createGate, expect, shot, test } from './harness';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`${colorScheme}: empty, sample, merge`, async ({ launch, repo, scratch }, info) => {
    const gate = await createGate(scratch);
    await gate.open();
    const empty = await launch();
    await empty.page.emulateMedia({ colorScheme });
    await expect(empty.page.getByRole('button', { name: 'Choose spec folder…' }).first()).toBeVisible();
    expect(await problems(empty.page)).toEqual([]);
    await shot(empty.page, info, '1-empty');

    const { page } = await launch({ env: gate.env, args: ['--spec', `${repo.dir}/specs/001-greeting`, '--agent-command', gate.command] });
    await page.emulateMedia({ colorScheme });
    await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem')).toHaveCount(3);
    expect(await problems(page)).toEqual([]);
    await shot(page, info, '2-loaded');

    await page.getByRole('tab', { name: 'Plan', exact: true }).click();
    for (const face of ['Graph', 'Timeline', 'List']) {
      await page.getByRole('radiogroup', { name: 'Plan as' }).getByRole('radio', { name: face }).click();
      await page.locator('.plan').getByRole('button', { name: /^T001/ }).click();
      expect(await problems(page), face).toEqual([]);
    }
    await page.getByRole('tab', { name: 'Spec', exact: true }).click();
    await expect(page.locator('.document-body')).toContainText('T001');
    expect(await problems(page)).toEqual([]);

    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const merge = page.getByRole('dialog', { name: 'Merge' });
    await expect(merge).toBeVisible();
    expect(await problems(page)).toEqual([]);
    await shot(page, info, '3-merge');
    await merge.getByRole('button', { name: 'View diff' }).click();
    await expect(merge).toContainText('Write the English greeting');
    expect(await problems(page)).toEqual([]);
    await shot(page, info, '4-diff');
  });
}
