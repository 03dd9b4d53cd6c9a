/** A field of the options that cannot be as it stands: nothing starts with what stood there before. */
import { join } from 'node:path';
import { expect, inEachLook, shot, test } from './harness';

test('a run does not start with a selection or a number that is wrong', async ({ launch, repo }, info) => {
  const braid = await launch({ args: ['--spec', join(repo.dir, 'specs/001-greeting')] });
  const { page } = braid;
  const run = page.getByRole('button', { name: 'Run', exact: true });
  const status = page.getByRole('status', { name: 'Run status' });
  await page.getByRole('combobox', { name: 'Agent' }).click();
  await page.getByRole('option', { name: /demo/ }).click();
  await expect(status).toContainText('Ready: 3 open tasks');
  await page.getByRole('button', { name: 'Options' }).click();
  const only = page.getByRole('textbox', { name: 'Only tasks' });
  const from = page.getByRole('textbox', { name: 'From task' });
  const first = page.locator('.task-item').first();

  await only.fill('T001, NOPE');
  await expect(status).toContainText('Only tasks: NOPE is no task of this spec. No run starts before that is mended.');
  await expect(run).toHaveAttribute('aria-disabled', 'true');
  await expect(page.locator('.options .field-wrong')).toBeInViewport({ ratio: 1 });
  await expect(only).toHaveAttribute('aria-invalid', 'true');
  await expect(from).toHaveAttribute('aria-invalid', 'false');
  await inEachLook(braid, (look) => shot(page, info, `only-${look}`));
  await run.click({ force: true });
  await page.keyboard.press('Control+Enter');
  await expect(only).toBeFocused();
  // Closing the form does not hide what is wrong; the shortcut leads back to it.
  await page.getByRole('button', { name: 'Options' }).click();
  await expect(only).toHaveCount(0);
  await expect(run).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Control+Enter');
  await expect(only).toBeFocused();
  await expect(only).toHaveValue('T001, NOPE');
  await first.click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: /from here/i })).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Escape');
  await only.focus();
  await page.keyboard.press('Escape');
  await expect(only).toHaveValue('');
  await expect(status).toContainText('Ready: 3 open tasks');

  await from.fill('T00');
  await expect(from).toHaveAttribute('aria-invalid', 'true');
  await expect(only).toHaveAttribute('aria-invalid', 'false');
  await expect(status).toContainText('From task: T00 is no task of this spec.');
  await from.fill('T002');
  await expect(status).toContainText('Ready: ');
  await from.fill('');

  for (const [name, text, said] of [['Max parallel', '100', 'A whole number from 1 to 64 is needed.'], ['Retries', '', 'A whole number from 0 to 10 is needed.'], ['Timeout in seconds', '-1', 'A whole number from 0 to 604,800 is needed.'], ['Max cost in US dollars', '0', 'It must be above 0.']] as const) {
    const field = page.getByRole('spinbutton', { name });
    await field.fill(text);
    await field.blur();
    await expect(field, name).toHaveAttribute('aria-invalid', 'true');
    await expect(status).toContainText(`${name}: ${said}`);
    await expect(run).toHaveAttribute('aria-disabled', 'true');
    if (name === 'Max parallel') await inEachLook(braid, (look) => shot(page, info, `parallel-${look}`));
    await field.focus();
    await page.keyboard.press('Escape');
    await expect(field).toHaveAttribute('aria-invalid', 'false');
  }
  await expect(status).toContainText('Ready: 3 open tasks');
  await expect(run).not.toHaveAttribute('aria-disabled', 'true');
  expect(await repo.git('branch', '--list', 'braid/*')).toBe('');
});
