/** What is looked at belongs to a spec: another one begins at its start, and the first is found again as it was left. */
import { join } from 'node:path';
import { expect, shot, test } from './harness';
import { largeTasks } from './large-spec';

test('graph and lists keep their places by spec, and all of a large graph can be shown', async ({ launch, repo }, info) => {
  await repo.write('specs/002-large/tasks.md', largeTasks(5000));
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '-m', 'Plan something large');
  const { page } = await launch({ args: ['--spec', join(repo.dir, 'specs/002-large')] });
  const specs = page.getByRole('list', { name: 'Specs' });
  const tasks = page.getByRole('list', { name: 'Tasks' });
  const checklist = page.locator('.checklist');
  const graph = page.locator('.graph');
  await page.getByRole('tab', { name: 'Plan', exact: true }).click();
  await expect(page.locator('.plan-bar')).toContainText('5000 tasks, drawn by group');
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page.locator('.react-flow__node')).toHaveCount(102);
  for (const box of [graph.getByRole('button', { name: /^Setup, / }), graph.getByRole('button', { name: /part 100 / })]) await expect(box).toBeInViewport({ ratio: 1 });
  await shot(page, info, 'all');
  const view = await page.locator('.react-flow__viewport').getAttribute('style');
  await checklist.evaluate((list) => list.scrollTo({ top: 9000 }));
  await expect(tasks.getByRole('listitem', { name: /^T0001/ })).not.toBeInViewport();

  await specs.getByRole('button', { name: /001-greeting/ }).click();
  await expect(tasks.getByRole('listitem', { name: /^T001/ })).toBeInViewport();
  await expect(page.locator('.react-flow__node[data-id="T001"] .box')).toBeInViewport({ ratio: 1 });
  await expect(page.locator('.react-flow__node')).toHaveCount(3);
  expect(await page.locator('.react-flow__viewport').getAttribute('style')).not.toBe(view);

  await specs.getByRole('button', { name: /002-large/ }).click();
  // Never the old spec under the new title.
  await expect(page.getByRole('heading', { name: 'Large', exact: true })).toBeVisible();
  expect(await page.getByText('Write the English greeting').count()).toBe(0);
  await expect(page.locator('.react-flow__node')).toHaveCount(102);
  expect(await page.locator('.react-flow__viewport').getAttribute('style')).toBe(view);
  await expect.poll(() => checklist.evaluate((list) => list.scrollTop)).toBeGreaterThan(8000);
});
