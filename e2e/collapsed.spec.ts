/** A plan of more tasks than a graph can show: a box for each phase, its reasons, and single phases opened. */
import { join } from 'node:path';
import { problems } from './axe';
import { expect, inEachLook, shot, test } from './harness';
import { largeTasks } from './large-spec';

test('a plan of 1,200 tasks is drawn by phase, and a phase is opened and closed', async ({ launch, repo }, info) => {
  const folder = join(repo.dir, 'specs/002-large');
  await repo.write('specs/002-large/tasks.md', largeTasks(1200));
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '-m', 'Plan something large');
  const braid = await launch({ args: ['--spec', folder] });
  const { page } = braid;
  await page.getByRole('tab', { name: 'Plan', exact: true }).click();
  const graph = page.locator('.graph');
  await expect(page.locator('.plan-bar')).toContainText('1200 tasks, drawn by group');
  const setup = graph.getByRole('button', { name: /^Setup, 0 of 5 done/ });
  const foundational = graph.getByRole('button', { name: /^Foundational, 0 of 20 done.*waits for Setup/ });
  await expect(setup).toBeVisible();
  await foundational.hover();
  await expect(page.locator('.plan .reasons')).toContainText(/Foundational waits for Setup: section, tasks.md line \d+/);
  await expect(page.locator('.plan .reasons').getByRole('button', { name: /Remove/ })).toHaveCount(0);
  await page.mouse.move(2, 2);
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `groups-${look}`));
  // A task that is selected elsewhere is marked on the box that holds it.
  const list = page.getByRole('list', { name: 'Tasks' });
  await list.getByRole('listitem', { name: /^T0006\b/ }).click();
  await expect(foundational).toHaveClass(/is-holder/);
  await expect(graph.locator('.is-holder')).toHaveCount(1);
  await inEachLook(braid, (look) => shot(page, info, `holder-${look}`));
  await list.getByRole('listitem', { name: /^T0006\b/ }).locator('.task').click();
  await expect(graph.locator('.is-holder')).toHaveCount(0);
  await setup.click();
  await expect(page.locator('.react-flow__node[data-id="T0001"] .box')).toBeVisible();
  await expect(setup).toHaveCount(0);
  const reasons = page.locator('.plan .reasons');
  await page.mouse.move(2, 2);
  await expect(reasons).toContainText('Setup waits for no other group.');
  await expect(reasons).toContainText('Foundational waits for Setup');
  expect(/[\u0000-\u0008]/.test(await reasons.innerText())).toBe(false);
  await expect(graph.locator('.box.is-far')).toHaveCount(0);
  await shot(page, info, 'opened');
  await page.getByRole('button', { name: 'Close Setup' }).click();
  await expect(setup).toBeVisible();
  // A group that waits for another one says so when it is opened, by name.
  await foundational.click();
  await expect(page.getByRole('button', { name: 'Close Foundational' })).toBeVisible();
  await page.mouse.move(2, 2);
  await expect(reasons).toContainText('Foundational waits for Setup: section');
  await expect(reasons).not.toContainText('no other');
});
