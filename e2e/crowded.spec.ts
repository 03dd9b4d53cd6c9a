/** A plan of many tasks behind a phase that is done: only what still decides is drawn and told first, and a task selected elsewhere can be read. */
import { join } from 'node:path';
import { expect, inEachLook, shot, test } from './harness';
import { taskRow } from './panel';

const line = (id: number, done: boolean, more = ''): string => `- [${done ? 'x' : ' '}] T${String(id).padStart(3, '0')} [P] Write part ${id} in src/part${id}.ts${more}`;
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const tasks = `# Tasks: Crowd

## Phase 1: Setup

${line(1, false)}

## Phase 2: Foundational

${numbers(2, 13).map((id) => line(id, true)).join('\n')}

## Phase 3: User Story 1 - Read (Priority: P1)

${numbers(14, 73).map((id) => line(id, false, id > 14 && id % 4 === 0 ? ` (depends on T${String(id - 1).padStart(3, '0')})` : '')).join('\n')}

## Dependencies & Execution Order

- **User Stories (Phase 3+)**: All depend on Foundational phase completion
`;

test('edges of what is done are drawn on demand, and a task that is selected in the list comes into a view that can be read', async ({ launch, repo }, info) => {
  await repo.write('specs/004-crowd/tasks.md', tasks);
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '-m', 'Plan the crowd');
  const braid = await launch({ args: ['--spec', join(repo.dir, 'specs/004-crowd')] });
  const { page } = braid;
  await page.getByRole('tab', { name: 'Plan', exact: true }).click();
  await page.getByRole('button', { name: 'Show all' }).click();
  const lines = page.locator('.react-flow__edge');
  const few = await lines.count();
  expect(few).toBeLessThan(100);
  await page.getByRole('switch', { name: 'All edges' }).click();
  await expect.poll(() => lines.count()).toBeGreaterThan(500);
  await page.getByRole('switch', { name: 'All edges' }).click();
  await expect.poll(() => lines.count()).toBe(few);

  await taskRow(page, 'T071').locator('.task').click();
  const box = page.locator('.react-flow__node[data-id="T071"] .box');
  await expect(box).toBeInViewport({ ratio: 1 });
  expect((await box.boundingBox())?.width).toBeGreaterThan(120);
  // What decides stands first; twelve of one reason and line that are done are one line, which opens.
  const waits = taskRow(page, 'T071').locator('.dependencies').first();
  await expect(waits.locator('.dependency').first()).toContainText('Waits for T001');
  const done = waits.locator('details').filter({ hasText: '12 that are done' });
  await expect(done).toHaveCount(1);
  await inEachLook(braid, async (look) => {
    await box.scrollIntoViewIfNeeded();
    await shot(page, info, look);
  });
  await done.locator('summary').click();
  await expect(done.locator('.dependency')).toHaveCount(12);
});
