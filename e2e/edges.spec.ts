/** A person's hand on dependencies: circles that stop a run, undo and redo, and why nothing can be changed while a run goes on. */
import { join } from 'node:path';
import { problems } from './axe';
import { createGate, expect, inEachLook, shot, test } from './harness';

const folder = 'specs/003-circle';
const tasks = `# Tasks: Circle

## Phase 1: Setup

- [ ] T001 [P] Write the reader in src/reader.ts (depends on T003)
- [ ] T002 [P] Write the writer in src/writer.ts (depends on T001)
- [ ] T003 [P] Write the format in src/format.ts (depends on T002)
- [ ] T004 [P] Write the tests in test/all.ts
`;

test('a circle is drawn in the colour of danger, named by its path, stops Run, and can be opened from its banner', async ({ launch, repo }, info) => {
  await repo.write(`${folder}/tasks.md`, tasks);
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '-m', 'Plan a circle');
  const braid = await launch({ args: ['--spec', join(repo.dir, folder)] });
  const { page } = braid;
  await page.getByRole('tab', { name: 'Plan', exact: true }).click();
  const circles = page.getByRole('region', { name: 'Circles' });
  await expect(circles).toContainText('so no run can start');
  await expect(circles.locator('.circle b')).toHaveText(/^(T00[123] → ){3}T00[123]$/);
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page.locator('.react-flow__edge .line.is-cyclic')).toHaveCount(3);
  await expect(page.locator('.box.is-cyclic')).toHaveCount(3);
  await expect(page.locator('.react-flow__node[data-id="T001"] .box')).toHaveAccessibleName(/in a circle/);
  const run = page.getByRole('button', { name: 'Run', exact: true });
  await expect(run).toHaveAttribute('aria-disabled', 'true');
  await run.hover();
  await expect(page.getByRole('tooltip')).toContainText(/wait for each other: T00\d -> T00\d -> T00\d -> T00\d/);
  await page.mouse.move(2, 2);
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `circle-${look}`));

  // Also the list of diagnostics has it, with its code, and leads to the line.
  await page.getByRole('complementary', { name: 'Auto Run' }).getByRole('button', { name: /^1 error/ }).click();
  const told = page.getByRole('list', { name: 'Diagnostics' }).getByRole('button', { name: /plan-cycle/ });
  await expect(told).toContainText('Remove one of the dependencies.');
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `diagnostics-${look}`));
  await told.click();
  await expect(page.locator('.document-body .is-target')).toContainText(/depends on T00/);

  await page.getByRole('tab', { name: 'Plan', exact: true }).click();
  await circles.getByRole('button', { name: /^Remove the dependency/ }).click();
  await expect(circles).toBeHidden();
  await expect(page.locator('.react-flow__edge .line.is-cyclic')).toHaveCount(0);
  await expect(page.getByRole('status', { name: 'Just done' })).toContainText(/T00\d no longer waits for T00\d\./);
  await page.keyboard.press('Control+z');
  await expect(circles).toBeVisible();
});

test('words on dependencies are taken back and said again by key, without a false word in between; a run that goes on keeps its plan and says so', async ({ launch, repo, scratch }, info) => {
  const gate = await createGate(scratch);
  const braid = await launch({ env: gate.env, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', gate.command] });
  const { page } = braid;
  const row = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T002/ });
  const told = page.getByRole('status', { name: 'Just done' });
  await page.getByRole('tab', { name: 'Plan', exact: true }).click();
  // A row that is pointed at says what it waits for, beside itself; what is done elsewhere closes that.
  const card = page.locator('.task-card');
  const third = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T003/ });
  await third.hover();
  await expect(card).toContainText('Waits for T001');
  await card.hover();
  await expect(card).toBeVisible();
  await page.mouse.move(2, 2);
  await expect(card).toHaveCount(0);
  await third.hover();
  await expect(card).toContainText('T003 Write the list of greetings');
  await page.locator('.checklist').evaluate((element) => element.dispatchEvent(new Event('scroll')));
  await expect(card).toHaveCount(0);
  await row.click();
  // Whatever the row says while it changes is kept.
  await page.evaluate(`{
    const row = document.querySelector('[data-task="T002"]');
    window.said = '';
    new MutationObserver(() => { window.said += row.textContent; }).observe(row, { subtree: true, childList: true, characterData: true });
  }`);
  const waits = row.locator('.dependency', { hasText: 'T001' });
  const combobox = row.getByRole('combobox', { name: 'Add dependency' });
  await combobox.fill('T001');
  await page.getByRole('option', { name: /^T001/ }).click();
  await expect(waits).toContainText('you said so, certain');
  await expect(told).toContainText('T002 waits for T001 now.');
  await shot(page, info, 'told');
  await combobox.press('Control+z');
  await expect(waits).toHaveCount(0);
  await expect(told).toContainText('Your dependency of T002 on T001 is gone.');
  await page.keyboard.press('Control+Shift+Z');
  await expect(waits).toContainText('you said so');
  await told.getByRole('button', { name: 'Undo' }).click();
  await expect(waits).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(told).toContainText('No dependency was changed here.');
  const said = await page.evaluate<string>('window.said');
  expect(said).toContain('you said so');
  expect(said).not.toContain('would close a circle');

  // Every reason of the selected task is reached by keyboard, with its source, how sure it is, and Remove.
  await page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T003/ }).click();
  const reasons = page.getByRole('list', { name: 'Dependencies of T003' });
  await expect(reasons.getByRole('listitem').filter({ hasText: 'T003 waits for T001' })).toContainText(/line \d+.*(certain|likely)/);
  const remove = reasons.getByRole('button', { name: 'Remove the dependency of T003 on T001' });
  await page.getByRole('button', { name: 'Show all' }).focus();
  await expect(async () => {
    await page.keyboard.press('Tab');
    await expect(remove).toBeFocused({ timeout: 100 });
  }).toPass();
  await page.keyboard.press('Enter');
  await expect(told).toContainText('T003 no longer waits for T001.');
  await page.keyboard.press('Control+z');
  await expect(told).toContainText('T003 waits for T001 again, as the spec says.');

  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const field = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T003/ }).getByRole('combobox', { name: 'Add dependency' });
  await expect(field).toHaveAccessibleDescription(/Dependencies can be changed when it has ended/);
  await field.hover();
  await expect(page.getByRole('tooltip')).toContainText('A run of this spec is going on.');
  await shot(page, info, 'live');
  await gate.open();
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
});
