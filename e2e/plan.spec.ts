/** The Plan tab: a graph that explains itself, predicted beside actual times, one selection in every view, edges of the person's own. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import type { TempRepo } from '../test/temp-repo';
import { expect, inEachLook, shot, test } from './harness';

const folder = 'specs/002-shop';
const tasks = `# Tasks: Shop

## Phase 1: Setup

- [x] T001 Create the project in package.json
- [ ] T002 [P] Configure the linter in lint.config.js

## Phase 2: Foundational

- [ ] T003 Create the schema of the database with its migrations in src/db/schema.ts
- [ ] T004 [P] Add the router in src/router.ts

## Phase 3: User Story 1 - Browse the products (Priority: P1)

- [ ] T005 [P] [US1] Model of a product in src/models/product.ts
- [ ] T006 [P] [US1] List of products with filters in src/pages/list.tsx
- [ ] T007 [US1] Page of one product in src/pages/detail.tsx (depends on T005, T006)

## Phase 4: User Story 2 - Order a product (Priority: P2)

- [ ] T008 [P] [US2] Model of an order in src/models/order.ts
- [ ] T009 [US2] Service that takes orders in src/services/order.ts (depends on T008)
- [ ] T010 [P] [US2] Button that orders from the list in src/pages/list.tsx

## Phase 5: Polish

- [ ] T011 Write the documentation in docs/index.md

## Dependencies & Execution Order

- **Setup (Phase 1)**: No dependencies
- **Foundational (Phase 2)**: Depends on Setup completion
- **User Stories (Phase 3+)**: All depend on Foundational phase completion
  - User stories can then proceed in parallel
- **Polish (Phase 5)**: Depends on all user stories
`;

async function withShop(repo: TempRepo): Promise<string> {
  await repo.write(`${folder}/tasks.md`, tasks);
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '-m', 'Plan the shop');
  return join(repo.dir, folder);
}

/** The pages of a window can be made as large as a person would make them. */
async function resize(app: ElectronApplication, width: number, height: number): Promise<void> {
  await app.evaluate(({ BrowserWindow }, size) => { BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height); }, { width, height });
}

const face = (page: Page, name: string) => page.getByRole('radiogroup', { name: 'Plan as' }).getByRole('radio', { name });
const box = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"] .box`);
const reasons = (page: Page) => page.locator('.plan .reasons');

/** Only what is in sight is drawn, so all of the graph is brought into sight. */
async function openWholeGraph(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Plan', exact: true }).click();
  await page.getByRole('button', { name: 'Show all' }).click();
}

/** Moves the mouse onto the middle of the line between two tasks. */
async function pointAtLine(page: Page, task: string, dependsOn: string): Promise<void> {
  const line = page.locator(`.react-flow__edge[data-id='${JSON.stringify([task, dependsOn])}'] .react-flow__edge-interaction`);
  const middle = await line.evaluate((element) => {
    // The interaction path of an edge is an SVG path.
    const path = element as unknown as { getTotalLength(): number; getPointAtLength(at: number): { matrixTransform(matrix: unknown): { x: number; y: number } }; getScreenCTM(): unknown };
    const { x, y } = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
    return { x, y };
  });
  await page.mouse.move(middle.x, middle.y);
}

test('the graph has waves as columns, marks the critical path, and says why each line is there', async ({ launch, repo }, info) => {
  const { page } = await launch({ args: ['--spec', await withShop(repo)] });
  await openWholeGraph(page);
  await expect(box(page, 'T011')).toBeVisible();
  const places = await page.locator('.react-flow__node').evaluateAll((nodes) => nodes.map((node) => ({ id: node.getAttribute('data-id') ?? '', x: Math.round(node.getBoundingClientRect().x) })));
  const columns = [...new Set(places.map(({ x }) => x))].sort((a, b) => a - b).map((x) => places.filter((place) => place.x === x).map(({ id }) => id).sort());
  expect(columns).toEqual([['T001'], ['T002'], ['T003'], ['T004'], ['T005', 'T006', 'T008'], ['T007', 'T009'], ['T010'], ['T011']]);
  await expect(page.locator('.heading b')).toHaveText(['Done', ...Array.from({ length: 7 }, (_, index) => `Wave ${index + 1}`)]);
  const critical = await page.locator('.react-flow__node:has(.box.is-critical)').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-id')));
  expect([...critical].sort()).toEqual(['T002', 'T003', 'T004', 'T008', 'T009', 'T010', 'T011']);
  await expect(box(page, 'T011')).toHaveAccessibleName(/on the critical path/);

  await pointAtLine(page, 'T007', 'T005');
  await expect(reasons(page)).toContainText('T007 waits for T005: explicit, line 17');
  await shot(page, info, 'line');
  await page.mouse.move(2, 2);
  await expect(reasons(page)).toContainText('Point at a line');

  // By keyboard: one tab stop, arrows walk, the reasons follow.
  await page.getByRole('application', { name: 'Plan graph' }).or(page.getByLabel('Plan graph')).first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(box(page, 'T002')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T002/ })).toHaveAttribute('aria-current', 'true');

  await box(page, 'T010').click();
  await expect(reasons(page)).toContainText('never run at the same time');
  await expect(reasons(page)).toContainText('src/pages/list.tsx');
  await box(page, 'T009').click();
  await reasons(page).getByRole('listitem').filter({ hasText: 'waits for T008' }).getByRole('button', { name: 'Go to line' }).click();
  await expect(page.getByRole('tab', { name: 'Spec', exact: true })).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('.document-body .is-target')).toContainText('Service that takes orders');
  await shot(page, info, 'go-to-line');
});

test('an edit outside changes every view at once and takes neither selection nor place', async ({ launch, repo }) => {
  const path = join(await withShop(repo), 'tasks.md');
  const { app, page } = await launch({ args: ['--spec', join(repo.dir, folder)] });
  await resize(app, 1100, 640);
  await openWholeGraph(page);
  const items = page.getByRole('list', { name: 'Tasks' });
  await box(page, 'T007').click();
  await expect(items.getByRole('listitem', { name: /^T007/ })).toHaveAttribute('aria-current', 'true');
  const list = page.locator('.checklist');
  await list.evaluate((element) => { element.scrollTop = 90; });
  const view = (): Promise<string | null> => page.locator('.react-flow__viewport').getAttribute('style');
  const [place, top] = [await view(), await list.evaluate((element) => element.scrollTop)];
  const edit = async (change: (text: string) => string): Promise<void> => writeFile(path, change(await readFile(path, 'utf8')));

  await edit((text) => text.replace('- [ ] T011', '- [ ] T012 Add a page of answers in docs/answers.md\n- [ ] T011').replace('- [ ] T002', '- [x] T002'));
  await expect(box(page, 'T012')).toBeAttached();
  await expect(items.getByRole('listitem', { name: /^T012/ })).toBeAttached();
  await expect(items.getByRole('listitem', { name: /^T002/ }).getByRole('checkbox')).toBeChecked();
  await expect(box(page, 'T007')).toHaveAttribute('aria-pressed', 'true');
  expect([await view(), await list.evaluate((element) => element.scrollTop)]).toEqual([place, top]);

  await face(page, 'Timeline').click();
  await expect(page.locator('.chart .bar').filter({ hasText: 'T012' })).toBeVisible();
  await expect(page.locator('.chart .bar[aria-pressed="true"]')).toHaveText('T007');
  await edit((text) => text.replace('- [ ] T012', '- [x] T012'));
  await expect(page.locator('.chart .bar').filter({ hasText: 'T012' })).toHaveCount(0);
  await expect(page.locator('.chart .bar[aria-pressed="true"]')).toHaveText('T007');
  expect(await list.evaluate((element) => element.scrollTop)).toBe(top);
});

test('the checklist stands under phases or stories', async ({ launch, repo }, info) => {
  const { page } = await launch({ args: ['--spec', await withShop(repo)] });
  const headings = page.getByRole('group', { name: 'Phases' }).getByRole('button');
  await expect(headings).toHaveCount(5);
  await page.getByRole('radiogroup', { name: 'Group tasks by' }).getByRole('radio', { name: 'Story' }).click();
  await expect(headings).toHaveText([/No story/, /US1: .*Browse the products/, /US2: .*Order a product/]);
  await shot(page, info, 'stories');
  await page.getByRole('radiogroup', { name: 'Group tasks by' }).getByRole('radio', { name: 'Phase' }).click();
  await expect(headings).toHaveCount(5);
});

test('an edge is added and removed in the window, and both can be taken back', async ({ launch, repo }, info) => {
  const { page } = await launch({ args: ['--spec', await withShop(repo)] });
  await openWholeGraph(page);
  const line = (task: string, dependsOn: string) => page.locator(`.react-flow__edge[data-id='${JSON.stringify([task, dependsOn])}']`);
  await box(page, 'T010').click();
  const detail = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T010/ });
  await detail.getByRole('combobox', { name: 'Add dependency' }).fill('T006');
  await page.getByRole('option', { name: /^T006/ }).click();
  await expect(line('T010', 'T006')).toBeAttached();
  await expect(reasons(page)).toContainText('T010 waits for T006: yours');
  await shot(page, info, 'added');
  await reasons(page).getByRole('button', { name: 'Undo your dependency of T010 on T006' }).click();
  await expect(line('T010', 'T006')).toHaveCount(0);

  await box(page, 'T009').click();
  await reasons(page).getByRole('button', { name: 'Remove the dependency of T009 on T008' }).click();
  await expect(line('T009', 'T008')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo your word on T008' }).click();
  await expect(line('T009', 'T008')).toBeAttached();
  expect(await repo.git('status', '--porcelain')).toBe('');
});

test('a selection of tasks has its own waves, critical path and mode, and starts nothing else', async ({ launch, repo }, info) => {
  const braid = await launch({ args: ['--spec', await withShop(repo)], env: { BRAID_DEMO_SPEED: '1' } });
  const { page } = braid;
  await page.getByRole('tab', { name: 'Plan', exact: true }).click();
  const facts = page.locator('.plan-facts');
  await expect(facts).toContainText('10 open tasks, 7 waves');
  await page.getByRole('button', { name: 'Options' }).click();
  const only = page.getByRole('textbox', { name: 'Only tasks' });
  await only.fill('T002, T003, T999');
  await expect(page.locator('.options .field-wrong')).toHaveText('T999 is no task of this spec.');
  await expect(facts).toContainText('10 open tasks, 7 waves');
  await only.fill('T002, T003');
  await expect(facts).toContainText('2 open tasks asked for of 10, 2 waves, 1 lane, critical path of 2 tasks');
  await expect(page.locator('.react-flow__node .box.is-critical')).toHaveCount(2);
  await expect(page.locator('.react-flow__node[data-id="T005"]')).toHaveCount(0);
  await expect(page.getByRole('status', { name: 'Run status' })).toContainText('Ready: 2 open tasks in 2 waves.');
  await expect(page.locator('.options')).toContainText('Recommended: single. Only 2 open tasks');
  await page.getByRole('textbox', { name: 'From task' }).fill('T003');
  await expect(facts).toContainText('1 open task asked for of 10');
  await inEachLook(braid, (look) => shot(page, info, `selection-${look}`));
  // Another spec begins with all of its tasks.
  await page.getByRole('list', { name: 'Specs' }).getByRole('button', { name: /001-greeting/ }).click();
  await expect(facts).toContainText('3 open tasks, 2 waves');
  await expect(only).toHaveValue('');
});

test('the timeline shows predicted and actual times of a run', async ({ launch, repo }, info) => {
  const { page } = await launch({ args: ['--spec', await withShop(repo)], env: { BRAID_DEMO_SPEED: '1' } });
  await page.getByRole('tab', { name: 'Plan', exact: true }).click();
  await face(page, 'Timeline').click();
  const predicted = page.getByRole('region', { name: 'Predicted' });
  await expect(predicted.getByRole('button')).toHaveCount(10);
  await page.getByRole('combobox', { name: 'Agent' }).click();
  await page.getByRole('option', { name: /demo/ }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const actual = page.getByRole('region', { name: 'Actual' });
  await expect(actual.getByRole('button', { name: /^T003/ })).toBeVisible();
  await expect(actual.getByRole('button', { name: /^T002 .*done, actual 0:/ })).toBeVisible();
  await shot(page, info, 'running');
  await page.getByRole('radiogroup', { name: 'Timeline as' }).getByRole('radio', { name: 'Table' }).click();
  await expect(page.getByRole('row', { name: /^T002/ })).toContainText('done');
  await shot(page, info, 'table');
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible({ timeout: 90_000 });
  await page.keyboard.press('Escape');
  await page.getByRole('radiogroup', { name: 'Timeline as' }).getByRole('radio', { name: 'Chart' }).click();
  await expect(actual.getByRole('button')).toHaveCount(10);
  await shot(page, info, 'finished');

  // What happened stays after the landing, also beside tasks that are new, until the next run.
  await page.keyboard.press('Control+Shift+M');
  await page.getByRole('dialog', { name: 'Merge' }).getByRole('button', { name: 'Merge now' }).click();
  await expect(page.getByRole('status', { name: 'Run status' })).toContainText('Merged into main');
  await expect(actual.getByRole('button')).toHaveCount(10);
  const path = join(repo.dir, folder, 'tasks.md');
  await writeFile(path, (await readFile(path, 'utf8')).replace('## Dependencies', '- [ ] T012 Add a page of answers in docs/answers.md\n\n## Dependencies'));
  const which = page.getByRole('radiogroup', { name: 'Timeline of' });
  await expect(which.getByRole('radio', { name: 'Last run' })).toBeChecked();
  await expect(actual.getByRole('button')).toHaveCount(10);
  await shot(page, info, 'landed');
  await which.getByRole('radio', { name: 'Next run' }).click();
  await expect(actual).toHaveCount(0);
  await expect(predicted.getByRole('button')).toHaveCount(1);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [[1280, 800], [900, 600]] as const) {
    test(`${colorScheme} ${width}x${height}`, async ({ launch, repo }, info) => {
      const { app, page } = await launch({ args: ['--spec', await withShop(repo)] });
      await page.emulateMedia({ colorScheme });
      await resize(app, width, height);
      await page.getByRole('tab', { name: 'Plan', exact: true }).click();
      await expect(box(page, 'T002')).toBeVisible();
      await shot(page, info, 'graph');
      await box(page, 'T002').click();
      await page.mouse.move(2, 2);
      await expect(box(page, 'T002')).toHaveCSS('outline-style', 'solid');
      await shot(page, info, 'selected');
      await page.getByRole('button', { name: 'Show all' }).click();
      await box(page, 'T009').click();
      await shot(page, info, 'whole');
      for (const name of ['Timeline', 'List']) {
        await face(page, name).click();
        await expect(page.locator('.plan').getByRole('button', { name: /^T002/ })).toBeVisible();
        await shot(page, info, name.toLowerCase());
      }
    });
  }
}
